import Access
import ByteCoding
import EvaluationModel
import HTTPTesting
import JobQueue
import Metastore
import Testing
import TraceModel

extension TestInstallation {
    /// Plans a queued run, as a worker does: its cells are there afterwards.
    func plan(_ id: String) async throws {
        let runs = metastore.runs, run = try #require(RunID(uuid: id))
        let record = try #require(try await runs.find(run, in: first.projectID))
        let job = try #require(try await runs.leaseControl(worker: "planner"))
        #expect(job.run == run && job.step == .plan, "the next control job is not the plan")
        try await runs.plan(run, try RunSpecification(json: try JSONValue.parse(record.specification)))
        try await runs.endControl(job, .succeeded)
    }

    /// Does the cells that workers can have now, all with the same result. Answers with how many there were.
    @discardableResult
    func work(_ result: CellResultKind = .passed, scores: [Score] = []) async throws -> Int {
        let runs = metastore.runs
        let cells = try await runs.leaseCells(worker: "worker", capacity: 100)
        for (run, cells) in Dictionary(grouping: cells, by: \.run) {
            let ended = try cells.map { cell in
                let key = try JSONValue.parse(cell.content)["key"]?.stringValue ?? ""
                let outcome = NewOutcome(
                    result: result, output: Array(#"{"text":"Paris","finish_reason":"stop"}"#.utf8),
                    error: result == .errored ? Array(#"{"kind":"target","message":"it broke"}"#.utf8) : nil,
                    traceID: TraceID(high: 1, low: 2), spanID: SpanID(rawValue: 3), durationNano: 5_000_000, inputTokens: 7,
                    outputTokens: 11, costNanoUSD: 1_000, scores: scores)
                return EndedCell(cell, key: key, .outcome(outcome))
            }
            #expect(try await runs.record(ended, of: run).count == cells.count)
        }
        return cells.count
    }
}

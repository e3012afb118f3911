import ByteCoding
import EvaluationModel
import PostgresTesting
import Testing
import TraceModel

@testable import JobQueue
@testable import Metastore
@testable import RunExecution

@Suite("Runs made ready")
struct RunPreparationTests {
    private static func prepared() throws -> PreparedRun {
        let specification = try RunSpecification(
            json: try JSONValue.parse(#"{"name": "r", "targets": [{"name": "a", "kind": "http", "url": "http://x/", "body": {}}]}"#))
        let record = RunRecord(
            id: RunID(high: 1, low: 1), projectID: ProjectID(high: 1, low: 1), suiteID: SuiteID(high: 1, low: 1), suiteVersion: 1,
            name: "r", state: .running, stateReason: "", specification: [], concurrency: 1, spendingCapNanoUSD: nil, baselineRunID: nil,
            counts: RunCounts(), verdict: nil, createdTimeUnixNano: 0, startTimeUnixNano: nil, finishTimeUnixNano: nil, execGroup: nil)
        return PreparedRun(record: record, specification: specification, targets: [nil], judge: nil, embedding: nil, baseline: nil)
    }

    @Test("a run's credentials are read again after a while; a database that is away does not stop it, a key that is gone does")
    func expiry() async throws {
        let begun = ContinuousClock.now, elapsed = Shared(0), calls = Shared(0), fault = Shared<(any Error)?>(nil)
        let preparation = RunPreparation(now: { begun + .seconds(elapsed.value) }) { _ in
            calls.change { $0 += 1 }
            if let error = fault.value { throw error }
            return try Self.prepared()
        }
        let id = RunID(high: 1, low: 1)
        let first = try await preparation.run(id)
        #expect(try await preparation.run(id) === first && calls.value == 1)
        elapsed.change { $0 = RunExecutionLimits.preparedRunSeconds }
        let second = try await preparation.run(id)
        #expect(second !== first && calls.value == 2)
        elapsed.change { $0 *= 2 }
        fault.change { $0 = MetastoreError(.unavailable, "away") }
        #expect(try await preparation.run(id) === second)
        elapsed.change { $0 *= 2 }
        fault.change { $0 = CellFault("no_credential", "it was deleted") }
        await #expect(throws: CellFault.self) { try await preparation.run(id) }
        fault.change { $0 = MetastoreError(.unavailable, "away") }
        await #expect(throws: MetastoreError.self) { try await preparation.run(id) }
        fault.change { $0 = nil }
        #expect(try await preparation.run(id) !== second)
    }

    @Test("of large cases only a few are kept ready")
    func largeCases() throws {
        let run = try Self.prepared(), text = String(repeating: "x", count: 1_000_000)
        for number in 0..<40 {
            let cell = LeasedCell(
                job: LeasedCell.made(Int64(number)).job, run: run.record.id, target: 0,
                caseVersion: TestCaseVersionID(high: 1, low: UInt64(number)), repetition: 1,
                content: Array(#"{"key": "case-\#(number)", "input": "\#(text)"}"#.utf8))
            _ = try run.prepared(cell)
            #expect(run.preparedCaseCount * 1_000_000 <= RunExecutionLimits.preparedCaseByteCount)
        }
    }
}

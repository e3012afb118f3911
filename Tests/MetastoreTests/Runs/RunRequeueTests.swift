import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import Testing

@testable import Metastore

@Suite("One case again")
struct RunRequeueTests {
    private static let targets =
        #"{"name": "a", "kind": "http", "url": "http://x/", "body": {}}, {"name": "b", "kind": "http", "url": "http://y/", "body": {}}"#

    private func requeued(_ result: RequeueResult?) -> (run: RunRecord, cellCount: Int)? {
        if case .requeued(let run, let count) = result { (run, count) } else { nil }
    }

    @Test("its outcomes are superseded, its counters lowered, its cells queued behind the others, with an event each and one audit entry")
    func requeue() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        let run = try await test.start(try TestRuns.specification(#""repetitions": 2"#, targets: Self.targets))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 8)
        let done = try cells[..<7].filter { try test.key($0) == "case-1" }
        try await test.record(Array(cells[..<7].filter { try test.key($0) == "case-0" }), .failed, cost: 5)
        try await test.record(done, .passed, cost: 5)
        let before = try await test.find(run.id).counts
        let result = try await test.runs.requeue(CellChoice(key: "case-1"), of: run.id, in: test.project, audit: test.audit)
        let (changed, count) = try #require(requeued(result))
        #expect(count == done.count && changed.counts.passedCount == 0 && changed.counts.failedCount == before.failedCount)
        #expect(changed.counts.costNanoUSD == before.costNanoUSD, "spent is spent")
        let events = try await test.events(of: run.id).suffix(count)
        #expect(events.map(\.type) == Array(repeating: "case.requeued", count: count))
        #expect(text(events.last?.data)?.hasPrefix(#"{"key":"case-1","target":"#) == true)
        #expect(
            try await test.number("SELECT count(*) AS n FROM audit_entries WHERE resource_kind = 'run' AND before IS NOT NULL") == 1)
        #expect(try await test.problems(of: run.id).isEmpty)
        let again = try await test.runs.leaseCells(worker: "w", capacity: 8)
        #expect(again.count == count && again.allSatisfy { $0.job.attempt == 1 })
        #expect(
            Set(again.map { [$0.target, $0.repetition] }) == Set(done.map { [$0.target, $0.repetition] }))
        try await test.record(again, .errored)
        try await test.record([cells[7]])
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test("one target or one repetition may be chosen; what has no outcome yet is left alone")
    func choices() async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let run = try await test.start(try TestRuns.specification(#""repetitions": 3"#, targets: Self.targets))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 5)
        try await test.record(Array(cells[..<4]))
        func count(_ choice: CellChoice) async throws -> Int? {
            requeued(try await test.runs.requeue(choice, of: run.id, in: test.project, audit: test.audit))?.cellCount
        }
        #expect(try await count(CellChoice(key: "case-0", target: 1, repetition: 3)) == 0)
        #expect(try await count(CellChoice(key: "nobody")) == 0)
        #expect(try await count(CellChoice(key: "case-0", target: 9)) == 0)
        #expect(try await count(CellChoice(key: "case-0", target: -1, repetition: -1)) == 0)
        #expect(try await count(CellChoice(key: "case-0", target: 1, repetition: 2)) == 1)
        #expect(try await count(CellChoice(key: "case-0", target: 0)) == 2)
        #expect(try await count(CellChoice(key: "case-0", repetition: 1)) == 1)
        #expect(try await count(CellChoice(key: "case-0")) == 0)
        #expect(try await test.find(run.id).counts.doneCount == 0)
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test("it takes an order to conclude back that nobody has begun; then, all done again, there is one more; a begun one refuses it")
    func conclusion() async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let run = try await test.start(try TestRuns.specification())
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 1))
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        // Nothing to do again: the order stands.
        _ = try await test.runs.requeue(CellChoice(key: "nobody"), of: run.id, in: test.project, audit: test.audit)
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        #expect(requeued(try await test.runs.requeue(CellChoice(key: "case-0"), of: run.id, in: test.project, audit: test.audit)) != nil)
        #expect(try await test.controlSteps(of: run.id).isEmpty)
        _ = try await test.runs.rescue()
        #expect(try await test.controlSteps(of: run.id).isEmpty)
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 1))
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        let job = try #require(try await test.runs.leaseControl(worker: "w"))
        let refused = try await test.runs.requeue(CellChoice(key: "case-0"), of: run.id, in: test.project, audit: test.audit)
        #expect(refused == .refused(try await test.find(run.id)))
        try await test.runs.conclude(run.id, verdict: Array("{}".utf8), reason: "")
        try await test.runs.endControl(job, .succeeded)
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test("a review that read a result which is to be done again does not end the run with it")
    func staleReview() async throws {
        let test = try await TestRuns.open(caseCount: 20)
        let run = try await test.start(try TestRuns.specification(#""concurrency": 50"#))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 10)
        try await test.record(cells)
        let review = try #require(try await test.runs.leaseControl(worker: "w"))
        #expect(review.step == .review)
        let key = try test.key(cells[0])
        #expect(
            requeued(try await test.runs.requeue(CellChoice(key: key), of: run.id, in: test.project, audit: test.audit))?.cellCount == 1)
        try await test.runs.conclude(run.id, verdict: Array("{}".utf8), reason: "decided", by: review)
        #expect(try await test.find(run.id).state == .running)
        try await test.runs.endControl(review, .succeeded)
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 50))
        #expect(try await test.controlSteps(of: run.id).contains("conclude"))
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test("when the money is spent nothing is done again; while paused it is, after the pause")
    func pausedOrSpent() async throws {
        let test = try await TestRuns.open(caseCount: 3)
        let run = try await test.start(try TestRuns.specification(#""spending_cap_usd": 0.001"#))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 3)
        try await test.record([cells[0]], cost: 10)
        _ = try await test.runs.command(.pause, run.id, in: test.project, audit: test.audit)
        let key = try test.key(cells[0])
        #expect(
            requeued(try await test.runs.requeue(CellChoice(key: key), of: run.id, in: test.project, audit: test.audit))?.cellCount == 1)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 3).isEmpty)
        _ = try await test.runs.command(.resume, run.id, in: test.project, audit: test.audit)
        let again = try await test.runs.leaseCells(worker: "w", capacity: 3)
        #expect(try again.map { try test.key($0) } == [key])
        try await test.record(again, cost: 1_000_000)
        guard case .refused = try await test.runs.requeue(CellChoice(key: key), of: run.id, in: test.project, audit: test.audit) else {
            return #expect(Bool(false), "requeued without money")
        }
        try await test.record(Array(cells[1...]))
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test("a cell of an exec target goes back to the command line")
    func exec() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        let run = try await test.start(try TestRuns.specification(targets: TestRuns.execTarget))
        let theirs = try #require(try await test.runs.leaseExecCells(of: run.id, in: test.project, holder: "cli", capacity: 1))
        _ = try await test.runs.submitOutputs(
            [ExecOutput(theirs[0].job.id, theirs[0].job.lease, checkpoint: Array("{}".utf8))], of: run.id, in: test.project)
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 9))
        let key = try test.key(theirs[0])
        _ = try await test.runs.requeue(CellChoice(key: key), of: run.id, in: test.project, audit: test.audit)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 9).isEmpty)
        let again = try await test.runs.leaseExecCells(of: run.id, in: test.project, holder: "cli", capacity: 9)
        #expect(try again?.map { try test.key($0) }.contains(key) == true && again?.count == 2)
        #expect(again?.allSatisfy { $0.job.checkpoint == nil } == true)
    }
}

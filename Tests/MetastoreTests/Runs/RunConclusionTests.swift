import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import Testing

@testable import Metastore

/// With a spending cap, and whatever else may keep a run from its end.
@Suite("How a run comes to its end")
struct RunConclusionTests {
    private static let capped = #""concurrency": 50, "spending_cap_usd": 0.001"#  // 1,000,000 nano-dollars

    @Test("few cells are begun until costs are known, then as many as the rest pays for, and none once the money is spent")
    func allowance() async throws {
        let test = try await TestRuns.open(caseCount: 40)
        let run = try await test.start(try TestRuns.specification(Self.capped))
        let first = try await test.runs.leaseCells(worker: "w", capacity: 50)
        #expect(first.count == SpendingAllowance.firstConcurrency)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).isEmpty)
        try await test.record(first, cost: 50_000)
        // 800,000 are left, at 50,000 a cell.
        let second = try await test.runs.leaseCells(worker: "w", capacity: 50)
        #expect(second.count == 16)
        // Changing the concurrency is no way around it.
        _ = try await test.runs.setConcurrency(40, of: run.id, in: test.project, audit: test.audit)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).isEmpty)
        try await test.record(Array(second[..<8]), cost: 90_000)
        // 80,000 are left, at 920,000 / 12 a cell: one, and eight are under way.
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).isEmpty)
        try await test.record(Array(second[8..<15]), cost: 1_000)
        #expect(try await test.controlSteps(of: run.id) == ["review"], "not yet")
        try await test.record([second[15]], cost: 100_000)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).isEmpty)
        #expect(try await test.controlSteps(of: run.id).filter { $0 == "conclude" } == ["conclude"])
        let record = try await test.find(run.id)
        #expect(record.state == .running && record.counts.doneCount == 20 && record.counts.costNanoUSD == 1_027_000)
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test(
        "what is under way when the money is spent ends as it will; the conclusion is ordered once, after the last of it",
        arguments: ["recorded", "retried", "released", "lost"])
    func lastCells(_ ending: String) async throws {
        let test = try await TestRuns.open(caseCount: 10)
        let run = try await test.start(try TestRuns.specification(Self.capped))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 50)
        try await test.record([cells[0]], cost: 2_000_000)
        #expect(try await test.controlSteps(of: run.id).isEmpty, "three are under way")
        try await test.record([cells[1]], cost: 1)
        #expect(try await test.controlSteps(of: run.id).isEmpty)
        let last = Array(cells[2...])
        switch ending {
        case "recorded": try await test.record(last)
        case "retried":
            _ = try await test.runs.record(
                last.map { EndedCell($0, key: "k", .retry(afterSeconds: 0, error: Array("{}".utf8))) }, of: run.id)
        case "released": try await test.give(back: last)
        default: try await test.loseLeases()
        }
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).isEmpty, "nothing further is begun")
        // However often anybody looks, and whoever reports late.
        _ = try await test.runs.rescue()
        try await test.record(last)
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        let job = try await test.runs.leaseControl(worker: "w")
        _ = try await test.runs.rescue()
        #expect(try await test.controlSteps(of: run.id).isEmpty, "it is being done")
        try await test.runs.conclude(run.id, verdict: Array("{}".utf8), reason: "the spending cap was reached")
        try await test.runs.endControl(try #require(job), .succeeded)
        _ = try await test.runs.rescue()
        #expect(try await test.controlSteps(of: run.id).isEmpty)
        #expect(try await test.find(run.id).state == .finished)
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test("cells that errored for nothing, and the first that were free, do not open the purse to all")
    func nothingIsKnown() async throws {
        let test = try await TestRuns.open(caseCount: 40)
        _ = try await test.start(try TestRuns.specification(Self.capped))
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 50), .errored)
        let second = try await test.runs.leaseCells(worker: "w", capacity: 50)
        #expect(second.count == SpendingAllowance.firstConcurrency, "a provider that is away costs nothing")
        try await test.record(Array(second[..<2]), cost: 0)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).count == 2)
        try await test.record(Array(second[2...]), cost: 100_000)
        // 800,000 are left, at 200,000 for four that passed; two are under way.
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).count == 14)
    }

    @Test("neither resuming nor pausing lets a run go on whose money is spent, and both let it end")
    func pausedAtTheCap() async throws {
        let test = try await TestRuns.open(caseCount: 10)
        let run = try await test.start(try TestRuns.specification(Self.capped))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 50)
        try await test.record([cells[0]], cost: 2_000_000)
        for command in [RunState.Command.pause, .resume] {
            _ = try await test.runs.command(command, run.id, in: test.project, audit: test.audit)
            #expect(try await test.runs.leaseCells(worker: "w", capacity: 50).isEmpty)
        }
        _ = try await test.runs.command(.pause, run.id, in: test.project, audit: test.audit)
        try await test.record(Array(cells[1...]))
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        try await test.runs.conclude(run.id, verdict: Array("{}".utf8), reason: "")
        #expect(try await test.find(run.id).state == .finished)
    }

    @Test("a paused run whose last cells end is concluded, too")
    func pausedAtTheEnd() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        let run = try await test.start(try TestRuns.specification())
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 2)
        _ = try await test.runs.command(.pause, run.id, in: test.project, audit: test.audit)
        try await test.record(cells)
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
    }

    @Test("an order to conclude that its worker gave up, or that failed, comes again")
    func lostOrders() async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let run = try await test.start(try TestRuns.specification())
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 1))
        let first = try #require(try await test.runs.leaseControl(worker: "dead"))
        #expect(first.step == .conclude && first.run == run.id)
        try await test.test.connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased'")
        #expect(try await test.runs.rescue() == 1)
        let second = try #require(try await test.runs.leaseControl(worker: "alive"))
        #expect(second.job.id == first.job.id && second.job.attempt == 2)
        // Who was taken for dead concludes nothing: cells may have been queued again since.
        try await test.runs.conclude(run.id, verdict: Array("{}".utf8), reason: "", by: first)
        #expect(try await test.find(run.id).state == .running)
        try await test.runs.endControl(second, .failed, error: Array(#"{"message":"a defect"}"#.utf8))
        #expect(try await test.controlSteps(of: run.id).isEmpty)
        _ = try await test.runs.rescue()
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
    }

    @Test("of a capped run's exec cells none is given out once the money is spent, and they do not hold up its end")
    func exec() async throws {
        let test = try await TestRuns.open(caseCount: 4)
        let specification = try TestRuns.specification(
            Self.capped, targets: #"{"name": "a", "kind": "http", "url": "http://x/", "body": {}}, "# + TestRuns.execTarget)
        let run = try await test.start(specification)
        let theirs = try #require(try await test.runs.leaseExecCells(of: run.id, in: test.project, holder: "cli", capacity: 2))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 50)
        try await test.record(cells, cost: 1_000_000)
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
        #expect(try await test.runs.leaseExecCells(of: run.id, in: test.project, holder: "cli", capacity: 2)?.isEmpty == true)
        try await test.runs.conclude(run.id, verdict: Array("{}".utf8), reason: "")
        let output = ExecOutput(theirs[0].job.id, theirs[0].job.lease, checkpoint: Array("{}".utf8))
        #expect(try await test.runs.submitOutputs([output], of: run.id, in: test.project)?.isEmpty == true)
        #expect(try await test.number("SELECT count(*) AS n FROM jobs WHERE state IN ('queued', 'leased') AND queue <> 'run.control'") == 0)
    }
}

@Suite("What the rest of a run's money allows")
struct SpendingAllowanceTests {
    private func allowed(_ asked: Int, cap: Int64?, cost: Int64, done: Int) -> Int? {
        SpendingAllowance(asked: asked, capNanoUSD: cap, costNanoUSD: cost, trialCount: done).concurrency
    }

    @Test(
        "without a cap what is asked for, before the first costs four, then what the rest pays for, at least one, and nothing when it is spent"
    )
    func table() {
        #expect(allowed(32, cap: nil, cost: .max, done: 0) == 32)
        #expect(allowed(32, cap: 100, cost: 0, done: 0) == 4)
        #expect(allowed(2, cap: 100, cost: 0, done: 0) == 2)
        #expect(allowed(32, cap: 100, cost: 0, done: 5) == 5, "it costs nothing so far")
        #expect(allowed(32, cap: 100, cost: 0, done: 500) == 32)
        #expect(allowed(32, cap: 1_000, cost: 100, done: 10) == 32)
        #expect(allowed(32, cap: 1_000, cost: 900, done: 10) == 1)
        #expect(allowed(32, cap: 1_000, cost: 800, done: 40) == 10)
        #expect(allowed(32, cap: 1_000, cost: 999, done: 1) == 1, "the last one may cost more")
        #expect(allowed(32, cap: 1_000, cost: 1, done: 1_000_000) == 32)
        #expect(allowed(32, cap: 1_000, cost: 1_000, done: 3) == nil)
        #expect(allowed(32, cap: 1_000, cost: .max, done: 3) == nil)
        #expect(allowed(10_000, cap: .max, cost: 1, done: 1) == 10_000)
    }
}

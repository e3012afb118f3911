import ByteCoding
import EvaluationModel
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite("Runs are made and commanded")
struct RunRepositoryTests {
    @Test("a run is made with its task, its group of jobs and the order to plan it, and is audited")
    func creation() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        let specification = try TestRuns.specification(#""concurrency": 7, "spending_cap_usd": 0.5, "metadata": {"branch": "main"}"#)
        let (run, isNew) = try await test.runs.create(
            NewRun(suite: test.suite, specification: specification), in: test.project, audit: test.audit)
        #expect(isNew && run.state == .queued && run.suiteVersion == 1 && run.name == "r" && run.concurrency == 7)
        #expect(run.spendingCapNanoUSD == 500_000_000 && run.counts == RunCounts() && run.verdict == nil && run.execGroup == nil)
        #expect(text(run.specification) == String(decoding: specification.json.bytes, as: UTF8.self))
        let task = try await test.test.metastore.tasks.find(run.id.task, in: test.project)
        #expect(task?.kind == "run" && task?.state == .queued)
        #expect(try await test.controlSteps(of: run.id) == ["plan"])
        #expect(try await test.find(run.id) == run)
        #expect(try await test.runs.find(run.id) == run)
        #expect(try await test.number("SELECT concurrency::bigint AS n FROM job_groups WHERE id = $1", [run.id.value]) == 7)
        #expect(try await test.test.connection.query("SELECT 1 FROM audit_entries WHERE resource_kind = 'run'").count == 1)
    }

    @Test("what a run refers to has to be there, in the project, and the suite neither empty nor archived")
    func references() async throws {
        let test = try await TestRuns.open(caseCount: 1), suites = test.test.metastore.suites
        let specification = try TestRuns.specification()
        func refusal(_ suite: SuiteID, version: Int? = nil, in project: ProjectID? = nil, baseline: RunID? = nil) async -> MetastoreError? {
            await failure {
                try await test.runs.create(
                    NewRun(suite: suite, suiteVersion: version, specification: specification, baseline: baseline),
                    in: project ?? test.project, audit: test.audit)
            }
        }
        let other = try await test.test.metastore.projects.create(name: "Other", in: test.test.organization.id).id
        let otherSuite = try await suites.create(name: "O", description: "", in: other, audit: test.audit).id
        #expect(await refusal(.make())?.code == .notFound)
        #expect(await refusal(test.suite, in: other)?.code == .notFound)
        #expect(await refusal(test.suite, version: 2)?.field == "suite_version")
        #expect(await refusal(test.suite, version: 0)?.field == "suite_version")
        #expect(await refusal(otherSuite, in: other)?.field == "suite_version")
        #expect(await refusal(test.suite, baseline: .make())?.field == "baseline")
        // A run of another project is no baseline.
        _ = try await suites.edit(otherSuite, in: other, SuiteEdit(puts: [TestRuns.testCase(1)], source: .api), audit: test.audit)
        let foreign = try await test.runs.create(NewRun(suite: otherSuite, specification: specification), in: other, audit: test.audit).run
        #expect(await refusal(test.suite, baseline: foreign.id)?.field == "baseline")
        let own = try await test.runs.create(NewRun(suite: test.suite, specification: specification), in: test.project, audit: test.audit)
            .run
        #expect(await refusal(test.suite, baseline: own.id) == nil)
        _ = try await suites.archive(test.suite, in: test.project, audit: test.audit)
        #expect(await refusal(test.suite)?.code == .notFound)
    }

    @Test("a request with the key of an earlier one is that one: at once, later, and after its suite was archived; another is a conflict")
    func idempotency() async throws {
        let test = try await TestRuns.open(caseCount: 1, connections: 8)
        let specification = try TestRuns.specification()
        func create(_ key: String, hash: UInt8 = 1, suite: SuiteID? = nil) async throws -> (run: RunRecord, isNew: Bool) {
            try await test.runs.create(
                NewRun(
                    suite: suite ?? test.suite, specification: specification,
                    idempotency: (key: key, requestHash: [UInt8](repeating: hash, count: 32))), in: test.project, audit: test.audit)
        }
        let made = try await withThrowingTaskGroup(of: (RunID, Bool).self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let made = try await create("k")
                    return (made.run.id, made.isNew)
                }
            }
            return try await group.reduce(into: [(RunID, Bool)]()) { $0.append($1) }
        }
        #expect(Set(made.map(\.0)).count == 1 && made.count { $0.1 } == 1)
        #expect(try await create("other").isNew)
        #expect(await failure { try await create("k", hash: 2) }?.code == .conflict)
        let second = try await test.test.metastore.suites.create(name: "T", description: "", in: test.project, audit: test.audit).id
        _ = try await test.test.metastore.suites.edit(
            second, in: test.project, SuiteEdit(puts: [TestRuns.testCase(1)], source: .api), audit: test.audit)
        #expect(await failure { try await create("k", hash: 2, suite: second) }?.field == "idempotency_key")
        _ = try await test.test.metastore.suites.archive(test.suite, in: test.project, audit: test.audit)
        let again = try await create("k")
        #expect(!again.isNew && again.run.id == made[0].0)
        #expect(await failure { try await create("") }?.code == .notFound, "a new one of an archived suite")
        #expect(try await test.number("SELECT count(*) AS n FROM runs") == 2)
        #expect(try await test.number("SELECT count(*) AS n FROM tasks") == 2)
    }

    @Test("runs are listed newest first, by suite, by page; a baseline is found by the branch of the newest that finished")
    func lists() async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let main = try TestRuns.specification(#""metadata": {"branch": "main"}"#)
        var runs: [RunID] = []
        for _ in 0..<3 { runs.append(try await test.start(main).id) }
        let page = try await test.runs.list(in: test.project, page: try PageRequest(limit: 2))
        #expect(page.items.map(\.id) == [runs[2], runs[1]])
        let next = try await test.runs.list(in: test.project, suite: test.suite, page: try PageRequest(limit: 2, cursor: page.nextCursor))
        #expect(next.items.map(\.id) == [runs[0]] && next.nextCursor == nil)
        #expect(try await test.runs.list(in: test.project, suite: .make(), page: try PageRequest()).items.isEmpty)
        #expect(try await test.runs.newest(of: test.suite, branch: "main", in: test.project) == nil)
        for run in runs[...1] { try await test.runs.conclude(run, verdict: Array("{}".utf8), reason: "") }
        #expect(try await test.runs.newest(of: test.suite, branch: "main", in: test.project)?.id == runs[1])
        #expect(try await test.runs.newest(of: test.suite, branch: "fix", in: test.project) == nil)
        let other = try await test.test.metastore.projects.create(name: "Other", in: test.test.organization.id).id
        #expect(try await test.runs.find(runs[0], in: other) == nil)
        #expect(try await test.runs.list(in: other, page: try PageRequest()).items.isEmpty)
        #expect(try await test.runs.newest(of: test.suite, branch: "main", in: other) == nil)
        #expect(try await test.runs.command(.cancel, runs[2], in: other, audit: test.audit) == nil)
        #expect(try await test.runs.setConcurrency(1, of: runs[2], in: other, audit: test.audit) == nil)
        #expect(try await test.runs.requeue(CellChoice(key: "case-0"), of: runs[2], in: other, audit: test.audit) == nil)
        #expect(try await test.find(runs[2]).state == .running)
    }

    @Test("a paused run gives no cells, takes results of those under way, and goes on when resumed")
    func pause() async throws {
        let test = try await TestRuns.open(caseCount: 4)
        let run = try await test.start(try TestRuns.specification())
        let first = try await test.runs.leaseCells(worker: "w", capacity: 2)
        let paused = try await test.runs.command(.pause, run.id, in: test.project, reason: "lunch", audit: test.audit)
        guard case .done(let record) = paused else { return #expect(Bool(false), "\(String(describing: paused))") }
        #expect(record.state == .paused && record.stateReason == "lunch")
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 2).isEmpty)
        #expect(try await test.record(first).count == 2)
        // Twice is as good as once, and leaves no second entry.
        let entries = try await test.number("SELECT count(*) AS n FROM audit_entries")
        _ = try await test.runs.command(.pause, run.id, in: test.project, audit: test.audit)
        #expect(try await test.number("SELECT count(*) AS n FROM audit_entries") == entries)
        _ = try await test.runs.command(.resume, run.id, in: test.project, audit: test.audit)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 9).count == 2)
        #expect(
            try await test.events(of: run.id).map(\.type) == ["run.running", "run.paused", "case.finished", "case.finished", "run.running"])
        #expect(try await test.problems(of: run.id).isEmpty)
    }

    @Test("a cancelled run's cells are cancelled, and what a worker still reports counts for nothing")
    func cancellation() async throws {
        let test = try await TestRuns.open(caseCount: 4)
        let run = try await test.start(try TestRuns.specification())
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 2)
        _ = try await test.runs.command(.cancel, run.id, in: test.project, reason: "wrong prompt", audit: test.audit)
        #expect(try await test.runs.extendLeases(cells).isEmpty)
        #expect(try await test.record(cells).isEmpty)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 9).isEmpty)
        let record = try await test.find(run.id)
        #expect(record.state == .cancelled && record.finishTimeUnixNano != nil && record.counts.doneCount == 0)
        #expect(try await test.problems(of: run.id).isEmpty)
        #expect(try await test.attempts(at: cells) == ["cancelled", "cancelled"])
    }

    @Test("in a final state, and before they make sense, commands are refused and change nothing", arguments: ["queued", "final"])
    func refusals(_ state: String) async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let specification = try TestRuns.specification()
        let run: RunRecord
        var allowed: Set<RunState.Command> = []
        if state == "queued" {
            run = try await test.runs.create(NewRun(suite: test.suite, specification: specification), in: test.project, audit: test.audit)
                .run
        } else {
            let started = try await test.start(specification).id
            try await test.runs.conclude(started, verdict: Array("{}".utf8), reason: "")
            run = try await test.find(started)
            #expect(run.state == .finished && text(run.verdict) == "{}")
        }
        for command in [RunState.Command.pause, .resume] {
            #expect(try await test.runs.command(command, run.id, in: test.project, audit: test.audit) == .refused(run))
        }
        if state == "final" {
            #expect(try await test.runs.command(.cancel, run.id, in: test.project, audit: test.audit) == .refused(run))
            #expect(try await test.runs.setConcurrency(3, of: run.id, in: test.project, audit: test.audit) == .refused(run))
        } else {
            allowed = [.changeConcurrency]
        }
        #expect(try await test.runs.requeue(CellChoice(key: "case-0"), of: run.id, in: test.project, audit: test.audit) == .refused(run))
        #expect(try await test.find(run.id) == run)
        #expect(allowed.allSatisfy { run.state.after($0) != nil })
    }

    @Test("the concurrency holds from the next lease on, within what a run may have")
    func concurrency() async throws {
        let test = try await TestRuns.open(caseCount: 9)
        let run = try await test.start(try TestRuns.specification(#""concurrency": 2"#))
        let first = try await test.runs.leaseCells(worker: "w", capacity: 9)
        #expect(first.count == 2)
        guard case .done(let wider)? = try await test.runs.setConcurrency(5, of: run.id, in: test.project, audit: test.audit) else {
            return #expect(Bool(false), "refused")
        }
        #expect(wider.concurrency == 5)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 9).count == 3)
        _ = try await test.runs.setConcurrency(1, of: run.id, in: test.project, audit: test.audit)
        try await test.record(first)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 9).isEmpty)
        for wrong in [0, 10_001, Int.max] {
            #expect(
                await failure { try await test.runs.setConcurrency(wrong, of: run.id, in: test.project, audit: test.audit) }?.code
                    == .invalid)
        }
        #expect(try await test.find(run.id).concurrency == 1)
    }
}

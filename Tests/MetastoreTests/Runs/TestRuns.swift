import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import TraceModel

@testable import Metastore

/// A suite of cases in a project, and what tests do with runs of it.
struct TestRuns {
    let test: TestMetastore
    let suite: SuiteID

    var runs: RunRepository { test.metastore.runs }
    var project: ProjectID { test.project.id }
    var audit: AuditDraft { test.audit }

    static func open(caseCount: Int, connections: Int = 2) async throws -> TestRuns {
        let test = try await TestMetastore.open(connections: connections)
        let suite = try await test.metastore.suites.create(name: "Suite", description: "", in: test.project.id, audit: test.audit).id
        _ = try await test.metastore.suites.edit(
            suite, in: test.project.id, SuiteEdit(puts: (0..<caseCount).map { testCase($0) }, source: .api), audit: test.audit)
        return TestRuns(test: test, suite: suite)
    }

    static func testCase(_ number: Int, _ text: String = "text", tags: [String] = [], split: String? = nil) -> TestCaseContent {
        TestCaseContent(key: "case-\(number)", input: .text("\(text) \(number)"), tags: tags, split: split)
    }

    static func specification(_ more: String = "", targets: String = #"{"name": "a", "kind": "http", "url": "http://x/", "body": {}}"#)
        throws -> RunSpecification
    {
        try RunSpecification(json: try JSONValue.parse(#"{"name": "r", "targets": [\#(targets)]\#(more.isEmpty ? "" : ", " + more)}"#))
    }

    static let execTarget = #"{"name": "e", "kind": "exec"}"#

    /// A run that is planned.
    func start(_ specification: RunSpecification) async throws -> RunRecord {
        let run = try await runs.create(NewRun(suite: suite, specification: specification), in: project, audit: audit).run
        try await plan(run.id, specification)
        return try await find(run.id)
    }

    /// Does the control job that is next, which has to be this run's plan.
    func plan(_ id: RunID, _ specification: RunSpecification) async throws {
        guard let job = try await runs.leaseControl(worker: "planner"), job.run == id, job.step == .plan else {
            throw PostgresError(.decoding, "the next control job is not the plan")
        }
        try await runs.plan(id, specification)
        try await runs.endControl(job, .succeeded)
    }

    func find(_ id: RunID) async throws -> RunRecord {
        guard let run = try await runs.find(id, in: project) else { throw PostgresError(.decoding, "no such run") }
        return run
    }

    func key(_ cell: LeasedCell) throws -> String {
        guard let key = try JSONValue.parse(cell.content)["key"]?.stringValue else { throw PostgresError(.decoding, "no key") }
        return key
    }

    static func outcome(
        _ result: CellResultKind = .passed, cost: Int64 = 0, scores: [Score] = [], output: String? = #"{"text":"yes"}"#
    ) -> NewOutcome {
        NewOutcome(
            result: result, output: output.map { Array($0.utf8) },
            error: result == .errored ? Array(#"{"message":"it broke"}"#.utf8) : nil, traceID: TraceID(high: 1, low: 2),
            spanID: SpanID(rawValue: 3), durationNano: 5_000_000, inputTokens: 7, outputTokens: 11, costNanoUSD: cost, scores: scores)
    }

    /// Records the same outcome for some cells of one run.
    @discardableResult
    func record(_ cells: [LeasedCell], _ result: CellResultKind = .passed, cost: Int64 = 0) async throws -> Set<JobID> {
        guard let run = cells.first?.run else { return [] }
        return try await runs.record(
            try cells.map { EndedCell($0, key: try key($0), .outcome(Self.outcome(result, cost: cost))) }, of: run)
    }

    func give(back cells: [LeasedCell]) async throws {
        guard let run = cells.first?.run else { return }
        _ = try await runs.record(try cells.map { EndedCell($0, key: try key($0), .released) }, of: run)
    }

    /// The time of all leases of cells is over, and somebody looks.
    func loseLeases() async throws {
        try await test.connection.query(
            "UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased' AND queue <> 'run.control'")
        _ = try await runs.rescue()
    }

    /// The steps of the control jobs that wait, each as `step`, or `step!` of another run.
    func controlSteps(of run: RunID) async throws -> [String] {
        try await test.connection.query(
            "SELECT payload FROM jobs WHERE queue = 'run.control' AND state = 'queued' ORDER BY id"
        ).map { row in
            let payload = try JSONValue.parse(row.decode("payload", as: PostgresJSON.self).bytes)
            return (payload["step"]?.stringValue ?? "") + (payload["run"]?.stringValue == run.uuid ? "" : "!")
        }
    }

    /// How the attempts at some cells ended, cell by cell.
    func attempts(at cells: [LeasedCell]) async throws -> [String] {
        try await test.connection.query(
            "SELECT result FROM job_attempts WHERE job_id = ANY ($1) ORDER BY job_id, number", [.integers(cells.map(\.job.id.number))]
        ).map { try $0.decode("result") }
    }

    func events(of run: RunID) async throws -> [TaskEvent] {
        try await test.metastore.tasks.events(of: run.task, after: 0, limit: 1_000_000)
    }

    func number(_ sql: String, _ parameters: [PostgresValue] = []) async throws -> Int {
        try await test.connection.query(sql, parameters).only { row throws(PostgresError) in try row.decode("n") }
    }

    /// Whether counters are rows, every cell has one counted outcome at most, events have no gap and the task says what the run does.
    func problems(of id: RunID) async throws -> [String] {
        let run = try await find(id)
        var problems: [String] = []
        for (result, count) in [
            ("passed", run.counts.passedCount), ("failed", run.counts.failedCount), ("errored", run.counts.erroredCount),
        ] {
            let rows = try await number(
                "SELECT count(*) AS n FROM outcomes WHERE run_id = $1 AND result = $2 AND superseded_at IS NULL", [id.value, .text(result)])
            if rows != count { problems.append("\(rows) \(result) rows, \(count) counted") }
        }
        let cost = try await number("SELECT coalesce(sum(cost_nano_usd), 0)::bigint AS n FROM outcomes WHERE run_id = $1", [id.value])
        if Int64(cost) != run.counts.costNanoUSD { problems.append("rows cost \(cost), the run \(run.counts.costNanoUSD)") }
        let cells = try await number(
            """
            SELECT count(*) AS n FROM (SELECT DISTINCT target, test_case_version_id, repetition FROM outcomes
            WHERE run_id = $1 AND superseded_at IS NULL) AS cells
            """, [id.value])
        if cells != run.counts.doneCount { problems.append("\(cells) cells have outcomes, \(run.counts.doneCount) are counted") }
        let sequences = try await events(of: id).map(\.sequence)
        if sequences != sequences.indices.map({ Int64($0 + 1) }) { problems.append("the events have gaps") }
        let task = try await test.metastore.tasks.find(id.task, in: project)
        if task?.progressDone != Int64(run.counts.doneCount) { problems.append("the task's progress is \(task?.progressDone ?? -1)") }
        if run.state.isFinal != (task?.state.isFinal == true) { problems.append("the task is \(task?.state.rawValue ?? "missing")") }
        let open = try await number(
            "SELECT count(*) AS n FROM jobs WHERE group_id = $1 AND state IN ('queued', 'leased')", [id.value])
        if run.state.isFinal, open > 0 { problems.append("\(open) cells are open") }
        return problems
    }
}

func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

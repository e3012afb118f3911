import ByteCoding
import EvaluationModel
import MetastoreTesting
import PostgresClient
import PostgresTesting
import TraceModel

@testable import JobQueue
@testable import Metastore
@testable import RunExecution

extension LeasedCell {
    /// A cell of no database.
    static func made(_ number: Int64, lease: UInt64 = 1) -> LeasedCell {
        LeasedCell(
            job: LeasedJob(
                id: JobID(number), lease: JobLease(id: PostgresUUID(high: 1, low: lease)), group: PostgresUUID(high: 2, low: 2),
                payload: [],
                checkpoint: nil, attempt: 1),
            run: RunID(high: 1, low: 1), target: 0, caseVersion: TestCaseVersionID(high: 1, low: 1), repetition: 1, content: [])
    }
}

/// A run on a database of its own, planned, as a worker finds it.
struct TestRun {
    let metastore: Metastore
    let connection: PostgresConnection
    let run: RunRecord

    var runs: RunRepository { metastore.runs }

    static func make(caseCount: Int) async throws -> TestRun {
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, maximumConnectionCount: 4, logger: TestServer.logger))
        let organization = try await metastore.organizations.create(name: "Acme")
        let project = try await metastore.projects.create(name: "Shop", retentionDays: nil, in: organization.id)
        let audit = AuditDraft.system("test")
        let suite = try await metastore.suites.create(name: "Suite", description: "", in: project.id, audit: audit).id
        let cases = (0..<caseCount).map { TestCaseContent(key: "case-\($0)", input: .text("question \($0)")) }
        _ = try await metastore.suites.edit(suite, in: project.id, SuiteEdit(puts: cases, source: .api), audit: audit)
        let specification = try RunSpecification(
            json: try JSONValue.parse(
                #"{"name": "r", "concurrency": 1000, "targets": [{"name": "a", "kind": "http", "url": "http://x/", "body": {}}]}"#))
        let made = try await metastore.runs.create(NewRun(suite: suite, specification: specification), in: project.id, audit: audit).run
        guard try await RunControl(name: "planner", runs: metastore.runs, logger: TestServer.logger).workOnNext(),
            let run = try await metastore.runs.find(made.id)
        else { throw PostgresError(.decoding, "the run was not planned") }
        return TestRun(metastore: metastore, connection: try await PostgresConnection.connect(database), run: run)
    }

    func lease(_ count: Int) async throws -> [LeasedCell] { try await runs.leaseCells(worker: "w", capacity: count) }

    /// A passed outcome with some answer, as JSON text.
    static func ended(_ cell: LeasedCell, output: String = #"{"text":"yes"}"#, spans: [UInt8] = [], cost: Int64 = 0) -> EndedCell {
        let outcome = NewOutcome(
            result: .passed, output: Array(output.utf8), traceID: TraceID(high: 1, low: UInt64(cell.job.id.number)),
            spanID: SpanID(rawValue: 3), durationNano: 5, costNanoUSD: cost)
        return EndedCell(cell, key: "case", .outcome(outcome), spans: spans)
    }

    func counts() async throws -> RunCounts {
        guard let found = try await runs.find(run.id) else { throw PostgresError(.decoding, "no such run") }
        return found.counts
    }
}

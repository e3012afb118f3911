import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite("Cells that the command line does")
struct RunExecTests {
    private func open(caseCount: Int) async throws -> (test: TestRuns, run: RunID) {
        let test = try await TestRuns.open(caseCount: caseCount)
        let run = try await test.start(try TestRuns.specification(#""concurrency": 3"#, targets: TestRuns.execTarget)).id
        return (test, run)
    }

    private func outputs(_ cells: [LeasedCell], _ text: String = #"{"text":"yes"}"#) -> [ExecOutput] {
        cells.map { ExecOutput($0.job.id, $0.job.lease, checkpoint: Array(text.utf8)) }
    }

    private func leases(_ cells: [LeasedCell]) -> [JobID: JobLease] {
        Dictionary(uniqueKeysWithValues: cells.map { ($0.job.id, $0.job.lease) })
    }

    @Test("they are leased, held, and what the command answered is their checkpoint when a worker scores them")
    func life() async throws {
        let (test, run) = try await open(caseCount: 4)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 9).isEmpty, "workers do none of them")
        let cells = try #require(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "ci", capacity: 9))
        #expect(cells.count == 3, "the run's concurrency")
        #expect(Set(try cells.map { try test.key($0) }).count == 3 && cells.allSatisfy { $0.run == run })
        #expect(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "ci", capacity: 9)?.isEmpty == true)
        #expect(try await test.runs.extendExecLeases(leases(cells), of: run, in: test.project) == Set(cells.map(\.job.id)))
        let taken = try await test.runs.submitOutputs(outputs(cells), of: run, in: test.project)
        #expect(taken == Set(cells.map(\.job.id)))
        #expect(try await test.runs.submitOutputs(outputs(cells), of: run, in: test.project)?.isEmpty == true, "it was handed over")
        let scoring = try await test.runs.leaseCells(worker: "w", capacity: 9)
        #expect(scoring.map(\.job.id) == cells.map(\.job.id) && scoring.allSatisfy { $0.job.attempt == 2 && $0.run == run })
        #expect(scoring.allSatisfy { text($0.job.checkpoint) == #"{"text":"yes"}"# })
        try await test.record(scoring)
        let last = try #require(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "ci", capacity: 9))
        _ = try await test.runs.submitOutputs(outputs(last), of: run, in: test.project)
        try await test.record(try await test.runs.leaseCells(worker: "w", capacity: 9))
        #expect(try await test.controlSteps(of: run) == ["conclude"])
        #expect(try await test.problems(of: run).isEmpty)
        let outcome = try #require(try await test.runs.outcomes(of: run, in: test.project, page: try PageRequest(limit: 1)).items.first)
        let attempts = try await test.runs.outcome(outcome.id, of: run, in: test.project)?.attempts
        #expect(attempts?.map(\.worker) == ["ci", "w"] && attempts?.map(\.result) == [.succeeded, .succeeded])
    }

    @Test("those of a command line that is not heard of go to another, and its late outputs count for nothing")
    func lost() async throws {
        let (test, run) = try await open(caseCount: 1)
        let dead = try #require(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "dead", capacity: 9))
        try await test.loseLeases()
        #expect(try await test.runs.extendExecLeases(leases(dead), of: run, in: test.project)?.isEmpty == true)
        let alive = try #require(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "alive", capacity: 9))
        #expect(alive.map(\.job.attempt) == [2])
        #expect(try await test.runs.submitOutputs(outputs(dead), of: run, in: test.project)?.isEmpty == true)
        #expect(try await test.runs.releaseExecCells(leases(alive), of: run, in: test.project)?.count == 1)
        let again = try #require(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "alive", capacity: 9))
        #expect(again.map(\.job.attempt) == [2], "what was given back costs no attempt")
    }

    @Test("another project, another run and a run without such targets have none; a paused one gives none; a wrong lease holds nothing")
    func refusals() async throws {
        let (test, run) = try await open(caseCount: 2)
        let other = try await test.test.metastore.projects.create(name: "Other", in: test.test.organization.id).id
        let plain = try await test.start(try TestRuns.specification()).id
        let cells = try #require(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "ci", capacity: 1))
        for project in [other, ProjectID.make()] {
            #expect(try await test.runs.leaseExecCells(of: run, in: project, holder: "ci", capacity: 1) == nil)
            #expect(try await test.runs.extendExecLeases(leases(cells), of: run, in: project) == nil)
            #expect(try await test.runs.submitOutputs(outputs(cells), of: run, in: project) == nil)
            #expect(try await test.runs.releaseExecCells(leases(cells), of: run, in: project) == nil)
        }
        #expect(try await test.runs.leaseExecCells(of: plain, in: test.project, holder: "ci", capacity: 1)?.isEmpty == true)
        #expect(try await test.runs.submitOutputs(outputs(cells), of: plain, in: test.project)?.isEmpty == true)
        let guess = [ExecOutput(cells[0].job.id, JobLease(id: PostgresUUID(high: 1, low: 1)), checkpoint: [])]
        #expect(try await test.runs.submitOutputs(guess, of: run, in: test.project)?.isEmpty == true)
        #expect(await failure { try await test.runs.submitOutputs(outputs(cells, "no json"), of: run, in: test.project) }?.code == .invalid)
        #expect(await failure { try await test.runs.leaseExecCells(of: run, in: test.project, holder: "", capacity: 1) }?.field == "worker")
        _ = try await test.runs.command(.pause, run, in: test.project, audit: test.audit)
        #expect(try await test.runs.leaseExecCells(of: run, in: test.project, holder: "ci", capacity: 1)?.isEmpty == true)
        // What was under way is taken in, and waits.
        #expect(try await test.runs.submitOutputs(outputs(cells), of: run, in: test.project)?.count == 1)
        #expect(try await test.runs.leaseCells(worker: "w", capacity: 9).allSatisfy { $0.run == plain })
        _ = try await test.runs.command(.cancel, run, in: test.project, audit: test.audit)
        #expect(try await test.problems(of: run).isEmpty)
        #expect(try await test.number("SELECT count(*) AS n FROM jobs WHERE queue = 'run.exec' AND state <> 'cancelled'") == 0)
    }
}

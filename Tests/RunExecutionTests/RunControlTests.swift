import ByteCoding
import EvaluationModel
import JobQueue
import Metastore
import PostgresClient
import PostgresTesting
import Testing

@testable import RunExecution

@Suite("Working on runs as wholes")
struct RunControlTests {
    @Test("a conclusion that takes longer than a lease is kept by heartbeats, and given up when somebody else has it")
    func heartbeat() async throws {
        let test = try await TestRun.make(caseCount: 1)
        _ = try await test.runs.record(try await test.lease(1).map { TestRun.ended($0) }, of: test.run.id)
        let job = try #require(try await test.runs.leaseControl(worker: "slow"))
        #expect(job.step == .conclude)
        let overdue = "UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased'"
        try await test.connection.query(overdue)
        #expect(try await test.runs.extendLease(of: job))
        #expect(try await test.runs.rescue() == 0, "it was heard of")
        try await test.connection.query(overdue)
        #expect(try await test.runs.rescue() == 1)
        #expect(try await !test.runs.extendLease(of: job))
        // Another one does it; the slow one's verdict, should it come, is void.
        #expect(try await RunControl(name: "quick", runs: test.runs, logger: TestServer.logger).workOnNext())
        try await test.runs.conclude(test.run.id, verdict: Array(#"{"result":"late"}"#.utf8), reason: "", by: job)
        let run = try #require(try await test.runs.find(test.run.id))
        #expect(run.state == .finished && String(decoding: run.verdict ?? [], as: UTF8.self).contains("late") == false)
    }

    @Test("cells that were never done are missing from a verdict: what passed before the money was spent is no pass")
    func partial() async throws {
        let test = try await TestRun.make(caseCount: 10)
        _ = try await test.runs.record(try await test.lease(3).map { TestRun.ended($0) }, of: test.run.id)
        let run = try #require(try await test.runs.find(test.run.id))
        let (json, reason) = try await RunConclusion(runs: test.runs).verdict(of: run)
        let verdict = try JSONValue.parse(json)
        #expect(verdict["result"]?.stringValue == "not_enough_evidence")
        #expect(verdict["is_partial"] == .bool(true))
        #expect(verdict["targets"]?.arrayValue?.first?["counts"]?["pending"] == .integer(7))
        #expect(reason == "7 cells did not get a result, and all must pass.")
    }

    @Test("a run that brings down one worker after the other while it is concluded fails at last")
    func poison() async throws {
        let test = try await TestRun.make(caseCount: 1)
        _ = try await test.runs.record(try await test.lease(1).map { TestRun.ended($0) }, of: test.run.id)
        for _ in 0..<RunLimits.maximumAttemptCount {
            _ = try #require(try await test.runs.leaseControl(worker: "dies"))
            try await test.connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 second' WHERE state = 'leased'")
            #expect(try await test.runs.rescue() == 1)
        }
        #expect(try await RunControl(name: "w", runs: test.runs, logger: TestServer.logger).workOnNext())
        let run = try #require(try await test.runs.find(test.run.id))
        #expect(run.state == .failed && run.stateReason == "5 workers died at it")
    }

    @Test("with nothing to do there is nothing to keep")
    func idle() async throws {
        let test = try await TestRun.make(caseCount: 1)
        let control = RunControl(name: "w", runs: test.runs, logger: TestServer.logger)
        #expect(try await !control.workOnNext())
        try await control.keepLease()
    }
}

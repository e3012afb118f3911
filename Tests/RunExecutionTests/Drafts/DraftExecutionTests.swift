import ByteCoding
import EvaluationModel
import JobQueue
import Metastore
import ModelProviders
import Testing
import TraceModel

@testable import RunExecution

@Suite("An attempt at drafts of test cases") struct DraftExecutionTests {
    private func result(_ task: TaskRecord) throws -> JSONValue { try JSONValue.parse(try #require(task.result)) }

    @Test("each trace is asked about once, for an even share of what is left; its drafts, cost and spans are kept")
    func allTraces() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(3, maximumDraftCount: 4), model = ScriptedDraftModel()
        try await test.execute(try await test.lease(), model)
        #expect(model.askedTraces == [0, 1, 2] && model.askedCounts == [2, 2, 2])
        let drafts = try await test.drafts()
        #expect(drafts.map(\.key) == ["peru", "peru-2", "peru-3"])
        #expect(drafts.map(\.source) == (0..<3).map { TestDrafts.source($0).origin })
        #expect(try JSONValue.parse(drafts[0].content)["metadata"]?["draft_reason"]?.stringValue == "alike")
        let task = try await test.task(id), result = try result(task)
        #expect(task.state == .succeeded && task.progressDone == 3)
        #expect(result["drafts"]?.integerValue == 3 && result["sources"]?.integerValue == 3 && result["cost_usd"]?.doubleValue == 1.5)
        #expect(result["stopped"] == .null && result["problems"] == .array([]))
        #expect(try await test.waitingSpanCount() == 3)
    }

    @Test("no call is made once the cap is spent, or once there are as many drafts as were asked for; the task says which")
    func stops() async throws {
        let test = try await TestDrafts.make()
        for (maximum, cap, words) in [
            (10, ScriptedDraftModel.callNanoUSD, "the spending cap was reached"), (1, Int64.max >> 24, "the drafts asked for are written"),
        ] {
            let id = try await test.request(3, maximumDraftCount: maximum, cap: cap), model = ScriptedDraftModel()
            try await test.execute(try await test.lease(), model)
            let result = try result(try await test.task(id))
            #expect(model.askedTraces == [0] && result["stopped"]?.stringValue == words && result["sources"]?.integerValue == 1)
        }
    }

    @Test("after a fault that may pass the next attempt goes on at the same trace, and what was paid for is not paid again")
    func transient() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(3)
        let model = ScriptedDraftModel { call in
            if call == 1 { throw ProviderError(.retryable, "overloaded") }
            return ScriptedDraftModel.peru
        }
        try await test.execute(try await test.lease(), model)
        #expect(try await test.task(id).state == .running && model.askedTraces == [0, 1])
        try await test.execute(try await test.lease(), model)
        #expect(model.askedTraces == [0, 1, 1, 2])
        let task = try await test.task(id)
        #expect(task.state == .succeeded)
        #expect(try result(task)["cost_usd"]?.doubleValue == 1.5)
        #expect(try await test.drafts().count == 3)
        #expect(try await test.waitingSpanCount() == 4, "the call in vain is shown, too")
    }

    @Test("a fault that does not pass ends the task with the provider's words, as does the last of many that might have")
    func final() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(2)
        try await test.execute(try await test.lease(), ScriptedDraftModel { _ in throw ProviderError(.auth, "bad key") })
        #expect(try await test.failure(id)?.contains("openai/m could not be asked") == true)
        #expect(try await test.failure(id)?.contains("bad key") == true)

        let flaky = try await test.request(2), model = ScriptedDraftModel { _ in throw ProviderError(.retryable, "overloaded") }
        for attempt in 1...DraftLimits.maximumAttemptCount {
            #expect(try await test.task(flaky).state.isFinal == false, "before attempt \(attempt)")
            try await test.execute(try await test.lease(), model)
        }
        #expect(try await test.failure(flaky)?.contains("overloaded") == true)
        #expect(try await test.drafts().isEmpty)
    }

    @Test("a request at which workers keep dying is given up without another call")
    func deadly() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(1), model = ScriptedDraftModel()
        for _ in 1...DraftLimits.maximumAttemptCount {
            _ = try await test.lease()
            try await test.loseLease()
        }
        try await test.execute(try await test.lease(), model)
        #expect(try await test.failure(id)?.contains("given up after") == true && model.askedTraces.isEmpty)
    }

    @Test("a project whose models cannot be had is told so")
    func noModel() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(1), leased = try await test.lease()
        try await DraftExecution(leased: leased, repository: test.repository) { _ in
            throw CellFault("no_project", "the project is gone")
        }.run()
        #expect(try await test.failure(id) == "the project is gone")
    }

    @Test("whoever lost the lease during a call keeps nothing of it and makes no other; the next worker asks for what is left")
    func lost() async throws {
        let test = try await TestDrafts.make(), id = try await test.request(3)
        let slow = ScriptedDraftModel { call in
            if call == 1 { try await test.loseLease() }
            return ScriptedDraftModel.peru
        }
        try await test.execute(try await test.lease("slow"), slow)
        #expect(slow.askedTraces == [0, 1])
        #expect(try await test.drafts().count == 1)
        let next = ScriptedDraftModel()
        try await test.execute(try await test.lease("next"), next)
        #expect(next.askedTraces == [1, 2])
        #expect(try await test.task(id).state == .succeeded)
        #expect(try await test.drafts().map(\.source) == (0..<3).map { TestDrafts.source($0).origin })
    }

    @Test("an answer that cannot be read is a problem of its trace; a request without any draft has failed, and says why")
    func unreadable() async throws {
        let test = try await TestDrafts.make()
        let mixed = try await test.request(2), none = try await test.request(2)
        try await test.execute(try await test.lease(), ScriptedDraftModel { $0 == 0 ? "I would rather not." : ScriptedDraftModel.peru })
        let problems = try #require(try result(try await test.task(mixed))["problems"]?.arrayValue)
        #expect(problems.map { $0["trace_id"]?.stringValue } == [TestDrafts.source(0).origin.traceID?.hex])
        try await test.execute(try await test.lease(), ScriptedDraftModel { _ in #"{"test_cases": []}"# })
        #expect(try await test.failure(none) == "no draft was written: the model wrote no case; the model wrote no case")
    }
}

import EvaluationModel
import Metastore
import Testing
import TraceModel

@testable import RunExecution

@Suite("The trace of calls that drafted test cases") struct DraftTraceTests {
    private static func request() async throws -> DraftRequest {
        let test = try await TestDrafts.make()
        _ = try await test.request(2)
        return try #require(try await test.repository.proceed(try await test.lease()))
    }

    private static func trace(
        _ request: DraftRequest, position: Int = 0, attempt: Int = 1, _ calls: [ModelCall] = [.made()], problem: String? = nil
    ) -> [SpanRecord] {
        DraftTrace(request, position: position, source: TestDrafts.source(position), attempt: attempt, calls, problem: problem).spans
    }

    @Test("the calls stand below a span that is linked to the trace they are about, and names request and suite")
    func shape() async throws {
        let request = try await Self.request()
        var second = ModelCall.made()
        (second.startUnixNano, second.endUnixNano) = (5_000, 9_000)
        let spans = Self.trace(request, [.made(), second]), root = spans[0]
        #expect(spans.map(\.name) == ["draft test cases", "chat m", "chat m"] && Set(spans.map(\.spanID)).count == 3)
        #expect(Set(spans.map(\.traceID)).count == 1 && spans.dropFirst().allSatisfy { $0.parentSpanID == root.spanID })
        #expect(root.startTimeUnixNano == 1_000 && root.endTimeUnixNano == 9_000)
        #expect(
            root.links.map(\.traceID) == [TestDrafts.source(0).origin.traceID]
                && root.links.map(\.spanID) == [TestDrafts.source(0).origin.spanID])
        func attribute(_ key: String) -> AttributeValue? { root.attributes.first { $0.key == key }?.value }
        #expect(attribute("spandrel.task.id") == .string(request.id.uuid))
        #expect(attribute("spandrel.suite.id") == .string(request.suiteID.uuid))
        #expect(attribute("spandrel.draft.source_trace_id") == .string(TestDrafts.source(0).origin.traceID?.hex ?? ""))
        #expect(root.status == nil)
    }

    @Test("an attempt's spans have the same ids each time they are made; another trace's and another attempt's have others")
    func ids() async throws {
        let request = try await Self.request(), first = Self.trace(request)
        #expect(Self.trace(request) == first)
        let others = [Self.trace(request, position: 1), Self.trace(request, attempt: 2), Self.trace(try await Self.request())]
        #expect(Set(([first] + others).map { $0[0].traceID }).count == 4)
        #expect(Set(([first] + others).flatMap { $0.map(\.spanID) }).count == 8)
    }

    @Test("what was wrong with an answer is the status of the root, what was wrong with a call that of its span, too")
    func problems() async throws {
        let request = try await Self.request()
        var failed = ModelCall.made()
        failed.error = ("limited", "slow down")
        let spans = Self.trace(request, [failed], problem: "slow down")
        #expect(spans.map(\.status) == Array(repeating: SpanRecord.Status(code: 2, message: "slow down"), count: 2))
        #expect(Self.trace(request, problem: "no JSON").map(\.status?.code) == [2, nil])
    }
}

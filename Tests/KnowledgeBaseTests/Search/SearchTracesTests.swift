import PostgresTesting
import RunExecution
import Testing
import TraceModel

@testable import KnowledgeBase

/// Spans of searches on their way: together by project, kept while nobody takes them, never more than may wait.
@Suite struct SearchTracesTests {
    private struct Destination: SpanDestination {
        let answers: Shared<[SpanDeliveryResult]>
        let taken = Shared<[ProjectID]>([])

        func deliver(_ body: [UInt8], project: ProjectID) async -> SpanDeliveryResult {
            var answer = SpanDeliveryResult.delivered
            answers.change { if !$0.isEmpty { answer = $0.removeFirst() } }
            if answer == .delivered { taken.change { $0.append(project) } }
            return answer
        }
    }

    private let one = ProjectID(high: 0, low: 1), two = ProjectID(high: 0, low: 2)
    private let span = SpanRecord(
        traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), name: "retrieval", startTimeUnixNano: 1, endTimeUnixNano: 2)

    @Test("searches of one project that follow each other go together")
    func together() async {
        let destination = Destination(answers: Shared([]))
        let delivery = SearchTraceDelivery(destination: destination, logger: TestServer.logger)
        for project in [one, one, two, one] { delivery.record([span], of: project) }
        #expect(await delivery.deliverAll())
        #expect(destination.taken.value == [one, two, one])
    }

    @Test("what is not taken now waits; what is refused is lost and counted")
    func waiting() async {
        let destination = Destination(answers: Shared([.unreachable("no server"), .refused("no such project"), .delivered]))
        let delivery = SearchTraceDelivery(destination: destination, logger: TestServer.logger)
        delivery.record([span], of: one)
        delivery.record([span], of: two)
        #expect(await !delivery.deliverAll())
        #expect(destination.taken.value == [] && delivery.lostSearchCount == 0)
        #expect(await delivery.deliverAll())
        #expect(destination.taken.value == [two] && delivery.lostSearchCount == 1)
    }

    @Test("no more spans wait than may; what was waiting is delivered when the server stops")
    func bounded() async {
        let destination = Destination(answers: Shared([]))
        let delivery = SearchTraceDelivery(destination: destination, logger: TestServer.logger)
        for _ in 0..<KnowledgeSearchLimits.maximumWaitingSpanCount + 5 { delivery.record([span], of: one) }
        #expect(delivery.lostSearchCount == 5)
        let running = Task { await delivery.run() }
        running.cancel()
        await running.value
        #expect(destination.taken.value.count == KnowledgeSearchLimits.maximumWaitingSpanCount / KnowledgeSearchLimits.deliveredSearchCount)
    }
}

import Metastore
import PostgresTesting
import Testing
import TraceModel

@testable import RunExecution

@Suite("Spans on their way to the store")
struct SpanDeliveryTests {
    /// Answers in turn, the last for all that follow; keeps what it was given.
    private final class ScriptedDestination: SpanDestination {
        let answers: Shared<[SpanDeliveryResult]>
        let taken = Shared<[[UInt8]]>([])

        init(_ answers: [SpanDeliveryResult]) { self.answers = Shared(answers) }

        func deliver(_ body: [UInt8], project: ProjectID) async -> SpanDeliveryResult {
            let answers = answers.value
            if answers.count > 1 { self.answers.change { $0.removeFirst() } }
            if answers[0] == .delivered { taken.change { $0.append(body) } }
            return answers[0]
        }
    }

    /// A delivery of three rows: [0], [1] and [2].
    private static func make(_ answers: [SpanDeliveryResult]) async throws -> (SpanDelivery, ScriptedDestination, TestRun) {
        let test = try await TestRun.make(caseCount: 3), destination = ScriptedDestination(answers)
        for (number, cell) in try await test.lease(3).enumerated() {
            _ = try await test.runs.record([TestRun.ended(cell, spans: [UInt8(number)])], of: test.run.id)
        }
        return (SpanDelivery(outbox: test.metastore.spanOutbox, destination: destination, logger: TestServer.logger), destination, test)
    }

    @Test("what is delivered leaves the outbox, oldest first; what is refused leaves it, too")
    func delivered() async throws {
        let (delivery, destination, test) = try await Self.make([.delivered, .refused("too old"), .delivered])
        #expect(try await delivery.deliverAll())
        #expect(destination.taken.value == [[0], [2]])
        #expect(try await test.metastore.spanOutbox.backlog().count == 0)
    }

    @Test("while there is no server everything waits, and goes as soon as there is one")
    func unreachable() async throws {
        let (delivery, destination, test) = try await Self.make([.unreachable("away"), .delivered])
        #expect(try await !delivery.deliverAll())
        #expect(try await test.metastore.spanOutbox.backlog().count == 3)
        #expect(try await delivery.deliverAll())
        #expect(destination.taken.value == [[0], [1], [2]])
    }

    @Test("one request that the server fails at waits alone: those behind it go the next time")
    func later() async throws {
        let (delivery, destination, test) = try await Self.make([.later("500"), .delivered])
        #expect(try await !delivery.deliverAll())
        #expect(try await delivery.deliverAll())
        #expect(destination.taken.value == [[1], [2]])
        #expect(try await test.metastore.spanOutbox.backlog().count == 1)
    }
}

import Testing
import TraceModel

@testable import GenAIConventions

@Suite("Logfire's pending spans take the place of the spans they announce")
struct PendingSpansTests {
    private func batch(_ attributes: [(String, AttributeValue)], parent: UInt64) -> SpanBatch {
        var batch = BatchBuilder.span(attributes)
        batch.spanIDs[0] = SpanID(rawValue: 99)
        batch.parentSpanIDs[0] = SpanID(rawValue: parent)
        return batch
    }

    private func ids(_ attributes: [(String, AttributeValue)], parent: UInt64) -> [UInt64] {
        var batch = batch(attributes, parent: parent)
        _ = AttributeMapping.current.apply(to: &batch)
        return [batch.spanIDs[0].rawValue, batch.parentSpanIDs[0].rawValue]
    }

    @Test("a placeholder gets the id of its span and that span's parent; a root's has none, named with zeros or not at all")
    func ids() {
        let type: (String, AttributeValue) = ("logfire.span_type", "pending_span")
        #expect(ids([type, ("logfire.pending_parent_id", "000000000000000b")], parent: 10) == [10, 11])
        #expect(ids([("logfire.pending_parent_id", "0000000000000000"), type], parent: 10) == [10, 0])
        #expect(ids([type], parent: 10) == [10, 0])
        #expect(ids([type, ("logfire.pending_parent_id", "nonsense")], parent: 10) == [10, 0])
    }

    @Test("other spans, and a placeholder without a span to stand for, keep their ids")
    func others() {
        #expect(ids([("logfire.span_type", "span"), ("logfire.pending_parent_id", "000000000000000b")], parent: 10) == [99, 10])
        #expect(ids([("logfire.span_type", "log")], parent: 10) == [99, 10])
        #expect(ids([("logfire.pending_parent_id", "000000000000000b")], parent: 10) == [99, 10])
        #expect(ids([("logfire.span_type", "pending_span")], parent: 0) == [99, 0])
    }

    @Test("what was mapped once and written out again stays as it is")
    func again() {
        for parent in ["000000000000000b", "0000000000000000"] {
            var batch = batch([("logfire.span_type", "pending_span"), ("logfire.pending_parent_id", .string(parent))], parent: 10)
            _ = AttributeMapping.current.apply(to: &batch)
            let once = [batch.spanIDs[0], batch.parentSpanIDs[0]]
            _ = AttributeMapping.current.apply(to: &batch)
            #expect([batch.spanIDs[0], batch.parentSpanIDs[0]] == once)
        }
    }
}

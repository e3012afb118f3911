import TraceModel

/// Spans that are still running, as Logfire's SDKs send them when they begin: a placeholder of no length with an id of its own, whose
/// parent is the running span and which names the true parent (`logfire.pending_parent_id`, missing or zeros for a root).
///
/// A placeholder is stored under the ids of the span it stands for. From there on it is an earlier version of that span, and of two
/// versions the one that ends later counts wherever spans are stored or read: the final one replaces it, whichever came first. Its
/// attributes stay as they were sent, and tell for as long as it stands there that the span is running.
package enum PendingSpans {
    package static let typeKey = "logfire.span_type"
    package static let typeName = "pending_span"
    package static let parentKey = "logfire.pending_parent_id"

    /// Whether a stored span is a placeholder.
    package static func isPending(_ attributes: [KeyValue]) -> Bool {
        attributes.contains { $0.key == typeKey && $0.value == .string(typeName) }
    }

    private static let typeKeyBytes = Array(typeKey.utf8), typeNameBytes = Array(typeName.utf8), parentKeyBytes = Array(parentKey.utf8)

    /// Gives placeholders the ids of the spans they stand for. Those of a batch that was written out after it was mapped have them.
    static func stepIn(_ batch: inout SpanBatch) {
        var typeKey: UInt32?, parentKey: UInt32?
        for (index, key) in batch.keys.enumerated() {
            if key.count == typeKeyBytes.count, batch.equals(key, typeKeyBytes) { typeKey = UInt32(index) }
            if key.count == parentKeyBytes.count, batch.equals(key, parentKeyBytes) { parentKey = UInt32(index) }
        }
        guard let typeKey else { return }
        for span in 0..<batch.spanCount where !batch.parentSpanIDs[span].isZero {
            var isPending = false
            var parent = SpanID.none
            for attribute in batch.attributes[Int(batch.attributeStarts[span])..<Int(batch.attributeStarts[span + 1])]
            where attribute.type == .string {
                if attribute.keyIndex == typeKey { isPending = batch.equals(attribute.range, typeNameBytes) }
                if attribute.keyIndex == parentKey, attribute.range.count == 16 {
                    parent = SpanID(hex: batch.text(attribute.range)) ?? .none
                }
            }
            guard isPending, batch.parentSpanIDs[span] != parent else { continue }
            batch.spanIDs[span] = batch.parentSpanIDs[span]
            batch.parentSpanIDs[span] = parent
        }
    }
}

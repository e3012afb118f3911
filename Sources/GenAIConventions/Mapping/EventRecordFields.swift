/// What the mapping leaves on event records: names and references, so that texts in them are found, and no figure, as it would repeat one of
/// the record's span.

import TraceModel

enum EventRecordFields {
    /// Messages whose text stands in the record's body, by the event's name.
    private static let inputNames: Set<String> = [
        "gen_ai.system.message", "gen_ai.user.message", "gen_ai.assistant.message", "gen_ai.tool.message",
    ]
    private static let outputNames: Set<String> = ["gen_ai.choice"]

    static func settle(_ fields: inout LLMFields, _ batch: SpanBatch) {
        let empty = LLMFields(spanCount: batch.spanCount)
        (fields.inputTokens, fields.outputTokens) = (empty.inputTokens, empty.outputTokens)
        (fields.cacheReadTokens, fields.cacheWriteTokens) = (empty.cacheReadTokens, empty.cacheWriteTokens)
        (fields.reasoningTokens, fields.costs, fields.reportedCosts) = (empty.reasoningTokens, empty.costs, empty.reportedCosts)
        guard let body = batch.keys.firstIndex(where: { batch.text($0) == LogRecordKeys.body }) else { return }
        for row in 0..<batch.spanCount where batch.attributes(ofSpan: row).contains(where: { $0.keyIndex == UInt32(body) }) {
            let name = batch.text(batch.names[row])
            if fields.inputKeys[row] == .max, inputNames.contains(name) { fields.inputKeys[row] = UInt32(body) }
            if fields.outputKeys[row] == .max, outputNames.contains(name) { fields.outputKeys[row] = UInt32(body) }
        }
    }
}

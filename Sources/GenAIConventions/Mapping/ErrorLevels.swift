import TraceModel

/// Spans whose sender says by a level, and not by their status, that they failed: Langfuse's `ERROR`, Logfire's numbers from 17.
///
/// Such a span is stored with the status an error has, so that whatever counts, lists or looks for errors knows one word for them. A
/// status that was set, `ok` too, stays as it was sent, and so do the attributes.
package enum ErrorLevels {
    package static let levelKeys = ["langfuse.observation.level", "logfire.level_num"]
    /// What Langfuse says beside its level: the status' message, where that has none.
    package static let messageKey = "langfuse.observation.status_message"

    private static let levelKeyBytes = levelKeys.map { Array($0.utf8) }, messageKeyBytes = Array(messageKey.utf8)
    /// OTLP's `STATUS_CODE_ERROR`.
    package static let statusCodeError: Int32 = 2

    /// Gives spans the status of their level. Event records have no status of their own.
    static func settle(_ batch: inout SpanBatch) {
        guard batch.record == .span else { return }
        var levelIndexes: [UInt32] = [], messageIndex: UInt32?
        for (index, key) in batch.keys.enumerated() {
            if levelKeyBytes.contains(where: { batch.equals(key, $0) }) { levelIndexes.append(UInt32(index)) }
            if batch.equals(key, messageKeyBytes) { messageIndex = UInt32(index) }
        }
        guard !levelIndexes.isEmpty else { return }
        let values = ValueReader()
        for span in 0..<batch.spanCount where batch.statusCodes[span] == 0 {
            let attributes = Int(batch.attributeStarts[span])..<Int(batch.attributeStarts[span + 1])
            /// Of a key that was sent twice the first.
            func first(_ key: UInt32) -> SpanBatch.Attribute? {
                attributes.first { batch.attributes[$0].keyIndex == key }.map { batch.attributes[$0] }
            }
            let levels = levelIndexes.compactMap { first($0) }, message = messageIndex.flatMap { first($0) }
            guard levels.contains(where: { values.isErrorLevel(MemberReader.unquoted($0, &batch), batch) }) else { continue }
            batch.statusCodes[span] = statusCodeError
            batch.hasStatus[span] = true
            if batch.statusMessages[span].count == 0, let message,
                let text = values.text(MemberReader.unquoted(message, &batch), &batch)
            {
                batch.statusMessages[span] = text
            }
        }
    }
}

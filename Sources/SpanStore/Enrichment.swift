import ByteCoding
import TraceModel

/// What was computed when a request came in and a replay must not compute again: the cost of its spans, by the prices of
/// that moment, and which spans were refused and why, by the limits of that moment. Kept in the WAL entry beside the body.
///
/// | bytes | what |
/// |---|---|
/// | varint | number of spans that have a cost, or were billed |
/// | varint | ordinal of the span in the body, as the distance from the one before (the first from 0) |
/// | 8 | cost in US dollars, IEEE 754, little-endian; not a number for a span that was billed and whose call another one counts for |
///
/// Of a span that was billed the mapping of a replay says the cost: entries of programs that kept the computed one do not undo it. Behind
/// them, where spans were refused, the first of these as `ReceiptRejection` has them.
enum Enrichment {
    static func encode(_ fields: LLMFields, ordinals: [UInt32], rejections: [ReceiptRejection] = []) -> [UInt8] {
        var writer = ByteWriter()
        func isKept(_ span: Int) -> Bool { !fields.costs[span].isNaN || fields.billedCost(span) != nil }
        writer.varint(fields.costs.indices.reduce(0) { isKept($1) ? $0 + 1 : $0 })
        var previous: UInt32 = 0
        for (span, cost) in fields.costs.enumerated() where isKept(span) {
            writer.varint(UInt64(ordinals[span] - previous))
            writer.integer(cost.bitPattern)
            previous = ordinals[span]
        }
        if !rejections.isEmpty { ReceiptRejection.encode(rejections, into: &writer) }
        return writer.bytes
    }

    /// The refused spans; empty where there were none, and in entries of versions that did not keep them.
    static func rejections(in bytes: [UInt8]) throws(ByteCodingError) -> [ReceiptRejection] {
        try bytes.withUnsafeBufferPointer { bytes throws(ByteCodingError) -> [ReceiptRejection] in
            var reader = ByteReader(UnsafeRawBufferPointer(bytes))
            let count = try reader.count()
            for _ in 0..<min(count, reader.remaining) {
                _ = try reader.varint()
                try reader.skip(8)
            }
            return reader.isAtEnd ? [] : try ReceiptRejection.decode(&reader)
        }
    }

    /// Puts the costs back; `ordinals` are those of the batch's spans, ascending.
    static func decode(_ bytes: [UInt8], ordinals: [UInt32], into fields: inout LLMFields) throws(ByteCodingError) {
        var failure: ByteCodingError?
        bytes.withUnsafeBytes { raw in
            do throws(ByteCodingError) {
                var reader = ByteReader(raw)
                try decode(&reader, ordinals: ordinals, into: &fields)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private static func decode(_ reader: inout ByteReader, ordinals: [UInt32], into fields: inout LLMFields) throws(ByteCodingError) {
        let count = try reader.count()
        var ordinal: UInt64 = 0
        var span = 0
        // An entry takes nine bytes at least: an absurd count ends with the bytes.
        for _ in 0..<min(count, reader.remaining) {
            ordinal &+= try reader.varint()
            let cost = Double(bitPattern: try reader.integer(UInt64.self))
            while span < ordinals.count, UInt64(ordinals[span]) < ordinal { span += 1 }
            guard span < ordinals.count, UInt64(ordinals[span]) == ordinal else { continue }
            if cost.isNaN || fields.costs[span].isNaN { fields.costs[span] = cost }
        }
    }
}

extension SpanBatch {
    /// The position in the body of each span of the batch: those that were not rejected, in order.
    var ordinals: [UInt32] {
        var rejected = rejections.map(\.ordinal).sorted()[...]
        var ordinals: [UInt32] = []
        ordinals.reserveCapacity(spanCount)
        var ordinal = 0
        while ordinals.count < spanCount {
            if rejected.first == ordinal { rejected.removeFirst() } else { ordinals.append(UInt32(ordinal)) }
            ordinal += 1
        }
        return ordinals
    }
}

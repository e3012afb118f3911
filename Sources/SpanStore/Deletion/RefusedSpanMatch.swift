import ByteCoding
import OTLP
import TraceModel

/// Whether a refused span belongs to something that is deleted: it names one of the traces, or an attribute of it or of its resource is the
/// session or user.
///
/// What was refused cannot be decoded as others are, so its bytes are looked at: a trace id as OTLP writes it, a text as the whole value of
/// an attribute. Rather one too many goes than one too few.
struct RefusedSpanMatch: Sendable {
    private let patterns: BytePatterns

    init(_ selection: DeletionSelection, traces: [TraceID]) {
        patterns = BytePatterns(DeletionPatterns(selection, traces: traces).all)
    }

    func matches(_ span: RejectedSpan) -> Bool {
        if patterns.occur(in: span.source) { return true }
        guard let owner = span.origin?.owner else { return false }
        return [owner.resource, owner.scope].contains { $0.map { patterns.occur(in: $0) } ?? false }
    }
}

/// The forms that what is deleted has in bytes that are not columns: log entries, refused spans, receipts.
struct DeletionPatterns: Sendable {
    let traces: [[UInt8]]
    let values: [[UInt8]]

    var all: [[UInt8]] { traces + values }

    init(_ selection: DeletionSelection, traces: [TraceID]) {
        self.traces = traces.flatMap { [$0.bytes, Array($0.hex.utf8), Array($0.hex.uppercased().utf8)] }
        switch selection {
        case .session(let value), .user(let value): values = Self.forms(ofValue: value)
        case .trace, .project: values = []
        }
    }

    /// The string as an OTLP attribute's value: field 1 of `AnyValue` with its length, and a whole JSON string.
    static func forms(ofValue value: String) -> [[UInt8]] {
        var writer = ByteWriter()
        writer.integer(UInt8(0x0a))
        writer.lengthPrefixed(value)
        let plain = [UInt8(ascii: "\"")] + Array(value.utf8) + [UInt8(ascii: "\"")]
        let escaped = JSONValue.string(value).bytes
        return escaped == plain ? [writer.bytes, plain] : [writer.bytes, plain, escaped]
    }
}

import OTLP
import TraceModel

/// A span that was refused, as the quarantine keeps it. How it lies on disk: RejectedSpanCoding.
package struct RejectedSpan: Hashable, Sendable {
    package var receivedUnixNano: UInt64
    /// `SpanRejection.Reason`'s raw value; text, so that a reason of another version can be listed too.
    package var reason: String
    package var codec: WALEntry.Codec
    /// The `Span` message or JSON object, at most `QuarantineLimits.maximumSourceByteCount` of it.
    package var source: [UInt8]
    /// As received: larger than `source` if that was cut, or left out because it could not be redacted.
    package var sourceByteCount: Int
    /// Whether the project's rules were applied: `source` is what they left, empty when its bytes could not be read.
    package var isRedacted = false
    /// Nil in records of the first version, and behind a damaged one.
    package var origin: RejectedSpanOrigin?

    package init(receivedUnixNano: UInt64, reason: SpanRejection.Reason, codec: WALEntry.Codec, source: some Collection<UInt8>) {
        self.init(
            receivedUnixNano: receivedUnixNano, reason: reason.rawValue, codec: codec,
            source: Array(source.prefix(QuarantineLimits.maximumSourceByteCount)), sourceByteCount: source.count)
    }

    /// A span of a project with redaction rules.
    package init(
        receivedUnixNano: UInt64, reason: SpanRejection.Reason, codec: WALEntry.Codec, redactedSource: [UInt8], sourceByteCount: Int
    ) {
        self.init(receivedUnixNano: receivedUnixNano, reason: reason, codec: codec, source: redactedSource)
        self.sourceByteCount = sourceByteCount
        isRedacted = true
    }

    init(receivedUnixNano: UInt64, reason: String, codec: WALEntry.Codec, source: [UInt8], sourceByteCount: Int) {
        self.receivedUnixNano = receivedUnixNano
        self.reason = reason
        self.codec = codec
        self.source = source
        self.sourceByteCount = sourceByteCount
    }

    /// Whether bytes are missing at the end. Of a redacted span only the redacted encoding's own length says so.
    package var isCut: Bool {
        isRedacted ? source.count == QuarantineLimits.maximumSourceByteCount : sourceByteCount > source.count
    }

    /// Whether all is there that a request needs: a span under an empty resource would be somebody else's.
    package var isReplayable: Bool { !isCut && !source.isEmpty && origin?.owner != nil }

    package var exporter: String? { origin?.exporter }
}

/// Where refused spans came from: what stood above them in their request, and who sent it. One object for all spans of a scope.
package final class RejectedSpanOrigin: Hashable, Sendable {
    /// What the exporter calls itself; nil when it did not say.
    package let exporter: String?
    /// Nil when it was too long to be kept or could not be redacted.
    package let owner: SpanOwner?

    package init(exporter: String?, owner: SpanOwner?) {
        self.exporter = exporter.flatMap { name in
            name.isEmpty ? nil : String(decoding: name.utf8.prefix(QuarantineLimits.maximumExporterByteCount), as: UTF8.self)
        }
        self.owner = owner.flatMap { $0.byteCount <= QuarantineLimits.maximumOwnerByteCount ? $0 : nil }
    }

    package static func == (a: RejectedSpanOrigin, b: RejectedSpanOrigin) -> Bool {
        a === b || a.exporter == b.exporter && a.owner == b.owner
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(exporter)
        hasher.combine(owner)
    }
}

/// A refused span and the number it is kept under: ascending in a project, never given twice.
package struct KeptSpan: Hashable, Sendable {
    package typealias ID = UInt64

    package var id: ID
    package var span: RejectedSpan
}

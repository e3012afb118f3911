import ByteCoding
import TraceModel

/// A span that was refused, as the quarantine keeps it.
///
/// A record in a quarantine file, little-endian:
///
///     offset  bytes  field
///          0      4  length of what follows the checksum
///          4      4  CRC-32C of what follows
///          8      8  receive time, ns since 1970
///         16      1  codec of the body it came in (see WALEntry.Codec)
///         17      1  flags: 1 = redacted, what follows is not what was received
///         18      2  zeros
///         20      4  length of the span as received
///         24      -  reason: varint length and UTF-8 (SpanRejection.Reason's raw value)
///                 -  the span's bytes as they stood in the body, cut after 1 MiB
package struct RejectedSpan: Hashable, Sendable {
    package var receivedUnixNano: UInt64
    /// `SpanRejection.Reason`'s raw value; text, so that a reason of another version can be listed too.
    package var reason: String
    package var codec: WALEntry.Codec
    /// The `Span` message or JSON object, at most `maximumSourceByteCount` of it.
    package var source: [UInt8]
    /// As received: larger than `source` if that was cut, or left out because it could not be redacted.
    package var sourceByteCount: Int
    /// Whether the project's rules were applied: `source` is what they left, empty when its bytes could not be read.
    package var isRedacted = false

    package init(receivedUnixNano: UInt64, reason: SpanRejection.Reason, codec: WALEntry.Codec, source: some Collection<UInt8>) {
        self.receivedUnixNano = receivedUnixNano
        self.reason = reason.rawValue
        self.codec = codec
        self.source = Array(source.prefix(Self.maximumSourceByteCount))
        sourceByteCount = source.count
    }

    /// A span of a project with redaction rules.
    package init(
        receivedUnixNano: UInt64, reason: SpanRejection.Reason, codec: WALEntry.Codec, redactedSource: [UInt8], sourceByteCount: Int
    ) {
        self.init(receivedUnixNano: receivedUnixNano, reason: reason, codec: codec, source: redactedSource)
        self.sourceByteCount = sourceByteCount
        isRedacted = true
    }

    private init(receivedUnixNano: UInt64, reason: String, codec: WALEntry.Codec, source: [UInt8], sourceByteCount: Int) {
        self.receivedUnixNano = receivedUnixNano
        self.reason = reason
        self.codec = codec
        self.source = source
        self.sourceByteCount = sourceByteCount
    }

    /// Whether bytes are missing at the end. Of a redacted span only the redacted encoding's own length says so.
    package var isCut: Bool { isRedacted ? source.count == Self.maximumSourceByteCount : sourceByteCount > source.count }

    /// Enough to see what is wrong with a span; a sender whose spans are larger would crowd out all others.
    package static let maximumSourceByteCount = 1 << 20
    static let recordHeadByteCount = 8

    /// What the record takes in a file, or a little more.
    var recordByteCount: Int { 34 + reason.utf8.count + source.count }

    func encode(into writer: inout ByteWriter) {
        let start = writer.count
        writer.integer(UInt32(0))
        writer.integer(UInt32(0))
        writer.integer(receivedUnixNano)
        writer.integer(codec.rawValue)
        writer.integer(UInt8(isRedacted ? 1 : 0))
        writer.append(zeros: 2)
        writer.integer(UInt32(clamping: sourceByteCount))
        writer.lengthPrefixed(reason)
        writer.append(source)
        let checksum = writer.bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[(start + 8)...])) }
        writer.overwrite(UInt32(writer.count - start - Self.recordHeadByteCount), at: start)
        writer.overwrite(checksum, at: start + 4)
    }

    /// Reads the next record; throws where the file's whole records end.
    static func decode(_ reader: inout ByteReader) throws(ByteCodingError) -> RejectedSpan {
        let byteCount = Int(try reader.integer(UInt32.self))
        let checksum: UInt32 = try reader.integer()
        let bytes = try reader.take(byteCount)
        guard CRC32C.checksum(bytes) == checksum else { throw .truncated }
        var record = ByteReader(bytes)
        let received: UInt64 = try record.integer()
        let codec = WALEntry.Codec(rawValue: try record.integer())
        let flags: UInt8 = try record.integer()
        try record.skip(2)
        let sourceByteCount: UInt32 = try record.integer()
        let reason = String(decoding: try record.lengthPrefixed(), as: UTF8.self)
        let source = [UInt8](try record.take(record.remaining))
        guard let codec else { throw .truncated }
        var span = RejectedSpan(
            receivedUnixNano: received, reason: reason, codec: codec, source: source, sourceByteCount: Int(sourceByteCount))
        span.isRedacted = flags & 1 != 0
        return span
    }
}

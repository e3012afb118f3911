import ByteCoding
import OTLP

/// Files of refused spans, little-endian. A file is a header and records; written in version 2, read in both.
///
///     header, version 2
///          0      8  "SPNDLREJ"
///          8      4  version
///         12      4  zeros
///         16      8  receive time of the oldest span, ns since 1970
///
///     record
///          0      4  length of what follows the checksum
///          4      4  CRC-32C of what follows
///          8      1  kind: 1 = origin, 2 = span; a record of another kind is passed over
///
///     origin, of the spans behind it up to the next one
///          9      1  flags: 1 = the owner is kept
///         10      -  exporter: varint length and UTF-8, empty when it is not known
///                 -  resource, its schema URL, scope, its schema URL (see SpanOwner): each a varint, 0 = there was none, else its length
///                    plus one, and the bytes
///
///     span
///          9      1  codec of the body it came in (see WALEntry.Codec)
///         10      1  flags: 1 = redacted, what follows is not what was received; 2 = of the origin before
///         11      1  zero
///         12      4  length of the span as received
///         16      8  receive time, ns since 1970
///         24      8  id
///         32      -  reason: varint length and UTF-8 (SpanRejection.Reason's raw value)
///                 -  the span's bytes as they stood in the body, cut after 1 MiB
///
/// Version 1 has a header of 16 bytes, without a time, and only spans, without kind, id and origin:
///
///          8      8  receive time     16  1  codec     17  1  flags: 1 = redacted     18  2  zeros     20  4  length as received
///         24      -  reason, and the span's bytes
///
/// A file with another header, of a newer version or damaged, is left as it is. A record whose checksum is wrong is passed over and
/// counted; where not even a length makes sense the file ends. Spans behind a damaged record have no origin until the next one: under
/// another's resource they would be somebody else's.
enum RejectedSpanCoding {
    static let magic = Array("SPNDLREJ".utf8)
    static let headerByteCount = 24
    private static let firstHeaderByteCount = 16
    private static let recordHeadByteCount = 8

    struct File {
        var spans: [KeptSpan] = []
        var damagedRecordCount = 0
        /// The origin that a span put behind the last record would be of.
        var lastOrigin: RejectedSpanOrigin?
        /// The header is of no version that is known here: what the file holds is not known either.
        var isUnknown = false
    }

    static func header(oldestUnixNano: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(magic)
        writer.integer(UInt32(2))
        writer.integer(UInt32(0))
        writer.integer(oldestUnixNano)
        return writer.bytes
    }

    /// The oldest span's receive time; nil when the header is not of this version.
    static func oldestUnixNano(inHeader bytes: [UInt8]) -> UInt64? {
        bytes.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            guard (try? version(&reader)) == 2, (try? reader.skip(4)) != nil else { return nil }
            return try? reader.integer(UInt64.self)
        }
    }

    /// At most what a span takes in a file, without its origin.
    static func maximumByteCount(of span: RejectedSpan) -> Int { 42 + span.reason.utf8.count + span.source.count }

    static func maximumByteCount(of origin: RejectedSpanOrigin) -> Int {
        60 + (origin.exporter?.utf8.count ?? 0) + (origin.owner?.byteCount ?? 0)
    }

    // MARK: Writing

    /// Writes a span, and before it its origin where that is not the one written last.
    static func encode(_ kept: KeptSpan, after lastOrigin: inout RejectedSpanOrigin?, into writer: inout ByteWriter) {
        let span = kept.span
        if let origin = span.origin, origin != lastOrigin {
            record(&writer) { encode(origin, into: &$0) }
            lastOrigin = origin
        }
        record(&writer) { writer in
            writer.integer(UInt8(2))
            writer.integer(span.codec.rawValue)
            writer.integer(UInt8((span.isRedacted ? 1 : 0) | (span.origin == nil ? 0 : 2)))
            writer.integer(UInt8(0))
            writer.integer(UInt32(clamping: span.sourceByteCount))
            writer.integer(span.receivedUnixNano)
            writer.integer(kept.id)
            writer.lengthPrefixed(span.reason)
            writer.append(span.source)
        }
    }

    private static func encode(_ origin: RejectedSpanOrigin, into writer: inout ByteWriter) {
        writer.integer(UInt8(1))
        writer.integer(UInt8(origin.owner == nil ? 0 : 1))
        writer.lengthPrefixed(origin.exporter ?? "")
        let owner = origin.owner ?? SpanOwner()
        for part in [owner.resource, owner.resourceSchemaURL, owner.scope, owner.scopeSchemaURL] {
            writer.varint(part.map { $0.count + 1 } ?? 0)
            writer.append(part ?? [])
        }
    }

    private static func record(_ writer: inout ByteWriter, _ body: (inout ByteWriter) -> Void) {
        let start = writer.count
        writer.integer(UInt32(0))
        writer.integer(UInt32(0))
        body(&writer)
        let checksum = writer.bytes.withUnsafeBytes {
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[(start + recordHeadByteCount)...]))
        }
        writer.overwrite(UInt32(writer.count - start - recordHeadByteCount), at: start)
        writer.overwrite(checksum, at: start + 4)
    }

    // MARK: Reading

    /// - Parameter ids: that spans of the file may have, ascending. In a file of the first version, whose records have none, they are given
    ///   in the order of the records.
    static func decode(_ bytes: [UInt8], ids: Range<KeptSpan.ID>) -> File {
        bytes.withUnsafeBytes { bytes in
            var file = File()
            var reader = ByteReader(bytes)
            guard let version = try? version(&reader) else {
                // What a crash leaves of a file that was just begun holds nothing.
                file.isUnknown = bytes.count >= firstHeaderByteCount && bytes.contains { $0 != 0 }
                return file
            }
            guard (try? reader.skip((version == 1 ? firstHeaderByteCount : headerByteCount) - reader.offset)) != nil else { return file }
            var rest = ids
            while !reader.isAtEnd {
                // A torn tail, or a length that was damaged: what is behind it cannot be told apart.
                guard let record = try? nextRecord(&reader) else {
                    file.damagedRecordCount += 1
                    break
                }
                if case .whole(let body) = record, !rest.isEmpty, (try? decode(body, version, rest, &file)) != nil {
                    if let last = file.spans.last, last.id >= rest.lowerBound { rest = (last.id + 1)..<rest.upperBound }
                    continue
                }
                if version == 1 { rest = rest.dropFirst() }
                file.damagedRecordCount += 1
                file.lastOrigin = nil
            }
            return file
        }
    }

    /// 1 or 2. Throws for anything else.
    private static func version(_ reader: inout ByteReader) throws(ByteCodingError) -> UInt32 {
        guard try reader.take(magic.count).elementsEqual(magic) else { throw .truncated }
        let version: UInt32 = try reader.integer()
        guard version == 1 || version == 2 else { throw .truncated }
        return version
    }

    private enum Record {
        case whole(UnsafeRawBufferPointer)
        /// The checksum is wrong.
        case damaged
    }

    private static func nextRecord(_ reader: inout ByteReader) throws(ByteCodingError) -> Record {
        let byteCount = Int(try reader.integer(UInt32.self))
        let checksum: UInt32 = try reader.integer()
        let bytes = try reader.take(byteCount)
        return CRC32C.checksum(bytes) == checksum ? .whole(bytes) : .damaged
    }

    private static func decode(
        _ body: UnsafeRawBufferPointer, _ version: UInt32, _ ids: Range<KeptSpan.ID>, _ file: inout File
    ) throws(ByteCodingError) {
        var reader = ByteReader(body)
        guard version == 2 else { return file.spans.append(KeptSpan(id: ids.lowerBound, span: try firstSpan(&reader))) }
        let kind: UInt8 = try reader.integer()
        switch kind {
        case 1: file.lastOrigin = try origin(&reader)
        case 2:
            let kept = try span(&reader, file.lastOrigin)
            guard ids.contains(kept.id) else { throw .truncated }
            file.spans.append(kept)
        default: break
        }
    }

    private static func origin(_ reader: inout ByteReader) throws(ByteCodingError) -> RejectedSpanOrigin {
        let flags: UInt8 = try reader.integer()
        let exporter = String(decoding: try reader.lengthPrefixed(), as: UTF8.self)
        var parts: [[UInt8]?] = []
        for _ in 0..<4 {
            let count = try reader.count()
            parts.append(count == 0 ? nil : [UInt8](try reader.take(count - 1)))
        }
        let owner = SpanOwner(resource: parts[0], resourceSchemaURL: parts[1], scope: parts[2], scopeSchemaURL: parts[3])
        return RejectedSpanOrigin(exporter: exporter, owner: flags & 1 != 0 ? owner : nil)
    }

    private static func span(_ reader: inout ByteReader, _ origin: RejectedSpanOrigin?) throws(ByteCodingError) -> KeptSpan {
        let codec = WALEntry.Codec(rawValue: try reader.integer())
        let flags: UInt8 = try reader.integer()
        try reader.skip(1)
        let sourceByteCount: UInt32 = try reader.integer()
        let received: UInt64 = try reader.integer()
        let id: UInt64 = try reader.integer()
        var span = try rest(&reader, received, codec, flags, sourceByteCount)
        if flags & 2 != 0 { span.origin = origin }
        return KeptSpan(id: id, span: span)
    }

    private static func firstSpan(_ reader: inout ByteReader) throws(ByteCodingError) -> RejectedSpan {
        let received: UInt64 = try reader.integer()
        let codec = WALEntry.Codec(rawValue: try reader.integer())
        let flags: UInt8 = try reader.integer()
        try reader.skip(2)
        let sourceByteCount: UInt32 = try reader.integer()
        return try rest(&reader, received, codec, flags, sourceByteCount)
    }

    private static func rest(
        _ reader: inout ByteReader, _ received: UInt64, _ codec: WALEntry.Codec?, _ flags: UInt8, _ sourceByteCount: UInt32
    ) throws(ByteCodingError) -> RejectedSpan {
        let reason = String(decoding: try reader.lengthPrefixed(), as: UTF8.self)
        let source = [UInt8](try reader.take(reader.remaining))
        guard let codec else { throw .truncated }
        var span = RejectedSpan(
            receivedUnixNano: received, reason: reason, codec: codec, source: source, sourceByteCount: Int(sourceByteCount))
        span.isRedacted = flags & 1 != 0
        return span
    }
}

import ByteCoding
import TraceModel

/// An entry inside a group: a fixed head and four pieces of stated length, without gaps. Little-endian.
///
///     offset  bytes  field
///          0      4  length of the whole entry in bytes
///          4      1  kind (1 = spans, 2 = event records)
///          5      1  codec (1 = OTLP protobuf, 2 = OTLP JSON, 3 = OTLP protobuf written anew)
///          6      2  decoder version
///          8      8  LSN
///         16     16  project: the UUID's bytes in their written order
///         32      8  receive time, ns since 1970
///         40      4  a: length of the rejected ordinals
///         44      4  b: length of the enrichment
///         48      4  c: length of the reply's message
///         52      4  rejected spans as told in the reply
///         56      4  d: length of the body
///         60      4  zeros
///         64      a  rejected ordinals: varints, the first as it is, each next as its distance to the one before
///       64+a      b  enrichment, the store's own encoding
///     64+a+b      c  the reply's message, UTF-8
///   64+a+b+c      d  body
enum WALEntryCoding {
    static let headByteCount = 64

    /// What goes in front of the body.
    static func encodeHead(of entry: WALEntry, lsn: UInt64, receivedUnixNano: UInt64, into writer: inout ByteWriter) {
        let start = writer.count
        writer.integer(UInt32(0))
        writer.integer(entry.kind.rawValue)
        writer.integer(entry.codec.rawValue)
        writer.integer(entry.decoderVersion)
        writer.integer(lsn)
        writer.integer(entry.project.high.byteSwapped)
        writer.integer(entry.project.low.byteSwapped)
        writer.integer(receivedUnixNano)
        writer.append(zeros: headByteCount - 40)
        let ordinalStart = writer.count
        var previous: UInt32 = 0
        for ordinal in entry.rejectedOrdinals {
            writer.varint(UInt64(ordinal &- previous))
            previous = ordinal
        }
        let ordinalByteCount = writer.count - ordinalStart
        writer.append(entry.enrichment)
        let messageStart = writer.count
        writer.append(Array(entry.reply.errorMessage.utf8))
        writer.overwrite(UInt32(ordinalByteCount), at: start + 40)
        writer.overwrite(UInt32(entry.enrichment.count), at: start + 44)
        writer.overwrite(UInt32(writer.count - messageStart), at: start + 48)
        writer.overwrite(UInt32(clamping: entry.reply.rejectedSpanCount), at: start + 52)
        writer.overwrite(UInt32(entry.bodyLength), at: start + 56)
        writer.overwrite(UInt32(writer.count - start + entry.bodyLength), at: start)
    }

    /// At most what `encodeHead` makes, plus the body: for admission, before anything is encoded.
    static func maximumByteCount(of entry: WALEntry) -> Int {
        headByteCount + 5 * entry.rejectedOrdinals.count + entry.enrichment.count + entry.reply.errorMessage.utf8.count + entry.bodyLength
    }

    /// The entries of a group's payload, those of other partitions left out. The group's checksum held, so a failure here is a writer's error
    /// or a newer version.
    static func decode(
        _ payload: [UInt8], count: Int, of isWanted: (PartitionID) -> Bool = { _ in true }
    ) throws(WALDecodingError) -> [WALEntry] {
        try payload.withUnsafeBufferPointer { (bytes) throws(WALDecodingError) in
            var reader = ByteReader(UnsafeRawBufferPointer(bytes)), entries: [WALEntry] = []
            for _ in 0..<count {
                let raw = try rawEntry(&reader)
                if isWanted(PartitionID(project: raw.project, receivedUnixNano: raw.receivedUnixNano)) { entries.append(try decode(raw)) }
            }
            guard reader.isAtEnd else { throw .malformed("the group has \(reader.remaining) bytes behind its last entry") }
            return entries
        }
    }

    /// Reads the next entry. The group's checksum held, so a failure here is a writer's error or a newer version.
    static func decode(_ reader: inout ByteReader) throws(WALDecodingError) -> WALEntry { try decode(try rawEntry(&reader)) }

    private static func rawEntry(_ reader: inout ByteReader) throws(WALDecodingError) -> RawEntry {
        do throws(ByteCodingError) { return try RawEntry(&reader) } catch { throw .malformed("an entry ends before its fields do") }
    }

    private static func decode(_ raw: RawEntry) throws(WALDecodingError) -> WALEntry {
        let ordinals: [UInt32]
        do throws(ByteCodingError) { ordinals = try decodeOrdinals(raw.ordinals) } catch {
            throw .malformed("an entry ends before its fields do")
        }
        guard let kind = WALEntry.Kind(rawValue: raw.kind) else { throw .unknown("entry kind \(raw.kind)") }
        guard let codec = WALEntry.Codec(rawValue: raw.codec) else { throw .unknown("codec \(raw.codec)") }
        return WALEntry(
            lsn: raw.lsn, project: raw.project, receivedUnixNano: raw.receivedUnixNano, kind: kind, codec: codec,
            decoderVersion: raw.decoderVersion, rejectedOrdinals: ordinals, enrichment: [UInt8](raw.enrichment),
            reply: StoredReply(rejectedSpanCount: Int(raw.rejectedSpanCount), errorMessage: String(decoding: raw.message, as: UTF8.self)),
            bytes: [UInt8](raw.body), bodyLength: raw.body.count)
    }

    private static func decodeOrdinals(_ bytes: UnsafeRawBufferPointer) throws(ByteCodingError) -> [UInt32] {
        var reader = ByteReader(bytes)
        var ordinals: [UInt32] = []
        var previous: UInt64 = 0
        while !reader.isAtEnd {
            let distance = try reader.varint()
            // Only the first may be 0; the sum must stay below 2^32.
            guard ordinals.isEmpty || distance > 0, distance <= UInt64(UInt32.max) - previous else { throw .malformedVarint }
            previous += distance
            ordinals.append(UInt32(previous))
        }
        return ordinals
    }

    /// The fields as they stand, the pieces borrowed from the group.
    private struct RawEntry {
        let kind: UInt8
        let codec: UInt8
        let decoderVersion: UInt16
        let lsn: UInt64
        let project: ProjectID
        let receivedUnixNano: UInt64
        let rejectedSpanCount: UInt32
        let ordinals: UnsafeRawBufferPointer
        let enrichment: UnsafeRawBufferPointer
        let message: UnsafeRawBufferPointer
        let body: UnsafeRawBufferPointer

        init(_ reader: inout ByteReader) throws(ByteCodingError) {
            let byteCount = Int(try reader.integer(UInt32.self))
            kind = try reader.integer()
            codec = try reader.integer()
            decoderVersion = try reader.integer()
            lsn = try reader.integer()
            let high: UInt64 = try reader.integer()
            let low: UInt64 = try reader.integer()
            project = ProjectID(high: high.byteSwapped, low: low.byteSwapped)
            receivedUnixNano = try reader.integer()
            let ordinalByteCount = Int(try reader.integer(UInt32.self))
            let enrichmentByteCount = Int(try reader.integer(UInt32.self))
            let messageByteCount = Int(try reader.integer(UInt32.self))
            rejectedSpanCount = try reader.integer()
            let bodyByteCount = Int(try reader.integer(UInt32.self))
            try reader.skip(4)
            guard byteCount == headByteCount + ordinalByteCount + enrichmentByteCount + messageByteCount + bodyByteCount else {
                throw .truncated
            }
            ordinals = try reader.take(ordinalByteCount)
            enrichment = try reader.take(enrichmentByteCount)
            message = try reader.take(messageByteCount)
            body = try reader.take(bodyByteCount)
        }
    }
}

/// Why the bytes of a group that arrived whole are no entries.
enum WALDecodingError: Error, Equatable {
    case malformed(String)
    /// Written by a newer version: names what this one does not know.
    case unknown(String)
}

import ByteCoding
import TraceModel

/// An edit's records, one behind the other: kind (varint), length of the body (varint), body. `uuid` is the sixteen bytes of
/// a project id in their written order, `u64` little-endian, `day` a zigzag varint of days since 1970, all else varints.
///
///     kind  record          body
///        1  addSegment      sequence, uuid, day, span rows, span file bytes, payload file bytes, u64 minimum and maximum
///                           start, minimum and maximum LSN, u64 minimum and maximum receive time, u64 schema fingerprint,
///                           mapping version, row groups
///        2  dropSegment     sequence
///        3  sealed          uuid, day, LSN
///        4  rowMask         segment, horizon LSN, row set (see RowSet)
///        5  recentRequests  see RecentRequest
///        6  promotedKeys    uuid, number of keys, for each: scope, type, day, length and UTF-8 of the key
///        7  nextSequence    sequence
///        8  logStart        LSN
///        9  highestSealed   LSN
///       10  fieldVersions   segment, mapping version, price version
enum ManifestRecordCoding {
    static func encode(_ edit: ManifestEdit) -> [UInt8] {
        var writer = ByteWriter()
        for record in edit.records { encode(record, behind: &writer) }
        return writer.bytes
    }

    /// The edit that makes the state from an empty one.
    static func encodeCheckpoint(of state: ManifestState) -> [UInt8] {
        var writer = ByteWriter()
        state.forEachCheckpointRecord { encode($0, behind: &writer) }
        return writer.bytes
    }

    private static func encode(_ record: ManifestRecord, behind writer: inout ByteWriter) {
        var body = ByteWriter()
        let kind = encode(record, into: &body)
        writer.varint(kind)
        writer.lengthPrefixed(body.bytes)
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) throws(ManifestDecodingError) -> ManifestEdit {
        var reader = ByteReader(bytes)
        var edit = ManifestEdit()
        while !reader.isAtEnd {
            let kind: UInt64
            let decoded: ManifestRecord?
            do throws(ByteCodingError) {
                kind = try reader.varint()
                var body = ByteReader(try reader.lengthPrefixed())
                decoded = try decode(kind, &body)
                if decoded != nil, !body.isAtEnd { throw .truncated }
            } catch {
                throw .malformed
            }
            guard let decoded else { throw .unknown("record kind \(kind)") }
            edit.append(decoded)
        }
        return edit
    }

    private static func encode(_ record: ManifestRecord, into body: inout ByteWriter) -> UInt64 {
        switch record {
        case .addSegment(let segment):
            encode(segment, into: &body)
            return 1
        case .dropSegment(let sequence):
            body.varint(sequence)
            return 2
        case .sealed(let partition, let lsn):
            body.project(partition.project)
            body.zigzag(Int64(partition.receiveDay))
            body.varint(lsn)
            return 3
        case .rowMask(let segment, let horizonLSN, let rows):
            body.varint(segment)
            body.varint(horizonLSN)
            rows.encode(into: &body)
            return 4
        case .recentRequests(let requests):
            RecentRequest.encode(requests, into: &body)
            return 5
        case .promotedKeys(let project, let keys):
            body.project(project)
            body.varint(keys.count)
            for key in keys {
                body.varint(UInt64(key.scope.rawValue))
                body.varint(UInt64(key.type.rawValue))
                body.zigzag(Int64(key.day))
                body.lengthPrefixed(key.key)
            }
            return 6
        case .nextSequence(let sequence):
            body.varint(sequence)
            return 7
        case .logStart(let lsn):
            body.varint(lsn)
            return 8
        case .highestSealed(let lsn):
            body.varint(lsn)
            return 9
        case .fieldVersions(let segment, let mapping, let prices):
            body.varint(segment)
            body.varint(UInt64(mapping))
            body.varint(prices)
            return 10
        }
    }

    /// Nil for a kind this version does not know.
    private static func decode(_ kind: UInt64, _ body: inout ByteReader) throws(ByteCodingError) -> ManifestRecord? {
        switch kind {
        case 1: return .addSegment(try decodeSegment(&body))
        case 2: return .dropSegment(sequence: try body.varint())
        case 3:
            let project = try body.project()
            return .sealed(PartitionID(project: project, receiveDay: try body.day()), lsn: try body.varint())
        case 4:
            let segment = try body.varint()
            let horizonLSN = try body.varint()
            return .rowMask(segment: segment, horizonLSN: horizonLSN, rows: try RowSet(decoding: &body))
        case 5: return .recentRequests(try RecentRequest.decode(&body))
        case 6:
            let project = try body.project()
            return .promotedKeys(project: project, keys: try decodeKeys(&body))
        case 7: return .nextSequence(try body.varint())
        case 8: return .logStart(lsn: try body.varint())
        case 9: return .highestSealed(lsn: try body.varint())
        case 10: return .fieldVersions(segment: try body.varint(), mapping: try body.narrow(), prices: try body.varint())
        default: return nil
        }
    }

    private static func encode(_ segment: SegmentDescriptor, into body: inout ByteWriter) {
        body.varint(segment.sequence)
        body.project(segment.project)
        body.zigzag(Int64(segment.receiveDay))
        body.varint(segment.spanRowCount)
        body.varint(segment.spanFileByteCount)
        body.varint(segment.payloadFileByteCount)
        body.integer(segment.minimumStartTimeUnixNano)
        body.integer(segment.maximumStartTimeUnixNano)
        body.varint(segment.minimumLSN)
        body.varint(segment.maximumLSN)
        body.integer(segment.minimumReceivedUnixNano)
        body.integer(segment.maximumReceivedUnixNano)
        body.integer(segment.schemaFingerprint)
        body.varint(UInt64(segment.mappingVersion))
        body.varint(segment.rowGroupCount)
    }

    private static func decodeSegment(_ body: inout ByteReader) throws(ByteCodingError) -> SegmentDescriptor {
        SegmentDescriptor(
            sequence: try body.varint(), project: try body.project(), receiveDay: try body.day(), spanRowCount: try body.count(),
            spanFileByteCount: try body.count(), payloadFileByteCount: try body.count(), minimumStartTimeUnixNano: try body.integer(),
            maximumStartTimeUnixNano: try body.integer(), minimumLSN: try body.varint(), maximumLSN: try body.varint(),
            minimumReceivedUnixNano: try body.integer(), maximumReceivedUnixNano: try body.integer(),
            schemaFingerprint: try body.integer(), mappingVersion: try body.narrow(), rowGroupCount: try body.count())
    }

    private static func decodeKeys(_ body: inout ByteReader) throws(ByteCodingError) -> [PromotedKey] {
        let count = try body.count()
        // A key takes four bytes at least.
        guard count <= body.remaining / 4 else { throw .truncated }
        var keys: [PromotedKey] = []
        for _ in 0..<count {
            let scope = PromotedKey.Scope(rawValue: try body.narrow())
            let type = PromotedKey.ColumnType(rawValue: try body.narrow())
            let day = try body.day()
            let key = String(decoding: try body.lengthPrefixed(), as: UTF8.self)
            guard let scope, let type else { throw .malformedVarint }
            keys.append(PromotedKey(scope: scope, key: key, type: type, day: day))
        }
        return keys
    }
}

/// Why the bytes of an edit that arrived whole are no edit.
enum ManifestDecodingError: Error, Equatable {
    case malformed
    /// Written by a newer version: names what this one does not know.
    case unknown(String)
}

extension ByteReader {
    fileprivate mutating func day() throws(ByteCodingError) -> Int32 {
        guard let day = Int32(exactly: try zigzag()) else { throw .malformedVarint }
        return day
    }

    fileprivate mutating func narrow<I: FixedWidthInteger>() throws(ByteCodingError) -> I {
        guard let value = I(exactly: try varint()) else { throw .malformedVarint }
        return value
    }
}

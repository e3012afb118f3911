import ByteCoding
import TraceModel

/// A list of recent requests as the manifest stores it: the number of requests, then for each
///
///     16 bytes  project, the UUID's bytes in their written order
///     16 bytes  content hash: high, low, little-endian
///     varint    LSN
///      8 bytes  receive time, ns since 1970, little-endian
///     varint    rejected spans as told in the reply
///     varint n, n bytes of UTF-8: the reply's message
extension RecentRequest {
    static func encode(_ requests: [RecentRequest], into writer: inout ByteWriter) {
        writer.varint(requests.count)
        for request in requests {
            writer.project(request.project)
            writer.integer(request.hash.high)
            writer.integer(request.hash.low)
            writer.varint(request.lsn)
            writer.integer(request.receivedUnixNano)
            writer.varint(max(0, request.reply.rejectedSpanCount))
            writer.lengthPrefixed(request.reply.errorMessage)
        }
    }

    static func decode(_ reader: inout ByteReader) throws(ByteCodingError) -> [RecentRequest] {
        let count = try reader.count()
        guard count <= reader.remaining / minimumByteCount else { throw .truncated }
        var requests: [RecentRequest] = []
        requests.reserveCapacity(count)
        for _ in 0..<count {
            let project = try reader.project()
            let hash = ContentHash(high: try reader.integer(), low: try reader.integer())
            let lsn = try reader.varint()
            let received: UInt64 = try reader.integer()
            let rejectedSpanCount = try reader.count()
            let message = String(decoding: try reader.lengthPrefixed(), as: UTF8.self)
            requests.append(
                RecentRequest(
                    project: project, hash: hash, lsn: lsn, receivedUnixNano: received,
                    reply: StoredReply(rejectedSpanCount: rejectedSpanCount, errorMessage: message)))
        }
        return requests
    }

    private static let minimumByteCount = 43
}

extension ByteWriter {
    /// The UUID's bytes in their written order.
    mutating func project(_ project: ProjectID) {
        integer(project.high.byteSwapped)
        integer(project.low.byteSwapped)
    }
}

extension ByteReader {
    mutating func project() throws(ByteCodingError) -> ProjectID {
        let high: UInt64 = try integer()
        let low: UInt64 = try integer()
        return ProjectID(high: high.byteSwapped, low: low.byteSwapped)
    }
}

/// Decompresses a request body as a whole, guarded against bombs: the output is bounded absolutely and, past the first
/// megabytes, by its ratio to the input. Output memory grows with what really comes out, not with what a header claims.
///
/// A body is one stream or several in a row (gzip members, RFC 1952 2.2; zstd frames, RFC 8878 3); nothing may follow them.

import ByteCoding

package enum BodyDecompressor {
    /// - Parameters:
    ///   - memory: where the output's memory is taken from.
    ///   - reserve: called before the output grows, with what it may have then in all; it may refuse.
    /// - Throws: `tooLarge`, `malformedCompression`, what `reserve` throws.
    package static func decompress(
        _ body: consuming [UInt8], _ encoding: ContentEncoding, limits: IngestLimits, memory: ByteArrayPool = .none,
        reserve: @escaping (_ byteCount: Int) throws(IngestError) -> Void = { _ in }
    ) throws(IngestError) -> [UInt8] {
        var output = DecompressedBody(of: body.count, limits, memory, reserve: reserve)
        switch encoding {
        case .identity: return body
        case .gzip: return try GzipMember.inflate(body, &output) ? output.bytes : ZlibStream.inflate(body, .gzip, output)
        case .deflate:
            // RFC 9110 means zlib's format; some senders leave its two-byte header out.
            let hasHeader = body.count >= 2 && body[0] & 0x0f == 8 && (Int(body[0]) << 8 | Int(body[1])) % 31 == 0
            return try ZlibStream.inflate(body, hasHeader ? .zlib : .raw, output)
        case .zstd: return try ZstdStream.decompress(body, output)
        }
    }
}

/// The growing output of a decompressor.
struct DecompressedBody {
    private(set) var bytes: [UInt8] = []
    private let maximumByteCount: Int
    private let memory: ByteArrayPool
    private let reserve: (Int) throws(IngestError) -> Void

    /// What a decompressor is offered at least in one go. A body of no more than this takes its memory unasked: it is written at once.
    static let minimumPieceByteCount = 64 << 10
    /// And at most: so much more than is needed may be reserved for a moment.
    static let maximumPieceByteCount = 1 << 20

    init(
        of compressedByteCount: Int, _ limits: IngestLimits, _ memory: ByteArrayPool,
        reserve: @escaping (_ byteCount: Int) throws(IngestError) -> Void = { _ in }
    ) {
        self.memory = memory
        self.reserve = reserve
        let (byRatio, isOverflow) = compressedByteCount.multipliedReportingOverflow(by: limits.maximumCompressionRatio)
        maximumByteCount = min(limits.maximumBodyByteCount, max(limits.uncheckedDecompressedByteCount, isOverflow ? .max : byRatio))
    }

    /// Lets `write` fill an empty body of this size whole; false, and still empty, where it could not or so much is not allowed.
    ///
    /// - Parameter byteCount: what the sender says. Memory is only used as far as `write` comes.
    mutating func fill(byteCount: Int, _ write: (UnsafeMutableRawBufferPointer) -> Bool) throws(IngestError) -> Bool {
        guard bytes.isEmpty, byteCount <= maximumByteCount else { return false }
        if byteCount > Self.minimumPieceByteCount { try reserve(byteCount) }
        bytes = memory.take(capacity: byteCount)
        bytes.append(addingCapacity: byteCount) { (output: inout OutputSpan<UInt8>) in
            output.withUnsafeMutableBufferPointer { buffer, count in
                count = write(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<byteCount])) ? byteCount : 0
            }
        }
        return bytes.count == byteCount
    }

    /// Lets `write` write the next piece; it answers how many bytes it wrote.
    ///
    /// - Parameter expected: bytes still to come, if the sender said so. Address space is set aside for that, memory is not.
    mutating func append(expecting expected: Int, _ write: (UnsafeMutableRawBufferPointer) throws(IngestError) -> Int) throws(IngestError) {
        // A piece more than the limit is enough to know that the limit is passed.
        let room = maximumByteCount - bytes.count + Self.minimumPieceByteCount
        let growth = min(room, max(Self.minimumPieceByteCount, expected, bytes.count))
        if bytes.capacity == 0 {
            bytes = memory.take(capacity: growth)
        } else if bytes.capacity - bytes.count < Self.minimumPieceByteCount {
            bytes.reserveCapacity(bytes.count + growth)
        }
        let piece = min(growth, Self.maximumPieceByteCount)
        if bytes.count + piece > Self.minimumPieceByteCount { try reserve(bytes.count + piece) }
        try bytes.append(addingCapacity: piece) { (output: inout OutputSpan<UInt8>) throws(IngestError) in
            try output.withUnsafeMutableBufferPointer { (buffer, count) throws(IngestError) in
                // Both decompressors write from the start of what they are given and report how far they came.
                count = try write(UnsafeMutableRawBufferPointer(buffer))
            }
        }
        guard bytes.count <= maximumByteCount else {
            throw IngestError(
                .tooLarge,
                "the body decompresses to more than \(maximumByteCount) bytes; send smaller batches")
        }
    }
}

import CZlib
import CZstd

/// Pages back to their bytes, whatever codec the chunk has. Keeps its zstd context between pages.
///
/// One per thread: not `Sendable`.
package final class PageDecompressor {
    private var zstd: OpaquePointer?

    package init() {}

    deinit { if let zstd { ZSTD_freeDCtx(zstd) } }

    /// Fills `target` exactly, or throws: a page says how long it is, and anything else is corrupt.
    func decompress(
        _ bytes: UnsafeRawBufferPointer, codec: CompressionCodec, into target: UnsafeMutableRawBufferPointer
    ) throws(ParquetError) {
        // A page of nulls only, or of empty lists: some writers leave it out altogether, and inflate refuses to write nothing.
        if target.isEmpty { return }
        switch codec {
        case .uncompressed:
            guard bytes.count == target.count else { throw .corrupt("an uncompressed page of another length than it says") }
            target.copyMemory(from: bytes)
        case .zstd: try decompressZstd(bytes, into: target)
        case .gzip: try Self.inflate(bytes, into: target)
        case .snappy: try SnappyDecoder.decode(bytes, into: target)
        }
    }

    private func decompressZstd(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws(ParquetError) {
        if zstd == nil { zstd = ZSTD_createDCtx() }
        guard let zstd else { throw .limit("no memory for a zstd context") }
        let count = ZSTD_decompressDCtx(zstd, target.baseAddress, target.count, bytes.baseAddress, bytes.count)
        guard ZSTD_isError(count) == 0 else { throw .corrupt("zstd: \(String(cString: ZSTD_getErrorName(count)))") }
        guard count == target.count else { throw .corrupt("zstd data of another length than its page says") }
    }

    /// Decompresses block by block until `isEnough` says so of what is there, or the end.
    func decompressZstd(
        beginningOf bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, isEnough: (UnsafeRawBufferPointer) -> Bool
    ) throws(ParquetError) {
        if zstd == nil { zstd = ZSTD_createDCtx() }
        guard let zstd else { throw .limit("no memory for a zstd context") }
        ZSTD_DCtx_reset(zstd, ZSTD_reset_session_only)
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: 0, pos: 0)
        while true {
            output.size = min(target.count, output.pos + Self.stepByteCount)
            let before = (input.pos, output.pos)
            let status = ZSTD_decompressStream(zstd, &output, &input)
            guard ZSTD_isError(status) == 0 else { throw .corrupt("zstd: \(String(cString: ZSTD_getErrorName(status)))") }
            if isEnough(UnsafeRawBufferPointer(rebasing: target[..<output.pos])) || status == 0 { return }
            guard (input.pos, output.pos) != before else { throw .corrupt("zstd data of another length than its page says") }
        }
    }

    /// A block of zstd.
    private static let stepByteCount = 128 << 10

    /// gzip, or zlib as some writers have it; several gzip members in a row are one stream.
    private static func inflate(_ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) throws(ParquetError) {
        var stream = z_stream()
        // 15: the largest window; 32: tell gzip from zlib by the header.
        guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .limit("no memory for inflate")
        }
        defer { inflateEnd(&stream) }
        // zlib's structure has no const; inflate only reads through next_in.
        stream.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)
        stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(target.count)
        while true {
            let status = CZlib.inflate(&stream, Z_FINISH)
            guard status == Z_STREAM_END else { throw .corrupt("gzip data does not fill its page (\(status))") }
            if stream.avail_in == 0 || stream.avail_out == 0 { break }
            guard inflateReset(&stream) == Z_OK else { throw .corrupt("gzip data cannot be read on") }
        }
        guard stream.avail_out == 0 else { throw .corrupt("gzip data is shorter than its page says") }
    }
}

/// The other direction, for tests: zlib and zstd as a sender uses them.

import CZlib
import CZstd

enum Compressors {
    static func zlib(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        return bytes.withUnsafeBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count)))) { target, count in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = uInt(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = uInt(target.count)
                deflate(&stream, Z_FINISH)
                count = target.count - Int(stream.avail_out)
            }
        }
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] { zlib(bytes, windowBits: 31) }

    /// - Parameter announcesSize: whether the frame's header says how much it holds.
    static func zstd(_ bytes: [UInt8], announcesSize: Bool = true) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, announcesSize ? 1 : 0)
        return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { target, count in
            count = ZSTD_compress2(context, target.baseAddress, target.count, bytes, bytes.count)
        }
    }
}

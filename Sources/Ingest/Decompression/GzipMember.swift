/// gzip (RFC 1952) as exporters send it: one member, which says at its end how large it was. Inflated in one call into a body of that size by
/// libdeflate, in half of the time that zlib takes piece by piece.

import CLibdeflate

enum GzipMember {
    /// False where the input is anything but one whole, sound member of the announced size; nothing is said of what is wrong with it, and
    /// `output` is as it was.
    static func inflate(_ input: [UInt8], _ output: inout DecompressedBody) throws(IngestError) -> Bool {
        try input.withUnsafeBufferPointer { (bytes) throws(IngestError) in
            let source = UnsafeRawBufferPointer(bytes)
            let byteCount = announcedByteCount(source)
            guard byteCount > 0 else { return false }
            return try output.fill(byteCount: byteCount) { target in
                guard let decompressor = libdeflate_alloc_decompressor() else { return false }
                defer { libdeflate_free_decompressor(decompressor) }
                // Reads `source.count` bytes, writes at most `target.count`; both buffers outlive the call.
                var read = 0, written = 0
                let result = libdeflate_gzip_decompress_ex(
                    decompressor, source.baseAddress, source.count, target.baseAddress, target.count, &read, &written)
                return result == LIBDEFLATE_SUCCESS && read == source.count && written == target.count
            }
        }
    }

    /// A member ends with its size modulo 2^32: right for the usual single member, a mere hint for anything else. 0 where it says nothing.
    static func announcedByteCount(_ source: UnsafeRawBufferPointer) -> Int {
        guard source.count >= 18 else { return 0 }
        let announced = Int(UInt32(littleEndian: source.loadUnaligned(fromByteOffset: source.count - 4, as: UInt32.self)))
        // Deflate cannot exceed this ratio, so a larger claim is none.
        return announced <= source.count * 1032 ? announced : 0
    }
}

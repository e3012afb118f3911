import CZstd
import Parquet

/// A decompressed payload page.
enum PayloadPage {
    /// The texts of a page that this process compressed itself.
    static func decompress(_ page: EncodedPage) throws(StoreError) -> [UInt8] {
        var written = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: page.uncompressedByteCount) { buffer, initialized in
            written = page.compressed.withUnsafeBytes { ZSTD_decompress(buffer.baseAddress, buffer.count, $0.baseAddress, $0.count) }
            initialized = ZSTD_isError(written) == 0 ? written : 0
        }
        guard bytes.count == page.uncompressedByteCount else {
            throw StoreError(.corrupt, "a payload page in memory does not decompress to its \(page.uncompressedByteCount) bytes")
        }
        return bytes
    }
}

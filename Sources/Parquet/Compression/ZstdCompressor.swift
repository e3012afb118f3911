import CZstd

/// A zstd context and its output, kept between pages: setting one up costs more than compressing a small page.
///
/// One per thread: not `Sendable`, as a context must not be used by two threads at once.
package final class ZstdCompressor {
    private let context: OpaquePointer
    private let output = PageBuffer()

    package init() throws(ParquetError) {
        guard let context = ZSTD_createCCtx() else { throw ParquetError(.limitExceeded, "no memory for a zstd context") }
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// One zstd frame. The bytes are valid until the next call.
    package func compress(_ bytes: UnsafeRawBufferPointer, level: Int32) throws(ParquetError) -> UnsafeRawBufferPointer {
        let capacity = ZSTD_compressBound(bytes.count)
        output.removeAll()
        let target = output.reserve(capacity)
        let written = ZSTD_compressCCtx(context, target, capacity, bytes.baseAddress, bytes.count, level)
        guard ZSTD_isError(written) == 0 else {
            throw ParquetError(
                .invalidInput, "zstd could not compress \(bytes.count) bytes: \(String(cString: ZSTD_getErrorName(written)))")
        }
        output.advance(by: written)
        return output.bytes
    }
}

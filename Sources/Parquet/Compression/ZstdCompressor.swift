import CZstd

/// How zstd looks for repeats, where its level alone does not say.
package struct ZstdParameters: Equatable, Sendable {
    package var level: Int32
    /// Binary logarithms of the tables' sizes, and the shortest match looked for; nil: the level's own. For the levels of the strategy
    /// `dfast` (3, 4) the hash table finds repeats of 8 bytes and more, the chain table those of `minimumMatch` and more.
    package var hashLog: Int32?
    package var chainLog: Int32?
    package var minimumMatch: Int32?
    /// Binary logarithm of how far back repeats are looked for, where that is farther than the level looks, by a search of its own for
    /// long ones ("long distance matching"); nil: as the level does.
    package var longWindowLog: Int32?

    package init(
        level: Int32, hashLog: Int32? = nil, chainLog: Int32? = nil, minimumMatch: Int32? = nil, longWindowLog: Int32? = nil
    ) {
        self.level = level
        self.hashLog = hashLog
        self.chainLog = chainLog
        self.minimumMatch = minimumMatch
        self.longWindowLog = longWindowLog
    }
}

/// A zstd context and its output, kept between pages: setting one up costs more than compressing a small page.
///
/// One per thread: not `Sendable`, as a context must not be used by two threads at once.
package final class ZstdCompressor {
    private let context: OpaquePointer
    private let output = PageBuffer()
    private var current: ZstdParameters?

    package init() throws(ParquetError) {
        guard let context = ZSTD_createCCtx() else { throw ParquetError(.limitExceeded, "no memory for a zstd context") }
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// One zstd frame. The bytes are valid until the next call.
    package func compress(_ bytes: UnsafeRawBufferPointer, level: Int32) throws(ParquetError) -> UnsafeRawBufferPointer {
        try compress(bytes, ZstdParameters(level: level))
    }

    /// The same with every parameter named.
    package func compress(_ bytes: UnsafeRawBufferPointer, _ parameters: ZstdParameters) throws(ParquetError) -> UnsafeRawBufferPointer {
        if parameters != current {
            ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters)
            // Refused values leave the level's own, which is right as well.
            ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, parameters.level)
            if let hashLog = parameters.hashLog { ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, hashLog) }
            if let chainLog = parameters.chainLog { ZSTD_CCtx_setParameter(context, ZSTD_c_chainLog, chainLog) }
            if let minimumMatch = parameters.minimumMatch { ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, minimumMatch) }
            if let longWindowLog = parameters.longWindowLog {
                ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, 1)
                ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, longWindowLog)
            }
            current = parameters
        }
        let capacity = ZSTD_compressBound(bytes.count)
        output.removeAll()
        let target = output.reserve(capacity)
        let written = ZSTD_compress2(context, target, capacity, bytes.baseAddress, bytes.count)
        guard ZSTD_isError(written) == 0 else {
            throw ParquetError(
                .invalidInput, "zstd could not compress \(bytes.count) bytes: \(String(cString: ZSTD_getErrorName(written)))")
        }
        output.advance(by: written)
        return output.bytes
    }
}

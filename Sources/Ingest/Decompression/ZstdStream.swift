/// zstd frames (RFC 8878) through libzstd.

import CZstd

enum ZstdStream {
    static func decompress(_ input: [UInt8], _ output: consuming DecompressedBody) throws(IngestError) -> [UInt8] {
        guard let stream = ZSTD_createDStream() else {
            throw IngestError(.overloaded, "there is no memory to decompress the body; try again", retryAfterSeconds: 1)
        }
        defer { ZSTD_freeDStream(stream) }
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, IngestLimits.maximumZstdWindowLog)
        var output = output
        try input.withUnsafeBufferPointer { (bytes) throws(IngestError) in
            let source = UnsafeRawBufferPointer(bytes)
            var from = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            // What a frame still needs: 0 exactly when it is complete.
            var missing = 1
            while from.pos < from.size || missing != 0 {
                let expected = missing == 0 || from.pos == 0 ? Self.announcedByteCount(source, from.pos) : 0
                try output.append(expecting: expected) { (target) throws(IngestError) in
                    // libzstd reads within `from` and writes at most `size` bytes from `dst` on; both outlive the call.
                    var into = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let before = from.pos
                    missing = ZSTD_decompressStream(stream, &into, &from)
                    guard ZSTD_isError(missing) == 0 else {
                        throw Self.damaged("is damaged: \(String(cString: ZSTD_getErrorName(missing)))")
                    }
                    // No progress with room to write: the input is used up inside a frame.
                    guard missing == 0 || from.pos > before || into.pos > 0 else { throw Self.damaged("is cut short") }
                    return into.pos
                }
            }
        }
        return output.bytes
    }

    /// The content size in the frame's header, where the sender wrote one.
    private static func announcedByteCount(_ source: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        let size = ZSTD_getFrameContentSize(source.baseAddress?.advanced(by: offset), source.count - offset)
        // The two highest values mean "unknown" and "no frame".
        return size < UInt64(Int64.max) ? Int(size) : 0
    }

    private static func damaged(_ what: String) -> IngestError { IngestError(.malformedCompression, "the compressed body \(what)") }
}

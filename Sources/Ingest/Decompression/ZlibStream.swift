/// gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951) through zlib.

import CZlib

enum ZlibStream {
    /// zlib's `windowBits` selects the wrapping: 15 is the window, 16 more means gzip, negative means none.
    enum Wrapping: Int32 {
        case zlib = 15
        case gzip = 31
        case raw = -15
    }

    static func inflate(_ input: [UInt8], _ wrapping: Wrapping, _ output: consuming DecompressedBody) throws(IngestError) -> [UInt8] {
        var stream = z_stream()
        // The macro inflateInit2 is this call; ZLIB_VERSION and the size let zlib refuse a header that does not match its library.
        guard inflateInit2_(&stream, wrapping.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw IngestError(.overloaded, "there is no memory to decompress the body; try again", retryAfterSeconds: 1)
        }
        defer { inflateEnd(&stream) }
        var output = output
        try input.withUnsafeBufferPointer { (bytes) throws(IngestError) in
            let source = UnsafeRawBufferPointer(bytes)
            var offset = 0
            var isComplete = false
            while !isComplete {
                // A byte more than that, so that the end is seen without another piece.
                let expected = wrapping == .gzip && offset == 0 ? GzipMember.announcedByteCount(source) + 1 : 0
                try output.append(expecting: expected) { (target) throws(IngestError) in
                    // zlib reads `avail_in` bytes from `next_in` (never writes: the pointer is mutable for historical reasons) and
                    // writes at most `avail_out` to `next_out`; both buffers outlive the call.
                    stream.next_in = UnsafeMutablePointer(
                        mutating: source.baseAddress?.advanced(by: offset).assumingMemoryBound(to: Bytef.self))
                    stream.avail_in = uInt(clamping: source.count - offset)
                    stream.next_out = target.baseAddress?.assumingMemoryBound(to: Bytef.self)
                    stream.avail_out = uInt(clamping: target.count)
                    let offered = Int(stream.avail_in)
                    let code = CZlib.inflate(&stream, Z_NO_FLUSH)
                    let read = offered - Int(stream.avail_in)
                    let written = Int(uInt(clamping: target.count) - stream.avail_out)
                    offset += read
                    switch code {
                    case Z_STREAM_END:
                        isComplete = offset == source.count
                        if !isComplete, wrapping != .gzip || inflateReset(&stream) != Z_OK {
                            throw Self.damaged("has bytes behind its end")
                        }
                    case Z_OK where read > 0 || written > 0: break
                    // No progress with room to write: the input is used up before the stream's end.
                    case Z_OK, Z_BUF_ERROR: throw Self.damaged("is cut short")
                    default: throw Self.damaged("is damaged")
                    }
                    return written
                }
            }
        }
        return output.bytes
    }

    private static func damaged(_ what: String) -> IngestError { IngestError(.malformedCompression, "the compressed body \(what)") }
}

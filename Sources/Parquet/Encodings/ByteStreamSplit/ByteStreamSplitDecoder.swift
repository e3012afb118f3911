/// BYTE_STREAM_SPLIT back to values. Layout: see `ByteStreamSplitEncoder`.
enum ByteStreamSplitDecoder {
    /// Values `position..<position + count` of the `total` of a page, put together into `target` (`count * width` bytes).
    static func decode(
        _ bytes: UnsafeRawBufferPointer, total: Int, position: Int, count: Int, width: Int, into target: UnsafeMutableRawBufferPointer
    ) throws(ParquetError) {
        guard total * width <= bytes.count, position + count <= total, target.count >= count * width else {
            throw .corrupt("split values are cut short")
        }
        guard let base = bytes.baseAddress, let out = target.baseAddress else { return }
        for stream in 0..<width {
            let source = base + (stream * total + position)
            let column = out + stream
            for index in 0..<count {
                column.storeBytes(of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index &* width, as: UInt8.self)
            }
        }
    }
}

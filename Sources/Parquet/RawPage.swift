/// A data page without levels, decompressed and not decoded.
package struct RawPage: Sendable {
    package var bytes: [UInt8]
    package var valueCount: Int
    package var encoding: ParquetEncoding

    /// Where each value of a PLAIN byte-array page lies in `bytes`.
    package func plainByteArrayRanges() throws(ParquetError) -> [Range<Int>] {
        guard encoding == .plain else { throw .unsupported("ranges of a page that is not PLAIN") }
        var ranges: [Range<Int>] = []
        var offset = 0
        for _ in 0..<valueCount {
            guard bytes.count - offset >= 4 else { throw .corrupt("byte arrays are cut short") }
            let length = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16 | Int(bytes[offset + 3]) << 24
            guard length <= bytes.count - offset - 4 else { throw .corrupt("a byte array runs past its page") }
            ranges.append(offset + 4..<offset + 4 + length)
            offset += 4 + length
        }
        return ranges
    }
}

extension ColumnChunkReader {
    func readRawPage(_ location: OffsetIndex.PageLocation) throws(ParquetError) -> RawPage {
        let page = try page(in: try context.read(source, at: location.offset, byteCount: location.byteCount))
        guard let data = try DataPage(page.header, body: page.body, leaf: leaf, codec: chunk.codec, context: context) else {
            throw .corrupt("\(leaf.path): the offset index points at something else than a data page")
        }
        return RawPage(bytes: Array(data.values), valueCount: data.valueCount, encoding: data.encoding)
    }
}

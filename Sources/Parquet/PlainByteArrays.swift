/// The values at the beginning of a PLAIN byte-array page, borrowed from its decompressed bytes.
///
/// | part | bytes | meaning |
/// |---|---|---|
/// | length | 4 | of the value, little-endian |
/// | value | length | |
///
/// and so on, without anything between.
package struct PlainByteArrays {
    private let bytes: UnsafeRawBufferPointer
    /// Where each value's length stands.
    private var offsets: [Int] = []
    private var end = 0

    /// Values of a page of which `bytes` are known, at most `count`; fewer where the bytes end before.
    package init(_ bytes: UnsafeRawBufferPointer, count: Int) {
        self.bytes = bytes
        offsets.reserveCapacity(min(count, bytes.count / 4))
        find(in: bytes, upTo: count)
    }

    package var count: Int { offsets.count }

    /// The caller keeps `index` below `count`.
    package subscript(index: Int) -> UnsafeRawBufferPointer {
        let start = offsets[index] + 4
        return UnsafeRawBufferPointer(rebasing: bytes[start..<(index + 1 < offsets.count ? offsets[index + 1] : end)])
    }

    /// Goes on in the same page of which more bytes are known now.
    fileprivate mutating func find(in bytes: UnsafeRawBufferPointer, upTo count: Int) {
        while offsets.count < count, bytes.count - end >= 4 {
            let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self)))
            guard length <= bytes.count - end - 4 else { break }
            offsets.append(end)
            end += 4 + length
        }
    }
}

extension ColumnChunkReader {
    /// The first `wanted` values of a page of a required leaf, valid until the context reads on. A zstd page is decompressed no further
    /// than they reach.
    func readPlainByteArrays(_ location: OffsetIndex.PageLocation, upTo wanted: Int) throws(ParquetError) -> PlainByteArrays {
        let page = try page(in: try context.read(source, at: location.offset, byteCount: location.byteCount))
        guard case .data(let entryCount, .plain, _, _) = page.header.kind else {
            throw .unsupported("\(leaf.path): single values of a page that is not PLAIN, version 1")
        }
        let wanted = min(wanted, entryCount)
        guard chunk.codec == .zstd, wanted < entryCount else {
            return PlainByteArrays(
                try DataPage.decompress(page.body, page.header.uncompressedByteCount, chunk.codec, context), count: wanted)
        }
        context.page.removeAll()
        let byteCount = page.header.uncompressedByteCount
        let target = UnsafeMutableRawBufferPointer(start: context.page.reserve(byteCount), count: byteCount)
        // All of the page's place is given to the values; only what is decompressed of it is looked at.
        var values = PlainByteArrays(UnsafeRawBufferPointer(target), count: 0)
        try context.decompressor.decompressZstd(beginningOf: page.body, into: target) { known in
            values.find(in: known, upTo: wanted)
            return values.count == wanted
        }
        return values
    }
}

/// Writes finished pages of one chunk one behind the other and keeps what the footer and the page index say about them.
struct PageSequence {
    private let output: FileOutput
    /// Of all pages of the chunk: settled before the first.
    var codec: CompressionCodec
    private let startOffset: Int64
    private(set) var locations: [OffsetIndex.PageLocation] = []
    private var header = ThriftCompactWriter()
    private var dictionaryOffset: Int64?
    private var firstDataOffset: Int64?
    private var uncompressedByteCount: Int64 = 0
    private var pageCounts: [DataPageCount] = []

    init(output: FileOutput, codec: CompressionCodec) {
        self.output = output
        self.codec = codec
        startOffset = output.offset
    }

    mutating func appendDictionary(_ page: UnsafeRawBufferPointer, entryCount: Int, uncompressedByteCount: Int) throws {
        PageHeaderWriter.dictionaryPage(
            entryCount: entryCount, uncompressedByteCount: uncompressedByteCount, compressedByteCount: page.count,
            checksum: PageChecksum.checksum(page), into: &header)
        dictionaryOffset = output.offset
        try append(page, uncompressedByteCount: uncompressedByteCount)
    }

    mutating func appendData(
        _ page: UnsafeRawBufferPointer, encoding: ParquetEncoding, entryCount: Int, firstRow: Int, uncompressedByteCount: Int,
        checksum: Int32? = nil
    ) throws {
        PageHeaderWriter.dataPage(
            entryCount: entryCount, encoding: encoding, uncompressedByteCount: uncompressedByteCount, compressedByteCount: page.count,
            checksum: checksum ?? PageChecksum.checksum(page), into: &header)
        firstDataOffset = firstDataOffset ?? output.offset
        locations.append(.init(offset: output.offset, byteCount: header.bytes.count + page.count, firstRow: firstRow))
        if let place = pageCounts.firstIndex(where: { $0.encoding == encoding }) {
            pageCounts[place].count += 1
        } else {
            pageCounts.append(DataPageCount(encoding: encoding, count: 1))
        }
        try append(page, uncompressedByteCount: uncompressedByteCount)
    }

    private mutating func append(_ page: UnsafeRawBufferPointer, uncompressedByteCount: Int) throws {
        self.uncompressedByteCount += Int64(header.bytes.count + uncompressedByteCount)
        try output.write(header.bytes)
        try output.write(page)
    }

    func metadata(leaf: ParquetSchema.Leaf, entryCount: Int) -> ColumnChunkMetadata {
        var encodings = pageCounts.compactMap(\.encoding)
        // Levels are RLE, dictionary pages PLAIN.
        if !encodings.contains(.runLength) { encodings.append(.runLength) }
        if dictionaryOffset != nil, !encodings.contains(.plain) { encodings.append(.plain) }
        return ColumnChunkMetadata(
            type: leaf.type, path: leaf.path, encodings: encodings, codec: codec, valueCount: Int64(entryCount),
            uncompressedByteCount: uncompressedByteCount, compressedByteCount: output.offset - startOffset,
            dataPageOffset: firstDataOffset ?? startOffset, dictionaryPageOffset: dictionaryOffset, statistics: nil,
            dataPageCounts: pageCounts,
            bloomFilter: nil, offsetIndex: nil, columnIndex: nil)
    }
}

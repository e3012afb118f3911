/// Reads one leaf of one row group: finds its pages, takes them apart, and collects the rows that are wanted.
///
///     OffsetIndex (or the whole chunk) -> pages -> header, CRC -> DataPage (levels, values) -> PageValueDecoder -> LeafBuilder
struct ColumnChunkReader {
    let source: any ParquetSource
    let leaf: ParquetSchema.Leaf
    let chunk: ColumnChunkMetadata
    let rowCount: Int
    let context: ParquetReadContext

    /// The chunk's dictionary, where the caller has kept it: pages are then read without it.
    var knownDictionary: ChunkDictionary?
    private var dictionary: ChunkDictionary?
    private var builder: LeafBuilder
    /// Row of the last entry seen, for nested leaves.
    private var row = -1

    init(source: any ParquetSource, leaf: ParquetSchema.Leaf, chunk: ColumnChunkMetadata, rowCount: Int, context: ParquetReadContext) {
        self.source = source
        self.leaf = leaf
        self.chunk = chunk
        self.rowCount = rowCount
        self.context = context
        builder = LeafBuilder(leaf: leaf)
    }

    /// `offsetIndex` nil: the whole chunk is read.
    mutating func read(_ selection: RowSelection, offsetIndex: OffsetIndex?) throws(ParquetError) -> DecodedLeaf {
        var selection = selection
        if !selection.isDone {
            if let offsetIndex, let last = offsetIndex.pages.last {
                guard last.firstRow < rowCount else { throw .invalid("\(leaf.path): the offset index belongs to another chunk") }
                try readPages(of: offsetIndex, &selection)
            } else {
                try readChunk(&selection)
            }
        }
        return try builder.finish(rowCount: selection.rowCount)
    }

    /// The dictionary page, or nil where the chunk has none.
    mutating func readDictionary() throws(ParquetError) -> ChunkDictionary? {
        guard chunk.dictionaryPageOffset != nil, chunk.startOffset < chunk.dataPageOffset else { return nil }
        try loadDictionary(upTo: chunk.dataPageOffset)
        return dictionary
    }

    // MARK: Finding pages

    private mutating func readChunk(_ selection: inout RowSelection) throws(ParquetError) {
        let bytes = try context.read(source, at: chunk.startOffset, byteCount: try byteCount(chunk.compressedByteCount))
        var offset = 0
        var entriesSeen = 0
        while !selection.isDone, offset < bytes.count, entriesSeen < chunk.valueCount {
            let page = try page(in: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
            offset += page.header.byteCount + page.header.compressedByteCount
            if case .dictionary(let entryCount, _) = page.header.kind {
                try takeDictionary(page.body, page.header, entryCount: entryCount)
                continue
            }
            guard let data = try DataPage(page.header, body: page.body, leaf: leaf, codec: chunk.codec, context: context) else { continue }
            try take(data, firstRow: leaf.isFlat ? entriesSeen : nil, selection: &selection)
            entriesSeen += data.entryCount
        }
    }

    private mutating func readPages(of index: OffsetIndex, _ selection: inout RowSelection) throws(ParquetError) {
        if chunk.dictionaryPageOffset != nil, chunk.startOffset < index.pages[0].offset {
            if let knownDictionary { dictionary = knownDictionary } else { try loadDictionary(upTo: index.pages[0].offset) }
        }
        var hint = 0
        var position = 0
        while position < index.pages.count {
            guard selection.overlaps(rows(of: position, index), from: &hint) else {
                position += 1
                continue
            }
            // Wanted pages that lie one behind the other are one read.
            var end = position + 1
            var byteCount = index.pages[position].byteCount
            while end < index.pages.count, index.pages[end].offset == index.pages[position].offset + Int64(byteCount),
                selection.overlaps(rows(of: end, index), from: &hint)
            {
                byteCount += index.pages[end].byteCount
                end += 1
            }
            let bytes = try context.read(source, at: index.pages[position].offset, byteCount: byteCount)
            var offset = 0
            for place in position..<end {
                let range = offset..<offset + index.pages[place].byteCount
                try readPage(UnsafeRawBufferPointer(rebasing: bytes[range]), rows: rows(of: place, index), &selection)
                offset = range.upperBound
            }
            position = end
        }
    }

    private func rows(of page: Int, _ index: OffsetIndex) -> Range<Int> {
        index.pages[page].firstRow..<(page + 1 < index.pages.count ? index.pages[page + 1].firstRow : rowCount)
    }

    private mutating func readPage(_ bytes: UnsafeRawBufferPointer, rows: Range<Int>, _ selection: inout RowSelection) throws(ParquetError)
    {
        let page = try page(in: bytes)
        guard let data = try DataPage(page.header, body: page.body, leaf: leaf, codec: chunk.codec, context: context) else {
            throw .corrupt("\(leaf.path): the offset index points at something else than a data page")
        }
        guard !leaf.isFlat || data.entryCount == rows.count else { throw .corrupt("\(leaf.path): page and offset index differ in rows") }
        row = rows.lowerBound - 1
        try take(data, firstRow: leaf.isFlat ? rows.lowerBound : nil, selection: &selection)
        guard leaf.isFlat || row == rows.upperBound - 1 else { throw .corrupt("\(leaf.path): page and offset index differ in rows") }
    }

    func page(in bytes: UnsafeRawBufferPointer) throws(ParquetError) -> (header: PageHeader, body: UnsafeRawBufferPointer) {
        let header = try PageHeader(bytes)
        guard header.compressedByteCount <= bytes.count - header.byteCount else { throw .corrupt("\(leaf.path): a page is cut short") }
        // Levels are decoded page by page, so a page that claims more than its chunk would cost memory for nothing.
        guard header.dataEntryCount <= chunk.valueCount else { throw .corrupt("\(leaf.path): a page of more values than its chunk") }
        let body = UnsafeRawBufferPointer(rebasing: bytes[header.byteCount..<header.byteCount + header.compressedByteCount])
        if let checksum = header.checksum, checksum != PageChecksum.checksum(body) {
            throw .corrupt("\(leaf.path): a page does not match its checksum")
        }
        context.countPage()
        return (header, body)
    }

    // MARK: Taking pages

    private mutating func loadDictionary(upTo end: Int64) throws(ParquetError) {
        let bytes = try context.read(source, at: chunk.startOffset, byteCount: try byteCount(end - chunk.startOffset))
        let page = try page(in: bytes)
        guard case .dictionary(let entryCount, _) = page.header.kind else {
            throw .corrupt("\(leaf.path): no dictionary where one belongs")
        }
        try takeDictionary(page.body, page.header, entryCount: entryCount)
    }

    private mutating func takeDictionary(_ body: UnsafeRawBufferPointer, _ header: PageHeader, entryCount: Int) throws(ParquetError) {
        guard case .dictionary(_, let encoding) = header.kind, encoding == .plain || encoding == .plainDictionary else {
            throw .unsupported("\(leaf.path): a dictionary that is not PLAIN")
        }
        guard dictionary == nil else { throw .corrupt("\(leaf.path): two dictionaries") }
        let page = try DataPage.decompress(body, header.uncompressedByteCount, chunk.codec, context)
        dictionary = try ChunkDictionary(page, entryCount: entryCount, leaf: leaf)
    }

    private mutating func take(_ page: DataPage, firstRow: Int?, selection: inout RowSelection) throws(ParquetError) {
        let parts: [Range<Int>]
        if let firstRow {
            parts = selection.parts(in: firstRow..<firstRow + page.entryCount)
        } else {
            guard let levels = page.repetitionLevels else { throw .corrupt("\(leaf.path): repetition levels are missing") }
            guard row >= 0 || levels.first ?? 0 == 0 else { throw .corrupt("\(leaf.path): the first row does not start at level 0") }
            parts = selection.parts(ofEntries: levels, row: &row)
        }
        guard !parts.isEmpty else { return }
        var decoder = try PageValueDecoder(
            page.values, encoding: page.encoding, valueCount: page.valueCount, leaf: leaf, dictionary: dictionary)
        var entry = 0
        for part in parts {
            try decoder.skip(try presentCount(page, entry..<part.lowerBound))
            try decoder.take(try presentCount(page, part), into: &builder)
            try appendLevels(page, part)
            entry = part.upperBound
        }
    }

    private func presentCount(_ page: DataPage, _ entries: Range<Int>) throws(ParquetError) -> Int {
        guard let levels = page.definitionLevels else { return entries.count }
        return try Levels.countPresent(levels, entries, maximum: leaf.maximumDefinitionLevel)
    }

    private mutating func appendLevels(_ page: DataPage, _ entries: Range<Int>) throws(ParquetError) {
        try builder.appendLevels(
            count: entries.count, definition: page.definitionLevels?[entries], repetition: page.repetitionLevels?[entries])
    }

    private func byteCount(_ count: Int64) throws(ParquetError) -> Int {
        guard count <= Int64(ParquetLimits.maximumDecodedByteCount) else {
            throw .limit("\(leaf.path): a chunk of \(count) bytes in one read")
        }
        return Int(count)
    }
}

/// One column chunk, page by page: each page's header and values, then what footer, indexes and bloom filter say of them all.
struct ChunkCheck {
    let offsetIndex: OffsetIndex
    private(set) var findings: [ParquetFinding] = []
    /// Pages are missing from the sums: these are then not compared.
    var isIncomplete = false

    private let file: ParquetFile
    private let rowGroup: Int
    private let leaf: ParquetSchema.Leaf
    private let chunk: ColumnChunkMetadata
    private let rowCount: Int
    private let context: ParquetReadContext
    private let columnIndex: ColumnIndex?
    private let bloomFilter: BloomFilter?
    private var madeFilter: BloomFilter?
    private var bounds: ChunkBounds
    private var entryCount = 0
    private var uncompressedByteCount: Int64 = 0
    private var pageCounts: [DataPageCount] = []

    init(_ file: ParquetFile, rowGroup: Int, leaf leafIndex: Int, context: ParquetReadContext) throws(ParquetError) {
        self.file = file
        self.rowGroup = rowGroup
        self.context = context
        leaf = file.schema.leaves[leafIndex]
        chunk = file.metadata.rowGroups[rowGroup].columns[leafIndex]
        rowCount = file.metadata.rowGroups[rowGroup].rowCount
        guard let offsetIndex = try file.offsetIndex(rowGroup: rowGroup, leaf: leafIndex, context: context), !offsetIndex.pages.isEmpty
        else {
            throw .corrupt("the chunk has no offset index")
        }
        self.offsetIndex = offsetIndex
        columnIndex = try file.columnIndex(rowGroup: rowGroup, leaf: leafIndex, context: context)
        bloomFilter = try file.bloomFilter(rowGroup: rowGroup, leaf: leafIndex, context: context)
        madeFilter = bloomFilter.map { BloomFilter(emptyLike: $0) }
        bounds = ChunkBounds(leaf: leaf)
        try checkIndexes()
        try checkPlaces()
    }

    private mutating func found(_ message: String, at byteOffset: Int64? = nil, isHarmless: Bool = false) {
        findings.append(ParquetFinding(message, at: byteOffset, isHarmless: isHarmless))
    }

    func rows(of page: Int) -> Range<Int> {
        let pages = offsetIndex.pages
        return pages[page].firstRow..<(page + 1 < pages.count ? pages[page + 1].firstRow : rowCount)
    }

    // MARK: Structures without a checksum

    private mutating func checkIndexes() throws(ParquetError) {
        try check(chunk.offsetIndex, offsetIndex.encode(), "the offset index")
        if let columnIndex { try check(chunk.columnIndex, columnIndex.encode(), "the column index") }
        if let bloomFilter { try check(chunk.bloomFilter, bloomFilter.encode(), "the bloom filter") }
    }

    private mutating func check(_ region: FileRegion?, _ expected: [UInt8], _ name: String) throws(ParquetError) {
        guard let region, let byteCount = region.byteCount else { return }
        if !(try context.read(file.source, at: region.offset, byteCount: byteCount).elementsEqual(expected)) {
            found("\(name) is not as it was written", at: region.offset)
        }
    }

    /// Dictionary and pages lie one behind the other and fill the chunk.
    private mutating func checkPlaces() throws(ParquetError) {
        let pages = offsetIndex.pages
        if chunk.dataPageOffset != pages[0].offset { found("the footer has the first page elsewhere than the offset index") }
        var position = chunk.startOffset
        if chunk.dictionaryPageOffset != nil {
            let byteCount = pages[0].offset - chunk.startOffset
            guard byteCount > 0 else { throw .corrupt("the dictionary has no place") }
            try checkHeader(at: chunk.startOffset, byteCount: Int(clamping: byteCount), isDictionary: true)
            position = pages[0].offset
        }
        for page in pages {
            if page.offset != position { found("a page does not begin where the one before ends", at: page.offset) }
            position = page.offset + Int64(page.byteCount)
        }
        if position != chunk.startOffset + chunk.compressedByteCount { found("its pages do not fill it", at: chunk.startOffset) }
    }

    /// The header of a page, made again from what it says. What comes behind it is checked by its own checksum when it is decoded.
    private mutating func checkHeader(at offset: Int64, byteCount: Int, isDictionary: Bool) throws(ParquetError) {
        let readByteCount = min(byteCount, ParquetLimits.pageHeaderReadByteCount)
        let bytes = try context.read(file.source, at: offset, byteCount: readByteCount)
        let header = try PageHeader(bytes)
        var expected = ThriftCompactWriter()
        let sizes = (header.uncompressedByteCount, header.compressedByteCount)
        guard let checksum = header.checksum else { return found("a page has no checksum", at: offset) }
        switch header.kind {
        case .dictionary(let entryCount, _) where isDictionary:
            PageHeaderWriter.dictionaryPage(
                entryCount: entryCount, uncompressedByteCount: sizes.0, compressedByteCount: sizes.1, checksum: checksum, into: &expected)
        case .data(let entryCount, let encoding, _, _) where !isDictionary:
            PageHeaderWriter.dataPage(
                entryCount: entryCount, encoding: encoding, uncompressedByteCount: sizes.0, compressedByteCount: sizes.1,
                checksum: checksum, into: &expected)
            count(encoding)
        default: throw .corrupt("a page of another kind than its place asks for")
        }
        if !bytes.prefix(header.byteCount).elementsEqual(expected.bytes) || header.byteCount + sizes.1 != byteCount {
            found("the header of a page is not as it was written", at: offset)
        }
        uncompressedByteCount += Int64(header.byteCount + sizes.0)
    }

    private mutating func count(_ encoding: ParquetEncoding) {
        if let place = pageCounts.firstIndex(where: { $0.encoding == encoding }) {
            pageCounts[place].count += 1
        } else {
            pageCounts.append(DataPageCount(encoding: encoding, count: 1))
        }
    }

    // MARK: Values

    mutating func read(_ page: Int) throws(ParquetError) -> DecodedLeaf {
        try checkHeader(at: offsetIndex.pages[page].offset, byteCount: offsetIndex.pages[page].byteCount, isDictionary: false)
        let decoded = try file.readLeaf(
            rowGroup: rowGroup, leaf: leaf.index, rows: rows(of: page), offsetIndex: offsetIndex, context: context)
        let pageEntryCount = decoded.repetitionLevels?.count ?? decoded.rowCount
        let nullCount = pageEntryCount - decoded.values.count
        entryCount += pageEntryCount
        if chunk.statistics != nil || madeFilter != nil {
            decoded.values.withColumnValues { values in
                bounds.add(values, nullCount: nullCount)
                madeFilter?.insert(values)
            }
        }
        return decoded
    }

    /// What the footer and the indexes say of all pages.
    mutating func finish() throws(ParquetError) {
        guard !isIncomplete else { return }
        if Int64(entryCount) != chunk.valueCount { found("it has \(entryCount) entries, the footer says \(chunk.valueCount)") }
        if uncompressedByteCount != chunk.uncompressedByteCount { found("the footer has another size of its pages than they have") }
        if pageCounts != chunk.dataPageCounts { found("the footer counts other pages than there are") }
        var encodings = pageCounts.compactMap(\.encoding)
        if !encodings.contains(.runLength) { encodings.append(.runLength) }
        if chunk.dictionaryPageOffset != nil, !encodings.contains(.plain) { encodings.append(.plain) }
        if encodings != chunk.encodings { found("the footer names other encodings than its pages have") }
        checkBounds()
        if let madeFilter, let bloomFilter, madeFilter != bloomFilter {
            let isMissing = !bloomFilter.contains(madeFilter)
            found(
                isMissing ? "the bloom filter lacks values that the column has" : "the bloom filter has values that the column lacks",
                at: chunk.bloomFilter?.offset, isHarmless: false)
        }
    }

    private mutating func checkBounds() {
        guard let stored = chunk.statistics else {
            if columnIndex != nil { found("it has a column index and no statistics") }
            return
        }
        let made = bounds.statistics
        if stored != made { found("the statistics in the footer are not those of its values") }
        guard leaf.isFlat else { return }
        let madeIndex = bounds.columnIndex
        if columnIndex != madeIndex { found("the column index is not that of its values", at: chunk.columnIndex?.offset) }
    }
}

/// Bounds of a chunk and its pages, which outlive the pages: `ChunkStatisticsBuilder` borrows its values.
private struct ChunkBounds {
    private enum Owned {
        case integer(Int64, Int64)
        case double(Double, Double)
        case bytes([UInt8], [UInt8])
    }

    private let leaf: ParquetSchema.Leaf
    private var owned: Owned?
    private var nullCount = 0
    private var index: ColumnIndexBuilder
    private var marks = DictionaryMarks()

    init(leaf: ParquetSchema.Leaf) {
        self.leaf = leaf
        index = ColumnIndexBuilder(type: leaf.type)
    }

    mutating func add(_ values: ColumnValues, nullCount: Int) {
        let found = ValueBounds.find(in: values, range: 0..<values.count, marks: &marks)
        self.nullCount += nullCount
        index.add(
            bounds: found, encoded: found?.encoded(type: leaf.type, isText: leaf.logicalType == .string), presentCount: values.count,
            nullCount: nullCount)
        guard let found else { return }
        switch (found, owned) {
        case (.integer(let low, let high), .integer(let a, let b)): owned = .integer(min(a, low), max(b, high))
        case (.integer(let low, let high), _): owned = .integer(low, high)
        case (.double(let low, let high), .double(let a, let b)): owned = .double(min(a, low), max(b, high))
        case (.double(let low, let high), _): owned = .double(low, high)
        case (.bytes(let low, let high), .bytes(let a, let b)):
            let isLower = low.lexicographicallyPrecedes(a), isHigher = b.lexicographicallyPrecedes(high)
            if isLower || isHigher { owned = .bytes(isLower ? Array(low) : a, isHigher ? Array(high) : b) }
        case (.bytes(let low, let high), _): owned = .bytes(Array(low), Array(high))
        }
    }

    var columnIndex: ColumnIndex? { index.index }

    var statistics: ColumnStatistics {
        let isText = leaf.logicalType == .string
        let encoded: EncodedBounds? =
            switch owned {
            case nil: nil
            case .integer(let low, let high): ValueBounds.integer(minimum: low, maximum: high).encoded(type: leaf.type, isText: isText)
            case .double(let low, let high): ValueBounds.double(minimum: low, maximum: high).encoded(type: leaf.type, isText: isText)
            case .bytes(let low, let high):
                low.withUnsafeBytes { low in
                    high.withUnsafeBytes { high in
                        ValueBounds.bytes(minimum: low, maximum: high).encoded(type: leaf.type, isText: isText)
                    }
                }
            }
        return ColumnStatistics(
            minimum: encoded?.minimum, maximum: encoded?.maximum, nullCount: Int64(nullCount),
            isMinimumExact: encoded?.isMinimumExact ?? false, isMaximumExact: encoded?.isMaximumExact ?? false)
    }
}

extension DecodedLeaf.Values {
    /// The values as the writer takes them, borrowed for the call.
    fileprivate func withColumnValues(_ body: (ColumnValues) -> Void) {
        switch self {
        case .boolean(let values): values.withUnsafeBufferPointer { body(.boolean($0)) }
        case .int32(let values): values.withUnsafeBufferPointer { body(.int32($0)) }
        case .int64(let values): values.withUnsafeBufferPointer { body(.int64($0)) }
        case .double(let values): values.withUnsafeBufferPointer { body(.double($0)) }
        case .fixedLength(let bytes, let width): bytes.withUnsafeBytes { body(.fixedLength($0, width: width)) }
        case .byteArray(let offsets, let bytes):
            offsets.withUnsafeBufferPointer { offsets in bytes.withUnsafeBytes { body(.byteArray(offsets: offsets, bytes: $0)) } }
        case .dictionary(let codes, let offsets, let bytes):
            codes.withUnsafeBufferPointer { codes in
                offsets.withUnsafeBufferPointer { offsets in
                    bytes.withUnsafeBytes { body(.dictionary(codes: codes, offsets: offsets, bytes: $0)) }
                }
            }
        }
    }
}

extension BloomFilter {
    /// No value, and as large as another.
    fileprivate init(emptyLike other: BloomFilter) { self.init(blockCount: other.byteCount / Self.blockByteCount) }

    /// Whether every bit of another filter of the same size is set here.
    fileprivate func contains(_ other: BloomFilter) -> Bool { zip(words, other.words).allSatisfy { $0 & $1 == $1 } }
}

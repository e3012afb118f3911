/// One leaf of one row group: values and levels in, pages out.
///
///     values -> PagePlanner (where pages end) -> levels + encoding (PageBuffer) -> compression -> header, CRC, output
///                                             -> ValueBounds per page -> chunk statistics, ColumnIndex
struct ColumnChunkWriter {
    let leaf: ParquetSchema.Leaf
    let options: ColumnOptions
    let output: FileOutput
    let scratch: PageBuffer
    /// A page that waits for another one.
    let held: PageBuffer
    let compressor: ZstdCompressor

    struct Result {
        var metadata: ColumnChunkMetadata
        var offsetIndex: OffsetIndex
        var columnIndex: ColumnIndex?
        var bloomFilter: BloomFilter?
    }

    struct Levels {
        var definition: UnsafeBufferPointer<UInt8>?
        var repetition: UnsafeBufferPointer<UInt8>?
        var entryCount: Int
        var rowCount: Int
    }

    func write(_ values: ColumnValues, levels: Levels) throws -> Result {
        try values.validate(for: leaf)
        try validate(levels)
        // The builder's arrays must outlive the pages that borrow them.
        if options.encoding == .dictionary, case .byteArray(let offsets, let bytes) = values,
            let built = DictionaryBuilder(offsets: offsets, bytes: bytes)
        {
            return try built.codes.withUnsafeBufferPointer { codes in
                try built.offsets.withUnsafeBufferPointer { offsets in
                    try built.bytes.withUnsafeBytes { bytes in
                        let coded = ColumnValues.dictionary(codes: codes, offsets: offsets, bytes: bytes)
                        return try writePages(coded, codes: codes, entries: .byteArrays(offsets: offsets, bytes: bytes), levels: levels)
                    }
                }
            }
        }
        if options.encoding == .dictionary, let (raw, width) = values.fixedWidthBytes,
            let built = DictionaryBuilder(fixedWidth: width, values: raw)
        {
            return try built.codes.withUnsafeBufferPointer { codes in
                try built.bytes.withUnsafeBytes { bytes in
                    try writePages(values, codes: codes, entries: .fixed(bytes, count: built.entryCount), levels: levels)
                }
            }
        }
        if options.encoding == .dictionary, case .dictionary(let codes, let offsets, let bytes) = values, !codes.isEmpty {
            return try writePages(values, codes: codes, entries: .byteArrays(offsets: offsets, bytes: bytes), levels: levels)
        }
        return try writePages(values, codes: nil, entries: nil, levels: levels)
    }

    /// Levels of flat leaves are held against the maximum as pages are planned, those of nested ones here.
    private func validate(_ levels: Levels) throws(ParquetError) {
        guard leaf.isFlat == (levels.repetition == nil) else {
            throw .invalid("\(leaf.path): \(leaf.isFlat ? "repetition levels for a flat leaf" : "repetition levels are missing")")
        }
        if let definition = levels.definition {
            guard leaf.maximumDefinitionLevel > 0 else { throw .invalid("\(leaf.path): definition levels for a required leaf") }
            guard definition.count == levels.entryCount else {
                throw .invalid("\(leaf.path): \(definition.count) definition levels for \(levels.entryCount) entries")
            }
        }
        guard let repetition = levels.repetition else { return }
        guard Parquet.Levels.countPresent(repetition, maximum: leaf.maximumRepetitionLevel) != nil else {
            throw .invalid("\(leaf.path): a repetition level above \(leaf.maximumRepetitionLevel)")
        }
        if let definition = levels.definition {
            guard Parquet.Levels.countPresent(definition, maximum: leaf.maximumDefinitionLevel) != nil else {
                throw .invalid("\(leaf.path): a definition level above \(leaf.maximumDefinitionLevel)")
            }
        }
    }

    private func writePages(
        _ values: ColumnValues, codes: UnsafeBufferPointer<UInt32>?, entries: DictionaryPage?, levels: Levels
    ) throws -> Result {
        var pages = PageSequence(output: output, codec: options.compression.codec)
        var bloomFilter: BloomFilter?
        if let distinctCount = options.bloomFilterDistinctCount {
            var filter = BloomFilter(distinctCount: distinctCount)
            filter.insert(values)
            bloomFilter = filter
        }
        let valueWriter = try PageValueWriter(values: values, codes: codes, encoding: options.encoding, entryCount: entries?.count ?? 0)
        let planner = PagePlanner(
            values: values, definitionLevels: levels.definition, repetitionLevels: levels.repetition,
            maximumDefinitionLevel: leaf.maximumDefinitionLevel, rowCount: levels.rowCount, pageByteCount: options.pageByteCount,
            maximumPageRowCount: isAbsent(values, levels) ? levels.rowCount : options.maximumPageRowCount,
            bitsPerValue: valueWriter.bitsPerValue)
        var statistics = ChunkStatisticsBuilder(leaf: leaf)
        var plan: PagePlan?
        while let page = try planner.page(after: plan) {
            let isFirst = plan == nil
            plan = page
            scratch.removeAll()
            appendLevels(levels.repetition, page.entries, maximum: leaf.maximumRepetitionLevel)
            appendLevels(levels.definition, page.entries, maximum: leaf.maximumDefinitionLevel)
            valueWriter.append(page.values, into: scratch)
            let uncompressedByteCount = scratch.count
            var compressed = try compress(scratch.bytes, pages.codec)
            if isFirst {
                if pages.codec != .uncompressed,
                    !gains(compressed.count, of: page, entries, levels: levels, valueCount: values.count)
                {
                    pages.codec = .uncompressed
                    compressed = scratch.bytes
                }
                if let entries { compressed = try appendDictionary(entries, to: &pages, before: compressed) }
            }
            try pages.appendData(
                compressed, encoding: valueWriter.encoding, entryCount: page.entries.count, firstRow: page.rows.lowerBound,
                uncompressedByteCount: uncompressedByteCount)
            if options.writesStatistics {
                statistics.add(values, range: page.values, nullCount: page.entries.count - page.values.count)
            }
        }
        guard plan?.entries.upperBound ?? 0 == levels.entryCount, plan?.values.upperBound ?? 0 == values.count else {
            throw ParquetError.invalid("\(leaf.path): more values or levels than the row group's rows")
        }
        var metadata = pages.metadata(leaf: leaf, entryCount: levels.entryCount)
        if options.writesStatistics { metadata.statistics = statistics.chunkStatistics }
        return Result(
            metadata: metadata, offsetIndex: OffsetIndex(pages: pages.locations),
            columnIndex: options.writesStatistics && leaf.isFlat ? statistics.columnIndex : nil, bloomFilter: bloomFilter)
    }

    /// Whether no row has a value, nor an element that could have one: statistics say so, and nobody reads the pages.
    private func isAbsent(_ values: ColumnValues, _ levels: Levels) -> Bool {
        guard values.count == 0, options.writesStatistics else { return false }
        return leaf.isFlat || levels.definition.map { Parquet.Levels.countPresent($0, maximum: 0) != nil } ?? false
    }

    private func appendLevels(_ levels: UnsafeBufferPointer<UInt8>?, _ entries: Range<Int>, maximum: Int) {
        let slice = levels.map { UnsafeBufferPointer(rebasing: $0[entries]) }
        Parquet.Levels.encode(slice, count: entries.count, maximum: maximum, into: scratch)
    }

    /// Whether compression is worth its while, by the first page: it saves a twelfth of it, or says nothing of the others. Packed codes
    /// and differences often have nothing left to save, and would be packed and unpacked for nothing.
    private func gains(
        _ compressedByteCount: Int, of page: PagePlan, _ entries: DictionaryPage?, levels: Levels, valueCount: Int
    ) -> Bool {
        // Where the first rows have few values, those that come later may be of another kind.
        guard page.values.count * levels.entryCount >= valueCount / 2 * page.entries.count else { return true }
        // Of texts that hardly repeat most bytes are the dictionary's.
        let pageCount = (levels.entryCount + page.entries.count - 1) / max(1, page.entries.count)
        guard (entries?.byteCount ?? 0) * 4 <= scratch.count * pageCount else { return true }
        return compressedByteCount <= scratch.count - scratch.count / 12
    }

    /// The dictionary goes in front of the first data page, which is encoded in `scratch` and compressed in the compressor's memory: both
    /// are needed, so that page waits meanwhile. Answers where its bytes are then.
    private func appendDictionary(
        _ entries: DictionaryPage, to pages: inout PageSequence, before page: UnsafeRawBufferPointer
    ) throws -> UnsafeRawBufferPointer {
        held.removeAll()
        held.append(page)
        scratch.removeAll()
        entries.encode(into: scratch)
        let compressed = try compress(scratch.bytes, pages.codec)
        try pages.appendDictionary(compressed, entryCount: entries.count, uncompressedByteCount: scratch.count)
        return held.bytes
    }

    private func compress(_ bytes: UnsafeRawBufferPointer, _ codec: CompressionCodec) throws(ParquetError) -> UnsafeRawBufferPointer {
        guard bytes.count <= ParquetLimits.maximumPageByteCount else {
            throw .limit("\(leaf.path): a page of \(bytes.count) bytes; at most \(ParquetLimits.maximumPageByteCount)")
        }
        guard codec == .zstd, case .zstd(let level) = options.compression else { return bytes }
        return try compressor.compress(bytes, level: level)
    }
}

/// Bounds of a chunk and of its pages, collected as pages are written.
struct ChunkStatisticsBuilder {
    private let leaf: ParquetSchema.Leaf
    private var bounds: ValueBounds?
    private var nullCount = 0
    private var index: ColumnIndexBuilder
    private var marks = DictionaryMarks()

    init(leaf: ParquetSchema.Leaf) {
        self.leaf = leaf
        index = ColumnIndexBuilder(type: leaf.type)
    }

    mutating func add(_ values: ColumnValues, range: Range<Int>, nullCount: Int) {
        let found = ValueBounds.find(in: values, range: range, marks: &marks)
        self.nullCount += nullCount
        if let found { bounds = bounds?.union(found) ?? found }
        guard leaf.isFlat else { return }
        let encoded = found?.encoded(type: leaf.type, isText: leaf.logicalType == .string)
        index.add(bounds: found, encoded: encoded, presentCount: range.count, nullCount: nullCount)
    }

    var columnIndex: ColumnIndex? { index.index }

    var chunkStatistics: ColumnStatistics {
        let encoded = bounds?.encoded(type: leaf.type, isText: leaf.logicalType == .string)
        return ColumnStatistics(
            minimum: encoded?.minimum, maximum: encoded?.maximum, nullCount: Int64(nullCount),
            isMinimumExact: encoded?.isMinimumExact ?? false,
            isMaximumExact: encoded?.isMaximumExact ?? false)
    }
}

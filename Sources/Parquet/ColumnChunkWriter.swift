/// One leaf of one row group: values and levels in, pages out.
///
///     values -> PagePlanner (where pages end) -> levels + encoding (PageBuffer) -> compression -> header, CRC, output
///                                             -> ValueBounds per page -> chunk statistics, ColumnIndex
struct ColumnChunkWriter {
    let leaf: ParquetSchema.Leaf
    let options: ColumnOptions
    let output: FileOutput
    let scratch: PageBuffer
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
        if options.encoding == .dictionary, case .dictionary(let codes, let offsets, let bytes) = values {
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
        if let entries {
            scratch.removeAll()
            entries.encode(into: scratch)
            let compressed = try compress(scratch.bytes)
            try pages.appendDictionary(compressed, entryCount: entries.count, uncompressedByteCount: scratch.count)
        }
        let planner = PagePlanner(
            values: values, definitionLevels: levels.definition, repetitionLevels: levels.repetition,
            maximumDefinitionLevel: leaf.maximumDefinitionLevel, rowCount: levels.rowCount, pageByteCount: options.pageByteCount,
            maximumPageRowCount: options.maximumPageRowCount, bitsPerValue: valueWriter.bitsPerValue)
        var statistics = ChunkStatisticsBuilder(leaf: leaf)
        var plan: PagePlan?
        while let page = try planner.page(after: plan) {
            plan = page
            scratch.removeAll()
            appendLevels(levels.repetition, page.entries, maximum: leaf.maximumRepetitionLevel)
            appendLevels(levels.definition, page.entries, maximum: leaf.maximumDefinitionLevel)
            valueWriter.append(page.values, into: scratch)
            let compressed = try compress(scratch.bytes)
            try pages.appendData(
                compressed, encoding: valueWriter.encoding, entryCount: page.entries.count, firstRow: page.rows.lowerBound,
                uncompressedByteCount: scratch.count)
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

    private func appendLevels(_ levels: UnsafeBufferPointer<UInt8>?, _ entries: Range<Int>, maximum: Int) {
        let slice = levels.map { UnsafeBufferPointer(rebasing: $0[entries]) }
        Parquet.Levels.encode(slice, count: entries.count, maximum: maximum, into: scratch)
    }

    private func compress(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) -> UnsafeRawBufferPointer {
        guard bytes.count <= ParquetLimits.maximumPageByteCount else {
            throw .limit("\(leaf.path): a page of \(bytes.count) bytes; at most \(ParquetLimits.maximumPageByteCount)")
        }
        switch options.compression {
        case .uncompressed: return bytes
        case .zstd(let level): return try compressor.compress(bytes, level: level)
        }
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

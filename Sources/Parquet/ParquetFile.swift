/// A Parquet file opened for reading: its footer in memory, everything else read when asked for.
///
/// Immutable, so any thread may read; give each its own `ParquetReadContext`. Every length and offset of the file is held against the
/// file's size and `ParquetLimits` before it is used: a damaged file throws a `ParquetError`, it never crashes.
package struct ParquetFile: Sendable {
    package let metadata: FileMetadata
    let source: any ParquetSource

    package var schema: ParquetSchema { metadata.schema }
    package var rowGroupCount: Int { metadata.rowGroups.count }

    /// One read of the last bytes usually has the whole footer.
    private static let footerReadByteCount = 64 << 10

    package static func open(_ source: any ParquetSource, context: ParquetReadContext? = nil) throws(ParquetError) -> ParquetFile {
        try with(context) { (context) throws(ParquetError) in try open(source, context) }
    }

    private static func open(_ source: any ParquetSource, _ context: ParquetReadContext) throws(ParquetError) -> ParquetFile {
        let byteCount = source.byteCount
        guard byteCount >= 12 else { throw .corrupt("a file of \(byteCount) bytes is no Parquet file") }
        let tailByteCount = min(byteCount, footerReadByteCount)
        let tail = try context.read(source, at: Int64(byteCount - tailByteCount), byteCount: tailByteCount)
        let magic = tail.suffix(4)
        guard !magic.elementsEqual("PARE".utf8) else { throw .unsupported("an encrypted file") }
        guard magic.elementsEqual(ParquetFileWriter.magic) else { throw .corrupt("the file does not end in PAR1") }
        let footerByteCount = Int(UInt32(littleEndian: tail.loadUnaligned(fromByteOffset: tail.count - 8, as: UInt32.self)))
        // The magic in front, the length and the magic behind.
        guard footerByteCount <= byteCount - 12 else { throw .corrupt("a footer of \(footerByteCount) bytes in a file of \(byteCount)") }
        guard footerByteCount <= ParquetLimits.maximumFooterByteCount else { throw .limit("a footer of \(footerByteCount) bytes") }
        let start = byteCount - 8 - footerByteCount
        if footerByteCount + 8 <= tail.count {
            let footer = UnsafeRawBufferPointer(rebasing: tail[tail.count - 8 - footerByteCount..<tail.count - 8])
            return ParquetFile(metadata: try FileMetadata(footer: footer, dataByteCount: Int64(start)), source: source)
        }
        let footer = try context.read(source, at: Int64(start), byteCount: footerByteCount)
        return ParquetFile(metadata: try FileMetadata(footer: footer, dataByteCount: Int64(start)), source: source)
    }

    // MARK: Values

    /// Some rows of a leaf; nil for all. With an offset index (the file's own, or one the caller has kept) only the pages that hold any
    /// of the rows are read. A dictionary the caller has kept of this chunk is not read again.
    package func readLeaf(
        rowGroup: Int, leaf: Int, rows: Range<Int>? = nil, offsetIndex: OffsetIndex? = nil, dictionary: ChunkDictionary? = nil,
        context: ParquetReadContext? = nil
    ) throws(ParquetError) -> DecodedLeaf {
        try Self.with(context) { (context) throws(ParquetError) in
            var reader = try chunkReader(rowGroup, leaf, context)
            reader.knownDictionary = dictionary
            let all = 0..<reader.rowCount
            let rows = rows ?? all
            guard rows.lowerBound >= 0, rows.upperBound <= all.upperBound else {
                throw .invalid("rows \(rows) of a row group of \(all.upperBound)")
            }
            // Reading everything needs no index.
            let index = rows == all ? nil : try index(offsetIndex, rowGroup, leaf, context)
            return try reader.read(RowSelection(rows), offsetIndex: index)
        }
    }

    /// Chosen rows of a leaf, which ascend strictly; only the pages they lie in are read.
    package func gatherLeaf(
        rowGroup: Int, leaf: Int, rows: [Int32], offsetIndex: OffsetIndex? = nil, dictionary: ChunkDictionary? = nil,
        context: ParquetReadContext? = nil
    ) throws(ParquetError) -> DecodedLeaf {
        try Self.with(context) { (context) throws(ParquetError) in
            var reader = try chunkReader(rowGroup, leaf, context)
            reader.knownDictionary = dictionary
            let selection = try RowSelection(rows, below: reader.rowCount)
            let index = rows.count == reader.rowCount ? nil : try index(offsetIndex, rowGroup, leaf, context)
            return try reader.read(selection, offsetIndex: index)
        }
    }

    /// The dictionary of a chunk, or nil where it has none. It holds every value only if the chunk's metadata says
    /// `isWhollyDictionaryCoded`.
    package func readDictionary(
        rowGroup: Int, leaf: Int, context: ParquetReadContext? = nil
    ) throws(ParquetError) -> DecodedLeaf.Values? {
        try chunkDictionary(rowGroup: rowGroup, leaf: leaf, context: context)?.values
    }

    /// The same, for readers that keep it.
    package func chunkDictionary(
        rowGroup: Int, leaf: Int, context: ParquetReadContext? = nil
    ) throws(ParquetError) -> ChunkDictionary? {
        try Self.with(context) { (context) throws(ParquetError) in
            var reader = try chunkReader(rowGroup, leaf, context)
            return try reader.readDictionary()
        }
    }

    /// Calls `body` with the first values of one page of a required flat leaf of PLAIN byte arrays: at most `valueCount`, fewer where the
    /// page ends before. They are borrowed for the call.
    package func withPlainByteArrays<Value>(
        rowGroup: Int, leaf: Int, page: Int, upTo valueCount: Int, offsetIndex: OffsetIndex? = nil, context: ParquetReadContext,
        _ body: (PlainByteArrays) throws -> Value
    ) throws -> Value {
        let reader = try chunkReader(rowGroup, leaf, context)
        let path = reader.leaf.path
        guard let index = try index(offsetIndex, rowGroup, leaf, context) else {
            throw ParquetError.unsupported("\(path): single pages without an offset index")
        }
        guard reader.leaf.isFlat, reader.leaf.maximumDefinitionLevel == 0, reader.leaf.type == .byteArray else {
            throw ParquetError.invalid("\(path): only required flat leaves of byte arrays")
        }
        guard index.pages.indices.contains(page) else { throw ParquetError.invalid("page \(page) of \(index.pages.count)") }
        return try withExtendedLifetime(context) { try body(try reader.readPlainByteArrays(index.pages[page], upTo: valueCount)) }
    }

    // MARK: Indexes

    /// Nil where the file has none for this chunk.
    package func offsetIndex(rowGroup: Int, leaf: Int, context: ParquetReadContext? = nil) throws(ParquetError) -> OffsetIndex? {
        let (group, chunk) = try chunk(rowGroup, leaf)
        guard let region = chunk.offsetIndex, let byteCount = region.byteCount else { return nil }
        return try Self.with(context) { (context) throws(ParquetError) in
            let bytes = try context.read(source, at: region.offset, byteCount: byteCount)
            return try OffsetIndex(bytes, chunk: chunk, rowCount: group.rowCount)
        }
    }

    /// Nil where the file has none for this chunk. Its entries go with the pages of the offset index.
    package func columnIndex(rowGroup: Int, leaf: Int, context: ParquetReadContext? = nil) throws(ParquetError) -> ColumnIndex? {
        let (_, chunk) = try chunk(rowGroup, leaf)
        guard let region = chunk.columnIndex, let byteCount = region.byteCount else { return nil }
        return try Self.with(context) { (context) throws(ParquetError) in
            try ColumnIndex(try context.read(source, at: region.offset, byteCount: byteCount))
        }
    }

    /// Nil where the chunk has no filter.
    package func bloomFilter(rowGroup: Int, leaf: Int, context: ParquetReadContext? = nil) throws(ParquetError) -> BloomFilter? {
        let (_, chunk) = try chunk(rowGroup, leaf)
        guard let region = chunk.bloomFilter else { return nil }
        return try Self.with(context) { (context) throws(ParquetError) in try BloomFilter.read(source, region, context) }
    }

    /// Where the blocks of a chunk's filter lie, for `mightContain`; nil where it has none.
    package func bloomFilterBlocks(
        rowGroup: Int, leaf: Int, context: ParquetReadContext? = nil
    ) throws(ParquetError) -> BloomFilter.Blocks? {
        let (_, chunk) = try chunk(rowGroup, leaf)
        guard let region = chunk.bloomFilter else { return nil }
        return try Self.with(context) { (context) throws(ParquetError) in try BloomFilter.Blocks(source, region, context) }
    }

    /// False only if the filter rules out every value of this hash. Reads one block of it.
    package func mightContain(_ hash: UInt64, in blocks: BloomFilter.Blocks, context: ParquetReadContext? = nil) throws(ParquetError)
        -> Bool
    {
        try Self.with(context) { (context) throws(ParquetError) in try blocks.mightContain(hash, source, context) }
    }

    /// False only if the chunk's filter rules out every value of this hash; true where the chunk has no filter.
    package func mightContain(
        _ hash: UInt64, rowGroup: Int, leaf: Int, context: ParquetReadContext? = nil
    ) throws(ParquetError) -> Bool {
        guard let blocks = try bloomFilterBlocks(rowGroup: rowGroup, leaf: leaf, context: context) else { return true }
        return try mightContain(hash, in: blocks, context: context)
    }

    /// Private bytes that `ParquetFileWriter.appendBlob` put into the file.
    package func readBlob(offset: Int64, byteCount: Int, context: ParquetReadContext? = nil) throws(ParquetError) -> [UInt8] {
        try Self.with(context) { (context) throws(ParquetError) in Array(try context.read(source, at: offset, byteCount: byteCount)) }
    }

    /// The caller's context or a new one, alive until `body` returns: what is read is borrowed from it.
    private static func with<Value>(
        _ context: ParquetReadContext?, _ body: (ParquetReadContext) throws(ParquetError) -> Value
    ) throws(ParquetError) -> Value {
        let context = context ?? ParquetReadContext()
        defer { withExtendedLifetime(context) {} }
        return try body(context)
    }

    // MARK: Finding a chunk

    private func chunk(_ rowGroup: Int, _ leaf: Int) throws(ParquetError) -> (RowGroupMetadata, ColumnChunkMetadata) {
        guard metadata.rowGroups.indices.contains(rowGroup), schema.leaves.indices.contains(leaf) else {
            throw .invalid("no leaf \(leaf) in row group \(rowGroup)")
        }
        return (metadata.rowGroups[rowGroup], metadata.rowGroups[rowGroup].columns[leaf])
    }

    /// The index the caller has kept, or the file's.
    private func index(
        _ kept: OffsetIndex?, _ rowGroup: Int, _ leaf: Int, _ context: ParquetReadContext
    ) throws(ParquetError) -> OffsetIndex? {
        if let kept { return kept }
        return try offsetIndex(rowGroup: rowGroup, leaf: leaf, context: context)
    }

    func chunkReader(_ rowGroup: Int, _ leaf: Int, _ context: ParquetReadContext) throws(ParquetError) -> ColumnChunkReader {
        let (group, chunk) = try chunk(rowGroup, leaf)
        return ColumnChunkReader(source: source, leaf: schema.leaves[leaf], chunk: chunk, rowCount: group.rowCount, context: context)
    }
}

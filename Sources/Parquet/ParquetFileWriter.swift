/// Writes one Parquet file front to back: the sink sees every byte once, in order.
///
///     PAR1 | row group: column chunks, bloom filters | ... | blobs | ColumnIndexes | OffsetIndexes | footer | length u32 | PAR1
///
/// Use: `beginRowGroup`, one `writeColumn` (or `writePreencodedColumn`) per leaf in schema order, `endRowGroup`; then `finish`. Blobs may
/// be appended between row groups and before `finish`. Not `Sendable`: one writer belongs to one thread at a time. After an error
/// the file is worthless and the writer refuses further calls.
package final class ParquetFileWriter {
    package let schema: ParquetSchema
    private let sortingColumns: [SortingColumn]
    let output: FileOutput
    private let scratch = PageBuffer()
    private let held = PageBuffer(capacity: 4 << 10)
    private let compressor: ZstdCompressor
    var rowGroups: [RowGroupMetadata] = []
    var pageIndexes: [[PageIndexes]] = []
    private var openRowGroup: OpenRowGroup?
    private var state = State.ready

    private enum State { case ready, failed, finished }

    struct PageIndexes {
        var offsetIndex: OffsetIndex
        var columnIndex: ColumnIndex?
    }

    private struct OpenRowGroup {
        var rowCount: Int
        var startOffset: Int64
        var columns: [ColumnChunkMetadata] = []
        var pageIndexes: [PageIndexes] = []
        /// As they lie in the file.
        var bloomFilters: [(leafIndex: Int, bytes: [UInt8])] = []
    }

    /// Writes the magic at once. `compressor` may be shared with whatever else compresses on this thread.
    package init(
        schema: ParquetSchema, sortingColumns: [SortingColumn] = [], compressor: ZstdCompressor? = nil,
        sink: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        self.schema = schema
        self.sortingColumns = sortingColumns
        self.compressor = try compressor ?? ZstdCompressor()
        output = FileOutput(sink: sink)
        try output.write(Self.magic)
    }

    static let magic: [UInt8] = Array("PAR1".utf8)
    static let createdBy = "spandrel"

    /// Bytes written so far.
    package var byteCount: Int64 { output.offset }

    package func beginRowGroup(rowCount: Int) throws {
        try guarded {
            guard openRowGroup == nil else { throw ParquetError.invalid("a row group is already open") }
            guard rowCount > 0, rowCount <= Int(Int32.max) else { throw ParquetError.invalid("a row group of \(rowCount) rows") }
            openRowGroup = OpenRowGroup(rowCount: rowCount, startOffset: output.offset)
        }
    }

    /// The next leaf in schema order.
    ///
    /// `definitionLevels` nil: every entry is present. `repetitionLevels` belong to leaves below something repeated and only to those;
    /// both have one byte per entry.
    package func writeColumn(
        _ values: ColumnValues, definitionLevels: UnsafeBufferPointer<UInt8>? = nil, repetitionLevels: UnsafeBufferPointer<UInt8>? = nil,
        options: ColumnOptions = ColumnOptions()
    ) throws {
        try guarded {
            let (leaf, rowCount) = try nextLeaf()
            let chunk = ColumnChunkWriter(
                leaf: leaf, options: options, output: output, scratch: scratch, held: held, compressor: compressor)
            let entryCount = repetitionLevels?.count ?? rowCount
            let result = try chunk.write(
                values,
                levels: .init(definition: definitionLevels, repetition: repetitionLevels, entryCount: entryCount, rowCount: rowCount))
            openRowGroup?.columns.append(result.metadata)
            openRowGroup?.pageIndexes.append(PageIndexes(offsetIndex: result.offsetIndex, columnIndex: result.columnIndex))
            if let filter = result.bloomFilter { openRowGroup?.bloomFilters.append((leaf.index, filter.encode())) }
        }
    }

    /// The next leaf in schema order, from pages compressed ahead of time. The leaf is flat and required.
    package func writePreencodedColumn(_ encodedPages: [EncodedPage]) throws {
        try guarded {
            let (leaf, rowCount) = try nextLeaf()
            guard leaf.isFlat, leaf.maximumDefinitionLevel == 0 else {
                throw ParquetError.invalid("\(leaf.path): only required flat leaves")
            }
            let codec = encodedPages.first?.codec ?? .zstd
            var pages = PageSequence(output: output, codec: codec)
            var row = 0
            for page in encodedPages {
                guard page.codec == codec, page.valueCount == page.rowCount, page.rowCount > 0 else {
                    throw ParquetError.invalid("\(leaf.path): pages of several codecs, or without one value a row")
                }
                try page.compressed.withUnsafeBytes { bytes in
                    try pages.appendData(
                        bytes, encoding: page.encoding, entryCount: page.valueCount, firstRow: row,
                        uncompressedByteCount: page.uncompressedByteCount, checksum: page.checksum)
                }
                row += page.rowCount
            }
            guard row == rowCount else { throw ParquetError.invalid("\(leaf.path): pages of \(row) rows in a row group of \(rowCount)") }
            openRowGroup?.columns.append(pages.metadata(leaf: leaf, entryCount: row))
            openRowGroup?.pageIndexes.append(PageIndexes(offsetIndex: OffsetIndex(pages: pages.locations), columnIndex: nil))
        }
    }

    package func endRowGroup() throws {
        try guarded {
            guard var group = openRowGroup, group.columns.count == schema.leaves.count else {
                throw ParquetError.invalid("the row group has \(openRowGroup?.columns.count ?? 0) of \(schema.leaves.count) leaves")
            }
            for (leafIndex, bytes) in group.bloomFilters {
                group.columns[leafIndex].bloomFilter = FileRegion(offset: output.offset, byteCount: bytes.count)
                try output.write(bytes)
            }
            rowGroups.append(
                RowGroupMetadata(
                    columns: group.columns, rowCount: group.rowCount,
                    totalUncompressedByteCount: group.columns.reduce(0) { $0 + $1.uncompressedByteCount },
                    totalCompressedByteCount: group.columns.reduce(0) { $0 + $1.compressedByteCount },
                    fileOffset: group.columns.first?.startOffset ?? group.startOffset, sortingColumns: sortingColumns))
            pageIndexes.append(group.pageIndexes)
            openRowGroup = nil
        }
    }

    /// Private bytes that other readers pass over; the caller keeps offset and length in a footer key/value.
    package func appendBlob(_ bytes: UnsafeRawBufferPointer) throws -> Int64 {
        try guarded {
            guard openRowGroup == nil else { throw ParquetError.invalid("blobs lie between row groups, not inside one") }
            let offset = output.offset
            try output.write(bytes)
            return offset
        }
    }

    /// Page indexes and footer. Answers the size of the file.
    @discardableResult
    package func finish(keyValueMetadata: [(String, String)] = []) throws -> Int64 {
        try guarded {
            guard openRowGroup == nil else { throw ParquetError.invalid("a row group is still open") }
            try writePageIndexes()
            let metadata = FileMetadata(
                schema: schema, rowCount: rowGroups.reduce(0) { $0 + Int64($1.rowCount) }, rowGroups: rowGroups,
                keyValues: keyValueMetadata.map { (key: $0.0, value: $0.1) }, createdBy: Self.createdBy)
            let footer = metadata.encode()
            guard footer.count <= ParquetLimits.maximumFooterByteCount else {
                throw ParquetError.limit("a footer of \(footer.count) bytes; at most \(ParquetLimits.maximumFooterByteCount)")
            }
            try output.write(footer)
            try output.write(withUnsafeBytes(of: UInt32(footer.count).littleEndian) { Array($0) } + Self.magic)
            state = .finished
            return output.offset
        }
    }

    private func writePageIndexes() throws {
        for group in pageIndexes.indices {
            for column in pageIndexes[group].indices {
                guard let bytes = pageIndexes[group][column].columnIndex?.encode() else { continue }
                rowGroups[group].columns[column].columnIndex = FileRegion(offset: output.offset, byteCount: bytes.count)
                try output.write(bytes)
            }
        }
        for group in pageIndexes.indices {
            for column in pageIndexes[group].indices {
                let bytes = pageIndexes[group][column].offsetIndex.encode()
                rowGroups[group].columns[column].offsetIndex = FileRegion(offset: output.offset, byteCount: bytes.count)
                try output.write(bytes)
            }
        }
    }

    /// A chunk that lies in the output already.
    func append(_ chunk: ColumnChunkMetadata, _ indexes: PageIndexes, bloomFilter: [UInt8]?) {
        guard let leafIndex = openRowGroup?.columns.count else { return }
        openRowGroup?.columns.append(chunk)
        openRowGroup?.pageIndexes.append(indexes)
        if let bloomFilter { openRowGroup?.bloomFilters.append((leafIndex, bloomFilter)) }
    }

    func nextLeaf() throws(ParquetError) -> (ParquetSchema.Leaf, rowCount: Int) {
        guard let openRowGroup else { throw .invalid("no row group is open") }
        guard openRowGroup.columns.count < schema.leaves.count else { throw .invalid("the row group has all its leaves") }
        return (schema.leaves[openRowGroup.columns.count], openRowGroup.rowCount)
    }

    /// Runs a step of the writer; any error makes it the last.
    func guarded<R>(_ body: () throws -> R) throws -> R {
        guard state == .ready else { throw ParquetError.invalid("the writer has \(state)") }
        do {
            return try body()
        } catch {
            state = .failed
            throw error
        }
    }
}

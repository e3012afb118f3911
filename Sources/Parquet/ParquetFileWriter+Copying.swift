/// Row groups of other files, taken over byte for byte: compaction without decoding.
///
/// A row group is self-contained: only the offsets in its metadata and its offset index say where in a file it lies. These are moved,
/// chunks and bloom filters are copied, column indexes and statistics stay as they are.
extension ParquetFileWriter {
    /// Bytes copied at a time: large enough for one read each, small beside what compaction may hold in memory.
    private static let copyByteCount = 1 << 20

    /// Appends a row group of a file of the same schema.
    package func copyRowGroup(from file: ParquetFile, rowGroup: Int, context: ParquetReadContext = ParquetReadContext()) throws {
        try guarded {
            guard file.schema == schema else { throw ParquetError.invalid("only row groups of the same schema can be copied") }
            guard file.metadata.rowGroups.indices.contains(rowGroup) else { throw ParquetError.invalid("no row group \(rowGroup)") }
            try beginRowGroup(rowCount: file.metadata.rowGroups[rowGroup].rowCount)
            for leaf in schema.leaves { try copyColumn(from: file, rowGroup: rowGroup, leaf: leaf.index, context: context) }
            try endRowGroup()
        }
    }

    /// The next leaf in schema order, from a leaf of the same name and kind of a row group of as many rows.
    package func copyColumn(
        from file: ParquetFile, rowGroup: Int, leaf: Int, context: ParquetReadContext = ParquetReadContext()
    ) throws {
        try guarded {
            defer { withExtendedLifetime(context) {} }
            let (target, rowCount) = try nextLeaf()
            guard file.metadata.rowGroups.indices.contains(rowGroup), file.schema.leaves.indices.contains(leaf),
                file.metadata.rowGroups[rowGroup].rowCount == rowCount, file.schema.leaves[leaf].isSame(as: target)
            else { throw ParquetError.invalid("\(target.path): only a chunk of the same column and as many rows can be copied") }
            let chunk = file.metadata.rowGroups[rowGroup].columns[leaf]
            // The page indexes are read before the chunk is copied: both borrow the context's memory.
            guard var offsetIndex = try file.offsetIndex(rowGroup: rowGroup, leaf: leaf, context: context) else {
                throw ParquetError.unsupported("\(target.path): copying a chunk without an offset index")
            }
            let columnIndex = try file.columnIndex(rowGroup: rowGroup, leaf: leaf, context: context)
            var bloomFilter: [UInt8]?
            if let region = chunk.bloomFilter {
                guard let byteCount = region.byteCount else {
                    throw ParquetError.unsupported("\(target.path): copying a bloom filter of unknown length")
                }
                bloomFilter = Array(try context.read(file.source, at: region.offset, byteCount: byteCount))
            }
            let distance = output.offset - chunk.startOffset
            try copy(from: file, at: chunk.startOffset, byteCount: chunk.compressedByteCount, context)
            for page in offsetIndex.pages.indices { offsetIndex.pages[page].offset += distance }
            append(
                chunk.moved(by: distance), PageIndexes(offsetIndex: offsetIndex, columnIndex: columnIndex), bloomFilter: bloomFilter)
        }
    }

    private func copy(from file: ParquetFile, at offset: Int64, byteCount: Int64, _ context: ParquetReadContext) throws {
        var copied: Int64 = 0
        while copied < byteCount {
            let step = Int(min(Int64(Self.copyByteCount), byteCount - copied))
            try output.write(try context.read(file.source, at: offset + copied, byteCount: step))
            copied += Int64(step)
        }
    }
}

extension ColumnChunkMetadata {
    /// The same chunk elsewhere. Its page indexes are written anew behind the last row group.
    fileprivate func moved(by distance: Int64) -> ColumnChunkMetadata {
        var chunk = self
        chunk.dataPageOffset += distance
        if let dictionaryPageOffset { chunk.dictionaryPageOffset = dictionaryPageOffset > 0 ? dictionaryPageOffset + distance : nil }
        chunk.offsetIndex = nil
        chunk.columnIndex = nil
        chunk.bloomFilter = nil
        return chunk
    }
}

extension ParquetSchema.Leaf {
    /// Whether a chunk of the one is a chunk of the other, wherever the leaf stands in its schema.
    package func isSame(as other: Self) -> Bool {
        path == other.path && type == other.type && logicalType == other.logicalType && repetition == other.repetition
            && maximumDefinitionLevel == other.maximumDefinitionLevel && maximumRepetitionLevel == other.maximumRepetitionLevel
    }
}

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
            defer { withExtendedLifetime(context) {} }
            guard !hasOpenRowGroup else { throw ParquetError.invalid("row groups are copied between row groups, not inside one") }
            guard file.schema == schema else { throw ParquetError.invalid("only row groups of the same schema can be copied") }
            guard file.metadata.rowGroups.indices.contains(rowGroup) else { throw ParquetError.invalid("no row group \(rowGroup)") }
            var group = file.metadata.rowGroups[rowGroup]
            var indexes: [PageIndexes] = []
            for leaf in schema.leaves {
                let chunk = group.columns[leaf.index]
                // The page indexes are read before the chunk is copied: both borrow the context's memory.
                guard var offsetIndex = try file.offsetIndex(rowGroup: rowGroup, leaf: leaf.index, context: context) else {
                    throw ParquetError.unsupported("\(leaf.path): copying a chunk without an offset index")
                }
                let columnIndex = try file.columnIndex(rowGroup: rowGroup, leaf: leaf.index, context: context)
                let distance = output.offset - chunk.startOffset
                try copy(from: file, at: chunk.startOffset, byteCount: chunk.compressedByteCount, context)
                for page in offsetIndex.pages.indices { offsetIndex.pages[page].offset += distance }
                indexes.append(PageIndexes(offsetIndex: offsetIndex, columnIndex: columnIndex))
                group.columns[leaf.index] = chunk.moved(by: distance)
            }
            for leaf in schema.leaves {
                guard let region = group.columns[leaf.index].bloomFilter else { continue }
                guard let byteCount = region.byteCount else {
                    throw ParquetError.unsupported("\(leaf.path): copying a bloom filter of unknown length")
                }
                group.columns[leaf.index].bloomFilter = FileRegion(offset: output.offset, byteCount: byteCount)
                try copy(from: file, at: region.offset, byteCount: Int64(byteCount), context)
            }
            group.fileOffset = group.columns.first?.startOffset ?? 0
            rowGroups.append(group)
            pageIndexes.append(indexes)
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
        return chunk
    }
}

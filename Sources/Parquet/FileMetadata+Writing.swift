/// FileMetaData, RowGroup, ColumnChunk and SchemaElement to Thrift. Field numbers are those of parquet.thrift 2.11.
extension FileMetadata {
    func encode() -> [UInt8] {
        var writer = ThriftCompactWriter()
        writer.structElement { writer in
            writer.i32(1, 2)
            let elements = SchemaElement.flatten(schema)
            writer.list(2, of: .structure, count: elements.count)
            for element in elements { element.encode(to: &writer) }
            writer.i64(3, rowCount)
            writer.list(4, of: .structure, count: rowGroups.count)
            for rowGroup in rowGroups { rowGroup.encode(to: &writer) }
            if !keyValues.isEmpty {
                writer.list(5, of: .structure, count: keyValues.count)
                for (key, value) in keyValues {
                    writer.structElement {
                        $0.binary(1, key.utf8)
                        $0.binary(2, value.utf8)
                    }
                }
            }
            writer.binary(6, createdBy.utf8)
            // Without an order per leaf, readers must not trust min_value and max_value. Field 1 = the type's own order.
            writer.list(7, of: .structure, count: schema.leaves.count)
            for _ in schema.leaves { writer.structElement { $0.structure(1) { _ in } } }
        }
        return writer.bytes
    }
}

extension RowGroupMetadata {
    fileprivate func encode(to writer: inout ThriftCompactWriter) {
        writer.structElement { writer in
            writer.list(1, of: .structure, count: columns.count)
            for column in columns { column.encode(to: &writer) }
            writer.i64(2, totalUncompressedByteCount)
            writer.i64(3, Int64(rowCount))
            if !sortingColumns.isEmpty {
                writer.list(4, of: .structure, count: sortingColumns.count)
                for column in sortingColumns {
                    writer.structElement {
                        $0.i32(1, Int32(column.leafIndex))
                        $0.bool(2, column.descending)
                        $0.bool(3, column.nullsFirst)
                    }
                }
            }
            writer.i64(5, fileOffset)
            writer.i64(6, totalCompressedByteCount)
            // No ordinal (field 7): it has 16 bits, and would have to be rewritten whenever row groups are concatenated.
        }
    }
}

extension ColumnChunkMetadata {
    fileprivate func encode(to writer: inout ThriftCompactWriter) {
        writer.structElement { writer in
            writer.i64(2, 0)
            writer.structure(3) { encodeMetadata(to: &$0) }
            if let offsetIndex, let byteCount = offsetIndex.byteCount {
                writer.i64(4, offsetIndex.offset)
                writer.i32(5, Int32(byteCount))
            }
            if let columnIndex, let byteCount = columnIndex.byteCount {
                writer.i64(6, columnIndex.offset)
                writer.i32(7, Int32(byteCount))
            }
        }
    }

    private func encodeMetadata(to writer: inout ThriftCompactWriter) {
        writer.i32(1, type.thriftValue)
        writer.list(2, of: .i32, count: encodings.count)
        for encoding in encodings { writer.integerElement(Int64(encoding.rawValue)) }
        writer.list(3, of: .binary, count: path.count)
        for name in path { writer.binaryElement(name.utf8) }
        writer.i32(4, codec.rawValue)
        writer.i64(5, valueCount)
        writer.i64(6, uncompressedByteCount)
        writer.i64(7, compressedByteCount)
        writer.i64(9, dataPageOffset)
        if let dictionaryPageOffset { writer.i64(11, dictionaryPageOffset) }
        if let statistics { writer.structure(12) { statistics.encode(to: &$0) } }
        encodePageCounts(to: &writer)
        if let bloomFilter {
            writer.i64(14, bloomFilter.offset)
            if let byteCount = bloomFilter.byteCount { writer.i32(15, Int32(byteCount)) }
        }
    }

    private func encodePageCounts(to writer: inout ThriftCompactWriter) {
        let known = dataPageCounts.filter { $0.encoding != nil }
        guard !known.isEmpty else { return }
        let hasDictionary = dictionaryPageOffset != nil
        writer.list(13, of: .structure, count: known.count + (hasDictionary ? 1 : 0))
        if hasDictionary {
            writer.structElement {
                $0.i32(1, PageType.dictionary.rawValue)
                $0.i32(2, ParquetEncoding.plain.rawValue)
                $0.i32(3, 1)
            }
        }
        for entry in known {
            writer.structElement {
                $0.i32(1, PageType.data.rawValue)
                $0.i32(2, entry.encoding?.rawValue ?? 0)
                $0.i32(3, Int32(entry.count))
            }
        }
    }
}

extension ColumnStatistics {
    func encode(to writer: inout ThriftCompactWriter) {
        if let nullCount { writer.i64(3, nullCount) }
        if let maximum { writer.binary(5, maximum) }
        if let minimum { writer.binary(6, minimum) }
        if maximum != nil { writer.bool(7, isMaximumExact) }
        if minimum != nil { writer.bool(8, isMinimumExact) }
    }
}

/// ColumnChunk and ColumnMetaData of a footer back to values, held against the leaf they belong to.
extension ColumnChunkMetadata {
    init(from reader: inout ThriftCompactReader, leaf: ParquetSchema.Leaf, dataByteCount: Int64) throws(ParquetError) {
        var found: ColumnChunkMetadata?
        var offsetIndex = PartialRegion()
        var columnIndex = PartialRegion()
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: throw .unsupported("\(leaf.path): a chunk in another file")
            case 3:
                guard field.type == .structure else { throw .corrupt("\(leaf.path): no chunk metadata") }
                found = try Self.metadata(from: &reader, leaf: leaf, dataByteCount: dataByteCount)
            case 4: offsetIndex.offset = try reader.i64(field)
            case 5: offsetIndex.byteCount = try reader.i32(field)
            case 6: columnIndex.offset = try reader.i64(field)
            case 7: columnIndex.byteCount = try reader.i32(field)
            case 8: throw .unsupported("\(leaf.path): an encrypted chunk")
            default: try reader.skip(field)
            }
        }
        guard var chunk = found else { throw .corrupt("\(leaf.path): no chunk metadata") }
        guard chunk.valueCount > 0 else {
            self = chunk
            return
        }
        chunk.offsetIndex = try offsetIndex.region(dataByteCount, maximum: ParquetLimits.maximumPageIndexByteCount)
        chunk.columnIndex = try columnIndex.region(dataByteCount, maximum: ParquetLimits.maximumPageIndexByteCount)
        self = chunk
    }

    private static func metadata(
        from reader: inout ThriftCompactReader, leaf: ParquetSchema.Leaf, dataByteCount: Int64
    ) throws(ParquetError) -> ColumnChunkMetadata {
        var chunk = ColumnChunkMetadata(
            type: leaf.type, path: leaf.path, encodings: [], codec: .uncompressed, valueCount: -1, uncompressedByteCount: -1,
            compressedByteCount: -1, dataPageOffset: -1, dictionaryPageOffset: nil, statistics: nil, dataPageCounts: [], bloomFilter: nil,
            offsetIndex: nil, columnIndex: nil)
        var bloomFilter = PartialRegion()
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                guard try reader.i32(field) == leaf.type.thriftValue else { throw .corrupt("\(leaf.path): the chunk has another type") }
            case 2:
                for _ in 0..<(try reader.list(field, of: .i32)) {
                    if let encoding = ParquetEncoding(rawValue: try reader.i32Element()), !chunk.encodings.contains(encoding) {
                        chunk.encodings.append(encoding)
                    }
                }
            case 3: try checkPath(&reader, field, leaf)
            case 4:
                let raw = try reader.i32(field)
                guard let codec = CompressionCodec(rawValue: raw) else { throw .unsupported("\(leaf.path): compression codec \(raw)") }
                chunk.codec = codec
            case 5: chunk.valueCount = try reader.i64(field)
            case 6: chunk.uncompressedByteCount = try reader.i64(field)
            case 7: chunk.compressedByteCount = try reader.i64(field)
            case 9: chunk.dataPageOffset = try reader.i64(field)
            case 11: chunk.dictionaryPageOffset = try reader.i64(field)
            case 12: chunk.statistics = try ColumnStatistics(from: &reader, field)
            case 13: chunk.dataPageCounts = try pageCounts(&reader, field)
            case 14: bloomFilter.offset = try reader.i64(field)
            case 15: bloomFilter.byteCount = try reader.i32(field)
            default: try reader.skip(field)
            }
        }
        try chunk.check(dataByteCount: dataByteCount)
        guard chunk.valueCount > 0 else { return chunk }
        chunk.bloomFilter = try bloomFilter.region(dataByteCount, maximum: ParquetLimits.maximumBloomFilterByteCount + 64)
        return chunk
    }

    /// An empty chunk has no place: writers leave all sorts of numbers in it, none of which is used.
    private mutating func check(dataByteCount: Int64) throws(ParquetError) {
        if valueCount == 0 {
            (dataPageOffset, compressedByteCount, uncompressedByteCount, dictionaryPageOffset) = (4, 0, 0, nil)
            return
        }
        // Offset 0 is how some writers say "no dictionary".
        if let dictionaryPageOffset, dictionaryPageOffset < 0 { throw .corrupt("\(path): a dictionary before the file") }
        let start = startOffset
        guard valueCount >= 0, compressedByteCount >= 0, start >= 4, start <= dataByteCount, compressedByteCount <= dataByteCount - start,
            dataPageOffset >= start, dataPageOffset - start <= compressedByteCount
        else { throw .corrupt("\(path): the chunk does not lie inside the file") }
    }

    /// The path must be the leaf's; the leaf's own copy is kept, so that hostile footers cannot multiply strings.
    private static func checkPath(
        _ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field, _ leaf: ParquetSchema.Leaf
    ) throws(ParquetError) {
        let count = try reader.list(field, of: .binary)
        guard count == leaf.path.count else { throw .corrupt("\(leaf.path): the chunk has another path") }
        for name in leaf.path {
            let found = try reader.binaryElement()
            guard found.elementsEqual(name.utf8) || String(decoding: found, as: UTF8.self) == name else {
                throw .corrupt("\(leaf.path): the chunk has another path")
            }
        }
    }

    private static func pageCounts(
        _ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field
    ) throws(ParquetError) -> [DataPageCount] {
        var counts: [DataPageCount] = []
        for _ in 0..<(try reader.list(field, of: .structure)) {
            var pageType: Int32?
            var encoding: Int32 = 0
            var count: Int32 = 0
            try reader.structure { (reader, field) throws(ParquetError) in
                switch field.id {
                case 1: pageType = try reader.i32(field)
                case 2: encoding = try reader.i32(field)
                case 3: count = try reader.i32(field)
                default: try reader.skip(field)
                }
            }
            guard let pageType else { throw .corrupt("page counts without a page type") }
            guard pageType == PageType.data.rawValue || pageType == PageType.dataV2.rawValue else { continue }
            counts.append(DataPageCount(encoding: ParquetEncoding(rawValue: encoding), count: Int(count)))
        }
        return counts
    }
}

extension ColumnStatistics {
    /// Fields 1 and 2, the bounds of old writers, are passed over: their order was never defined for bytes.
    init(from reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field) throws(ParquetError) {
        var statistics = ColumnStatistics(minimum: nil, maximum: nil, nullCount: nil, isMinimumExact: false, isMaximumExact: false)
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 3: statistics.nullCount = try reader.i64(field)
            case 5: statistics.maximum = Array(try reader.binary(field))
            case 6: statistics.minimum = Array(try reader.binary(field))
            case 7: statistics.isMaximumExact = try reader.bool(field)
            case 8: statistics.isMinimumExact = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self = statistics
    }
}

/// Offset and length come as two fields, either of which may be missing.
private struct PartialRegion {
    var offset: Int64?
    var byteCount: Int32?

    func region(_ dataByteCount: Int64, maximum: Int) throws(ParquetError) -> FileRegion? {
        guard let offset else { return nil }
        guard offset >= 4, offset < dataByteCount else { throw .corrupt("an index lies outside of the file") }
        guard let byteCount else { return FileRegion(offset: offset, byteCount: nil) }
        guard byteCount > 0, Int64(byteCount) <= dataByteCount - offset else { throw .corrupt("an index lies outside of the file") }
        guard Int(byteCount) <= maximum else { throw .limit("an index of \(byteCount) bytes") }
        return FileRegion(offset: offset, byteCount: Int(byteCount))
    }
}

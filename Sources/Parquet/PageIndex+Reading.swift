/// OffsetIndex and ColumnIndex back to values.
extension OffsetIndex {
    /// Checked: pages ascend, do not overlap, lie inside the chunk, and start at rows of the row group, the first at row 0.
    init(_ bytes: UnsafeRawBufferPointer, chunk: ColumnChunkMetadata, rowCount: Int) throws(ParquetError) {
        var reader = ThriftCompactReader(bytes)
        var pages: [PageLocation] = []
        let end = chunk.startOffset + chunk.compressedByteCount
        try reader.structure { (reader, field) throws(ParquetError) in
            guard field.id == 1 else { return try reader.skip(field) }
            for _ in 0..<(try reader.list(field, of: .structure)) {
                let page = try Self.location(&reader)
                guard page.offset >= chunk.startOffset, page.byteCount > 0, page.offset <= end, Int64(page.byteCount) <= end - page.offset,
                    page.firstRow >= 0, page.firstRow < rowCount
                else { throw .corrupt("\(chunk.path): the offset index points outside of the chunk") }
                if let last = pages.last {
                    guard page.offset >= last.offset + Int64(last.byteCount), page.firstRow > last.firstRow else {
                        throw .corrupt("\(chunk.path): pages of the offset index do not ascend")
                    }
                } else {
                    guard page.firstRow == 0 else { throw .corrupt("\(chunk.path): the offset index does not begin at row 0") }
                }
                pages.append(page)
            }
        }
        self.pages = pages
    }

    private static func location(_ reader: inout ThriftCompactReader) throws(ParquetError) -> PageLocation {
        var offset: Int64 = -1
        var byteCount: Int32 = -1
        var firstRow: Int64 = -1
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: offset = try reader.i64(field)
            case 2: byteCount = try reader.i32(field)
            case 3: firstRow = try reader.i64(field)
            default: try reader.skip(field)
            }
        }
        guard let firstRow = Int(exactly: firstRow) else { throw .corrupt("a row number out of range") }
        return PageLocation(offset: offset, byteCount: Int(byteCount), firstRow: firstRow)
    }

    /// The pages that hold any of `rows`, which are rows of the row group.
    package func pages(overlapping rows: Range<Int>) -> Range<Int> {
        guard !rows.isEmpty else { return 0..<0 }
        let first = partition { $0.firstRow > rows.lowerBound } - 1
        let end = partition { $0.firstRow >= rows.upperBound }
        return max(0, first)..<max(max(0, first), end)
    }

    /// The first page for which `predicate` holds; it holds for all behind it.
    private func partition(_ predicate: (PageLocation) -> Bool) -> Int {
        var low = 0
        var high = pages.count
        while low < high {
            let middle = (low + high) / 2
            if predicate(pages[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension ColumnIndex {
    init(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        var reader = ThriftCompactReader(bytes)
        var index = ColumnIndex(nullPages: [], minimums: [], maximums: [], boundaryOrder: .unordered, nullCounts: nil)
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: for _ in 0..<(try reader.list(field, of: .booleanFalse)) { index.nullPages.append(try reader.boolElement()) }
            case 2: for _ in 0..<(try reader.list(field, of: .binary)) { index.minimums.append(Array(try reader.binaryElement())) }
            case 3: for _ in 0..<(try reader.list(field, of: .binary)) { index.maximums.append(Array(try reader.binaryElement())) }
            case 4: index.boundaryOrder = BoundaryOrder(rawValue: try reader.i32(field)) ?? .unordered
            case 5:
                var counts: [Int64] = []
                for _ in 0..<(try reader.list(field, of: .i64)) { counts.append(try reader.i64Element()) }
                index.nullCounts = counts
            default: try reader.skip(field)
            }
        }
        let count = index.nullPages.count
        guard index.minimums.count == count, index.maximums.count == count, index.nullCounts.map({ $0.count == count }) ?? true else {
            throw .corrupt("the lists of a column index differ in length")
        }
        self = index
    }
}

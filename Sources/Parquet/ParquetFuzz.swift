/// The entry of the fuzzer: bytes in, nothing out, and no crash whatever they are.
package enum ParquetFuzz {
    /// Chunks that claim more than this are passed over: the fuzzer looks for crashes, and large chunks only cost time.
    private static let maximumEntryCount: Int64 = 1 << 16
    private static let maximumLeafCount = 64
    private static let maximumRowGroupCount = 8

    /// Opens the bytes as a file and reads everything that can be reached, in every way there is.
    package static func run(_ bytes: UnsafeRawBufferPointer) {
        let context = ParquetReadContext()
        guard let file = attempt({ () throws(ParquetError) in try ParquetFile.open(MemorySource(Array(bytes)), context: context) }) else {
            return
        }
        for rowGroup in 0..<min(file.rowGroupCount, maximumRowGroupCount) {
            let group = file.metadata.rowGroups[rowGroup]
            for leaf in 0..<min(file.schema.leaves.count, maximumLeafCount) where group.columns[leaf].valueCount <= maximumEntryCount {
                read(file, rowGroup, leaf, rowCount: group.rowCount, context)
            }
        }
    }

    private static func read(_ file: ParquetFile, _ rowGroup: Int, _ leaf: Int, rowCount: Int, _ context: ParquetReadContext) {
        let whole = attempt { () throws(ParquetError) in try file.readLeaf(rowGroup: rowGroup, leaf: leaf, context: context) }
        if let whole, file.schema.leaves[leaf].isFlat {
            _ = whole.presence
            if case .byteArray(let offsets, _) = whole.values { _ = whole.spreadOffsets(offsets) }
            if case .dictionary(let codes, _, _) = whole.values { _ = whole.spread(codes, filler: .max) }
        }
        let middle = rowCount / 3..<max(rowCount / 3, rowCount - rowCount / 4)
        _ = attempt { () throws(ParquetError) in try file.readLeaf(rowGroup: rowGroup, leaf: leaf, rows: middle, context: context) }
        let some = stride(from: 0, to: rowCount, by: max(1, rowCount / 17)).map { Int32($0) }
        _ = attempt { () throws(ParquetError) in try file.gatherLeaf(rowGroup: rowGroup, leaf: leaf, rows: some, context: context) }
        _ = attempt { () throws(ParquetError) in try file.readDictionary(rowGroup: rowGroup, leaf: leaf, context: context) }
        _ = attempt { () throws(ParquetError) in try file.columnIndex(rowGroup: rowGroup, leaf: leaf, context: context) }
        for count in [1, rowCount] {
            _ = try? file.withPlainByteArrays(rowGroup: rowGroup, leaf: leaf, page: 0, upTo: count, context: context) { values in
                (0..<values.count).reduce(0) { $0 + values[$1].count }
            }
        }
        _ = attempt { () throws(ParquetError) in
            try file.mightContain(0x0123_4567_89AB_CDEF, rowGroup: rowGroup, leaf: leaf, context: context)
        }
        let filter = attempt { () throws(ParquetError) in try file.bloomFilter(rowGroup: rowGroup, leaf: leaf, context: context) }
        _ = filter??.mightContain(0x0123_4567_89AB_CDEF)
    }

    /// Errors are what damaged bytes are meant to end in.
    private static func attempt<Value>(_ body: () throws(ParquetError) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            return nil
        }
    }
}

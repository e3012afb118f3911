import Parquet
import Synchronization
import TraceModel

/// A Parquet file of the store: reads with a context from the shared pool and counts what they cost.
struct SegmentParquet: Sendable {
    let file: ParquetFile
    private let offsetIndexes = OffsetIndexCache()

    init(_ source: any ParquetSource) throws { file = try ParquetFile.open(source) }

    /// Where the pages of a chunk lie; nil when the whole chunk is wanted, or the file does not say.
    private func offsetIndex(_ rowGroup: Int, _ leaf: Int, _ wantedRowCount: Int, _ context: ParquetReadContext) throws -> OffsetIndex? {
        if wantedRowCount == rowCount(ofRowGroup: rowGroup) { return nil }
        return try offsetIndexes.index(of: rowGroup * schema.leaves.count + leaf) {
            try file.offsetIndex(rowGroup: rowGroup, leaf: leaf, context: context)
        }
    }

    var schema: ParquetSchema { file.schema }
    var rowGroupCount: Int { file.rowGroupCount }
    func rowCount(ofRowGroup group: Int) -> Int { file.metadata.rowGroups[group].rowCount }
    func keyValue(_ key: String) -> String? { file.metadata.keyValues.first { $0.key == key }?.value }
    func statistics(rowGroup: Int, leaf: Int) -> ColumnStatistics? { chunk(rowGroup, leaf).statistics }

    private func chunk(_ rowGroup: Int, _ leaf: Int) -> ColumnChunkMetadata { file.metadata.rowGroups[rowGroup].columns[leaf] }

    /// Whether no entry of the chunk has a value.
    func isAllNull(rowGroup: Int, leaf: Int) -> Bool {
        let chunk = chunk(rowGroup, leaf)
        guard let nullCount = chunk.statistics?.nullCount else { return false }
        return Int64(nullCount) == chunk.valueCount
    }

    func readLeaf(rowGroup: Int, leaf: Int, rows: Range<Int>, costs: ScanCostCounter) throws -> DecodedLeaf {
        if let absent = absent(rowGroup, leaf, rowCount: rows.count) { return absent }
        return try ReadContextPool.shared.use(costs) {
            try file.readLeaf(
                rowGroup: rowGroup, leaf: leaf, rows: rows, offsetIndex: offsetIndex(rowGroup, leaf, rows.count, $0), context: $0)
        }
    }

    func gatherLeaf(rowGroup: Int, leaf: Int, rows: [Int32], costs: ScanCostCounter) throws -> DecodedLeaf {
        if let absent = absent(rowGroup, leaf, rowCount: rows.count) { return absent }
        return try ReadContextPool.shared.use(costs) {
            try file.gatherLeaf(
                rowGroup: rowGroup, leaf: leaf, rows: rows, offsetIndex: offsetIndex(rowGroup, leaf, rows.count, $0), context: $0)
        }
    }

    /// A chunk without any value is not read: every row has one absent entry.
    private func absent(_ rowGroup: Int, _ leaf: Int, rowCount: Int) -> DecodedLeaf? {
        guard isAllNull(rowGroup: rowGroup, leaf: leaf), chunk(rowGroup, leaf).valueCount == Int64(self.rowCount(ofRowGroup: rowGroup))
        else { return nil }
        let node = schema.leaves[leaf]
        let values: DecodedLeaf.Values =
            switch node.type {
            case .boolean: .boolean([])
            case .int32: .int32([])
            case .int64: .int64([])
            case .double, .float: .double([])
            case .byteArray: .dictionary(codes: [], offsets: [0], bytes: [])
            case .fixedLengthByteArray(let width): .fixedLength([], width: width)
            case .int96: .fixedLength([], width: 12)
            }
        return DecodedLeaf(
            values: values, definitionLevels: Array(repeating: 0, count: rowCount),
            repetitionLevels: node.isFlat ? nil : Array(repeating: 0, count: rowCount), rowCount: rowCount,
            maximumDefinitionLevel: node.maximumDefinitionLevel)
    }

    /// The distinct texts of a chunk; nil when they cannot be known without reading its data.
    func readDictionary(rowGroup: Int, leaf: Int, costs: ScanCostCounter) throws -> TextDictionary? {
        if isAllNull(rowGroup: rowGroup, leaf: leaf) { return TextDictionary() }
        guard chunk(rowGroup, leaf).isWhollyDictionaryCoded else { return nil }
        let values = try ReadContextPool.shared.use(costs) { try file.readDictionary(rowGroup: rowGroup, leaf: leaf, context: $0) }
        guard case .byteArray(let offsets, let bytes)? = values else { return nil }
        return TextDictionary(offsets: offsets.isEmpty ? [0] : offsets, bytes: bytes)
    }

    /// False only if the chunk's bloom filter rules the value out.
    func mightContain(_ value: [UInt8], rowGroup: Int, leaf: Int, costs: ScanCostCounter) throws -> Bool {
        let hash = value.withUnsafeBytes { BloomFilter.hash($0) }
        return try ReadContextPool.shared.use(costs) { try file.mightContain(hash, rowGroup: rowGroup, leaf: leaf, context: $0) }
    }

    /// The rows of the pages whose bounds take in a value, for a leaf that rows are sorted by; nil if none does.
    func rowRange(of value: [UInt8], rowGroup: Int, leaf: Int, costs: ScanCostCounter) throws -> Range<Int>? {
        let rowCount = rowCount(ofRowGroup: rowGroup)
        let (columnIndex, offsetIndex) = try ReadContextPool.shared.use(costs) {
            (
                try file.columnIndex(rowGroup: rowGroup, leaf: leaf, context: $0),
                try file.offsetIndex(rowGroup: rowGroup, leaf: leaf, context: $0)
            )
        }
        guard let columnIndex, let offsetIndex, columnIndex.minimums.count == offsetIndex.pages.count else { return 0..<rowCount }
        let pages = offsetIndex.pages.indices.filter { page in
            !value.lexicographicallyPrecedes(columnIndex.minimums[page]) && !columnIndex.maximums[page].lexicographicallyPrecedes(value)
        }
        guard let first = pages.first, let last = pages.last else { return nil }
        return offsetIndex.pages[first].firstRow..<(last + 1 < offsetIndex.pages.count ? offsetIndex.pages[last + 1].firstRow : rowCount)
    }
}

/// Offset indexes of one file that were read before: a trace read needs that of every column. Bounded: a file that is read all over
/// starts again with an empty memory.
private final class OffsetIndexCache: Sendable {
    private let known = Mutex<[Int: OffsetIndex]>([:])
    private static let maximumCount = 1024

    func index(of chunk: Int, _ read: () throws -> OffsetIndex?) rethrows -> OffsetIndex? {
        if let index = known.withLock({ $0[chunk] }) { return index }
        guard let index = try read() else { return nil }
        known.withLock { known in
            if known.count >= Self.maximumCount { known.removeAll() }
            known[chunk] = index
        }
        return index
    }
}

/// Read contexts (a zstd context and scratch memory each), kept between reads. One is in the hands of one reader at a time.
final class ReadContextPool: Sendable {
    static let shared = ReadContextPool()

    /// `@unchecked Sendable`: between `take` and `give` only the taker has it, else only the pool.
    private final class Slot: @unchecked Sendable {
        let context = ParquetReadContext()
    }

    private let free = Mutex<[Slot]>([])
    /// More than this many readers at once make contexts that are not kept.
    private static let maximumKeptCount = 8

    func use<R>(_ costs: ScanCostCounter, _ body: (ParquetReadContext) throws -> R) rethrows -> R {
        let slot = free.withLock { $0.popLast() } ?? Slot()
        let before = (bytes: slot.context.bytesRead, pages: slot.context.pagesRead)
        defer {
            costs.add(bytes: slot.context.bytesRead - before.bytes, pages: slot.context.pagesRead - before.pages)
            free.withLock { if $0.count < Self.maximumKeptCount { $0.append(slot) } }
        }
        return try body(slot.context)
    }
}

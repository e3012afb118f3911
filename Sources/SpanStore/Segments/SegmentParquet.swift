import Parquet
import Synchronization
import TraceModel

/// A Parquet file of the store: reads with a context from the shared pool and counts what they cost.
struct SegmentParquet: Sendable {
    let file: ParquetFile
    private let memory = ChunkMemory()
    /// Of each leaf below a list the leaf that says whether a row has an element at all.
    private let elementLeaves: [Int?]

    init(_ source: any ParquetSource) throws {
        file = try ParquetFile.open(source)
        let leaves = file.schema.leaves
        elementLeaves = leaves.map { leaf in
            leaf.isFlat ? nil : leaves.first { $0.path.first == leaf.path.first && $0.maximumDefinitionLevel == 1 }?.index
        }
    }

    /// What is known of a chunk of which some rows are wanted: nothing when it is read whole, or the file does not say where its pages lie.
    private func known(_ rowGroup: Int, _ leaf: Int, _ wantedRowCount: Int, _ context: ParquetReadContext) throws -> ChunkMemory.Chunk {
        if wantedRowCount == rowCount(ofRowGroup: rowGroup) { return ChunkMemory.Chunk() }
        return try memory.chunk(rowGroup * schema.leaves.count + leaf) {
            guard let index = try file.offsetIndex(rowGroup: rowGroup, leaf: leaf, context: context) else { return nil }
            let dictionary = try file.chunkDictionary(rowGroup: rowGroup, leaf: leaf, context: context)
            return ChunkMemory.Chunk(offsetIndex: index, dictionary: dictionary)
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
        if let unread = unread(rowGroup, leaf, rowCount: rows.count) { return unread }
        return try ReadContextPool.shared.use(costs) {
            let known = try known(rowGroup, leaf, rows.count, $0)
            return try file.readLeaf(
                rowGroup: rowGroup, leaf: leaf, rows: rows, offsetIndex: known.offsetIndex, dictionary: known.dictionary, context: $0)
        }
    }

    func gatherLeaf(rowGroup: Int, leaf: Int, rows: [Int32], costs: ScanCostCounter) throws -> DecodedLeaf {
        if let unread = unread(rowGroup, leaf, rowCount: rows.count) { return unread }
        return try ReadContextPool.shared.use(costs) {
            let known = try known(rowGroup, leaf, rows.count, $0)
            return try file.gatherLeaf(
                rowGroup: rowGroup, leaf: leaf, rows: rows, offsetIndex: known.offsetIndex, dictionary: known.dictionary, context: $0)
        }
    }

    /// What the footer says of a chunk's rows without a look at them.
    private func unread(_ rowGroup: Int, _ leaf: Int, rowCount: Int) -> DecodedLeaf? {
        absent(rowGroup, leaf, rowCount: rowCount) ?? constant(rowGroup, leaf, rowCount: rowCount)
    }

    /// Every row of a flat chunk has the value that is its smallest and its largest.
    private func constant(_ rowGroup: Int, _ leaf: Int, rowCount: Int) -> DecodedLeaf? {
        let node = schema.leaves[leaf]
        guard node.isFlat, let statistics = chunk(rowGroup, leaf).statistics, statistics.nullCount == 0, statistics.isMinimumExact,
            statistics.isMaximumExact, let value = statistics.minimum, value == statistics.maximum
        else { return nil }
        let values: DecodedLeaf.Values
        switch node.type {
        case .int32 where value.count == 4:
            let number = value.withUnsafeBytes { Int32(littleEndian: $0.loadUnaligned(as: Int32.self)) }
            values = .int32(Array(repeating: number, count: rowCount))
        case .int64 where value.count == 8:
            let number = value.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
            values = .int64(Array(repeating: number, count: rowCount))
        case .byteArray:
            values = .dictionary(codes: Array(repeating: 0, count: rowCount), offsets: [0, UInt32(value.count)], bytes: value)
        default: return nil
        }
        return DecodedLeaf(
            values: values, definitionLevels: nil, repetitionLevels: nil, rowCount: rowCount,
            maximumDefinitionLevel: node.maximumDefinitionLevel)
    }

    /// A chunk without any value is not read: every row has one absent entry. Below a list that is so only where no row has an element:
    /// else an entry without a value may be that of an element which lacks this leaf.
    private func absent(_ rowGroup: Int, _ leaf: Int, rowCount: Int) -> DecodedLeaf? {
        func hasNoValue(_ leaf: Int) -> Bool {
            isAllNull(rowGroup: rowGroup, leaf: leaf) && chunk(rowGroup, leaf).valueCount == Int64(self.rowCount(ofRowGroup: rowGroup))
        }
        let node = schema.leaves[leaf]
        guard hasNoValue(leaf) else { return nil }
        if !node.isFlat { guard let element = elementLeaves[leaf], hasNoValue(element) else { return nil } }
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
        return try ReadContextPool.shared.use(costs) { context in
            let blocks = try memory.bloomFilterBlocks(rowGroup * schema.leaves.count + leaf) {
                try file.bloomFilterBlocks(rowGroup: rowGroup, leaf: leaf, context: context)
            }
            return try blocks.map { try file.mightContain(hash, in: $0, context: context) } ?? true
        }
    }

    /// The rows of the pages whose bounds take in a value, for a leaf that rows are sorted by; nil if none does.
    func rowRange(of value: [UInt8], rowGroup: Int, leaf: Int, costs: ScanCostCounter) throws -> Range<Int>? {
        let rowCount = rowCount(ofRowGroup: rowGroup)
        let bounds = try ReadContextPool.shared.use(costs) { context in
            try memory.pageBounds(rowGroup * schema.leaves.count + leaf) {
                guard let columnIndex = try file.columnIndex(rowGroup: rowGroup, leaf: leaf, context: context),
                    let offsetIndex = try file.offsetIndex(rowGroup: rowGroup, leaf: leaf, context: context),
                    columnIndex.minimums.count == offsetIndex.pages.count
                else { return nil }
                return ChunkMemory.PageBounds(columnIndex: columnIndex, offsetIndex: offsetIndex)
            }
        }
        guard let bounds else { return 0..<rowCount }
        let pages = bounds.offsetIndex.pages
        let found = pages.indices.filter { page in
            !value.lexicographicallyPrecedes(bounds.columnIndex.minimums[page])
                && !bounds.columnIndex.maximums[page].lexicographicallyPrecedes(value)
        }
        guard let first = found.first, let last = found.last else { return nil }
        return pages[first].firstRow..<(last + 1 < pages.count ? pages[last + 1].firstRow : rowCount)
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

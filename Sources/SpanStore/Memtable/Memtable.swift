import Synchronization
import TraceModel

/// The newest rows of one partition (project x UTC receive day), in memory, in columns, visible to queries as soon as a
/// batch is published.
///
/// Values of up to 1 KiB lie in the columns below; longer ones among `payloads`. A batch is appended by one thread (the
/// store's apply queue) after its WAL group is on disk, in the order of LSNs; `publish` then lets readers see all of it at
/// once. Readers take `visibleRowCount` first and never look behind it. Once the store has frozen a memtable nobody appends
/// to it; it is read until the segment made from it is published, then dropped.
///
/// `@unchecked Sendable`: the mutable scalars below the marker are the writer's alone; everything readers touch is an
/// `AppendOnlyBuffer`, a `Mutex` or immutable.
final class Memtable: @unchecked Sendable {
    let partition: PartitionID
    let registry: PromotionRegistry
    let arena = TextArena()
    let payloads: MemtablePayloads
    let payloadWriter: PayloadWriter
    let traceIndex: TraceIndex

    // Dense columns: one value per row.
    let traceHighs = AppendOnlyBuffer<UInt64>()
    let traceLows = AppendOnlyBuffer<UInt64>()
    let spanIDs = AppendOnlyBuffer<UInt64>()
    let parentSpanIDs = AppendOnlyBuffer<UInt64>()
    let startTimes = AppendOnlyBuffer<UInt64>()
    let durations = AppendOnlyBuffer<Int64>()
    let spanKinds = AppendOnlyBuffer<Int32>()
    let flags = AppendOnlyBuffer<UInt32>()
    /// `noStatus` when the span had no status message.
    let statusCodes = AppendOnlyBuffer<Int32>()
    let resourceCodes = AppendOnlyBuffer<UInt32>()
    let scopeCodes = AppendOnlyBuffer<UInt32>()
    let llmKinds = AppendOnlyBuffer<UInt8>()
    let names: DenseTextColumn
    // Ends of each row's list in the flat lists below; a row's list starts where the one before ends.
    let attributeEnds = AppendOnlyBuffer<UInt32>()
    let payloadEnds = AppendOnlyBuffer<UInt32>()
    let eventEnds = AppendOnlyBuffer<UInt32>()
    let linkEnds = AppendOnlyBuffer<UInt32>()

    // Flat lists.
    /// Attributes that have no column: not promoted, or of another type than the column's.
    let mapAttributes = AppendOnlyBuffer<AttributeCell>()
    let payloadCells = AppendOnlyBuffer<PayloadCell>()
    let events = AppendOnlyBuffer<EventCell>()
    let links = AppendOnlyBuffer<LinkCell>()
    /// Attributes of events and links.
    let nestedAttributes = AppendOnlyBuffer<AttributeCell>()

    // Sparse columns.
    let traceStates: SparseTextColumn
    let statusMessages: SparseTextColumn
    /// Attributes of one span with a key it already had: the protobuf `KeyValueList` of the later ones.
    let duplicateAttributes: SparseTextColumn
    let droppedAttributesCounts = SparseColumn()
    let droppedEventsCounts = SparseColumn()
    let droppedLinksCounts = SparseColumn()
    /// In the order of `LLMTextField`.
    let llmTexts: [SparseTextColumn]
    /// In the order of `LLMNumberField`.
    let llmNumbers: [SparseColumn]
    let inputKeys = SparseColumn()
    let outputKeys = SparseColumn()
    /// Several entries per row where a span has several tags.
    let tags: SparseTextColumn
    /// Promoted span attributes in the registry's order: text or numbers by the key's type. Made when the first span has the key: most
    /// projects use few of them.
    let promotedTexts: LazyColumns<SparseTextColumn>
    let promotedNumbers: LazyColumns<SparseColumn>

    // What rows refer to by code.
    /// Attribute keys of spans, events, links and resources.
    let keys: StringInterner
    let eventNames: StringInterner
    let payloadPlaces: StringInterner
    let resources: ResourceTable
    let scopes: ScopeTable
    /// Rows that a later version of the same span replaced.
    let supersededRows = AppendOnlyBuffer<UInt32>()
    /// Rows that are event records, ascending.
    let eventRows = AppendOnlyBuffer<UInt32>()

    /// Tells it apart from every other memtable of the process, gone ones too.
    let number = Memtable.lastNumber.add(1, ordering: .relaxed).newValue

    private static let lastNumber = Atomic<UInt64>(0)
    private let visible = Atomic<Int>(0)
    private let reached = Atomic<UInt64>(0)
    private let accounted = Atomic<Int>(0)

    private let seed: UInt64
    let inlineBounds: InlineBounds

    // The writer's own.
    private(set) var rowCount = 0
    private(set) var minimumLSN = UInt64.max
    private(set) var maximumLSN: UInt64 = 0
    private(set) var minimumReceivedUnixNano = UInt64.max
    private(set) var maximumReceivedUnixNano: UInt64 = 0
    private(set) var duplicateSpanCount = 0
    /// Of each batch its LSN and the row after its last: in what order rows came.
    private var batchEnds: [(lsn: UInt64, row: Int)] = []
    /// Of what was read to have it in the caches: kept, so that the compiler does not leave the reading out.
    var warmed: UInt64 = 0
    /// By key code.
    private var plans: [KeyPlan] = []
    /// Attributes a span was sent with: which of two versions of a span says more.
    let attributeCounts = AppendOnlyBuffer<UInt16>()

    static let noStatus = Int32.min

    init(
        partition: PartitionID, registry: PromotionRegistry, compression: CompressionQueue, seed: UInt64, inlineBounds: InlineBounds = .segment
    ) {
        self.inlineBounds = inlineBounds
        self.partition = partition
        self.seed = seed
        self.registry = registry
        payloads = MemtablePayloads(compression: compression)
        payloadWriter = PayloadWriter(payloads: payloads, cells: payloadCells, seed: seed)
        traceIndex = TraceIndex(seed: seed)
        let arena = self.arena
        func text() -> SparseTextColumn { SparseTextColumn(interner: StringInterner(arena: arena, seed: seed)) }
        names = DenseTextColumn(interner: StringInterner(arena: arena, seed: seed))
        traceStates = text()
        statusMessages = text()
        duplicateAttributes = text()
        llmTexts = LLMTextField.allCases.map { _ in text() }
        llmNumbers = LLMNumberField.allCases.map { _ in SparseColumn() }
        tags = text()
        promotedTexts = LazyColumns(count: registry.spanKeys.count)
        promotedNumbers = LazyColumns(count: registry.spanKeys.count)
        keys = StringInterner(arena: arena, seed: seed)
        eventNames = StringInterner(arena: arena, seed: seed)
        payloadPlaces = StringInterner(arena: arena, seed: seed)
        resources = ResourceTable(arena: arena, seed: seed)
        scopes = ScopeTable(arena: arena, seed: seed)
    }

    var visibleRowCount: Int { visible.load(ordering: .acquiring) }
    /// Everything up to this LSN that is of the partition is visible.
    var visibleThroughLSN: UInt64 { reached.load(ordering: .acquiring) }
    var rowIDs: MemtableRowIDs { MemtableRowIDs(traceHighs: traceHighs, traceLows: traceLows, spanIDs: spanIDs) }
    /// Whether another batch still fits in the arena, whatever it holds.
    var hasArenaRoom: Bool { arena.freeBlockCount > 256 }

    /// Of a memtable without rows: its columns and tables before they hold anything.
    private static let fixedByteCount = 16 << 10

    // MARK: Writing

    /// Notes what a batch brings besides rows. Writer only.
    func note(lsn: UInt64, receivedUnixNano: UInt64, duplicateSpanCount duplicates: Int) {
        minimumLSN = min(minimumLSN, lsn)
        maximumLSN = max(maximumLSN, lsn)
        minimumReceivedUnixNano = min(minimumReceivedUnixNano, receivedUnixNano)
        maximumReceivedUnixNano = max(maximumReceivedUnixNano, receivedUnixNano)
        duplicateSpanCount += duplicates
        batchEnds.append((lsn, rowCount))
    }

    /// The first row that came after an LSN; `rowCount` when there is none. Writer only, as with all it looks at.
    func firstRow(afterLSN lsn: UInt64) -> Int {
        var low = 0, high = batchEnds.count
        while low < high {
            let middle = (low + high) / 2
            if batchEnds[middle].lsn <= lsn { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? 0 : batchEnds[low - 1].row
    }

    /// The number of a new row. Writer only.
    func nextRow() -> UInt32 {
        defer { rowCount += 1 }
        return UInt32(rowCount)
    }

    /// The column of a promoted key, made if it has none yet. For the writer, and for whoever seals when there is no writer any more.
    func textColumn(_ index: Int) -> SparseTextColumn {
        promotedTexts.make(index) { SparseTextColumn(interner: StringInterner(arena: arena, seed: seed)) }
    }

    func numberColumn(_ index: Int) -> SparseColumn { promotedNumbers.make(index) { SparseColumn() } }

    /// Where attributes with a key go. Writer only.
    func plan(forKey base: UnsafeRawPointer, count: Int) -> KeyPlan {
        let code = Int(keys.code(base, count: count))
        while plans.count <= code { plans.append(KeyPlan(keyCode: UInt32(plans.count), memtable: self)) }
        return plans[code]
    }

    /// Lets readers see every row appended so far. Writer only.
    func publish() {
        for column in [traceHighs, traceLows, spanIDs, parentSpanIDs, startTimes] { column.publish() }
        durations.publish()
        spanKinds.publish()
        flags.publish()
        statusCodes.publish()
        for column in [resourceCodes, scopeCodes, attributeEnds, payloadEnds, eventEnds, linkEnds, supersededRows, eventRows] {
            column.publish()
        }
        llmKinds.publish()
        names.publish()
        mapAttributes.publish()
        payloadCells.publish()
        events.publish()
        links.publish()
        nestedAttributes.publish()
        for column in [traceStates, statusMessages, duplicateAttributes, tags] + llmTexts { column.publish() }
        for column in [droppedAttributesCounts, droppedEventsCounts, droppedLinksCounts, inputKeys, outputKeys] + llmNumbers {
            column.publish()
        }
        promotedTexts.forEach { $0.publish() }
        promotedNumbers.forEach { $0.publish() }
        for interner in [keys, eventNames, payloadPlaces] { interner.entries.publish() }
        resources.publish()
        scopes.publish()
        visible.store(rowCount, ordering: .releasing)
        reached.store(maximumLSN, ordering: .releasing)
    }

    /// The memory that counts against the store's bound: as measured by the last `account`.
    var accountedByteCount: Int { accounted.load(ordering: .relaxed) }

    /// Measures again; answers the change. Writer only.
    func account() -> Int {
        let before = accounted.load(ordering: .relaxed), now = byteCount
        accounted.store(now, ordering: .relaxed)
        return now - before
    }

    /// Memory held, payloads included. Writer only.
    var byteCount: Int {
        var total = arena.byteCount + payloads.byteCount + traceIndex.byteCount + rowCount * (5 * 8 + 8 + 4 * 4 + 8 + 4 * 4 + 3)
        total += batchEnds.count * 16 + payloadWriter.byteCount
        total += mapAttributes.byteCount + payloadCells.byteCount + events.byteCount + links.byteCount + nestedAttributes.byteCount
        for column in [traceStates, statusMessages, duplicateAttributes, tags] + llmTexts { total += column.byteCount }
        for column in llmNumbers { total += column.byteCount }
        promotedTexts.forEach { total += $0.byteCount }
        promotedNumbers.forEach { total += $0.byteCount }
        return total + names.byteCount + keys.byteCount + Self.fixedByteCount
    }

    /// What the rows have under keys without a column, for the promotion at the day's end. Writer, or after the freeze.
    func keyStatistics() -> [PromotionRegistry.KeyStatistics] {
        var counts: [UInt32: [UInt8: Int]] = [:]
        for index in 0..<mapAttributes.count {
            let cell = mapAttributes[index]
            counts[cell.keyCode, default: [:]][cell.type, default: 0] += 1
        }
        return counts.compactMap { keyCode, types in
            guard let (type, count) = types.max(by: { $0.value < $1.value }),
                let known = AttributeType(rawValue: type).flatMap(PromotedKey.ColumnType.init)
            else { return nil }
            return PromotionRegistry.KeyStatistics(key: arena.string(keys.entries[Int(keyCode)]), type: known, valueCount: count)
        }
    }
}

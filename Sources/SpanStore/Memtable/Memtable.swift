import ByteCoding
import Glibc
import OTLP
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
    /// Promoted span attributes in the registry's order: text or numbers by the key's type.
    let promotedTexts: [SparseTextColumn?]
    let promotedNumbers: [SparseColumn?]

    // What rows refer to by code.
    /// Attribute keys of spans, events, links and resources.
    let keys: StringInterner
    let eventNames: StringInterner
    let payloadPlaces: StringInterner
    let resources: ResourceTable
    let scopes: ScopeTable
    /// Rows that a later version of the same span replaced.
    let supersededRows = AppendOnlyBuffer<UInt32>()

    private let visible = Atomic<Int>(0)

    // The writer's own.
    private(set) var rowCount = 0
    private(set) var minimumLSN = UInt64.max
    private(set) var maximumLSN: UInt64 = 0
    private(set) var minimumReceivedUnixNano = UInt64.max
    private(set) var maximumReceivedUnixNano: UInt64 = 0
    private(set) var duplicateSpanCount = 0
    private var plans: [KeyPlan] = []
    /// Row + 1 of the span that had the key last: finds a key that a span has twice.
    private var lastRowOfKey: [UInt32] = []
    private var placeCodes: [UInt32] = []

    static let noStatus = Int32.min

    /// Where attributes with one key go.
    private struct KeyPlan {
        enum Place: UInt8 { case map, text, int, double, bool }
        var place: Place
        var column: Int
    }

    init(partition: PartitionID, registry: PromotionRegistry, compression: CompressionQueue, seed: UInt64) {
        self.partition = partition
        self.registry = registry
        payloads = MemtablePayloads(compression: compression)
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
        promotedTexts = registry.spanKeys.map { $0.type == .string ? text() : nil }
        promotedNumbers = registry.spanKeys.map { $0.type == .string ? nil : SparseColumn() }
        keys = StringInterner(arena: arena, seed: seed)
        eventNames = StringInterner(arena: arena, seed: seed)
        payloadPlaces = StringInterner(arena: arena, seed: seed)
        resources = ResourceTable(arena: arena, seed: seed)
        scopes = ScopeTable(arena: arena, seed: seed)
    }

    var visibleRowCount: Int { visible.load(ordering: .acquiring) }
    var rowIDs: MemtableRowIDs { MemtableRowIDs(traceHighs: traceHighs, traceLows: traceLows, spanIDs: spanIDs) }
    /// Whether another batch still fits in the arena, whatever it holds.
    var hasArenaRoom: Bool { arena.freeBlockCount > 256 }

    /// Adds a batch and publishes it. Writer only; batches come in the order of their LSNs.
    func append(_ batch: SpanBatch, fields: LLMFields, lsn: UInt64, receivedUnixNano: UInt64) {
        minimumLSN = min(minimumLSN, lsn)
        maximumLSN = max(maximumLSN, lsn)
        minimumReceivedUnixNano = min(minimumReceivedUnixNano, receivedUnixNano)
        maximumReceivedUnixNano = max(maximumReceivedUnixNano, receivedUnixNano)
        batch.bytes.withUnsafeBytes { bytes in
            // An empty body has no spans, and no range to follow.
            guard let base = bytes.baseAddress else { return }
            let keyCodes = batch.keys.map { key in code(ofKey: base + key.start, count: key.count) }
            let resourceCodes = batch.resources.map { resources.code(of: $0, in: batch, base: base, keys: keys) }
            let scopeCodes = batch.scopes.map { scopes.code(of: $0, in: batch, base: base) }
            let source = Source(batch: batch, fields: fields, base: base, keyCodes: keyCodes)
            traceIndex.update(rowIDs) { index in
                for span in 0..<batch.spanCount {
                    append(span: span, of: source, resourceCodes: resourceCodes, scopeCodes: scopeCodes, index: &index)
                }
            }
        }
        publish()
    }

    private struct Source {
        let batch: SpanBatch
        let fields: LLMFields
        let base: UnsafeRawPointer
        let keyCodes: [UInt32]
    }

    private func append(
        span: Int, of source: borrowing Source, resourceCodes batchResourceCodes: [UInt32], scopeCodes batchScopeCodes: [UInt32],
        index: inout TraceIndex.Writer
    ) {
        let batch = source.batch
        let trace = batch.traceIDs[span], id = batch.spanIDs[span]
        let end = batch.endTimesUnixNano[span]
        if let other = index.row(trace: trace, span: id) {
            duplicateSpanCount += 1
            let otherEnd = startTimes[Int(other)] &+ UInt64(bitPattern: durations[Int(other)])
            let attributeCount = Int(batch.attributeStarts[span + 1] - batch.attributeStarts[span])
            // The version with the later end, then with more attributes, is the one that counts.
            guard (end, attributeCount) > (otherEnd, self.attributeCount(ofRow: Int(other))) else { return }
            supersededRows.append(other)
        }
        let row = UInt32(rowCount)
        rowCount += 1
        traceHighs.append(trace.high)
        traceLows.append(trace.low)
        spanIDs.append(id.rawValue)
        index.insert(row: row, trace: trace, span: id)
        parentSpanIDs.append(batch.parentSpanIDs[span].rawValue)
        startTimes.append(batch.startTimesUnixNano[span])
        durations.append(Int64(bitPattern: end &- batch.startTimesUnixNano[span]))
        spanKinds.append(batch.kinds[span])
        flags.append(batch.flags[span])
        resourceCodes.append(batchResourceCodes[Int(batch.resourceIndexes[span])])
        scopeCodes.append(batchScopeCodes[Int(batch.scopeIndexes[span])])
        names.codes.append(intern(batch.names[span], names.interner, source.base))
        if batch.hasStatus[span] {
            statusCodes.append(batch.statusCodes[span])
            append(batch.statusMessages[span], to: statusMessages, row, source.base)
        } else {
            statusCodes.append(Self.noStatus)
        }
        append(batch.traceStates[span], to: traceStates, row, source.base)
        if batch.droppedAttributesCounts[span] != 0 { droppedAttributesCounts.append(row: row, bits: UInt64(batch.droppedAttributesCounts[span])) }
        if batch.droppedEventsCounts[span] != 0 { droppedEventsCounts.append(row: row, bits: UInt64(batch.droppedEventsCounts[span])) }
        if batch.droppedLinksCounts[span] != 0 { droppedLinksCounts.append(row: row, bits: UInt64(batch.droppedLinksCounts[span])) }

        appendAttributes(ofSpan: span, row: row, source)
        appendEvents(ofSpan: span, row: row, source)
        appendLinks(ofSpan: span, row: row, source)
        appendFields(ofSpan: span, row: row, source)
        attributeEnds.append(UInt32(mapAttributes.count))
        payloadEnds.append(UInt32(payloadCells.count))
        eventEnds.append(UInt32(events.count))
        linkEnds.append(UInt32(links.count))
        attributeCounts.append(UInt16(truncatingIfNeeded: min(65535, Int(batch.attributeStarts[span + 1] - batch.attributeStarts[span]))))
    }

    /// Attributes a span was sent with: which of two versions of a span says more.
    private let attributeCounts = AppendOnlyBuffer<UInt16>()
    private func attributeCount(ofRow row: Int) -> Int { Int(attributeCounts[row]) }

    // MARK: Attributes

    private func appendAttributes(ofSpan span: Int, row: UInt32, _ source: borrowing Source) {
        let start = Int(source.batch.attributeStarts[span]), end = Int(source.batch.attributeStarts[span + 1])
        var duplicates: [SpanBatch.Attribute] = []
        for place in start..<end {
            let attribute = source.batch.attributes[place]
            let keyCode = source.keyCodes[Int(attribute.keyIndex)]
            if lastRowOfKey[Int(keyCode)] == row &+ 1 {
                duplicates.append(attribute)
                continue
            }
            lastRowOfKey[Int(keyCode)] = row &+ 1
            let plan = plans[Int(keyCode)]
            switch (plan.place, attribute.type) {
            case (.text, .string) where attribute.range.count <= StoreLimits.maximumInlineValueByteCount:
                if let column = promotedTexts[plan.column] { column.append(row: row, source.base + attribute.range.start, count: attribute.range.count) }
            case (.int, .int), (.double, .double), (.bool, .bool):
                if let column = promotedNumbers[plan.column] { column.append(row: row, bits: attribute.bits) }
            default:
                if let payload = payload(of: attribute, source) {
                    payloadCells.append(PayloadCell(ordinal: payload.ordinal, placeCode: placeCode(ofKey: keyCode), byteCount: payload.byteCount, type: payload.type))
                } else {
                    mapAttributes.append(cell(of: attribute, keyCode: keyCode, source.base))
                }
            }
        }
        if !duplicates.isEmpty {
            let pairs = duplicates.map { KeyValue(source.batch.text(source.batch.keys[Int($0.keyIndex)]), Self.value(of: $0, in: source.batch)) }
            let encoded = AttributeValueEncoder.encodeList(.keyValueList(pairs)) ?? []
            encoded.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { duplicateAttributes.append(row: row, base, count: bytes.count) }
            }
        }
    }

    /// Puts a long value among the payloads; nil when it is short enough for the columns.
    private func payload(of attribute: SpanBatch.Attribute, _ source: borrowing Source) -> (ordinal: UInt32, byteCount: UInt32, type: UInt8)? {
        switch attribute.type {
        case .bool, .int, .double, .empty: return nil
        case .string, .bytes, .array, .keyValueList: break
        }
        let range = attribute.range
        guard range.count > StoreLimits.maximumInlineValueByteCount else { return nil }
        if attribute.type == .string {
            let ordinal = payloads.append(UnsafeRawBufferPointer(start: source.base + range.start, count: range.count))
            return (ordinal, range.length, AttributeType.string.rawValue)
        }
        let (text, tag) = StoredValue.encode(Self.value(of: attribute, in: source.batch))
        return (text.withUnsafeBytes { payloads.append($0) }, UInt32(text.count), tag)
    }

    /// The decoder has checked every nested value of a batch: what it let through can be decoded.
    private static func value(of attribute: SpanBatch.Attribute, in batch: SpanBatch) -> AttributeValue {
        (try? AttributeValueDecoder.value(of: attribute, in: batch)) ?? .empty
    }

    private func cell(of attribute: SpanBatch.Attribute, keyCode: UInt32, _ base: UnsafeRawPointer) -> AttributeCell {
        var bits = attribute.bits
        switch attribute.type {
        case .string, .bytes, .array, .keyValueList: bits = arena.append(base + attribute.range.start, count: attribute.range.count).bits
        case .bool, .int, .double, .empty: break
        }
        return AttributeCell(bits: bits, keyCode: keyCode, type: attribute.type.rawValue)
    }

    private func appendNested(
        _ start: UInt32, _ count: UInt32, place: @autoclosure () -> String, _ source: borrowing Source
    ) -> (start: UInt32, count: UInt32) {
        let first = UInt32(nestedAttributes.count)
        for index in Int(start)..<Int(start) + Int(count) {
            let attribute = source.batch.nestedAttributes[index]
            let keyCode = source.keyCodes[Int(attribute.keyIndex)]
            if let payload = payload(of: attribute, source) {
                let name = place() + arena.string(keys.entries[Int(keyCode)])
                payloadCells.append(PayloadCell(ordinal: payload.ordinal, placeCode: intern(name, payloadPlaces), byteCount: payload.byteCount, type: payload.type))
            } else {
                nestedAttributes.append(cell(of: attribute, keyCode: keyCode, source.base))
            }
        }
        return (first, UInt32(nestedAttributes.count) - first)
    }

    private func appendEvents(ofSpan span: Int, row: UInt32, _ source: borrowing Source) {
        let start = Int(source.batch.eventStarts[span])
        for index in start..<Int(source.batch.eventStarts[span + 1]) {
            let event = source.batch.events[index]
            let range = appendNested(event.attributeStart, event.attributeCount, place: "events.\(index - start).attributes.", source)
            events.append(
                EventCell(
                    timeUnixNano: event.timeUnixNano, nameCode: intern(event.name, eventNames, source.base),
                    droppedAttributesCount: event.droppedAttributesCount, attributeStart: range.start, attributeCount: range.count))
        }
    }

    private func appendLinks(ofSpan span: Int, row: UInt32, _ source: borrowing Source) {
        let start = Int(source.batch.linkStarts[span])
        for index in start..<Int(source.batch.linkStarts[span + 1]) {
            let link = source.batch.links[index]
            let range = appendNested(link.attributeStart, link.attributeCount, place: "links.\(index - start).attributes.", source)
            links.append(
                LinkCell(
                    traceHigh: link.traceID.high, traceLow: link.traceID.low, spanID: link.spanID.rawValue,
                    traceState: link.traceState.isNone ? .empty : arena.append(source.base + link.traceState.start, count: link.traceState.count),
                    flags: link.flags, droppedAttributesCount: link.droppedAttributesCount, attributeStart: range.start,
                    attributeCount: range.count))
        }
    }

    // MARK: LLM fields

    private func appendFields(ofSpan span: Int, row: UInt32, _ source: borrowing Source) {
        llmKinds.append(source.fields.kinds[span].rawValue)
        for (field, column) in zip(LLMTextField.allCases, llmTexts) {
            let text = field.column(of: source.fields)[span]
            if !text.isNone { column.append(row: row, source.base + text.start, count: text.count) }
        }
        for (field, column) in zip(LLMNumberField.allCases, llmNumbers) {
            if let bits = field.bits(of: source.fields, span) { column.append(row: row, bits: bits) }
        }
        if source.fields.inputKeys[span] != .max { inputKeys.append(row: row, bits: UInt64(source.keyCodes[Int(source.fields.inputKeys[span])])) }
        if source.fields.outputKeys[span] != .max { outputKeys.append(row: row, bits: UInt64(source.keyCodes[Int(source.fields.outputKeys[span])])) }
        for tag in Int(source.fields.tagStarts[span])..<Int(source.fields.tagStarts[span + 1]) {
            append(source.fields.tags[tag], to: tags, row, source.base)
        }
    }

    // MARK: Interning

    private func code(ofKey base: UnsafeRawPointer, count: Int) -> UInt32 {
        let code = keys.code(base, count: count)
        while plans.count <= Int(code) {
            let name = arena.string(keys.entries[plans.count])
            plans.append(plan(forKey: name))
            lastRowOfKey.append(0)
            placeCodes.append(.max)
        }
        return code
    }

    private func plan(forKey name: String) -> KeyPlan {
        guard let column = registry.spanKeys.firstIndex(where: { $0.key == name }) else { return KeyPlan(place: .map, column: 0) }
        switch registry.spanKeys[column].type {
        case .string: return KeyPlan(place: .text, column: column)
        case .integer: return KeyPlan(place: .int, column: column)
        case .double: return KeyPlan(place: .double, column: column)
        case .boolean: return KeyPlan(place: .bool, column: column)
        }
    }

    private func placeCode(ofKey keyCode: UInt32) -> UInt32 {
        if placeCodes[Int(keyCode)] == .max {
            placeCodes[Int(keyCode)] = intern("attributes." + arena.string(keys.entries[Int(keyCode)]), payloadPlaces)
        }
        return placeCodes[Int(keyCode)]
    }

    private func intern(_ text: String, _ interner: StringInterner) -> UInt32 {
        var text = text
        return text.withUTF8 { utf8 in
            guard let base = utf8.baseAddress else { return interner.code(UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped, count: 0) }
            return interner.code(base, count: utf8.count)
        }
    }

    @inline(__always)
    private func intern(_ range: ByteRange, _ interner: StringInterner, _ base: UnsafeRawPointer) -> UInt32 {
        range.isNone ? interner.code(base, count: 0) : interner.code(base + range.start, count: range.count)
    }

    @inline(__always)
    private func append(_ range: ByteRange, to column: SparseTextColumn, _ row: UInt32, _ base: UnsafeRawPointer) {
        guard range.count > 0, !range.isNone else { return }
        column.append(row: row, base + range.start, count: range.count)
    }

    // MARK: Publishing

    private func publish() {
        for column in [traceHighs, traceLows, spanIDs, parentSpanIDs, startTimes] { column.publish() }
        durations.publish()
        spanKinds.publish()
        flags.publish()
        statusCodes.publish()
        for column in [resourceCodes, scopeCodes, attributeEnds, payloadEnds, eventEnds, linkEnds, supersededRows] { column.publish() }
        llmKinds.publish()
        names.publish()
        mapAttributes.publish()
        payloadCells.publish()
        events.publish()
        links.publish()
        nestedAttributes.publish()
        for column in [traceStates, statusMessages, duplicateAttributes, tags] + llmTexts { column.publish() }
        for column in [droppedAttributesCounts, droppedEventsCounts, droppedLinksCounts, inputKeys, outputKeys] + llmNumbers { column.publish() }
        for column in promotedTexts { column?.publish() }
        for column in promotedNumbers { column?.publish() }
        for interner in [keys, eventNames, payloadPlaces] { interner.entries.publish() }
        resources.publish()
        scopes.publish()
        visible.store(rowCount, ordering: .releasing)
    }

    /// Memory held, payloads included. Writer only.
    var byteCount: Int {
        var total = arena.byteCount + payloads.byteCount + traceIndex.byteCount + rowCount * (5 * 8 + 8 + 4 * 4 + 8 + 4 * 4 + 3)
        total += mapAttributes.byteCount + payloadCells.byteCount + events.byteCount + links.byteCount + nestedAttributes.byteCount
        for column in [traceStates, statusMessages, duplicateAttributes, tags] + llmTexts { total += column.byteCount }
        for column in llmNumbers { total += column.byteCount }
        for column in promotedTexts { total += column?.byteCount ?? 0 }
        for column in promotedNumbers { total += column?.byteCount ?? 0 }
        return total + names.byteCount + keys.byteCount
    }

    /// What the rows have under keys without a column, for the promotion at the day's end. Writer, or after the freeze.
    func keyStatistics() -> [PromotionRegistry.KeyStatistics] {
        var counts: [UInt32: [UInt8: Int]] = [:]
        for index in 0..<mapAttributes.count {
            let cell = mapAttributes[index]
            counts[cell.keyCode, default: [:]][cell.type, default: 0] += 1
        }
        return counts.compactMap { keyCode, types in
            guard let (type, count) = types.max(by: { $0.value < $1.value }), let known = AttributeType(rawValue: type).flatMap(PromotedKey.ColumnType.init)
            else { return nil }
            return PromotionRegistry.KeyStatistics(key: arena.string(keys.entries[Int(keyCode)]), type: known, valueCount: count)
        }
    }
}

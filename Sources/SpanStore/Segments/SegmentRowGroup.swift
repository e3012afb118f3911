import OTLP
import Parquet
import TraceModel

/// One row group of a spans file: every column of `SpanSchema`, in order, gathered from the memtable.
struct SegmentRowGroup {
    let memtable: Memtable
    /// Memtable rows in the row group's order.
    let rows: [UInt32]
    let schema: SpanSchema
    let sequence: UInt64
    private let columns: SegmentColumns
    /// Memtable row -> place in `rows`.
    private let places: [UInt32]
    private let resourceCodes: [UInt32]

    private static let deltas = ColumnOptions(encoding: .deltaBinaryPacked, compression: .uncompressed)

    /// - Parameter columns: the scratch memory of the file's writer.
    init(memtable: Memtable, rows: [UInt32], schema: SpanSchema, sequence: UInt64, columns: SegmentColumns) {
        self.memtable = memtable
        self.rows = rows
        self.schema = schema
        self.sequence = sequence
        self.columns = columns
        places = SegmentOrder.places(of: rows, rowCount: memtable.visibleRowCount)
        resourceCodes = Self.gather(memtable.resourceCodes, rows)
    }

    func write() throws {
        try writeIdentity()
        try writeSpan()
        try writeResourceAndScope()
        try writeFields()
        try writeRecordKinds()
        try writePromoted()
        try writeLists()
    }

    // MARK: Gathering

    private static func gather<T: BitwiseCopyable>(_ buffer: AppendOnlyBuffer<T>, _ rows: [UInt32]) -> [T] {
        [T](unsafeUninitializedCapacity: rows.count) { gathered, count in
            for place in 0..<rows.count { gathered[place] = buffer[Int(rows[place])] }
            count = rows.count
        }
    }

    private func gather<T: BitwiseCopyable>(_ buffer: AppendOnlyBuffer<T>) -> [T] { Self.gather(buffer, rows) }

    /// Ids as they stand in the file, big-endian.
    private static func bytes(of ids: [UInt64]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ids.count * 8) { bytes, count in
            let target = UnsafeMutableRawBufferPointer(bytes)
            for (index, id) in ids.enumerated() { target.storeBytes(of: id.bigEndian, toByteOffset: index * 8, as: UInt64.self) }
            count = ids.count * 8
        }
    }

    private func writeText(_ column: SparseTextColumn) throws {
        columns.place(column.rows, codes: column.codes, at: places, rowCount: rows.count)
        let arena = memtable.arena, entries = column.interner.entries
        try columns.writePlacedText(codeCount: entries.count) { arena.bytes(entries[Int($0)]) }
    }

    private func writeNumbers(_ column: SparseColumn, as type: PhysicalType) throws {
        columns.place(column.rows, bits: column.values, at: places, rowCount: rows.count)
        try columns.writePlacedNumbers(as: type)
    }

    /// A text that follows from a code: one of `texts`, nil for null. Equal texts are one, however many codes have them.
    private func writeDerived(_ codes: [UInt32], _ texts: [[UInt8]?], isOptional: Bool = true) throws {
        var distinct: [[UInt8]] = []
        var known: [[UInt8]: UInt32] = [:]
        let renaming = texts.map { text -> UInt32 in
            guard let text else { return SegmentColumns.null }
            if let code = known[text] { return code }
            known[text] = UInt32(distinct.count)
            distinct.append(text)
            return UInt32(distinct.count - 1)
        }
        columns.place(codes: codes, renaming: renaming)
        try Self.withTexts(distinct) { text in
            try columns.writePlacedText(codeCount: distinct.count, isOptional: isOptional, text)
        }
    }

    /// Looks texts up by their place, at one address as long as `body` runs.
    private static func withTexts<R>(_ texts: [[UInt8]], _ body: ((UInt32) -> UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        var offsets = [0]
        var bytes: [UInt8] = []
        for text in texts {
            bytes += text
            offsets.append(bytes.count)
        }
        return try bytes.withUnsafeBytes { raw in
            try body { code in UnsafeRawBufferPointer(rebasing: raw[offsets[Int(code)]..<offsets[Int(code) + 1]]) }
        }
    }

    // MARK: Columns in schema order

    private func writeIdentity() throws {
        let highs = gather(memtable.traceHighs), lows = gather(memtable.traceLows)
        var traceCount = 0
        let traces = [UInt8](unsafeUninitializedCapacity: rows.count * 16) { bytes, count in
            let target = UnsafeMutableRawBufferPointer(bytes)
            for place in 0..<rows.count {
                if place == 0 || highs[place] != highs[place - 1] || lows[place] != lows[place - 1] { traceCount += 1 }
                target.storeBytes(of: highs[place].bigEndian, toByteOffset: place * 16, as: UInt64.self)
                target.storeBytes(of: lows[place].bigEndian, toByteOffset: place * 16 + 8, as: UInt64.self)
            }
            count = rows.count * 16
        }
        try columns.writeFixed(
            traces, width: 16, options: ColumnOptions(encoding: .plain, maximumPageRowCount: 4096, bloomFilterDistinctCount: traceCount))

        let spanIDs = gather(memtable.spanIDs), parents = gather(memtable.parentSpanIDs)
        try columns.writeFixed(
            Self.bytes(of: spanIDs), width: 8, options: ColumnOptions(encoding: .plain, compression: .uncompressed, writesStatistics: false)
        )
        try columns.writeOptionalFixed(
            Self.bytes(of: parents.filter { $0 != 0 }), width: 8, levels: parents.map { $0 == 0 ? 0 : 1 },
            options: ColumnOptions(encoding: .plain, writesStatistics: false))

        // An event record has the id of its span and is nobody's parent.
        let isEvent = events()
        let owners = isEvent.isEmpty ? spanIDs : zip(spanIDs, isEvent).map { $1 ? 0 : $0 }
        let distances = Self.parentDistances(highs: highs, lows: lows, spanIDs: owners, parents: parents)
        try columns.writeOptional(
            distances.compactMap { $0 }, levels: distances.map { $0 == nil ? 0 : 1 },
            options: ColumnOptions(encoding: .deltaBinaryPacked, writesStatistics: false))
    }

    /// How many rows before (positive) or behind (negative) itself a span's parent lies in the row group; nil if it does not.
    static func parentDistances(highs: [UInt64], lows: [UInt64], spanIDs: [UInt64], parents: [UInt64]) -> [Int32?] {
        var distances = [Int32?](repeating: nil, count: spanIDs.count)
        var start = 0
        while start < spanIDs.count {
            var end = start + 1
            while end < spanIDs.count, highs[end] == highs[start], lows[end] == lows[start] { end += 1 }
            if end - start <= 24 {
                for row in start..<end where parents[row] != 0 {
                    for other in start..<end where spanIDs[other] == parents[row] {
                        distances[row] = Int32(row - other)
                        break
                    }
                }
            } else {
                let rowsByID = Dictionary(zip(spanIDs[start..<end], start..<end), uniquingKeysWith: { first, _ in first })
                for row in start..<end where parents[row] != 0 { distances[row] = rowsByID[parents[row]].map { Int32(row - $0) } }
            }
            start = end
        }
        return distances
    }

    private func writeSpan() throws {
        try columns.write(gather(memtable.startTimes).map { Int64(bitPattern: $0) }, options: Self.deltas)
        try columns.write(gather(memtable.durations), options: ColumnOptions(encoding: .byteStreamSplit))
        let arena = memtable.arena, names = memtable.names.interner.entries
        try columns.writeText(codes: gather(memtable.names.codes), codeCount: names.count, isOptional: false) {
            arena.bytes(names[Int($0)])
        }
        try columns.write(gather(memtable.spanKinds), options: ColumnOptions(encoding: .deltaBinaryPacked))
        try columns.write(gather(memtable.flags).map { Int32(bitPattern: $0) }, options: Self.deltas)
        try writeText(memtable.traceStates)
        let statusCodes = gather(memtable.statusCodes)
        try columns.writeOptional(
            statusCodes.filter { $0 != Memtable.noStatus }, levels: statusCodes.map { $0 == Memtable.noStatus ? 0 : 1 },
            options: ColumnOptions(encoding: .deltaBinaryPacked))
        try writeText(memtable.statusMessages)
        for counts in [memtable.droppedAttributesCounts, memtable.droppedEventsCounts, memtable.droppedLinksCounts] {
            var dense = [Int32](repeating: 0, count: rows.count)
            for cell in 0..<counts.rows.count {
                let place = places[Int(counts.rows[cell])]
                if place != SegmentOrder.absent { dense[Int(place)] = Int32(truncatingIfNeeded: counts.values[cell]) }
            }
            try columns.write(dense, options: Self.deltas)
        }
    }

    private func writeResourceAndScope() throws {
        let resources = memtable.resources.all, scopes = memtable.scopes.all
        let scopeCodes = gather(memtable.scopeCodes)
        func text(_ text: String) -> [UInt8]? { text.isEmpty ? nil : Array(text.utf8) }
        try writeDerived(resourceCodes, resources.map(\.resource.encoded))
        try writeDerived(resourceCodes, resources.map { text($0.resource.schemaURL) })
        try writeDerived(scopeCodes, scopes.map(\.scope.encoded))
        try writeDerived(scopeCodes, scopes.map { text($0.scope.schemaURL) })
        try writeDerived(scopeCodes, scopes.map { text($0.name) })
        try writeDerived(scopeCodes, scopes.map { text($0.version) })
    }

    private func writeFields() throws {
        try writeDerived(gather(memtable.llmKinds).map { UInt32($0) }, LLMKind.allCases.map { Array($0.name.utf8) }, isOptional: false)
        for column in memtable.llmTexts { try writeText(column) }
        for (field, column) in zip(LLMNumberField.allCases, memtable.llmNumbers) {
            try writeNumbers(column, as: field.isAmount ? .double : .int64)
        }
        let arena = memtable.arena, keys = memtable.keys.entries
        for column in [memtable.inputKeys, memtable.outputKeys] {
            columns.place(column.rows, bitsAsCodes: column.values, at: places, rowCount: rows.count)
            try columns.writePlacedText(codeCount: keys.count) { arena.bytes(keys[Int($0)]) }
        }
    }

    /// Of each row whether it is an event record; empty when none is.
    private func events() -> [Bool] {
        guard memtable.eventRows.count > 0 else { return [] }
        var isEvent = [Bool](repeating: false, count: rows.count)
        for index in 0..<memtable.eventRows.count {
            let place = places[Int(memtable.eventRows[index])]
            if place != SegmentOrder.absent { isEvent[Int(place)] = true }
        }
        return isEvent
    }

    private func writeRecordKinds() throws {
        let isEvent = events()
        let codes = isEvent.isEmpty ? [UInt32](repeating: 0, count: rows.count) : isEvent.map { $0 ? 1 : 0 }
        try writeDerived(codes, [RecordKind.span, .event].map { Array($0.rawValue.utf8) }, isOptional: false)
    }

    private func writePromoted() throws {
        for (index, key) in schema.spanKeys {
            // One that no row of this memtable has is made for it: rows of other files may have it (an export is one file).
            if key.type == .string {
                try writeText(memtable.textColumn(index))
            } else {
                try writeNumbers(memtable.numberColumn(index), as: SpanSchema.physicalType(key.attributeType))
            }
        }
        let resources = memtable.resources.all
        for (_, key) in schema.resourceKeys {
            try writeDerived(
                resourceCodes,
                resources.map { entry in
                    for attribute in entry.attributes where attribute.key == key.key {
                        if case .string(let text) = attribute.value { return Array(text.utf8) }
                    }
                    return nil
                })
        }
    }

    // MARK: Lists

    private func layout(_ ends: AppendOnlyBuffer<UInt32>, elementCount: Int) -> ListLayout {
        ListLayout(rows, ends: ends, elementCount: elementCount, rowCount: memtable.visibleRowCount)
    }

    private func list(_ ends: AppendOnlyBuffer<UInt32>, _ row: UInt32) -> Range<Int> {
        (row == 0 ? 0 : Int(ends[Int(row) - 1]))..<Int(ends[Int(row)])
    }

    private func writeLists() throws {
        let texts = MapTexts(memtable)
        try columns.writeNested(tags())
        try writeMap(try attributeMap(texts))
        try writeText(memtable.duplicateAttributes)
        try writeResourceMap()
        try writeEvents(texts)
        try writeLinks(texts)
        try writePayloadReferences()
    }

    /// Codes of the memtable's keys.
    private func writeMap(_ map: AttributeMapColumn) throws {
        let arena = memtable.arena, keys = memtable.keys.entries
        for leaf in map.leaves(keyCount: keys.count, { arena.bytes(keys[Int($0)]) }) { try columns.writeNested(leaf) }
    }

    private func tags() -> NestedLeaf {
        let column = memtable.tags
        guard column.rows.count > 0 else {
            return ListLayout(rows, ends: column.rows, elementCount: 0, rowCount: 0).leaf(.text(offsets: [0], bytes: [], .dictionary))
        }
        var cells = [[UInt32]](repeating: [], count: rows.count)
        for cell in 0..<column.rows.count {
            let place = places[Int(column.rows[cell])]
            if place != SegmentOrder.absent { cells[Int(place)].append(column.codes[cell]) }
        }
        var leaf = NestedLeaf.text()
        for codes in cells {
            if codes.isEmpty { leaf.entry(definition: 0, repetition: 0) }
            for index in codes.indices { leaf.entry(definition: 1, repetition: index == 0 ? 0 : 1) }
        }
        let arena = memtable.arena, entries = column.interner.entries
        leaf.values = .dictionary(CodedTexts(cells.flatMap { $0 }, codeCount: entries.count) { arena.bytes(entries[Int($0)]) })
        return leaf
    }

    private func attributeMap(_ texts: MapTexts) throws -> AttributeMapColumn {
        guard memtable.mapAttributes.count > 0 else { return AttributeMapColumn(depth: 0, absentRowCount: rows.count) }
        var map = AttributeMapColumn(depth: 0)
        for row in rows {
            map.begin(repetition: 0)
            for index in list(memtable.attributeEnds, row) {
                let cell = memtable.mapAttributes[index]
                try texts.withText(of: cell) { map.append(key: cell.keyCode, $0, tag: $1) }
            }
            map.end()
        }
        return map
    }

    /// Resource attributes without a column. The `resource` column has the whole message; this one is for readers that do
    /// not decode it, and leaves out what is too long to repeat on every row.
    private func writeResourceMap() throws {
        let columnKeys = Set(schema.resourceKeys.map(\.key.key))
        var keys: [String: UInt32] = [:]
        var keyTexts: [[UInt8]] = []
        let resources = memtable.resources.all.map { entry -> [(key: UInt32, text: [UInt8], tag: UInt8)] in
            var seen = Set<String>()
            return entry.attributes.compactMap { attribute in
                if columnKeys.contains(attribute.key), attribute.value.isString { return nil }
                let (text, tag) = StoredValue.encode(attribute.value)
                guard text.count <= StoreLimits.maximumInlineValueByteCount, seen.insert(attribute.key).inserted else { return nil }
                let key = keys[attribute.key] ?? UInt32(keyTexts.count)
                if Int(key) == keyTexts.count {
                    keys[attribute.key] = key
                    keyTexts.append(Array(attribute.key.utf8))
                }
                return (key, text, tag)
            }
        }
        var map = AttributeMapColumn(depth: 0, absentRowCount: keyTexts.isEmpty ? rows.count : 0)
        if !keyTexts.isEmpty {
            for code in resourceCodes {
                map.begin(repetition: 0)
                for entry in resources[Int(code)] { entry.text.withUnsafeBytes { map.append(key: entry.key, $0, tag: entry.tag) } }
                map.end()
            }
        }
        let leaves = Self.withTexts(keyTexts) { map.leaves(keyCount: keyTexts.count, $0) }
        for leaf in leaves { try columns.writeNested(leaf) }
    }

    /// The maps of a list's elements and, of each, the attributes that do not fit in it: keys that come again, encoded.
    private func nestedMaps(
        _ ends: AppendOnlyBuffer<UInt32>, elementCount: Int, _ texts: MapTexts, _ attributes: (Int) -> (start: UInt32, count: UInt32)
    ) throws -> (AttributeMapColumn, duplicates: [UInt32: [UInt8]]) {
        guard elementCount > 0 else { return (AttributeMapColumn(depth: 1, absentRowCount: rows.count), [:]) }
        var map = AttributeMapColumn(depth: 1)
        var duplicates: [UInt32: [UInt8]] = [:]
        for row in rows {
            let elements = list(ends, row)
            if elements.isEmpty { map.appendAbsentRow() }
            for element in elements {
                let (start, count) = attributes(element)
                let others = try appendMap(Int(start)..<Int(start) + Int(count), to: &map, texts, isFirst: element == elements.lowerBound)
                if !others.isEmpty { duplicates[UInt32(element)] = AttributeValueEncoder.encodeList(.keyValueList(others)) }
            }
        }
        return (map, duplicates)
    }

    /// Answers the attributes whose key the map has already.
    private func appendMap(_ range: Range<Int>, to map: inout AttributeMapColumn, _ texts: MapTexts, isFirst: Bool) throws -> [KeyValue] {
        var others: [KeyValue] = []
        var seen: Set<UInt32> = []
        map.begin(repetition: isFirst ? 0 : 1)
        for index in range {
            let cell = memtable.nestedAttributes[index]
            // A few are compared with each other sooner than a set is made of them.
            let isNew =
                range.count > 16
                ? seen.insert(cell.keyCode).inserted
                : !(range.lowerBound..<index).contains { memtable.nestedAttributes[$0].keyCode == cell.keyCode }
            if isNew {
                try texts.withText(of: cell) { map.append(key: cell.keyCode, $0, tag: $1) }
            } else {
                others.append(KeyValue(memtable.arena.string(memtable.keys.entries[Int(cell.keyCode)]), try memtable.value(of: cell)))
            }
        }
        map.end()
        return others
    }

    private static func texts(_ duplicates: [UInt32: [UInt8]], in layout: ListLayout) -> NestedLeaf {
        guard !duplicates.isEmpty else { return layout.leaf(.text(offsets: [0], bytes: [], .dictionary)) }
        var leaf = layout.leaf(.text(offsets: [0], bytes: [], .dictionary)) { duplicates[$0] != nil }
        for element in layout.elements { if let text = duplicates[element] { leaf.append(text) } }
        return leaf
    }

    private func writeEvents(_ texts: MapTexts) throws {
        let events = memtable.events, layout = layout(memtable.eventEnds, elementCount: events.count)
        let (map, duplicates) = try nestedMaps(memtable.eventEnds, elementCount: events.count, texts) {
            (events[$0].attributeStart, events[$0].attributeCount)
        }
        let arena = memtable.arena, names = memtable.eventNames.entries
        let nameCodes = layout.elements.map { events[Int($0)].nameCode }
        try columns.writeNested(layout.leaf(.int64(layout.elements.map { Int64(bitPattern: events[Int($0)].timeUnixNano) })))
        try columns.writeNested(
            layout.leaf(.dictionary(CodedTexts(nameCodes, codeCount: names.count) { arena.bytes(names[Int($0)]) })))
        try writeMap(map)
        try columns.writeNested(Self.texts(duplicates, in: layout))
        try columns.writeNested(
            layout.leaf(.int32(layout.elements.map { Int32(bitPattern: events[Int($0)].droppedAttributesCount) })))
    }

    private func writeLinks(_ texts: MapTexts) throws {
        let links = memtable.links, layout = layout(memtable.linkEnds, elementCount: links.count)
        let (map, duplicates) = try nestedMaps(memtable.linkEnds, elementCount: links.count, texts) {
            (links[$0].attributeStart, links[$0].attributeCount)
        }
        var states = layout.leaf(.text(offsets: [0], bytes: [], .dictionary))
        for element in layout.elements { states.append(memtable.arena.bytes(links[Int(element)].traceState)) }
        let traces = layout.elements.flatMap { [links[Int($0)].traceHigh, links[Int($0)].traceLow] }
        try columns.writeNested(layout.leaf(.fixed(Self.bytes(of: traces), width: 16)))
        try columns.writeNested(layout.leaf(.fixed(Self.bytes(of: layout.elements.map { links[Int($0)].spanID }), width: 8)))
        try columns.writeNested(states)
        try writeMap(map)
        try columns.writeNested(Self.texts(duplicates, in: layout))
        try columns.writeNested(
            layout.leaf(.int32(layout.elements.map { Int32(bitPattern: links[Int($0)].droppedAttributesCount) })))
        try columns.writeNested(layout.leaf(.int32(layout.elements.map { Int32(bitPattern: links[Int($0)].flags) })))
    }

    private func writePayloadReferences() throws {
        let cells = memtable.payloadCells, layout = layout(memtable.payloadEnds, elementCount: memtable.payloadCells.count)
        let elements = layout.elements.map { cells[Int($0)] }
        func write(_ name: String, _ leaf: NestedLeaf) throws {
            var leaf = leaf
            leaf.isRepetitive = SpanSchema.isRepetitive(["payloads", name])
            try columns.writeNested(leaf)
        }
        let arena = memtable.arena, places = memtable.payloadPlaces.entries
        try write(
            "place",
            layout.leaf(.dictionary(CodedTexts(elements.map(\.placeCode), codeCount: places.count) { arena.bytes(places[Int($0)]) })))
        let base = Int64(sequence) << 32
        try write("payload_id", layout.leaf(.int64(elements.map { base | Int64($0.ordinal) })))
        try write("byte_count", layout.leaf(.int64(elements.map { Int64($0.byteCount) })))
        try write("type", layout.leaf(.int32(elements.map { Int32($0.type) })))
        let partCounts = elements.compactMap { $0.partCount > 0 ? Int32($0.partCount) : nil }
        try write(SpanSchema.partCountColumn, layout.leaf(.int32(partCounts)) { cells[Int($0)].partCount > 0 })
    }
}

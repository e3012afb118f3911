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
    private var columns: SegmentColumns
    /// Memtable row -> place in `rows`.
    private let places: [UInt32]

    private static let deltas = ColumnOptions(encoding: .deltaBinaryPacked, compression: .uncompressed)

    init(memtable: Memtable, rows: [UInt32], schema: SpanSchema, sequence: UInt64, writer: ParquetFileWriter) {
        self.memtable = memtable
        self.rows = rows
        self.schema = schema
        self.sequence = sequence
        columns = SegmentColumns(writer: writer)
        places = SegmentOrder.places(of: rows, rowCount: memtable.visibleRowCount)
    }

    consuming func write() throws {
        try writeIdentity()
        try writeSpan()
        try writeResourceAndScope()
        try writeFields()
        try writeRecordKinds()
        try writePromoted()
        try writeLists()
    }

    // MARK: Gathering

    private func gather<T>(_ buffer: AppendOnlyBuffer<T>) -> [T] { rows.map { buffer[Int($0)] } }

    private func gather(_ column: SparseTextColumn) -> [UInt32] {
        var gathered = [UInt32](repeating: SegmentColumns.null, count: rows.count)
        gathered.withUnsafeMutableBufferPointer { gathered in
            places.withUnsafeBufferPointer { places in
                column.rows.forEachStretch(with: column.codes, 0..<column.rows.count) { cellRows, codes in
                    for cell in 0..<cellRows.count {
                        let place = places[Int(cellRows[cell])]
                        if place != SegmentOrder.absent { gathered[Int(place)] = codes[cell] }
                    }
                }
            }
        }
        return gathered
    }

    private func gather(_ column: SparseColumn) -> (values: [UInt64], levels: [UInt8]) {
        var dense = [UInt64](repeating: 0, count: rows.count)
        var levels = [UInt8](repeating: 0, count: rows.count)
        dense.withUnsafeMutableBufferPointer { dense in
            levels.withUnsafeMutableBufferPointer { levels in
                places.withUnsafeBufferPointer { places in
                    column.rows.forEachStretch(with: column.values, 0..<column.rows.count) { cellRows, values in
                        for cell in 0..<cellRows.count {
                            let place = places[Int(cellRows[cell])]
                            if place != SegmentOrder.absent {
                                dense[Int(place)] = values[cell]
                                levels[Int(place)] = 1
                            }
                        }
                    }
                }
            }
        }
        // Values that are there move to the front.
        var count = 0
        dense.withUnsafeMutableBufferPointer { dense in
            for place in 0..<dense.count {
                dense[count] = dense[place]
                count &+= Int(levels[place])
            }
        }
        dense.removeLast(dense.count - count)
        return (dense, levels)
    }

    private mutating func writeText(_ column: SparseTextColumn) throws {
        let arena = memtable.arena
        try columns.writeText(codes: gather(column), codeCount: column.interner.entries.count) {
            arena.bytes(column.interner.entries[Int($0)])
        }
    }

    /// A text that follows from a code: one of `texts`, nil for null.
    private mutating func writeDerived(_ codes: [UInt32], _ texts: [[UInt8]?], isOptional: Bool = true) throws {
        let absent = Set(texts.indices.filter { texts[$0] == nil }.map { UInt32($0) })
        let codes = absent.isEmpty ? codes : codes.map { absent.contains($0) ? SegmentColumns.null : $0 }
        var offsets = [0]
        var bytes: [UInt8] = []
        for text in texts {
            bytes += text ?? []
            offsets.append(bytes.count)
        }
        try bytes.withUnsafeBytes { raw in
            try columns.writeText(codes: codes, codeCount: texts.count, isOptional: isOptional) { code in
                UnsafeRawBufferPointer(rebasing: raw[offsets[Int(code)]..<offsets[Int(code) + 1]])
            }
        }
    }

    // MARK: Columns in schema order

    private mutating func writeIdentity() throws {
        let highs = gather(memtable.traceHighs), lows = gather(memtable.traceLows)
        var traceCount = 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * 16)
        for place in rows.indices {
            if place == 0 || highs[place] != highs[place - 1] || lows[place] != lows[place - 1] { traceCount += 1 }
            withUnsafeBytes(of: highs[place].bigEndian) { bytes.append(contentsOf: $0) }
            withUnsafeBytes(of: lows[place].bigEndian) { bytes.append(contentsOf: $0) }
        }
        try columns.writeFixed(
            bytes, width: 16, options: ColumnOptions(encoding: .plain, maximumPageRowCount: 4096, bloomFilterDistinctCount: traceCount))

        let spanIDs = gather(memtable.spanIDs), parents = gather(memtable.parentSpanIDs)
        bytes.removeAll(keepingCapacity: true)
        for id in spanIDs { withUnsafeBytes(of: id.bigEndian) { bytes.append(contentsOf: $0) } }
        try columns.writeFixed(
            bytes, width: 8, options: ColumnOptions(encoding: .plain, compression: .uncompressed, writesStatistics: false))

        bytes.removeAll(keepingCapacity: true)
        for id in parents where id != 0 { withUnsafeBytes(of: id.bigEndian) { bytes.append(contentsOf: $0) } }
        try columns.writeOptionalFixed(
            bytes, width: 8, levels: parents.map { $0 == 0 ? 0 : 1 }, options: ColumnOptions(encoding: .plain, writesStatistics: false))

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

    private mutating func writeSpan() throws {
        try columns.write(gather(memtable.startTimes).map { Int64(bitPattern: $0) }, options: Self.deltas)
        try columns.write(gather(memtable.durations), options: ColumnOptions(encoding: .byteStreamSplit))
        let arena = memtable.arena, names = memtable.names.interner
        try columns.writeText(codes: gather(memtable.names.codes), codeCount: names.entries.count, isOptional: false) {
            arena.bytes(names.entries[Int($0)])
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

    private mutating func writeResourceAndScope() throws {
        let resources = memtable.resources.all, scopes = memtable.scopes.all
        let resourceCodes = gather(memtable.resourceCodes), scopeCodes = gather(memtable.scopeCodes)
        func text(_ text: String) -> [UInt8]? { text.isEmpty ? nil : Array(text.utf8) }
        try writeDerived(resourceCodes, resources.map(\.resource.encoded))
        try writeDerived(resourceCodes, resources.map { text($0.resource.schemaURL) })
        try writeDerived(scopeCodes, scopes.map(\.scope.encoded))
        try writeDerived(scopeCodes, scopes.map { text($0.scope.schemaURL) })
        try writeDerived(scopeCodes, scopes.map { text($0.name) })
        try writeDerived(scopeCodes, scopes.map { text($0.version) })
    }

    private mutating func writeFields() throws {
        try writeDerived(gather(memtable.llmKinds).map { UInt32($0) }, LLMKind.allCases.map { Array($0.name.utf8) }, isOptional: false)
        for column in memtable.llmTexts { try writeText(column) }
        for (field, column) in zip(LLMNumberField.allCases, memtable.llmNumbers) {
            let (values, levels) = gather(column)
            try columns.writeOptionalNumbers(values, levels: levels, as: field.isAmount ? .double : .int64)
        }
        let arena = memtable.arena, keys = memtable.keys
        for column in [memtable.inputKeys, memtable.outputKeys] {
            var codes = [UInt32](repeating: SegmentColumns.null, count: rows.count)
            for cell in 0..<column.rows.count {
                let place = places[Int(column.rows[cell])]
                if place != SegmentOrder.absent { codes[Int(place)] = UInt32(column.values[cell]) }
            }
            try columns.writeText(codes: codes, codeCount: keys.entries.count) { arena.bytes(keys.entries[Int($0)]) }
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

    private mutating func writeRecordKinds() throws {
        let isEvent = events()
        let codes = isEvent.isEmpty ? [UInt32](repeating: 0, count: rows.count) : isEvent.map { $0 ? 1 : 0 }
        try writeDerived(codes, [RecordKind.span, .event].map { Array($0.rawValue.utf8) }, isOptional: false)
    }

    private mutating func writePromoted() throws {
        for (index, key) in schema.spanKeys {
            if let texts = memtable.promotedTexts[index] {
                try writeText(texts)
            } else if let numbers = memtable.promotedNumbers[index] {
                let (values, levels) = gather(numbers)
                try columns.writeOptionalNumbers(values, levels: levels, as: SpanSchema.physicalType(key.attributeType))
            }
        }
        let resources = memtable.resources.all
        let resourceCodes = gather(memtable.resourceCodes)
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

    private func list(_ ends: AppendOnlyBuffer<UInt32>, _ row: UInt32) -> Range<Int> {
        (row == 0 ? 0 : Int(ends[Int(row) - 1]))..<Int(ends[Int(row)])
    }

    private mutating func writeLists() throws {
        try columns.writeNested(tags())
        try writeMap(try attributeMap())
        try writeText(memtable.duplicateAttributes)
        try writeMap(resourceMap())
        try writeEvents()
        try writeLinks()
        try writePayloadReferences()
    }

    private mutating func writeMap(_ map: AttributeMapColumn) throws {
        try columns.writeNested(map.keys)
        try columns.writeNested(map.values)
        try columns.writeNested(map.types)
    }

    private func tags() -> NestedLeaf {
        let column = memtable.tags
        var cells = [[UInt32]](repeating: [], count: column.rows.count == 0 ? 0 : rows.count)
        for cell in 0..<column.rows.count {
            let place = places[Int(column.rows[cell])]
            if place != SegmentOrder.absent { cells[Int(place)].append(column.codes[cell]) }
        }
        var leaf = NestedLeaf.text()
        if cells.isEmpty { leaf.absentEntries(rows.count) }
        for place in cells.indices {
            let codes = cells[place]
            if codes.isEmpty { leaf.entry(definition: 0, repetition: 0) }
            for (index, code) in codes.enumerated() {
                leaf.entry(definition: 1, repetition: index == 0 ? 0 : 1)
                leaf.append(memtable.arena.bytes(column.interner.entries[Int(code)]))
            }
        }
        return leaf
    }

    private func entry(_ cell: AttributeCell) throws -> AttributeMapColumn.Entry {
        let key = memtable.arena.bytes(memtable.keys.entries[Int(cell.keyCode)])
        if cell.type == AttributeType.string.rawValue {
            return .init(key: Array(key), text: Array(memtable.arena.bytes(ArenaText(bits: cell.bits))), tag: cell.type)
        }
        let (text, tag) = StoredValue.encode(try memtable.value(of: cell))
        return .init(key: Array(key), text: text, tag: tag)
    }

    private func attributeMap() throws -> AttributeMapColumn {
        var map = AttributeMapColumn(depth: 0)
        if memtable.mapAttributes.count == 0 { map.appendAbsentRows(rows.count) }
        for row in rows where memtable.mapAttributes.count > 0 {
            map.append(try list(memtable.attributeEnds, row).map { try entry(memtable.mapAttributes[$0]) }, repetition: 0)
        }
        return map
    }

    /// Resource attributes without a column. The `resource` column has the whole message; this one is for readers that do
    /// not decode it, and leaves out what is too long to repeat on every row.
    private func resourceMap() -> AttributeMapColumn {
        let columnKeys = Set(schema.resourceKeys.map(\.key.key))
        let resources = memtable.resources.all.map { entry -> [AttributeMapColumn.Entry] in
            var seen = Set<String>()
            return entry.attributes.compactMap { attribute in
                if columnKeys.contains(attribute.key), attribute.value.isString { return nil }
                let (text, tag) = StoredValue.encode(attribute.value)
                guard text.count <= StoreLimits.maximumInlineValueByteCount, seen.insert(attribute.key).inserted else { return nil }
                return .init(key: Array(attribute.key.utf8), text: text, tag: tag)
            }
        }
        var map = AttributeMapColumn(depth: 0)
        if resources.allSatisfy(\.isEmpty) {
            map.appendAbsentRows(rows.count)
            return map
        }
        for row in rows {
            let entries = resources[Int(memtable.resourceCodes[Int(row)])]
            map.append(entries, repetition: 0)
        }
        return map
    }

    private mutating func writeEvents() throws {
        // time, name | attributes | attributes_duplicate, dropped_attributes_count
        var list = NestedColumns([NestedLeaf(values: .int64([])), .text(), .text(), NestedLeaf(values: .int32([]))])
        var map = AttributeMapColumn(depth: 1)
        if memtable.events.count == 0 {
            list.appendAbsentRows(rows.count)
            map.appendAbsentRows(rows.count)
        }
        for row in rows where memtable.events.count > 0 {
            let range = self.list(memtable.eventEnds, row)
            if range.isEmpty {
                list.appendAbsentRow()
                map.appendAbsent(definition: 0, repetition: 0)
            }
            for index in range {
                let event = memtable.events[index]
                let repetition: UInt8 = index == range.lowerBound ? 0 : 1
                let (entries, duplicates) = try nestedEntries(event.attributeStart, event.attributeCount)
                list.beginElement(repetition: repetition, nullable: 2, isNull: duplicates.isEmpty)
                list.leaves[0].append(Int64(bitPattern: event.timeUnixNano))
                list.leaves[1].append(memtable.arena.bytes(memtable.eventNames.entries[Int(event.nameCode)]))
                if !duplicates.isEmpty { list.leaves[2].append(duplicates) }
                list.leaves[3].append(Int32(bitPattern: event.droppedAttributesCount))
                map.append(entries, repetition: repetition)
            }
        }
        try columns.writeNested(list.leaves[0])
        try columns.writeNested(list.leaves[1])
        try writeMap(map)
        try columns.writeNested(list.leaves[2])
        try columns.writeNested(list.leaves[3])
    }

    private mutating func writeLinks() throws {
        // trace_id, span_id, trace_state | attributes | attributes_duplicate, dropped_attributes_count, flags
        var list = NestedColumns([
            NestedLeaf(values: .fixed([], width: 16)), NestedLeaf(values: .fixed([], width: 8)), .text(), .text(),
            NestedLeaf(values: .int32([])), NestedLeaf(values: .int32([])),
        ])
        var map = AttributeMapColumn(depth: 1)
        if memtable.links.count == 0 {
            list.appendAbsentRows(rows.count)
            map.appendAbsentRows(rows.count)
        }
        for row in rows where memtable.links.count > 0 {
            let range = self.list(memtable.linkEnds, row)
            if range.isEmpty {
                list.appendAbsentRow()
                map.appendAbsent(definition: 0, repetition: 0)
            }
            for index in range {
                let link = memtable.links[index]
                let repetition: UInt8 = index == range.lowerBound ? 0 : 1
                let (entries, duplicates) = try nestedEntries(link.attributeStart, link.attributeCount)
                list.beginElement(repetition: repetition, nullable: 3, isNull: duplicates.isEmpty)
                list.leaves[0].append(fixed: TraceID(high: link.traceHigh, low: link.traceLow).bytes)
                list.leaves[1].append(fixed: SpanID(rawValue: link.spanID).bytes)
                list.leaves[2].append(memtable.arena.bytes(link.traceState))
                if !duplicates.isEmpty { list.leaves[3].append(duplicates) }
                list.leaves[4].append(Int32(bitPattern: link.droppedAttributesCount))
                list.leaves[5].append(Int32(bitPattern: link.flags))
                map.append(entries, repetition: repetition)
            }
        }
        for leaf in list.leaves[0...2] { try columns.writeNested(leaf) }
        try writeMap(map)
        for leaf in list.leaves[3...5] { try columns.writeNested(leaf) }
    }

    /// The attributes of an event or link: the first of each key for the map, the others encoded.
    private func nestedEntries(_ start: UInt32, _ count: UInt32) throws -> ([AttributeMapColumn.Entry], duplicates: [UInt8]) {
        let range = Int(start)..<Int(start) + Int(count)
        var seen = Set<UInt32>()
        var first: [Int] = []
        var others: [KeyValue] = []
        for index in range {
            let cell = memtable.nestedAttributes[index]
            if seen.insert(cell.keyCode).inserted {
                first.append(index)
            } else {
                others.append(KeyValue(memtable.arena.string(memtable.keys.entries[Int(cell.keyCode)]), try memtable.value(of: cell)))
            }
        }
        let entries = try first.map { try entry(memtable.nestedAttributes[$0]) }
        return (entries, others.isEmpty ? [] : AttributeValueEncoder.encodeList(.keyValueList(others)) ?? [])
    }

    private mutating func writePayloadReferences() throws {
        let names = ["place", "payload_id", "byte_count", "type", SpanSchema.partCountColumn]
        var list = NestedColumns([
            .text(), NestedLeaf(values: .int64([])), NestedLeaf(values: .int64([])), NestedLeaf(values: .int32([])),
            NestedLeaf(values: .int32([])),
        ])
        for (leaf, name) in names.enumerated() { list.leaves[leaf].isRepetitive = SpanSchema.isRepetitive(["payloads", name]) }
        for row in rows {
            let range = self.list(memtable.payloadEnds, row)
            if range.isEmpty { list.appendAbsentRow() }
            for index in range {
                let cell = memtable.payloadCells[index]
                list.beginElement(repetition: index == range.lowerBound ? 0 : 1, nullable: 4, isNull: cell.partCount == 0)
                list.leaves[0].append(memtable.arena.bytes(memtable.payloadPlaces.entries[Int(cell.placeCode)]))
                list.leaves[1].append(Int64(sequence) << 32 | Int64(cell.ordinal))
                list.leaves[2].append(Int64(cell.byteCount))
                list.leaves[3].append(Int32(cell.type))
                if cell.partCount > 0 { list.leaves[4].append(Int32(cell.partCount)) }
            }
        }
        for leaf in list.leaves { try columns.writeNested(leaf) }
    }
}

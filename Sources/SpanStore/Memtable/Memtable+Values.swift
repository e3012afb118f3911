import ByteCoding
import OTLP
import TraceModel

/// Single values and whole spans out of a memtable: the read side that goes row by row.
extension Memtable {
    /// The code of an attribute key that some row has; nil when none has.
    func code(ofKey key: String) -> UInt32? {
        let wanted = Array(key.utf8)
        for code in 0..<keys.entries.publishedCount where arena.bytes(keys.entries[code]).elementsEqual(wanted) { return UInt32(code) }
        return nil
    }

    func referredKey(_ column: SparseColumn, row: Int) -> UInt32? {
        value(column, row: row).map { UInt32($0) }
    }

    /// Rows below `end` whose newer version lies below it too.
    func supersededRows(visibleBelow end: Int) -> [Int32] {
        let rows = supersededRows.array(0..<supersededRows.publishedCount).map { Int32($0) }
        // A mask is published with the batch of its successor: filtered so that an older snapshot never loses a row.
        let ids = rowIDs
        return rows.filter { row in
            guard Int(row) < end else { return false }
            let newest = traceIndex.rows(of: ids.traceID(UInt32(row)), ids: ids, end: end).last {
                ids.spanID(UInt32($0)) == ids.spanID(UInt32(row)) && !isEvent(row: $0)
            }
            return newest != row
        }.sorted()
    }

    /// Rows below `end` that are event records.
    func eventRows(visibleBelow end: Int) -> [Int32] {
        let published = eventRows.publishedCount
        guard published > 0 else { return [] }
        return eventRows.array(0..<eventRows.lowerBound(UInt32(end), end: published)).map { Int32($0) }
    }

    private func isEvent(row: Int32) -> Bool {
        let end = eventRows.publishedCount
        guard end > 0 else { return false }
        let place = eventRows.lowerBound(UInt32(row), end: end)
        return place < end && eventRows[place] == UInt32(row)
    }

    private func value(_ column: SparseColumn, row: Int) -> UInt64? {
        let end = column.rows.publishedCount
        let cell = column.rows.lowerBound(UInt32(row), end: end)
        return cell < end && column.rows[cell] == UInt32(row) ? column.values[cell] : nil
    }

    private func text(_ column: SparseTextColumn, row: Int) -> ArenaText? {
        let end = column.rows.publishedCount
        let cell = column.rows.lowerBound(UInt32(row), end: end)
        return cell < end && column.rows[cell] == UInt32(row) ? column.interner.entries[Int(column.codes[cell])] : nil
    }

    private func list(_ ends: AppendOnlyBuffer<UInt32>, row: Int) -> Range<Int> { (row == 0 ? 0 : Int(ends[row - 1]))..<Int(ends[row]) }

    /// Where the value of a key lies in a row.
    private enum Location {
        /// Of the cells of its pieces.
        case payload(Range<Int>)
        case text(ArenaText)
        case number(UInt64, AttributeType)
        case map(AttributeCell)
    }

    private func location(keyCode: UInt32, row: Int) -> Location? {
        let key = arena.bytes(keys.entries[Int(keyCode)])
        for cells in longValues(row: row) {
            let place = arena.bytes(payloadPlaces.entries[Int(payloadCells[cells.lowerBound].placeCode)])
            if place.count == key.count + Self.attributePlacePrefix.count, place.starts(with: Self.attributePlacePrefix),
                place.dropFirst(Self.attributePlacePrefix.count).elementsEqual(key)
            {
                return .payload(cells)
            }
        }
        if let column = registry.spanKeys.firstIndex(where: { $0.key.utf8.elementsEqual(key) }) {
            if let texts = promotedTexts[column], let text = text(texts, row: row) { return .text(text) }
            if let numbers = promotedNumbers[column], let bits = value(numbers, row: row) {
                return .number(bits, registry.spanKeys[column].attributeType)
            }
        }
        for index in list(attributeEnds, row: row) where mapAttributes[index].keyCode == keyCode { return .map(mapAttributes[index]) }
        return nil
    }

    static let attributePlacePrefix = Array("attributes.".utf8)

    /// Whether a promoted key also has values outside of its column: of another type, or among the payloads.
    func hasOtherValues(keyCode: UInt32, rowCount: Int) -> Bool {
        let name = Self.attributePlacePrefix + Array(arena.bytes(keys.entries[Int(keyCode)]))
        for code in 0..<payloadPlaces.entries.publishedCount where arena.bytes(payloadPlaces.entries[code]).elementsEqual(name) {
            return true
        }
        for index in 0..<mapAttributes.publishedCount where mapAttributes[index].keyCode == keyCode { return true }
        return false
    }

    func attributeValue(keyCode: UInt32, row: Int) throws -> AttributeValue? {
        guard let location = location(keyCode: keyCode, row: row) else { return nil }
        switch location {
        case .text(let text): return .string(arena.string(text))
        case .number(let bits, let type): return Self.number(bits, type)
        case .map(let cell): return try value(of: cell)
        case .payload(let cells): return try payloadValues([cells]).first
        }
    }

    private static func number(_ bits: UInt64, _ type: AttributeType) -> AttributeValue {
        switch type {
        case .bool: .bool(bits != 0)
        case .double: .double(Double(bitPattern: bits))
        default: .int(Int64(bitPattern: bits))
        }
    }

    /// The value of a cell; arrays and lists are decoded.
    func value(of cell: AttributeCell) throws -> AttributeValue {
        guard let type = AttributeType(rawValue: cell.type) else { throw StoreError(.corrupt, "attribute type \(cell.type) in a memtable") }
        let text = ArenaText(bits: cell.bits)
        switch type {
        case .string: return .string(arena.string(text))
        case .bytes: return .bytes(Array(arena.bytes(text)))
        case .array: return try AttributeValueDecoder.decodeArray(arena.bytes(text))
        case .keyValueList: return try AttributeValueDecoder.decodeKeyValueList(arena.bytes(text))
        case .empty: return .empty
        case .bool, .int, .double: return Self.number(cell.bits, type)
        }
    }

    /// The cells of each long value of a row.
    private func longValues(row: Int) -> [Range<Int>] {
        let cells = list(payloadEnds, row: row)
        var values: [Range<Int>] = [], start = cells.lowerBound
        while start < cells.upperBound {
            var end = start + 1
            while end < cells.upperBound, payloadCells[end].placeCode == payloadCells[start].placeCode { end += 1 }
            values.append(start..<end)
            start = end
        }
        return values
    }

    /// Calls `body` with the texts of long values, each given by its cells, in any order.
    private func forEachLongText(_ values: [Range<Int>], _ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        var assembly = PayloadAssembly()
        for cells in values { assembly.append(cells.lazy.map { self.payloadCells[$0].run }) }
        try assembly.forEach(read: payloads.forEach, body)
    }

    private func payloadValues(_ cells: [Range<Int>]) throws -> [AttributeValue] {
        var values = [AttributeValue](repeating: .empty, count: cells.count)
        try forEachLongText(cells) { index, text in
            values[index] = try StoredValue.decode(text, tag: payloadCells[cells[index].lowerBound].type)
        }
        return values
    }

    /// The texts of the attribute that `keyCode` names for each row; payloads are read page by page.
    func forEachText(_ rows: [Int32], keyCode: (Int) -> UInt32?, _ body: (Int32, UnsafeRawBufferPointer) throws -> Void) throws {
        var waiting: [(row: Int32, cells: Range<Int>)] = []
        for row in rows {
            guard let code = keyCode(Int(row)), let location = location(keyCode: code, row: Int(row)) else { continue }
            switch location {
            case .payload(let cells): waiting.append((row, cells))
            case .text(let text): try body(row, arena.bytes(text))
            case .map(let cell) where cell.type == AttributeType.string.rawValue: try body(row, arena.bytes(ArenaText(bits: cell.bits)))
            case .map(let cell) where cell.type == AttributeType.array.rawValue || cell.type == AttributeType.keyValueList.rawValue:
                try StoredValue.encode(try value(of: cell)).text.withUnsafeBytes { try body(row, $0) }
            case .map, .number: continue
            }
        }
        try forEachLongText(waiting.map(\.cells)) { index, text in try body(waiting[index].row, text) }
    }

    // MARK: Whole spans

    func records(at rows: [Int32]) throws -> [SpanRecord] {
        let resources = self.resources.all, scopes = self.scopes.all
        let longValues = try longValues(of: rows)
        return try zip(rows, longValues).map { row, longValues in
            let row = Int(row)
            let start = startTimes[row]
            var record = SpanRecord(
                traceID: TraceID(high: traceHighs[row], low: traceLows[row]), spanID: SpanID(rawValue: spanIDs[row]),
                name: arena.string(names.interner.entries[Int(names.codes[row])]), startTimeUnixNano: start,
                endTimeUnixNano: start &+ UInt64(bitPattern: durations[row]))
            record.parentSpanID = SpanID(rawValue: parentSpanIDs[row])
            record.kind = spanKinds[row]
            record.flags = flags[row]
            record.traceState = text(traceStates, row: row).map { arena.string($0) } ?? ""
            if statusCodes[row] != Self.noStatus {
                record.status = .init(code: statusCodes[row], message: text(statusMessages, row: row).map { arena.string($0) } ?? "")
            }
            record.droppedAttributesCount = UInt32(value(droppedAttributesCounts, row: row) ?? 0)
            record.droppedEventsCount = UInt32(value(droppedEventsCounts, row: row) ?? 0)
            record.droppedLinksCount = UInt32(value(droppedLinksCounts, row: row) ?? 0)
            record.resource = resources[Int(resourceCodes[row])].resource
            record.scope = scopes[Int(scopeCodes[row])].scope
            record.events = try list(eventEnds, row: row).map { try event(events[$0]) }
            record.links = try list(linkEnds, row: row).map { try link(links[$0]) }
            try addAttributes(row: row, longValues, to: &record)
            record.llm = llm(row: row)
            return record
        }
    }

    /// The payloads of each row in their order. Each page is decompressed once, however many of the rows have something in it: a page
    /// takes a millisecond, and the spans of a trace lie close together.
    private func longValues(of rows: [Int32]) throws -> [[(placeCode: UInt32, value: AttributeValue)]] {
        let cells = rows.map { longValues(row: Int($0)) }
        var values = try payloadValues(cells.flatMap { $0 })[...]
        return cells.map { cells in
            defer { values.removeFirst(cells.count) }
            return zip(cells, values).map { (payloadCells[$0.lowerBound].placeCode, $1) }
        }
    }

    private func addAttributes(
        row: Int, _ longValues: [(placeCode: UInt32, value: AttributeValue)], to record: inout SpanRecord
    ) throws {
        for (index, key) in registry.spanKeys.enumerated() {
            if let texts = promotedTexts[index], let text = text(texts, row: row) {
                record.attributes.append(KeyValue(key.key, .string(arena.string(text))))
            } else if let numbers = promotedNumbers[index], let bits = value(numbers, row: row) {
                record.attributes.append(KeyValue(key.key, Self.number(bits, key.attributeType)))
            }
        }
        for index in list(attributeEnds, row: row) {
            record.attributes.append(
                KeyValue(arena.string(keys.entries[Int(mapAttributes[index].keyCode)]), try value(of: mapAttributes[index])))
        }
        for (placeCode, value) in longValues {
            PayloadPlace.put(value, at: arena.string(payloadPlaces.entries[Int(placeCode)]), into: &record)
        }
        if let text = text(duplicateAttributes, row: row),
            case .keyValueList(let pairs) = try AttributeValueDecoder.decodeKeyValueList(arena.bytes(text))
        {
            record.attributes += pairs
        }
    }

    private func nested(_ start: UInt32, _ count: UInt32) throws -> [KeyValue] {
        try (Int(start)..<Int(start) + Int(count)).map { index in
            KeyValue(arena.string(keys.entries[Int(nestedAttributes[index].keyCode)]), try value(of: nestedAttributes[index]))
        }
    }

    private func event(_ cell: EventCell) throws -> SpanRecord.Event {
        .init(
            timeUnixNano: cell.timeUnixNano, name: arena.string(eventNames.entries[Int(cell.nameCode)]),
            attributes: try nested(cell.attributeStart, cell.attributeCount), droppedAttributesCount: cell.droppedAttributesCount)
    }

    private func link(_ cell: LinkCell) throws -> SpanRecord.Link {
        .init(
            traceID: TraceID(high: cell.traceHigh, low: cell.traceLow), spanID: SpanID(rawValue: cell.spanID),
            traceState: arena.string(cell.traceState), attributes: try nested(cell.attributeStart, cell.attributeCount),
            droppedAttributesCount: cell.droppedAttributesCount, flags: cell.flags)
    }

    private func llm(row: Int) -> SpanRecord.LLM {
        var llm = SpanRecord.LLM()
        llm.kind = LLMKind(rawValue: llmKinds[row]) ?? .span
        for (field, column) in zip(LLMTextField.allCases, llmTexts) {
            if let text = text(column, row: row) { field.set(arena.string(text), in: &llm) }
        }
        for (field, column) in zip(LLMNumberField.allCases, llmNumbers) {
            if let bits = value(column, row: row) { field.set(bits: bits, in: &llm) }
        }
        llm.inputKey = referredKey(inputKeys, row: row).map { arena.string(keys.entries[Int($0)]) }
        llm.outputKey = referredKey(outputKeys, row: row).map { arena.string(keys.entries[Int($0)]) }
        let end = tags.rows.publishedCount
        var cell = tags.rows.lowerBound(UInt32(row), end: end)
        while cell < end, tags.rows[cell] == UInt32(row) {
            llm.tags.append(arena.string(tags.interner.entries[Int(tags.codes[cell])]))
            cell += 1
        }
        return llm
    }
}

/// The place of a payload in its span, as text: `attributes.KEY`, `events.N.attributes.KEY`, `links.N.attributes.KEY`.
enum PayloadPlace {
    static func put(_ value: AttributeValue, at place: String, into record: inout SpanRecord) {
        guard let (owner, rest) = place.splitAtDot else { return }
        if owner == "attributes" {
            record.attributes.append(KeyValue(rest, value))
            return
        }
        guard let (number, name) = rest.splitAtDot, let index = Int(number), let key = name.text(behind: "attributes.") else { return }
        if owner == "events", record.events.indices.contains(index) {
            record.events[index].attributes.append(KeyValue(key, value))
        } else if owner == "links", record.links.indices.contains(index) {
            record.links[index].attributes.append(KeyValue(key, value))
        }
    }
}

import ByteCoding
import OTLP
import Parquet
import TraceModel

/// Whole spans out of a row group: every column at the chosen rows, put together.
extension SegmentUnit {
    func records(at rows: [Int32]) throws -> [SpanRecord] {
        guard !rows.isEmpty else { return [] }
        let files = try handle.files()
        let selection = RowSelection(contiguous: rows)
        var unit = self
        unit.decoded = try DecodedLeaves(of: self, selection, files)
        return try unit.records(selection, files)
    }

    private func records(_ selection: RowSelection, _ files: SegmentFiles) throws -> [SpanRecord] {
        var records = try spans(selection, files)
        try addEnvelopes(selection, files, to: &records)
        try addAttributes(selection, files, to: &records)
        try addEvents(selection, files, to: &records)
        try addLinks(selection, files, to: &records)
        try addPayloads(selection, files, to: &records)
        try addDuplicates(selection, files, to: &records)
        try addFields(selection, files, to: &records)
        return records
    }

    func flat(_ column: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> ColumnVector {
        guard let index = files.leaf(column) else { throw StoreError(.corrupt, "a segment has no column \(column)") }
        return try leaf(index, rows, files).vector(rowCount: rows.count)
    }

    func integers(_ column: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> [Int64?] {
        guard case .int64(let values, let validity) = try flat(column, rows, files) else { return Array(repeating: nil, count: rows.count) }
        return values.indices.map { validity.isValid($0) ? values[$0] : nil }
    }

    func texts(_ column: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> [String?] {
        guard case .dictionary(let codes, let dictionary) = try flat(column, rows, files) else {
            return Array(repeating: nil, count: rows.count)
        }
        return codes.map { $0 == TextDictionary.null ? nil : dictionary[$0] }
    }

    private func spans(_ rows: RowSelection, _ files: SegmentFiles) throws -> [SpanRecord] {
        guard case .traceIDs(let traces) = try vectorOf(.traceID, rows), case .spanIDs(let spans) = try vectorOf(.spanID, rows),
            case .spanIDs(let parents) = try vectorOf(.parentSpanID, rows)
        else { throw StoreError(.corrupt, "a segment's id columns have another type") }
        let starts = try integers("start_time", rows, files), durations = try integers("duration", rows, files)
        let names = try texts("name", rows, files), states = try texts("trace_state", rows, files)
        let kinds = try integers("span_kind", rows, files), flags = try integers("flags", rows, files)
        let codes = try integers("status_code", rows, files), messages = try texts("status_message", rows, files)
        let droppedAttributes = try integers("dropped_attributes_count", rows, files)
        let droppedEvents = try integers("dropped_events_count", rows, files),
            droppedLinks = try integers("dropped_links_count", rows, files)
        return traces.indices.map { row in
            let start = UInt64(bitPattern: starts[row] ?? 0)
            var record = SpanRecord(
                traceID: traces[row], spanID: spans[row], name: names[row] ?? "", startTimeUnixNano: start,
                endTimeUnixNano: start &+ UInt64(bitPattern: durations[row] ?? 0))
            record.parentSpanID = parents[row]
            record.traceState = states[row] ?? ""
            record.kind = Int32(truncatingIfNeeded: kinds[row] ?? 0)
            record.flags = UInt32(truncatingIfNeeded: flags[row] ?? 0)
            record.status = codes[row].map { .init(code: Int32(truncatingIfNeeded: $0), message: messages[row] ?? "") }
            record.droppedAttributesCount = UInt32(truncatingIfNeeded: droppedAttributes[row] ?? 0)
            record.droppedEventsCount = UInt32(truncatingIfNeeded: droppedEvents[row] ?? 0)
            record.droppedLinksCount = UInt32(truncatingIfNeeded: droppedLinks[row] ?? 0)
            return record
        }
    }

    private func vectorOf(_ column: ScanColumn, _ rows: RowSelection) throws -> ColumnVector {
        switch rows {
        case .range(let range): try read(column, rows: range)
        case .list(let list): try gather(column, rows: list)
        }
    }

    private func addEnvelopes(_ rows: RowSelection, _ files: SegmentFiles, to records: inout [SpanRecord]) throws {
        func bytes(_ column: String) throws -> [[UInt8]?] {
            guard case .dictionary(let codes, let dictionary) = try flat(column, rows, files) else {
                return Array(repeating: nil, count: rows.count)
            }
            return codes.map { code in
                code == TextDictionary.null
                    ? nil : Array(dictionary.bytes[Int(dictionary.offsets[Int(code)])..<Int(dictionary.offsets[Int(code) + 1])])
            }
        }
        let resources = try bytes("resource"), resourceURLs = try texts("resource_schema_url", rows, files)
        let scopes = try bytes("scope"), scopeURLs = try texts("scope_schema_url", rows, files)
        for row in records.indices {
            records[row].resource = .init(encoded: resources[row], schemaURL: resourceURLs[row] ?? "")
            records[row].scope = .init(encoded: scopes[row], schemaURL: scopeURLs[row] ?? "")
        }
    }

    private func addAttributes(_ rows: RowSelection, _ files: SegmentFiles, to records: inout [SpanRecord]) throws {
        for (leaf, key) in files.attributeLeaves {
            if files.spans.isAllNull(rowGroup: rowGroup, leaf: leaf) { continue }
            for (row, value) in try self.leaf(leaf, rows, files).vector(rowCount: rows.count).attributeValues.enumerated() {
                if let value { records[row].attributes.append(KeyValue(key, value)) }
            }
        }
        for (row, entries) in try mapEntries(rows, files).enumerated() {
            for entry in entries { records[row].attributes.append(KeyValue(entry.key, try entry.value)) }
        }
    }

    /// Last, so that of a key that comes twice the value that counts stands first.
    private func addDuplicates(_ rows: RowSelection, _ files: SegmentFiles, to records: inout [SpanRecord]) throws {
        guard let index = files.leaf("attributes_duplicate") else {
            throw StoreError(.corrupt, "a segment has no column attributes_duplicate")
        }
        let duplicates = NestedRows(try leaf(index, rows, files), maximumDefinitionLevel: 1)
        for row in records.indices {
            if let encoded = duplicates.bytes(row), case .keyValueList(let pairs) = try AttributeValueDecoder.decodeKeyValueList(encoded) {
                records[row].attributes += pairs
            }
        }
    }

    func addEvents(_ rows: RowSelection, _ files: SegmentFiles, to records: inout [SpanRecord]) throws {
        if files.spans.isAllNull(rowGroup: rowGroup, leaf: try files.leaf("events", "list", "element", "name")) { return }
        let elements = try ListElements("events", rows, self, files)
        let times = try elements.leaf("time"), names = try elements.leaf("name"), dropped = try elements.leaf("dropped_attributes_count")
        for row in records.indices {
            for entry in names.rows[row] where names.values[entry] >= 0 {
                records[row].events.append(
                    .init(
                        timeUnixNano: UInt64(bitPattern: times.integer(entry) ?? 0), name: names.string(entry) ?? "", attributes: [],
                        droppedAttributesCount: UInt32(truncatingIfNeeded: dropped.integer(entry) ?? 0)))
            }
            for (index, attributes) in try elements.attributes(row: row).enumerated() { records[row].events[index].attributes = attributes }
        }
    }

    private func addLinks(_ rows: RowSelection, _ files: SegmentFiles, to records: inout [SpanRecord]) throws {
        if files.spans.isAllNull(rowGroup: rowGroup, leaf: try files.leaf("links", "list", "element", "trace_id")) { return }
        let elements = try ListElements("links", rows, self, files)
        let traces = try elements.leaf("trace_id"), spans = try elements.leaf("span_id"), states = try elements.leaf("trace_state")
        let dropped = try elements.leaf("dropped_attributes_count"), flags = try elements.leaf("flags")
        for row in records.indices {
            for entry in traces.rows[row] {
                guard let trace = traces.withText(entry, { TraceID(unchecked: $0.baseAddress.unsafelyUnwrapped) }),
                    let span = spans.withText(entry, { SpanID(unchecked: $0.baseAddress.unsafelyUnwrapped) })
                else { continue }
                records[row].links.append(
                    .init(
                        traceID: trace, spanID: span, traceState: states.string(entry) ?? "", attributes: [],
                        droppedAttributesCount: UInt32(truncatingIfNeeded: dropped.integer(entry) ?? 0),
                        flags: UInt32(truncatingIfNeeded: flags.integer(entry) ?? 0)))
            }
            for (index, attributes) in try elements.attributes(row: row).enumerated() { records[row].links[index].attributes = attributes }
        }
    }

    private func addPayloads(_ rows: RowSelection, _ files: SegmentFiles, to records: inout [SpanRecord]) throws {
        var references: [PayloadReference] = [], owners: [Int] = []
        for (row, list) in try (decoded?.payloadReferences ?? payloadReferences(rows, files)).enumerated() {
            references += list
            owners += Array(repeating: row, count: list.count)
        }
        var values = [AttributeValue](repeating: .empty, count: references.count)
        try forEachPayload(references, files) { index, text in values[index] = try StoredValue.decode(text, tag: references[index].tag) }
        for index in references.indices { PayloadPlace.put(values[index], at: references[index].place, into: &records[owners[index]]) }
    }

    private func addFields(_ rows: RowSelection, _ files: SegmentFiles, to records: inout [SpanRecord]) throws {
        for (row, fields) in try fields(rows, files).enumerated() { records[row].llm = fields }
    }

    /// What the mapping and the prices made of the rows, as answers have it.
    func fields(_ rows: RowSelection, _ files: SegmentFiles) throws -> [SpanRecord.LLM] {
        var fields = [SpanRecord.LLM](repeating: SpanRecord.LLM(), count: rows.count)
        func each<T>(_ values: [T?], _ set: (T, inout SpanRecord.LLM) -> Void) {
            for (row, value) in values.enumerated() { if let value { set(value, &fields[row]) } }
        }
        each(try texts("kind", rows, files)) { $1.kind = LLMKind(name: $0) ?? .span }
        each(try texts("input_attribute", rows, files)) { $1.inputKey = $0 }
        each(try texts("output_attribute", rows, files)) { $1.outputKey = $0 }
        for field in LLMTextField.allCases { each(try texts(field.rawValue, rows, files)) { field.set($0, in: &$1) } }
        for field in LLMNumberField.allCases {
            switch try flat(field.rawValue, rows, files) {
            case .int64(let values, let validity):
                each(values.indices.map { validity.isValid($0) ? UInt64(bitPattern: values[$0]) : nil }) { field.set(bits: $0, in: &$1) }
            case .double(let values, let validity):
                each(values.indices.map { validity.isValid($0) ? values[$0].bitPattern : nil }) { field.set(bits: $0, in: &$1) }
            default: break
            }
        }
        if decidesCosts {
            for row in fields.indices { fields[row].cost = fields[row].billedCost ?? fields[row].cost }
        }
        for (row, tags) in try tags(rows, files).enumerated() {
            if case .array(let values)? = tags {
                fields[row].tags = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
            }
        }
        return fields
    }
}

/// The elements of `events` or `links` of some rows, with their attribute maps.
private struct ListElements {
    private let name: String
    private let read: (String...) throws -> DecodedLeaf
    private let keys: NestedRows
    private let values: NestedRows
    private let types: NestedRows
    private let duplicates: NestedRows

    init(_ name: String, _ rows: RowSelection, _ unit: SegmentUnit, _ files: SegmentFiles) throws {
        self.name = name
        func nested(_ path: String, level: Int) throws -> NestedRows {
            NestedRows(try unit.leaf(files.leaf(path), rows, files), maximumDefinitionLevel: level)
        }
        let element = "\(name)/list/element"
        keys = try nested("\(element)/attributes/key_value/key", level: 2)
        values = try nested("\(element)/attributes/key_value/value", level: 2)
        types = try nested("\(element)/attribute_types", level: 2)
        duplicates = try nested("\(element)/attributes_duplicate", level: 2)
        read = { path in try unit.leaf(files.leaf("\(element)/\(path[0])"), rows, files) }
    }

    /// A leaf directly in the element.
    func leaf(_ column: String) throws -> NestedRows { NestedRows(try read(column), maximumDefinitionLevel: 1) }

    /// The attributes of each element of a row.
    func attributes(row: Int) throws -> [[KeyValue]] {
        var elements: [[KeyValue]] = []
        var place = 0
        for entry in keys.rows[row] {
            guard keys.definition(entry) > 0 || keys.leaf.definitionLevels == nil else { continue }  // no element at all
            if keys.repetition(entry) < 2 {
                elements.append([])
                place = 0
            }
            guard keys.values[entry] >= 0 else { continue }  // an element without attributes
            let tags = types.bytes(types.rows[row].lowerBound + elements.count - 1) ?? []
            let tag = place < tags.count ? tags[place] : AttributeType.string.rawValue
            let value = try values.withText(entry) { try StoredValue.decode($0, tag: tag) } ?? .empty
            elements[elements.count - 1].append(KeyValue(keys.string(entry) ?? "", value))
            place += 1
        }
        for index in elements.indices {
            if let encoded = duplicates.bytes(duplicates.rows[row].lowerBound + index),
                case .keyValueList(let pairs) = try AttributeValueDecoder.decodeKeyValueList(encoded)
            {
                elements[index] += pairs
            }
        }
        return elements
    }
}

/// The attributes of a resource message.
enum ResourceAttributes {
    static func decode(_ dictionary: TextDictionary, _ code: UInt32) throws -> [KeyValue] {
        try ResourceDecoder.decode(Array(dictionary.bytes[Int(dictionary.offsets[Int(code)])..<Int(dictionary.offsets[Int(code) + 1])]))
            .attributes
    }
}

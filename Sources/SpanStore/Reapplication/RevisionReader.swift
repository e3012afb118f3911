import ByteCoding
import GenAIConventions
import OTLP
import Parquet
import TraceModel

/// Reads rows of a row group as mapping and prices want them: ids, times, names, the attributes that some rule knows, and of those only
/// what it takes. A prompt that a field merely refers to is not read.
struct RevisionReader {
    private let unit: SegmentUnit
    private let files: SegmentFiles
    private let revision: FieldRevision
    private let maximumByteCount: Int
    private var uses: [String: AttributeUse?] = [:]

    init(_ unit: SegmentUnit, _ files: SegmentFiles, _ revision: FieldRevision, maximumByteCount: Int) {
        self.unit = unit
        self.files = files
        self.revision = revision
        self.maximumByteCount = maximumByteCount
    }

    private mutating func use(_ key: String) -> AttributeUse? {
        if let known = uses[key] { return known }
        let use = revision.mapping.use(ofKey: key, for: revision.readFields)
        // Keys are the senders': of a project that makes up new ones no more are remembered than of others.
        if uses.count >= 4_096 { uses.removeAll() }
        uses[key] = .some(use)
        return use
    }

    struct Rows {
        var batch: SpanBatch
        /// The status as it is stored.
        var statusCodes: [Int32?]
        var statusMessages: [String?]
    }

    /// Nil where the rows' values are too long to be read together, and there is more than one row.
    ///
    /// - Parameter stored: the fields of the rows.
    mutating func read(_ list: [Int32], _ record: RecordKind, stored: [SpanRecord.LLM]) throws -> Rows? {
        let rows = RowSelection(contiguous: list)
        var made = RevisionBatch(rowCount: list.count, record: record)
        try addColumns(rows, to: &made)
        try addMap(rows, to: &made)
        var long = try longValues(rows)
        guard long.byteCount <= maximumByteCount || list.count == 1 else { return nil }
        try addLong(&long, to: &made)
        try addDuplicates(rows, to: &made)
        let spans = try spans(rows, stored)
        if revision.subject == .mapping { try addEvents(list, spans, long.ofEvents, to: &made) }
        return Rows(
            batch: made.finish(spans), statusCodes: spans.map(\.statusCode), statusMessages: spans.map(\.statusMessage))
    }

    private func spans(_ rows: RowSelection, _ stored: [SpanRecord.LLM]) throws -> [RevisionBatch.Span] {
        let list = (0..<rows.count).map { rows.row($0) }
        guard case .traceIDs(let traces) = try unit.gather(.traceID, rows: list),
            case .spanIDs(let ids) = try unit.gather(.spanID, rows: list),
            case .spanIDs(let parents) = try unit.gather(.parentSpanID, rows: list)
        else { throw StoreError(.corrupt, "a segment's id columns have another type") }
        let starts = try unit.integers("start_time", rows, files), durations = try unit.integers("duration", rows, files)
        let isWhole = revision.subject == .mapping
        let names = isWhole ? try unit.texts("name", rows, files) : []
        let codes = isWhole ? try unit.integers("status_code", rows, files) : []
        let messages = isWhole ? try unit.texts("status_message", rows, files) : []
        return traces.indices.map { row in
            let start = UInt64(bitPattern: starts[row] ?? 0)
            return RevisionBatch.Span(
                traceID: traces[row], spanID: ids[row], parentSpanID: parents[row], startTimeUnixNano: start,
                endTimeUnixNano: start &+ UInt64(bitPattern: durations[row] ?? 0), name: isWhole ? names[row] ?? "" : "",
                statusCode: isWhole ? codes[row].map { Int32(truncatingIfNeeded: $0) } : nil, statusMessage: isWhole ? messages[row] : nil,
                references: isWhole ? [stored[row].inputKey, stored[row].outputKey].compactMap { $0 } : [])
        }
    }

    // MARK: Attributes

    private mutating func addColumns(_ rows: RowSelection, to made: inout RevisionBatch) throws {
        for leaf in files.spans.schema.leaves where leaf.path.count == 1 {
            guard let name = leaf.path[0].text(behind: SpanSchema.spanColumn("")), let use = use(name),
                !files.spans.isAllNull(rowGroup: unit.rowGroup, leaf: leaf.index)
            else { continue }
            let key = made.key(name, isListed: use.isListed)
            switch try unit.leaf(leaf.index, rows, files).vector(rowCount: rows.count) {
            case .dictionary(let codes, let dictionary):
                var ranges = [TraceModel.ByteRange](repeating: .none, count: dictionary.count)
                dictionary.bytes.withUnsafeBytes { bytes in
                    for (row, code) in codes.enumerated() where code != TextDictionary.null {
                        if ranges[Int(code)].isNone {
                            let offsets = dictionary.offsets
                            ranges[Int(code)] = made.text(
                                UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[Int(code)])..<Int(offsets[Int(code) + 1])]))
                        }
                        made.addText(ranges[Int(code)], key: key, row: row)
                    }
                }
            case let vector:
                for (row, value) in vector.attributeValues.enumerated() { if let value { made.add(value, key: key, row: row) } }
            }
        }
    }

    private mutating func addMap(_ rows: RowSelection, to made: inout RevisionBatch) throws {
        let keyLeaf = try files.leaf("attributes", "key_value", "key")
        if files.spans.isAllNull(rowGroup: unit.rowGroup, leaf: keyLeaf) { return }
        guard let typeLeaf = files.leaf("attribute_types") else { throw StoreError(.corrupt, "a segment has no column attribute_types") }
        let keys = NestedRows(try unit.leaf(keyLeaf, rows, files), maximumDefinitionLevel: 1)
        let known = knownKeys(keys.leaf, &made)
        guard known.contains(where: { $0 != nil }) else { return }
        let values = NestedRows(
            try unit.leaf(files.leaf("attributes", "key_value", "value"), rows, files), maximumDefinitionLevel: 1)
        let types = NestedRows(try unit.leaf(typeLeaf, rows, files), maximumDefinitionLevel: 1)
        for (row, entries) in keys.rows.enumerated() {
            var tags: [UInt8]?
            for entry in entries {
                guard keys.values[entry] >= 0, let key = known[Self.code(keys.leaf, Int(keys.values[entry]))] else { continue }
                if tags == nil { tags = types.bytes(types.rows[row].lowerBound) ?? [] }
                let place = entry - entries.lowerBound
                let tag = tags.flatMap { place < $0.count ? $0[place] : nil } ?? AttributeType.string.rawValue
                try values.withText(entry) { text in
                    if tag == AttributeType.string.rawValue {
                        made.addText(made.text(text), key: key, row: row)
                    } else {
                        made.add(try StoredValue.decode(text, tag: tag), key: key, row: row)
                    }
                }
            }
        }
    }

    /// The place of a value among the distinct ones of its leaf, where the leaf knows them.
    private static func code(_ leaf: DecodedLeaf, _ value: Int) -> Int {
        if case .dictionary(let codes, _, _) = leaf.values { Int(codes[value]) } else { value }
    }

    /// By `code`; nil for keys that nobody asks for.
    private mutating func knownKeys(_ leaf: DecodedLeaf, _ made: inout RevisionBatch) -> [UInt32?] {
        let offsets: [UInt32], bytes: [UInt8]
        switch leaf.values {
        case .dictionary(_, let all, let text), .byteArray(let all, let text): (offsets, bytes) = (all, text)
        default: return []
        }
        return (0..<max(0, offsets.count - 1)).map { place in
            let name = String(decoding: bytes[Int(offsets[place])..<Int(offsets[place + 1])], as: UTF8.self)
            return use(name).map { made.key(name, isListed: $0.isListed) }
        }
    }

    private mutating func addDuplicates(_ rows: RowSelection, to made: inout RevisionBatch) throws {
        guard let leaf = files.leaf("attributes_duplicate") else {
            throw StoreError(.corrupt, "a segment has no column attributes_duplicate")
        }
        if files.spans.isAllNull(rowGroup: unit.rowGroup, leaf: leaf) { return }
        let encoded = NestedRows(try unit.leaf(leaf, rows, files), maximumDefinitionLevel: 1)
        for row in 0..<rows.count {
            guard let bytes = encoded.bytes(row),
                case .keyValueList(let pairs) = try AttributeValueDecoder.decodeKeyValueList(bytes)
            else { continue }
            for pair in pairs {
                guard let use = use(pair.key) else { continue }
                made.addDuplicate(pair.value, key: made.key(pair.key, isListed: use.isListed), row: row)
            }
        }
    }

    // MARK: Long values

    private struct LongValues {
        struct Value {
            var reference: SegmentUnit.PayloadReference
            var row: Int
            var key: String
            var use: AttributeUse
        }

        /// Of attributes whose value decides; of the others it is enough that they are there.
        var read: [Value] = []
        var present: [Value] = []
        /// By row, attributes of events.
        var ofEvents: [Int: [SegmentUnit.PayloadReference]] = [:]
        var byteCount = 0
    }

    private mutating func longValues(_ rows: RowSelection) throws -> LongValues {
        var found = LongValues()
        guard files.payloads != nil, try mayHaveLongValues() else { return found }
        for (row, references) in try unit.payloadReferences(rows, files).enumerated() {
            for reference in references {
                guard let key = reference.place.text(behind: "attributes.") else {
                    if readsEvent(reference.place) { found.ofEvents[row, default: []].append(reference) }
                    continue
                }
                guard let use = use(key) else { continue }
                let value = LongValues.Value(reference: reference, row: row, key: key, use: use)
                if use.needsValue {
                    found.read.append(value)
                    found.byteCount += reference.runs.reduce(0) { $0 + $1.byteCount }
                } else {
                    found.present.append(value)
                }
            }
        }
        return found
    }

    /// Whether some row of the row group has a long value that is looked at.
    private mutating func mayHaveLongValues() throws -> Bool {
        guard let places = try unit.distinctTexts(leaf: files.leaf("payloads", "list", "element", "place"), files) else { return true }
        for place in places {
            if let key = place.text(behind: "attributes.") { if use(key) != nil { return true } } else if readsEvent(place) { return true }
        }
        return false
    }

    /// `events.N.attributes.KEY` of a key that tells an error.
    private func readsEvent(_ place: String) -> Bool {
        guard revision.subject == .mapping, let (_, rest) = place.text(behind: "events.")?.splitAtDot,
            let key = rest.text(behind: "attributes.")
        else { return false }
        return revision.mapping.readsEventAttribute(key)
    }

    private func addLong(_ long: inout LongValues, to made: inout RevisionBatch) throws {
        for value in long.present {
            made.add(.bool(true), key: made.key(value.key, isListed: value.use.isListed), row: value.row)
        }
        let wanted = long.read
        try unit.forEachPayload(wanted.map(\.reference), files) { index, text in
            let value = wanted[index], key = made.key(value.key, isListed: value.use.isListed)
            if value.reference.tag == AttributeType.string.rawValue {
                made.addText(made.text(text), key: key, row: value.row)
            } else {
                made.add(try StoredValue.decode(text, tag: value.reference.tag), key: key, row: value.row)
            }
        }
    }

    // MARK: Events

    /// Of spans that failed, or may have by their level: what kind of error it was stands in an event.
    private func addEvents(
        _ list: [Int32], _ spans: [RevisionBatch.Span], _ long: [Int: [SegmentUnit.PayloadReference]], to made: inout RevisionBatch
    ) throws {
        let failed = list.indices.filter { spans[$0].statusCode == ErrorLevels.statusCodeError || made.hasErrorLevel(row: $0) }
        guard !failed.isEmpty else { return }
        let rows = failed.map { list[$0] }
        var records = rows.map { _ in
            SpanRecord(traceID: TraceID(high: 0, low: 0), spanID: .none, name: "", startTimeUnixNano: 0, endTimeUnixNano: 0)
        }
        try unit.addEvents(.list(rows), files, to: &records)
        for (place, row) in failed.enumerated() {
            let references = long[row] ?? []
            try unit.forEachPayload(references, files) { index, text in
                PayloadPlace.put(
                    try StoredValue.decode(text, tag: references[index].tag), at: references[index].place, into: &records[place])
            }
            made.setEvents(records[place].events, row: row)
        }
    }
}

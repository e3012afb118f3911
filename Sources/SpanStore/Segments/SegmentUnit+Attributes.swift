import Parquet
import TraceModel

/// Attributes of a row group's spans: a value lies in the key's own column, in the attribute map or among the payloads.
extension SegmentUnit {
    /// A reference from a row to one of its long values.
    struct PayloadReference: Sendable {
        var place: String
        var tag: UInt8
        /// Its pieces: one, unless parts of it were stored before.
        var runs: [PayloadRun]
    }

    /// The payload references of each selected row; only those at `place` when one is given.
    func payloadReferences(_ rows: RowSelection, at place: String? = nil, _ files: SegmentFiles) throws -> [[PayloadReference]] {
        if let place, try !mayHavePayload(place, files) { return Array(repeating: [], count: rows.count) }
        func nested(_ name: String) throws -> NestedRows {
            NestedRows(try leaf(files.leaf("payloads", "list", "element", name), rows, files), maximumDefinitionLevel: 1)
        }
        let places = try nested("place"), ids = try nested("payload_id"), counts = try nested("byte_count"), types = try nested("type")
        let partCounts = try partCountLeaf(files).map { NestedRows(try leaf($0, rows, files), maximumDefinitionLevel: 2) }
        let wanted = place.map { Array($0.utf8) }
        return places.rows.map { entries in
            var references: [PayloadReference] = []
            // Whether the last element was a piece of the last reference, to which the next may belong too.
            var isPiece = false
            for entry in entries {
                guard let id = ids.integer(entry), let count = counts.integer(entry), let type = types.integer(entry),
                    wanted.map({ wanted in places.withText(entry) { $0.elementsEqual(wanted) } == true }) ?? true
                else {
                    isPiece = false
                    continue
                }
                let partCount = partCounts?.integer(entry)
                let run = PayloadRun(id: id, count: partCount.map { Int($0) } ?? 1, byteCount: Int(count))
                let place = place ?? places.string(entry) ?? ""
                if isPiece, partCount != nil, references[references.count - 1].place == place {
                    references[references.count - 1].runs.append(run)
                } else {
                    references.append(PayloadReference(place: place, tag: UInt8(truncatingIfNeeded: type), runs: [run]))
                }
                isPiece = partCount != nil
            }
            return references
        }
    }

    /// Files of before values had parts lack the column.
    private func partCountLeaf(_ files: SegmentFiles) -> Int? { try? files.leaf("payloads", "list", "element", SpanSchema.partCountColumn) }

    /// Calls `body` with the texts of references, in the order in which their last parts lie; the index is that into `references`.
    func forEachPayload(_ references: [PayloadReference], _ files: SegmentFiles, _ body: (Int, UnsafeRawBufferPointer) throws -> Void)
        throws
    {
        guard !references.isEmpty else { return }
        guard let payloads = files.payloads else { throw StoreError(.corrupt, "a segment refers to payloads and has none") }
        var assembly = PayloadAssembly()
        for reference in references { assembly.append(reference.runs) }
        try assembly.forEach(read: { ids, part in try payloads.forEach(ids, unpacked: decoded?.payloads, costs: costs, part) }, body)
    }

    /// One map entry.
    struct MapEntry {
        var key: String
        var text: [UInt8]
        var tag: UInt8
        var value: AttributeValue { get throws { try text.withUnsafeBytes { try StoredValue.decode($0, tag: tag) } } }
    }

    /// The attribute map of each selected row; only entries of `key` when one is given.
    func mapEntries(_ rows: RowSelection, key: String? = nil, _ files: SegmentFiles) throws -> [[MapEntry]] {
        if let key, try distinctTexts(leaf: files.leaf("attributes", "key_value", "key"), files).map({ !$0.contains(key) }) ?? false {
            return Array(repeating: [], count: rows.count)
        }
        guard let typesIndex = files.leaf("attribute_types") else { throw StoreError(.corrupt, "a segment has no column attribute_types") }
        let keys = NestedRows(try leaf(files.leaf("attributes", "key_value", "key"), rows, files), maximumDefinitionLevel: 1)
        let values = NestedRows(try leaf(files.leaf("attributes", "key_value", "value"), rows, files), maximumDefinitionLevel: 1)
        let types = NestedRows(try leaf(typesIndex, rows, files), maximumDefinitionLevel: 1)
        let wanted = key.map { Array($0.utf8) }
        return keys.rows.enumerated().map { row, entries in
            var tags: [UInt8]?
            return entries.compactMap { entry -> MapEntry? in
                guard keys.values[entry] >= 0 else { return nil }
                if let wanted, keys.withText(entry, { $0.elementsEqual(wanted) }) != true { return nil }
                if tags == nil { tags = types.bytes(types.rows[row].lowerBound) ?? [] }
                let place = entry - entries.lowerBound
                let tag = tags.flatMap { place < $0.count ? $0[place] : nil } ?? AttributeType.string.rawValue
                return MapEntry(key: key ?? keys.string(entry) ?? "", text: values.bytes(entry) ?? [], tag: tag)
            }
        }
    }

    // MARK: Vectors

    func attribute(_ key: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> ColumnVector {
        let column = files.leaf(SpanSchema.spanColumn(key))
        if try !mayHaveOutsideColumn(key, files) {
            guard let column else { return Self.nothing(rows.count) }
            return try leaf(column, rows, files).vector(rowCount: rows.count)
        }
        return .attributes(try values(key, rows, files))
    }

    /// The values of a key wherever they lie.
    func values(_ key: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> [AttributeValue?] {
        var values: [AttributeValue?]
        if let column = files.leaf(SpanSchema.spanColumn(key)) {
            values = try leaf(column, rows, files).vector(rowCount: rows.count).attributeValues
        } else {
            values = Array(repeating: nil, count: rows.count)
        }
        for (row, entries) in try mapEntries(rows, key: key, files).enumerated() {
            if let entry = entries.first { values[row] = try entry.value }
        }
        var references: [PayloadReference] = [], owners: [Int] = []
        for (row, list) in try payloadReferences(rows, at: "attributes." + key, files).enumerated() {
            for reference in list {
                references.append(reference)
                owners.append(row)
            }
        }
        try forEachPayload(references, files) { index, text in
            values[owners[index]] = try StoredValue.decode(text, tag: references[index].tag)
        }
        return values
    }

    /// The values that a column of keys refers to (`input_attribute`, `output_attribute`).
    func referredValues(_ column: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> [AttributeValue?] {
        var values = [AttributeValue?](repeating: nil, count: rows.count)
        for (key, places) in try referredKeys(column, rows, files) {
            let chosen = places.map { rows.row($0) }
            for (place, value) in zip(places, try self.values(key, .list(chosen), files)) { values[place] = value }
        }
        return values
    }

    /// Which rows (by place in the selection, ascending) refer to which key.
    private func referredKeys(_ column: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> [(String, [Int])] {
        guard let index = files.leaf(column),
            case .dictionary(let codes, let dictionary) = try leaf(index, rows, files).vector(rowCount: rows.count)
        else {
            return []
        }
        var places: [UInt32: [Int]] = [:]
        for (place, code) in codes.enumerated() where code != TextDictionary.null { places[code, default: []].append(place) }
        return places.sorted { $0.key < $1.key }.map { (dictionary[$0.key], $0.value) }
    }

    func resourceAttribute(_ key: String, _ rows: RowSelection, _ files: SegmentFiles) throws -> ColumnVector {
        guard let resource = files.leaf("resource"),
            case .dictionary(let codes, let dictionary) = try leaf(resource, rows, files).vector(rowCount: rows.count)
        else {
            return Self.nothing(rows.count)
        }
        if let column = files.leaf(SpanSchema.resourceColumn(key)) {
            // A key that some resource has as another type than text is answered from the messages.
            let vector = try leaf(column, rows, files).vector(rowCount: rows.count)
            if try distinctTexts(leaf: files.leaf("resource_attributes", "key_value", "key"), files).map({ !$0.contains(key) }) ?? false {
                return vector
            }
        }
        let values = try (0..<dictionary.count).map { code in
            try ResourceAttributes.decode(dictionary, UInt32(code)).first { $0.key == key }?.value
        }
        return .attributes(codes.map { $0 == TextDictionary.null ? nil : values[Int($0)] })
    }

    func tags(_ rows: RowSelection, _ files: SegmentFiles) throws -> [AttributeValue?] {
        let tags = NestedRows(try leaf(files.leaf("tags", "list", "element"), rows, files), maximumDefinitionLevel: 1)
        return tags.rows.map { entries in
            let texts = entries.compactMap { tags.string($0) }
            return texts.isEmpty ? nil : .array(texts.map { .string($0) })
        }
    }

    // MARK: Texts

    func forEachText(in column: ScanColumn, rows: [Int32], _ body: (Int32, UnsafeRawBufferPointer) throws -> Void) throws {
        try forEachText(in: [column], rows: rows) { _, row, text in try body(row, text) }
    }

    /// Payloads of all columns lie in the same pages, which take most of the time: each is unpacked once.
    func forEachText(in columns: [ScanColumn], rows: [Int32], _ body: (Int, Int32, UnsafeRawBufferPointer) throws -> Void) throws {
        let files = try handle.files()
        var references: [PayloadReference] = [], owners: [(column: Int, row: Int32)] = []
        for (place, column) in columns.enumerated() {
            func texts(of key: String, _ rows: [Int32]) throws {
                try forEachShortText(key, rows, files) { row, text in try body(place, row, text) }
                for (row, list) in zip(rows, try payloadReferences(.list(rows), at: "attributes." + key, files)) {
                    for reference in list where Self.textualTags.contains(reference.tag) {
                        references.append(reference)
                        owners.append((place, row))
                    }
                }
            }
            switch column {
            case .attribute(let key): try texts(of: key, rows)
            case .input, .output:
                for (key, places) in try referredKeys(column == .input ? "input_attribute" : "output_attribute", .list(rows), files) {
                    try texts(of: key, places.map { rows[$0] })
                }
            default:
                guard case .dictionary(let codes, let dictionary) = try gather(column, rows: rows) else { continue }
                try dictionary.bytes.withUnsafeBytes { bytes in
                    for (row, code) in zip(rows, codes) where code != TextDictionary.null {
                        let range = Int(dictionary.offsets[Int(code)])..<Int(dictionary.offsets[Int(code) + 1])
                        try body(place, row, UnsafeRawBufferPointer(rebasing: bytes[range]))
                    }
                }
            }
        }
        try forEachPayload(references, files) { index, text in try body(owners[index].column, owners[index].row, text) }
    }

    private static let textualTags: Set<UInt8> = [
        AttributeType.string.rawValue, AttributeType.array.rawValue, AttributeType.keyValueList.rawValue, StoredValue.otlpJSONTag,
    ]

    /// Those of a key that lie in its column or in the map.
    private func forEachShortText(
        _ key: String, _ rows: [Int32], _ files: SegmentFiles, _ body: (Int32, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        if let column = files.leaf(SpanSchema.spanColumn(key)), files.spans.schema.leaves[column].type == .byteArray {
            let texts = NestedRows(try leaf(column, .list(rows), files), maximumDefinitionLevel: 1)
            for (place, row) in rows.enumerated() { try texts.withText(place) { try body(row, $0) } }
        }
        for (row, entries) in zip(rows, try mapEntries(.list(rows), key: key, files)) {
            for entry in entries where Self.textualTags.contains(entry.tag) { try entry.text.withUnsafeBytes { try body(row, $0) } }
        }
    }
}

extension RowSelection {
    /// Ascending rows; where they lie together, as those of a trace do, they are read as one piece.
    init(contiguous rows: [Int32]) {
        if let first = rows.first, let last = rows.last, Int(last - first) == rows.count - 1 {
            self = .range(Int(first)..<Int(first) + rows.count)
        } else {
            self = .list(rows)
        }
    }

    /// The row at a place of the selection.
    func row(_ place: Int) -> Int32 {
        switch self {
        case .range(let range): Int32(range.lowerBound + place)
        case .list(let rows): rows[place]
        }
    }
}

extension ColumnVector {
    /// The slow form of any vector of attributes.
    var attributeValues: [AttributeValue?] {
        switch self {
        case .int64(let values, let validity): values.indices.map { validity.isValid($0) ? .int(values[$0]) : nil }
        case .double(let values, let validity): values.indices.map { validity.isValid($0) ? .double(values[$0]) : nil }
        case .boolean(let values, let validity): values.indices.map { validity.isValid($0) ? .bool(values[$0]) : nil }
        case .dictionary(let codes, let dictionary): codes.map { $0 == TextDictionary.null ? nil : .string(dictionary[$0]) }
        case .attributes(let values): values
        case .traceIDs, .spanIDs: Array(repeating: nil, count: count)
        }
    }
}

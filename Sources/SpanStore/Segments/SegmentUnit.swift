import ByteCoding
import Parquet
import TraceModel

/// A row group of a sealed segment as queries see it.
struct SegmentUnit: ScanUnit {
    let handle: SegmentHandle
    let rowGroup: Int
    let costs: ScanCostCounter
    var columns: ColumnCache?
    /// What `records` has decoded already, for its own selection of rows.
    var decoded: DecodedLeaves?

    var project: ProjectID { handle.descriptor.project }
    var isSealed: Bool { true }
    var segmentSequence: UInt64? { handle.descriptor.sequence }
    var identity: ScanUnitIdentity { ScanUnitIdentity(segmentSequence: handle.descriptor.sequence, number: UInt64(rowGroup)) }

    /// 0 when the file cannot be opened: reads of the unit then throw what is wrong.
    var rowCount: Int { (try? handle.files().spans.rowCount(ofRowGroup: rowGroup)) ?? 0 }

    var maskedRows: [Int32] {
        get throws { EventRows.merge(deletedRows, try handle.files().eventRows(ofRowGroup: rowGroup, costs)) }
    }

    var eventRows: [Int32] {
        get throws {
            let rows = try handle.files().eventRows(ofRowGroup: rowGroup, costs)
            if rows.isEmpty || handle.mask.isEmpty { return rows }
            let deleted = Set(deletedRows)
            return rows.filter { !deleted.contains($0) }
        }
    }

    /// What the manifest's masks leave out.
    private var deletedRows: [Int32] {
        guard !handle.mask.isEmpty, let files = try? handle.files() else { return [] }
        let first = Int32(files.firstRow(ofRowGroup: rowGroup)), count = Int32(files.spans.rowCount(ofRowGroup: rowGroup))
        return handle.mask.lazy.filter { $0 >= first && $0 < first + count }.map { $0 - first }
    }

    // MARK: Pruning

    func zone(of column: ScanColumn) -> ColumnZone? {
        if column == .cost, decidesCosts { return nil }
        guard let files = try? handle.files(), let name = Self.columnName(column), let leaf = files.leaf(name),
            let statistics = files.spans.statistics(rowGroup: rowGroup, leaf: leaf)
        else { return nil }
        func bound(_ bytes: [UInt8]?) -> ZoneValue? {
            guard let bytes else { return nil }
            switch files.spans.schema.leaves[leaf].type {
            case .int32 where bytes.count == 4:
                return .int64(Int64(bytes.withUnsafeBytes { Int32(littleEndian: $0.loadUnaligned(as: Int32.self)) }))
            case .int64 where bytes.count == 8:
                return .int64(bytes.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) })
            case .double where bytes.count == 8:
                return .double(Double(bitPattern: bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }))
            case .byteArray: return .text(bytes)
            default: return nil
            }
        }
        // A status that was not sent reads as unset (0): nulls widen the zone.
        if column == .statusCode, statistics.nullCount != 0 { return nil }
        return ColumnZone(
            minimum: bound(statistics.minimum), maximum: bound(statistics.maximum), nullCount: statistics.nullCount.map(Int.init))
    }

    func mayContain(_ text: String, in column: ScanColumn) throws -> Bool {
        let files = try handle.files()
        if case .attribute(let key) = column {
            if try mayHaveOutsideColumn(key, files) { return true }
            guard let leaf = files.leaf(SpanSchema.spanColumn(key)) else { return false }
            return try mayContain(text, in: column, leaf: leaf, files)
        }
        if case .resourceAttribute(let key) = column {
            guard let leaf = files.leaf(SpanSchema.resourceColumn(key)) else { return true }
            return try distinctTexts(leaf: leaf, files)?.contains(text) ?? true
        }
        guard let name = Self.columnName(column), let leaf = files.leaf(name), files.spans.schema.leaves[leaf].type == .byteArray else {
            return true
        }
        return try mayContain(text, in: column, leaf: leaf, files)
    }

    /// Whether a column, all of whose values lie in one leaf, may have a text.
    private func mayContain(_ text: String, in column: ScanColumn, leaf: Int, _ files: SegmentFiles) throws -> Bool {
        if let filter = columns?.filter(cacheKey(column)) { return filter.mayContain(text) }
        if let texts = try distinctTexts(leaf: leaf, files) {
            if texts.count > SegmentFiles.maximumKnownTextCount { columns?.keep(TextFilter(texts), for: cacheKey(column)) }
            return texts.contains(text)
        }
        // No dictionary: once the column lies in memory, a filter of it is worth making.
        guard case .dictionary(_, let dictionary)? = known(column) else { return true }
        let filter = TextFilter(dictionary)
        columns?.keep(filter, for: cacheKey(column))
        return filter.mayContain(text)
    }

    /// The distinct texts of a leaf in this row group; nil when not known without reading the data.
    func distinctTexts(leaf: Int, _ files: SegmentFiles) throws -> Set<String>? {
        try files.distinctTexts(leaf: leaf, rowGroup: rowGroup) {
            guard let dictionary = try files.spans.readDictionary(rowGroup: rowGroup, leaf: leaf, costs: costs) else { return nil }
            var texts = Set<String>(minimumCapacity: dictionary.count)
            dictionary.forEach { _, text in texts.insert(String(decoding: text, as: UTF8.self)) }
            return texts
        }
    }

    /// Whether some row may have the key in the attribute map or among the payloads.
    func mayHaveOutsideColumn(_ key: String, _ files: SegmentFiles) throws -> Bool {
        let mapped = try distinctTexts(leaf: files.leaf("attributes", "key_value", "key"), files)
        if mapped?.contains(key) ?? true { return true }
        return try mayHavePayload("attributes." + key, files)
    }

    func mayHavePayload(_ place: String, _ files: SegmentFiles) throws -> Bool {
        try distinctTexts(leaf: files.leaf("payloads", "list", "element", "place"), files)?.contains(place) ?? true
    }

    var attributeKeys: [String] {
        guard let files = try? handle.files() else { return [] }
        let columns = files.spans.schema.leaves.filter { $0.path.count == 1 }.compactMap { $0.path[0].text(behind: "attributes.") }
        func texts(_ leaf: Int?) -> Set<String> { leaf.flatMap { try? distinctTexts(leaf: $0, files) } ?? [] }
        let mapped = texts(try? files.leaf("attributes", "key_value", "key"))
        // A key all of whose values are long stands among the payloads alone.
        let long = texts(try? files.leaf("payloads", "list", "element", "place")).compactMap { $0.text(behind: "attributes.") }
        return columns + mapped.union(long).subtracting(columns).sorted()
    }

    func mayContain(trace: TraceID) throws -> Bool {
        let files = try handle.files()
        return try files.spans.mightContain(trace.bytes, rowGroup: rowGroup, leaf: 0, costs: costs)
    }

    func rows(ofTrace trace: TraceID) throws -> [Int32] {
        guard try mayContain(trace: trace) else { return [] }
        let files = try handle.files()
        let wanted = trace.bytes
        guard let candidates = try files.spans.rowRange(of: wanted, rowGroup: rowGroup, leaf: 0, costs: costs) else { return [] }
        let leaf = try files.spans.readLeaf(rowGroup: rowGroup, leaf: 0, rows: candidates, costs: costs)
        guard case .fixedLength(let bytes, _) = leaf.values else { return [] }
        return bytes.withUnsafeBytes { raw in
            (0..<candidates.count).compactMap { place in
                TraceID(unchecked: raw.baseAddress.unsafelyUnwrapped + place * 16) == trace ? Int32(candidates.lowerBound + place) : nil
            }
        }
    }

    // MARK: Columns

    func read(_ column: ScanColumn, rows: Range<Int>) throws -> ColumnVector {
        guard let columns, rows == 0..<rowCount, Self.isKept(column) else { return try vector(column, .range(rows)) }
        let key = cacheKey(column)
        if let known = columns.vector(key) { return known }
        let vector = try vector(column, .range(rows))
        columns.offer(vector, for: key)
        return vector
    }

    func known(_ column: ScanColumn) -> ColumnVector? { Self.isKept(column) ? columns?.vector(cacheKey(column)) : nil }

    func isWorthKeeping(_ column: ScanColumn) -> Bool { Self.isKept(column) && columns?.isAskedForAgain(cacheKey(column)) ?? false }

    private func cacheKey(_ column: ScanColumn) -> ColumnCache.Key {
        ColumnCache.Key(segmentSequence: handle.descriptor.sequence, rowGroup: rowGroup, column: column)
    }

    /// Long texts are searched where they lie, and lists are rare.
    private static func isKept(_ column: ScanColumn) -> Bool {
        switch column {
        case .input, .output, .tags: false
        default: true
        }
    }

    func gather(_ column: ScanColumn, rows: [Int32]) throws -> ColumnVector { try vector(column, .list(rows)) }

    func leaf(_ index: Int, _ rows: RowSelection, _ files: SegmentFiles) throws -> DecodedLeaf {
        if let leaf = decoded?[index] { return leaf }
        return switch rows {
        case .range(let range): try files.spans.readLeaf(rowGroup: rowGroup, leaf: index, rows: range, costs: costs)
        case .list(let list): try files.spans.gatherLeaf(rowGroup: rowGroup, leaf: index, rows: list, costs: costs)
        }
    }

    private func vector(_ column: ScanColumn, _ rows: RowSelection) throws -> ColumnVector {
        let files = try handle.files()
        switch column {
        case .traceID:
            guard case .fixedLength(let bytes, _) = try leaf(0, rows, files).values else { return .traceIDs([]) }
            return .traceIDs(
                bytes.withUnsafeBytes { raw in
                    (0..<bytes.count / 16).map { TraceID(unchecked: raw.baseAddress.unsafelyUnwrapped + $0 * 16) }
                })
        case .spanID, .parentSpanID: return .spanIDs(try spanIDs(column == .spanID ? 1 : 2, rows, files))
        case .cost where decidesCosts: return try decidedCosts(rows, files)
        case .tags: return .attributes(try tags(rows, files))
        case .input: return .attributes(try referredValues("input_attribute", rows, files))
        case .output: return .attributes(try referredValues("output_attribute", rows, files))
        case .attribute(let key): return try attribute(key, rows, files)
        case .resourceAttribute(let key): return try resourceAttribute(key, rows, files)
        default:
            guard let name = Self.columnName(column), let index = files.leaf(name) else { return Self.nothing(rows.count) }
            let vector = try leaf(index, rows, files).vector(rowCount: rows.count)
            // No status sent reads as unset.
            if column == .statusCode, case .int64(let values, .some(let valid)) = vector {
                return .int64(zip(values, valid).map { $1 ? $0 : 0 }, .all)
            }
            if column == .statusCode, case .int64(_, .none) = vector { return .int64(Array(repeating: 0, count: rows.count), .all) }
            return vector
        }
    }

    private func spanIDs(_ index: Int, _ rows: RowSelection, _ files: SegmentFiles) throws -> [SpanID] {
        let leaf = try leaf(index, rows, files)
        guard case .fixedLength(let bytes, _) = leaf.values else { return [] }
        return bytes.withUnsafeBytes { raw in
            var next = 0
            return (0..<rows.count).map { row in
                guard leaf.definitionLevels.map({ $0[row] == 1 }) ?? true else { return SpanID.none }
                defer { next += 1 }
                return SpanID(unchecked: raw.baseAddress.unsafelyUnwrapped + next * 8)
            }
        }
    }

    static func nothing(_ count: Int) -> ColumnVector { .dictionary(Array(repeating: TextDictionary.null, count: count), TextDictionary()) }

    /// The segment column of a scan column that is one flat leaf in every file.
    static func columnName(_ column: ScanColumn) -> String? {
        switch column {
        case .startTime: return "start_time"
        case .duration: return "duration"
        case .name: return "name"
        case .spanKind: return "span_kind"
        case .traceState: return "trace_state"
        case .flags: return "flags"
        case .statusCode: return "status_code"
        case .statusMessage: return "status_message"
        case .scopeName: return "scope.name"
        case .scopeVersion: return "scope.version"
        case .kind: return "kind"
        case .traceID, .spanID, .parentSpanID, .tags, .input, .output, .attribute, .resourceAttribute: return nil
        default:
            if let field = LLMTextField.allCases.first(where: { $0.scanColumn == column }) { return field.rawValue }
            return LLMNumberField.allCases.first { $0.scanColumn == column }?.rawValue
        }
    }
}

extension DecodedLeaf {
    /// A flat leaf as a vector: one element per row, nulls in their place.
    func vector(rowCount: Int) -> ColumnVector {
        let validity: Validity = definitionLevels.map { levels in .some(levels.map { $0 != 0 }) } ?? .all
        func spread<T>(_ values: [T], _ absent: T) -> [T] {
            guard let levels = definitionLevels else { return values }
            var spread = [T](repeating: absent, count: rowCount)
            var next = 0
            for row in 0..<rowCount where levels[row] != 0 {
                spread[row] = values[next]
                next += 1
            }
            return spread
        }
        switch values {
        case .int32(let values): return .int64(spread(values.map(Int64.init), 0), validity)
        case .int64(let values): return .int64(spread(values, 0), validity)
        case .double(let values): return .double(spread(values, 0), validity)
        case .boolean(let values): return .boolean(spread(values, false), validity)
        case .dictionary(let codes, let offsets, let bytes):
            return .dictionary(spread(codes, TextDictionary.null), TextDictionary(offsets: offsets, bytes: bytes))
        case .byteArray(let offsets, let bytes):
            return .dictionary(
                spread((0..<UInt32(max(0, offsets.count - 1))).map { $0 }, TextDictionary.null),
                TextDictionary(offsets: offsets.isEmpty ? [0] : offsets, bytes: bytes))
        case .fixedLength: return .dictionary(Array(repeating: TextDictionary.null, count: rowCount), TextDictionary())
        }
    }
}

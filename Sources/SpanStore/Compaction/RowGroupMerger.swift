import Parquet
import TraceModel

/// Writes a row group from rows of others, leaf by leaf: one leaf of the sources is in memory at a time, and no span is put together.
///
/// A column that a source lacks has no value there: within a partition columns are only left out where no row has one.
struct RowGroupMerger {
    struct Piece {
        var files: SegmentFiles
        var rowGroup: Int
        /// Ascending.
        var rows: [Int32]
    }

    let pieces: [Piece]
    let order: [RewritePlan.MergedRowGroup.Place]
    let writer: ParquetFileWriter
    let costs: ScanCostCounter
    private let columns: SegmentColumns
    /// What `parent_row` is computed from, gathered as the columns in front of it are written.
    private var identity = Identity()

    private struct Identity {
        var traces: [UInt8] = []
        var spans: [UInt8] = []
        var parents: [UInt64] = []
    }

    init(pieces: [Piece], order: [RewritePlan.MergedRowGroup.Place], writer: ParquetFileWriter, costs: ScanCostCounter) {
        self.pieces = pieces
        self.order = order
        self.writer = writer
        self.costs = costs
        columns = SegmentColumns(writer: writer)
    }

    /// Rows of one row group as they stand: for columns that it lacks.
    init(whole files: SegmentFiles, rowGroup: Int, writer: ParquetFileWriter, costs: ScanCostCounter) {
        let rows = (0..<Int32(files.spans.rowCount(ofRowGroup: rowGroup))).map { $0 }
        self.init(
            pieces: [Piece(files: files, rowGroup: rowGroup, rows: rows)], order: rows.map { .init(piece: 0, index: $0) }, writer: writer,
            costs: costs)
    }

    /// The next leaf of the row group that is open.
    mutating func write(_ leaf: ParquetSchema.Leaf) throws {
        if leaf.path == ["parent_row"] { return try writeParentRows(leaf) }
        let sources = try pieces.map { piece in
            try NestedRows(Self.decoded(leaf, piece, costs), maximumDefinitionLevel: leaf.maximumDefinitionLevel)
        }
        guard leaf.isFlat else { return try writeNested(leaf, sources) }
        switch leaf.type {
        case .byteArray: try writeText(leaf, sources)
        case .fixedLengthByteArray(let width): try writeFixed(leaf, width, sources)
        case .int32:
            try writeNumbers(leaf, sources, { if case .int32(let values) = $0 { values } else { nil } }) { .int32($0) }
        case .int64:
            try writeNumbers(leaf, sources, { if case .int64(let values) = $0 { values } else { nil } }) { .int64($0) }
        case .double:
            try writeNumbers(leaf, sources, { if case .double(let values) = $0 { values } else { nil } }) { .double($0) }
        case .boolean:
            try writeNumbers(leaf, sources, { if case .boolean(let values) = $0 { values } else { nil } }) { .boolean($0) }
        case .float, .int96: throw Self.mismatch(leaf)
        }
    }

    private static func mismatch(_ leaf: ParquetSchema.Leaf) -> StoreError {
        StoreError(.corrupt, "the column \(leaf.path) of a segment has another type")
    }

    // MARK: Reading

    /// A leaf of some rows of a row group; where the file lacks it, what the rows have instead.
    private static func decoded(_ leaf: ParquetSchema.Leaf, _ piece: Piece, _ costs: ScanCostCounter) throws -> DecodedLeaf {
        guard let index = piece.files.leaf(at: leaf.path) else { return try absent(leaf, piece, costs) }
        guard piece.files.spans.schema.leaves[index].isSame(as: leaf) else { throw mismatch(leaf) }
        return try piece.files.spans.gatherLeaf(rowGroup: piece.rowGroup, leaf: index, rows: piece.rows, costs: costs)
    }

    private static func absent(_ leaf: ParquetSchema.Leaf, _ piece: Piece, _ costs: ScanCostCounter) throws -> DecodedLeaf {
        let rowCount = piece.rows.count
        if leaf.path == [SpanSchema.recordColumn] {
            // Files of before the column have spans only.
            let text = Array(RecordKind.span.rawValue.utf8)
            return DecodedLeaf(
                values: .dictionary(codes: Array(repeating: 0, count: rowCount), offsets: [0, UInt32(text.count)], bytes: text),
                definitionLevels: nil, repetitionLevels: nil, rowCount: rowCount, maximumDefinitionLevel: 0)
        }
        guard leaf.repetition == .optional else { throw StoreError(.corrupt, "a segment has no column \(leaf.path)") }
        let values: DecodedLeaf.Values =
            switch leaf.type {
            case .boolean: .boolean([])
            case .int32: .int32([])
            case .int64: .int64([])
            case .double, .float: .double([])
            case .byteArray: .dictionary(codes: [], offsets: [0], bytes: [])
            case .fixedLengthByteArray(let width): .fixedLength([], width: width)
            case .int96: .fixedLength([], width: 12)
            }
        if leaf.isFlat {
            return DecodedLeaf(
                values: values, definitionLevels: Array(repeating: 0, count: rowCount), repetitionLevels: nil, rowCount: rowCount,
                maximumDefinitionLevel: leaf.maximumDefinitionLevel)
        }
        // In a list that has the others of its element: as many entries as they, each without a value.
        let spans = piece.files.spans
        guard
            let sibling = spans.schema.leaves.first(where: {
                $0.path.dropLast() == leaf.path.dropLast() && $0.repetition == .required
                    && $0.maximumRepetitionLevel == leaf.maximumRepetitionLevel
            })
        else { throw StoreError(.corrupt, "a segment has no column \(leaf.path)") }
        let levels = try spans.gatherLeaf(rowGroup: piece.rowGroup, leaf: sibling.index, rows: piece.rows, costs: costs)
        let entryCount = levels.repetitionLevels?.count ?? rowCount
        return DecodedLeaf(
            values: values,
            definitionLevels: levels.definitionLevels ?? Array(repeating: UInt8(sibling.maximumDefinitionLevel), count: entryCount),
            repetitionLevels: levels.repetitionLevels, rowCount: rowCount, maximumDefinitionLevel: leaf.maximumDefinitionLevel)
    }

    /// A required column of INT64 at some rows.
    static func integers(
        _ column: String, _ files: SegmentFiles, _ rowGroup: Int, _ rows: [Int32], _ costs: ScanCostCounter
    ) throws -> [Int64] {
        guard let leaf = files.leaf(column),
            case .int64(let values) = try files.spans.gatherLeaf(rowGroup: rowGroup, leaf: leaf, rows: rows, costs: costs).values,
            values.count == rows.count
        else { throw StoreError(.corrupt, "the column \(column) of a segment has another type") }
        return values
    }

    // MARK: Flat leaves

    /// One level a row; nil for required leaves.
    private func levels(_ leaf: ParquetSchema.Leaf, _ sources: [NestedRows]) -> [UInt8]? {
        guard leaf.maximumDefinitionLevel > 0 else { return nil }
        return order.map { sources[Int($0.piece)].values[Int($0.index)] >= 0 ? 1 : 0 }
    }

    private func withLevels<R>(_ levels: [UInt8]?, _ body: (UnsafeBufferPointer<UInt8>?) throws -> R) rethrows -> R {
        guard let levels else { return try body(nil) }
        return try levels.withUnsafeBufferPointer { try body($0) }
    }

    private func writeNumbers<Number>(
        _ leaf: ParquetSchema.Leaf, _ sources: [NestedRows], _ values: (DecodedLeaf.Values) -> [Number]?,
        _ column: (UnsafeBufferPointer<Number>) -> ColumnValues
    ) throws {
        let arrays = try sources.map { source in
            guard let array = values(source.leaf.values) else { throw Self.mismatch(leaf) }
            return array
        }
        var merged: [Number] = []
        merged.reserveCapacity(order.count)
        for place in order {
            let value = sources[Int(place.piece)].values[Int(place.index)]
            if value >= 0 { merged.append(arrays[Int(place.piece)][Int(value)]) }
        }
        try withLevels(levels(leaf, sources)) { levels in
            try merged.withUnsafeBufferPointer {
                try writer.writeColumn(column($0), definitionLevels: levels, options: SegmentColumns.options(of: leaf))
            }
        }
    }

    private mutating func writeFixed(_ leaf: ParquetSchema.Leaf, _ width: Int, _ sources: [NestedRows]) throws {
        let arrays = try sources.map { source in
            guard case .fixedLength(let bytes, width) = source.leaf.values else { throw Self.mismatch(leaf) }
            return bytes
        }
        var merged: [UInt8] = []
        merged.reserveCapacity(order.count * width)
        var parents: [UInt64] = []
        for place in order {
            let value = Int(sources[Int(place.piece)].values[Int(place.index)])
            if value >= 0 { merged.append(contentsOf: arrays[Int(place.piece)][value * width..<(value + 1) * width]) }
            if leaf.path == ["parent_span_id"] { parents.append(value < 0 ? 0 : Self.number(merged, merged.count - 8)) }
        }
        var options = SegmentColumns.options(of: leaf)
        switch leaf.path {
        case ["trace_id"]:
            identity.traces = merged
            options.bloomFilterDistinctCount = Self.distinctNeighbours(merged, width: width)
        case ["span_id"]: identity.spans = merged
        case ["parent_span_id"]: identity.parents = parents
        default: break
        }
        try withLevels(levels(leaf, sources)) { levels in
            try merged.withUnsafeBytes {
                try writer.writeColumn(.fixedLength($0, width: width), definitionLevels: levels, options: options)
            }
        }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        bytes.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    }

    /// How many values differ from the one before: of a sorted column how many there are.
    private static func distinctNeighbours(_ bytes: [UInt8], width: Int) -> Int {
        var count = 0
        for start in stride(from: 0, to: bytes.count, by: width)
        where start == 0 || bytes[start..<start + width] != bytes[start - width..<start] { count += 1 }
        return count
    }

    private mutating func writeParentRows(_ leaf: ParquetSchema.Leaf) throws {
        let count = order.count
        guard identity.traces.count == count * 16, identity.spans.count == count * 8, identity.parents.count == count else {
            throw StoreError(.corrupt, "a segment's ids are not all there")
        }
        let isEvent = try pieces.map { piece -> [Bool] in
            let events = Set(try piece.files.eventRows(ofRowGroup: piece.rowGroup, costs))
            return events.isEmpty ? [] : piece.rows.map { events.contains($0) }
        }
        var highs: [UInt64] = [], lows: [UInt64] = [], spans: [UInt64] = []
        for (row, place) in order.enumerated() {
            highs.append(Self.number(identity.traces, row * 16))
            lows.append(Self.number(identity.traces, row * 16 + 8))
            // An event record has the id of its span and is nobody's parent.
            let events = isEvent[Int(place.piece)]
            spans.append(!events.isEmpty && events[Int(place.index)] ? 0 : Self.number(identity.spans, row * 8))
        }
        let distances = SegmentRowGroup.parentDistances(highs: highs, lows: lows, spanIDs: spans, parents: identity.parents)
        try columns.writeOptional(
            distances.compactMap { $0 }, levels: distances.map { $0 == nil ? 0 : 1 }, options: SegmentColumns.options(of: leaf))
    }

    /// The texts of all sources under one set of codes, so that what repeats across them stands once.
    private mutating func writeText(_ leaf: ParquetSchema.Leaf, _ sources: [NestedRows]) throws {
        let interner = StringInterner(arena: TextArena(), seed: UInt64.random(in: 0 ... .max))
        func code(_ text: UnsafeRawBufferPointer) -> UInt32 {
            if let base = text.baseAddress { return interner.code(base, count: text.count) }
            return withUnsafePointer(to: UInt8(0)) { interner.code($0, count: 0) }
        }
        let codes = try sources.map { source -> [UInt32] in
            switch source.leaf.values {
            case .byteArray(let offsets, let bytes):
                return bytes.withUnsafeBytes { bytes in
                    (0..<max(0, offsets.count - 1)).map { value in
                        code(UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[value])..<Int(offsets[value + 1])]))
                    }
                }
            case .dictionary(let local, let offsets, let bytes):
                // Only entries that some row has: a dictionary is that of the whole row group.
                var known = [UInt32](repeating: SegmentColumns.null, count: max(0, offsets.count - 1))
                return bytes.withUnsafeBytes { bytes in
                    local.map { entry in
                        let entry = Int(entry)
                        if known[entry] == SegmentColumns.null {
                            known[entry] = code(UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[entry])..<Int(offsets[entry + 1])]))
                        }
                        return known[entry]
                    }
                }
            default: throw Self.mismatch(leaf)
            }
        }
        let rowCodes = order.map { place -> UInt32 in
            let value = sources[Int(place.piece)].values[Int(place.index)]
            return value < 0 ? SegmentColumns.null : codes[Int(place.piece)][Int(value)]
        }
        try columns.writeText(codes: rowCodes, codeCount: interner.entries.count, isOptional: leaf.maximumDefinitionLevel > 0) {
            interner.arena.bytes(interner.entries[Int($0)])
        }
    }

    // MARK: Nested leaves

    private mutating func writeNested(_ leaf: ParquetSchema.Leaf, _ sources: [NestedRows]) throws {
        var merged: NestedLeaf
        switch leaf.type {
        case .byteArray: merged = .text()
        case .int32: merged = NestedLeaf(values: .int32([]))
        case .int64: merged = NestedLeaf(values: .int64([]))
        case .fixedLengthByteArray(let width): merged = NestedLeaf(values: .fixed([], width: width))
        default: throw Self.mismatch(leaf)
        }
        merged.isRepetitive = SpanSchema.isRepetitive(leaf.path)
        let maximum = UInt8(leaf.maximumDefinitionLevel)
        for place in order {
            let source = sources[Int(place.piece)]
            for entry in source.rows[Int(place.index)] {
                merged.entry(
                    definition: source.leaf.definitionLevels?[entry] ?? maximum, repetition: source.leaf.repetitionLevels?[entry] ?? 0)
                let value = Int(source.values[entry])
                guard value >= 0 else { continue }
                switch (leaf.type, source.leaf.values) {
                case (.byteArray, .byteArray), (.byteArray, .dictionary): source.leaf.withText(value) { merged.append($0) }
                case (.fixedLengthByteArray, .fixedLength): source.leaf.withText(value) { merged.append(fixed: Array($0)) }
                case (.int32, .int32(let values)): merged.append(values[value])
                case (.int64, .int64(let values)): merged.append(values[value])
                default: throw Self.mismatch(leaf)
                }
            }
        }
        try columns.writeNested(merged)
    }
}

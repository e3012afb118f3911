import TraceModel

/// A memtable as queries see it: its rows up to the one that was visible when the snapshot was taken.
struct MemtableUnit: ScanUnit {
    let memtable: Memtable
    let rowCount: Int
    let maskedRows: [Int32]
    let eventRows: [Int32]

    init(_ memtable: Memtable) {
        self.memtable = memtable
        // Rows first, masks second: a row that was superseded in between is masked only if its successor is visible too.
        let rowCount = memtable.visibleRowCount
        self.rowCount = rowCount
        eventRows = memtable.eventRows(visibleBelow: rowCount)
        maskedRows = EventRows.merge(memtable.supersededRows(visibleBelow: rowCount), eventRows)
    }

    /// The rows from one on: those before it are masked.
    init(_ memtable: Memtable, fromRow first: Int) {
        self.memtable = memtable
        rowCount = memtable.visibleRowCount
        eventRows = memtable.eventRows(visibleBelow: rowCount).filter { $0 >= Int32(first) }
        let superseded = memtable.supersededRows(visibleBelow: rowCount).filter { $0 >= Int32(first) }
        maskedRows = Array(0..<Int32(first)) + EventRows.merge(superseded, eventRows)
    }

    var project: ProjectID { memtable.partition.project }
    var isSealed: Bool { false }
    var segmentSequence: UInt64? { nil }
    var identity: ScanUnitIdentity { ScanUnitIdentity(segmentSequence: nil, number: memtable.number) }
    func zone(of column: ScanColumn) -> ColumnZone? { nil }
    func mayContain(_ text: String, in column: ScanColumn) -> Bool { true }

    func mayContain(trace: TraceID) -> Bool { !rows(ofTrace: trace).isEmpty }
    func rows(ofTrace trace: TraceID) -> [Int32] { memtable.traceIndex.rows(of: trace, ids: memtable.rowIDs, end: rowCount) }

    var attributeKeys: [String] {
        (0..<memtable.keys.entries.publishedCount).map { memtable.arena.string(memtable.keys.entries[$0]) }
    }

    func read(_ column: ScanColumn, rows: Range<Int>) throws -> ColumnVector { try vector(column, RowSelection.range(rows)) }
    func gather(_ column: ScanColumn, rows: [Int32]) throws -> ColumnVector { try vector(column, RowSelection.list(rows)) }

    private func vector(_ column: ScanColumn, _ rows: RowSelection) throws -> ColumnVector {
        let m = memtable
        switch column {
        case .traceID:
            let highs = dense(m.traceHighs, rows), lows = dense(m.traceLows, rows)
            return .traceIDs(zip(highs, lows).map { TraceID(high: $0, low: $1) })
        case .spanID: return .spanIDs(dense(m.spanIDs, rows).map { SpanID(rawValue: $0) })
        case .parentSpanID: return .spanIDs(dense(m.parentSpanIDs, rows).map { SpanID(rawValue: $0) })
        case .startTime: return .int64(dense(m.startTimes, rows).map { Int64(bitPattern: $0) }, .all)
        case .duration: return .int64(dense(m.durations, rows), .all)
        case .spanKind: return .int64(dense(m.spanKinds, rows).map { Int64($0) }, .all)
        case .flags: return .int64(dense(m.flags, rows).map { Int64($0) }, .all)
        case .statusCode: return .int64(dense(m.statusCodes, rows).map { $0 == Memtable.noStatus ? 0 : Int64($0) }, .all)
        case .name: return text(codes: dense(m.names.codes, rows), m.names.interner)
        case .traceState: return text(m.traceStates, rows)
        case .statusMessage: return text(m.statusMessages, rows)
        case .scopeName: return derived(dense(m.scopeCodes, rows), m.scopes.all.map { $0.name.isEmpty ? nil : $0.name })
        case .scopeVersion: return derived(dense(m.scopeCodes, rows), m.scopes.all.map { $0.version.isEmpty ? nil : $0.version })
        case .kind: return derived(dense(m.llmKinds, rows).map { UInt32($0) }, LLMKind.allCases.map(\.name))
        case .tags: return .attributes(tags(rows))
        case .input: return .attributes(try values(rows) { memtable.referredKey(memtable.inputKeys, row: $0) })
        case .output: return .attributes(try values(rows) { memtable.referredKey(memtable.outputKeys, row: $0) })
        case .attribute(let key): return try attribute(key, rows)
        case .resourceAttribute(let key): return resourceAttribute(key, rows)
        default: break
        }
        if let field = LLMTextField.allCases.first(where: { $0.scanColumn == column }),
            let place = LLMTextField.allCases.firstIndex(of: field)
        {
            return text(m.llmTexts[place], rows)
        }
        guard let place = LLMNumberField.allCases.firstIndex(where: { $0.scanColumn == column }) else { return nothing(rows.count) }
        return numbers(m.llmNumbers[place], rows, type: LLMNumberField.allCases[place].isAmount ? .double : .int)
    }

    func forEachText(in column: ScanColumn, rows: [Int32], _ body: (Int32, UnsafeRawBufferPointer) throws -> Void) throws {
        switch column {
        case .input: try memtable.forEachText(rows, keyCode: { memtable.referredKey(memtable.inputKeys, row: $0) }, body)
        case .output: try memtable.forEachText(rows, keyCode: { memtable.referredKey(memtable.outputKeys, row: $0) }, body)
        case .attribute(let key):
            guard let code = memtable.code(ofKey: key) else { return }
            try memtable.forEachText(rows, keyCode: { _ in code }, body)
        default:
            guard case .dictionary(let codes, let dictionary) = try vector(column, .list(rows)) else { return }
            try dictionary.bytes.withUnsafeBytes { bytes in
                for (row, code) in zip(rows, codes) where code != TextDictionary.null {
                    try body(
                        row,
                        UnsafeRawBufferPointer(rebasing: bytes[Int(dictionary.offsets[Int(code)])..<Int(dictionary.offsets[Int(code) + 1])])
                    )
                }
            }
        }
    }

    func records(at rows: [Int32]) throws -> [SpanRecord] { try memtable.records(at: rows) }

    // MARK: Columns of one shape

    private func dense<T>(_ buffer: AppendOnlyBuffer<T>, _ rows: RowSelection) -> [T] {
        switch rows {
        case .range(let range): buffer.array(range)
        case .list(let list): list.map { buffer[Int($0)] }
        }
    }

    private func numbers(_ column: SparseColumn, _ rows: RowSelection, type: AttributeType) -> ColumnVector {
        let cells = rows.cells(in: column.rows)
        let validity = Validity.some(cells.map { $0 >= 0 })
        let bits = cells.map { $0 < 0 ? 0 : column.values[Int($0)] }
        switch type {
        case .double: return .double(bits.map { Double(bitPattern: $0) }, validity)
        case .bool: return .boolean(bits.map { $0 != 0 }, validity)
        default: return .int64(bits.map { Int64(bitPattern: $0) }, validity)
        }
    }

    private func text(_ column: SparseTextColumn, _ rows: RowSelection) -> ColumnVector {
        text(codes: rows.cells(in: column.rows).map { $0 < 0 ? TextDictionary.null : column.codes[Int($0)] }, column.interner)
    }

    /// Codes of an interner as codes into a dictionary of just the texts in use.
    private func text(codes: [UInt32], _ interner: StringInterner) -> ColumnVector {
        var dictionary = TextDictionary()
        var local: [UInt32: UInt32] = [:]
        let renamed = codes.map { code -> UInt32 in
            if code == TextDictionary.null { return code }
            if let known = local[code] { return known }
            let new = dictionary.append(memtable.arena.bytes(interner.entries[Int(code)]))
            local[code] = new
            return new
        }
        return .dictionary(renamed, dictionary)
    }

    /// A text that follows from a code: what the scope or resource of each row says.
    private func derived(_ codes: [UInt32], _ texts: [String?]) -> ColumnVector {
        var dictionary = TextDictionary()
        let renamed = texts.map { text -> UInt32 in
            guard let text else { return TextDictionary.null }
            return Array(text.utf8).withUnsafeBytes { dictionary.append($0) }
        }
        return .dictionary(codes.map { renamed[Int($0)] }, dictionary)
    }

    private func nothing(_ count: Int) -> ColumnVector {
        .dictionary(Array(repeating: TextDictionary.null, count: count), TextDictionary())
    }

    // MARK: Attributes

    private func tags(_ rows: RowSelection) -> [AttributeValue?] {
        rows.map { row in
            let end = memtable.tags.rows.publishedCount
            var values: [AttributeValue] = []
            var cell = memtable.tags.rows.lowerBound(UInt32(row), end: end)
            while cell < end, memtable.tags.rows[cell] == UInt32(row) {
                values.append(.string(memtable.arena.string(memtable.tags.interner.entries[Int(memtable.tags.codes[cell])])))
                cell += 1
            }
            return values.isEmpty ? nil : .array(values)
        }
    }

    private func values(_ rows: RowSelection, keyCode: (Int) -> UInt32?) throws -> [AttributeValue?] {
        try rows.map { row in
            guard let code = keyCode(row) else { return nil }
            return try memtable.attributeValue(keyCode: code, row: row)
        }
    }

    private func attribute(_ key: String, _ rows: RowSelection) throws -> ColumnVector {
        guard let code = memtable.code(ofKey: key) else { return nothing(rows.count) }
        guard let column = memtable.registry.spanKeys.firstIndex(where: { $0.key == key }),
            !memtable.hasOtherValues(keyCode: code, rowCount: rowCount)
        else {
            return .attributes(try values(rows) { _ in code })
        }
        if let texts = memtable.promotedTexts[column] { return text(texts, rows) }
        guard let column = memtable.promotedNumbers[column].map({ ($0, memtable.registry.spanKeys[column].attributeType) }) else {
            return nothing(rows.count)
        }
        return numbers(column.0, rows, type: column.1)
    }

    private func resourceAttribute(_ key: String, _ rows: RowSelection) -> ColumnVector {
        let values = memtable.resources.all.map { entry in entry.attributes.first { $0.key == key }?.value }
        let codes = dense(memtable.resourceCodes, rows)
        let texts = values.map { value -> String? in if case .string(let text)? = value { text } else { nil } }
        if zip(values, texts).allSatisfy({ $0 == nil || $1 != nil }) { return derived(codes, texts) }
        return .attributes(codes.map { values[Int($0)] })
    }
}

/// Rows to read, ascending: a contiguous piece or a list.
enum RowSelection {
    case range(Range<Int>)
    case list([Int32])

    var count: Int {
        switch self {
        case .range(let range): range.count
        case .list(let rows): rows.count
        }
    }

    func map<T>(_ body: (Int) throws -> T) rethrows -> [T] {
        switch self {
        case .range(let range): try range.map(body)
        case .list(let rows): try rows.map { try body(Int($0)) }
        }
    }

    /// For each selected row the index of its cell in a sparse column's rows; -1 where it has none.
    func cells(in cellRows: AppendOnlyBuffer<UInt32>) -> [Int32] {
        let end = cellRows.publishedCount
        switch self {
        case .range(let range):
            var found = [Int32](repeating: -1, count: range.count)
            let first = cellRows.lowerBound(UInt32(range.lowerBound), end: end)
            let last = cellRows.lowerBound(UInt32(range.upperBound), end: end)
            var cell = first
            cellRows.forEachStretch(first..<last) { stretch in
                for row in stretch {
                    found[Int(row) - range.lowerBound] = Int32(cell)
                    cell += 1
                }
            }
            return found
        case .list(let rows):
            return rows.map { row in
                let cell = cellRows.lowerBound(UInt32(row), end: end)
                return cell < end && cellRows[cell] == UInt32(row) ? Int32(cell) : -1
            }
        }
    }
}

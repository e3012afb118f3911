import GenAIConventions
import Parquet
import TraceModel

/// The mapped columns of one row group as they become: filled row by row, written in the place of those that change.
struct RevisedColumns {
    /// Names of columns of which some row has another value than before.
    private(set) var changed: Set<String> = []
    private var texts: [TextColumn]
    private var numbers: [NumberColumn]
    private var tags = NestedLeaf.text()
    private var statusCodes: [Int32] = []
    private var statusLevels: [UInt8] = []
    /// Shared by the texts: its size is what is bounded.
    private let arena = TextArena()

    /// What a row has of mapped columns: the fields, and the status, which the mapping gives to spans that failed by their level.
    struct Row {
        var fields: SpanRecord.LLM
        var statusCode: Int32?
        var statusMessage: String?
    }

    private struct TextColumn {
        let name: String
        let isOptional: Bool
        let value: (Row) -> String?
        let interner: StringInterner
        var codes: [UInt32] = []
    }

    private struct NumberColumn {
        let field: LLMNumberField
        var values: [UInt64] = []
        var levels: [UInt8] = []
    }

    /// - Parameter subject: of prices only the cost.
    init(_ subject: FieldRevision.Subject) {
        let arena = arena
        func text(_ name: String, isOptional: Bool = true, _ value: @escaping (Row) -> String?) -> TextColumn {
            TextColumn(
                name: name, isOptional: isOptional, value: value,
                interner: StringInterner(arena: arena, seed: UInt64.random(in: 0 ... .max)))
        }
        guard subject == .mapping else {
            texts = []
            numbers = [NumberColumn(field: .cost)]
            return
        }
        texts =
            [text("kind", isOptional: false) { $0.fields.kind.name }]
            + LLMTextField.allCases.map { field in text(field.rawValue) { field.text(of: $0.fields) } }
            + [
                text("input_attribute") { $0.fields.inputKey }, text("output_attribute") { $0.fields.outputKey },
                text("status_message") { $0.statusMessage },
            ]
        numbers = LLMNumberField.allCases.map { NumberColumn(field: $0) }
    }

    /// The next row. Answers the names of the columns that change.
    ///
    /// - Parameter isKept: whether the values are to be written.
    mutating func append(_ row: Row, stored: Row, isKept: Bool) throws -> [String] {
        var names: [String] = []
        for index in texts.indices {
            let value = texts[index].value(row)
            if !Self.isSame(value, texts[index].value(stored)) { names.append(texts[index].name) }
            if isKept { texts[index].codes.append(value.map { texts[index].interner.code($0) } ?? SegmentColumns.null) }
        }
        for index in numbers.indices {
            let field = numbers[index].field, bits = field.bits(of: row.fields)
            if bits != field.bits(of: stored.fields) { names.append(field.rawValue) }
            guard isKept else { continue }
            numbers[index].levels.append(bits == nil ? 0 : 1)
            if let bits { numbers[index].values.append(bits) }
        }
        if !texts.isEmpty {
            let tags = row.fields.tags
            if tags.count != stored.fields.tags.count || zip(tags, stored.fields.tags).contains(where: { !Self.isSame($0, $1) }) {
                names.append("tags")
            }
            if row.statusCode != stored.statusCode { names.append("status_code") }
            if isKept {
                append(tags)
                statusLevels.append(row.statusCode == nil ? 0 : 1)
                if let code = row.statusCode { statusCodes.append(code) }
            }
        }
        changed.formUnion(names)
        guard arena.byteCount <= StoreLimits.maximumRevisedTextByteCount else {
            throw StoreError(.limit, "the mapped texts of a row group have more than \(StoreLimits.maximumRevisedTextByteCount) bytes")
        }
        return names
    }

    /// Costs that are decided when they are read are written as they are decided.
    mutating func rewriteCosts() { changed.insert(LLMNumberField.cost.rawValue) }

    /// Byte for byte: two spellings of one character are two values.
    private static func isSame(_ a: String?, _ b: String?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return a.utf8.elementsEqual(b.utf8)
    }

    private mutating func append(_ texts: [String]) {
        if texts.isEmpty { tags.entry(definition: 0, repetition: 0) }
        for (index, text) in texts.enumerated() {
            tags.entry(definition: 1, repetition: index == 0 ? 0 : 1)
            tags.append(text.utf8)
        }
    }

    // MARK: Writing

    func replaces(_ leaf: ParquetSchema.Leaf) -> Bool { changed.contains(leaf.path[0]) }

    /// The next leaf of the row group that is open, one that is replaced.
    func write(_ leaf: ParquetSchema.Leaf, to writer: ParquetFileWriter) throws {
        let columns = SegmentColumns(writer: writer)
        let name = leaf.path[0]
        if name == "tags" { return try columns.writeNested(tags) }
        if name == "status_code" {
            return try columns.writeOptional(statusCodes, levels: statusLevels, options: SegmentColumns.options(of: leaf))
        }
        if let column = numbers.first(where: { $0.field.rawValue == name }) {
            return try columns.writeOptionalNumbers(column.values, levels: column.levels, as: column.field.isAmount ? .double : .int64)
        }
        guard let column = texts.first(where: { $0.name == name }) else {
            throw StoreError(.invalid, "\(name) is no mapped column")
        }
        try columns.writeText(codes: column.codes, codeCount: column.interner.entries.count, isOptional: column.isOptional) {
            arena.bytes(column.interner.entries[Int($0)])
        }
    }
}

/// The tables that statements build up, one statement after the other.

import KnowledgeModel

struct TableScript {
    /// Words that statements begin with which say something about tables.
    static let firstWords: Set<String> = ["CREATE", "ALTER", "COMMENT"]

    /// In the order they were created.
    private(set) var tables: [TableDescription] = []
    private(set) var problems: [(severity: ImportProblem.Severity, problem: SQLProblem)] = []
    private(set) var omittedProblemCount = 0
    private var indexes: [String: Int] = [:]
    private var columnCount = 0

    mutating func report(_ severity: ImportProblem.Severity, _ problem: SQLProblem) {
        if problems.count < KnowledgeImportLimits.maximumProblemCount {
            problems.append((severity, problem))
        } else {
            omittedProblemCount += 1
        }
    }

    /// Throws what is wrong with the statement; the tables are as before then.
    mutating func run(_ reader: inout SQLReader) throws(SQLProblem) {
        if reader.skip("COMMENT", "ON") { return try comment(&reader) }
        if reader.skip("ALTER", "TABLE") { return try alter(&reader) }
        guard reader.skip("CREATE") else { return }
        _ = reader.skip("OR", "REPLACE")
        while reader.isWord(in: ["GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "FOREIGN", "EXTERNAL"]) { reader.next() }
        if reader.skip("TABLE") { try create(&reader) }
    }

    private mutating func create(_ reader: inout SQLReader) throws(SQLProblem) {
        _ = reader.skip("IF", "NOT", "EXISTS")
        let start = reader
        let name = try reader.qualifiedName("the name of a table")
        guard reader.isSymbol("(") else {
            return report(.warning, start.problem("the statement lists no columns; the table was left out"))
        }
        var statement = TableStatement(TableDescription(schema: name.dropLast().last, name: name.last ?? ""))
        try statement.readElements(&reader)
        try statement.readOptions(&reader)
        let table = statement.table
        columnCount += table.columns.count
        guard tables.count < KnowledgeImportLimits.maximumTableCount, columnCount <= KnowledgeImportLimits.maximumTotalColumnCount else {
            throw start.problem(
                "a text has at most \(KnowledgeImportLimits.maximumTableCount) tables with \(KnowledgeImportLimits.maximumTotalColumnCount) columns"
            )
        }
        let key = Self.key(name)
        guard indexes[key] == nil else { throw start.problem("this table was created above; the first counts") }
        indexes[key] = tables.count
        tables.append(table)
        for skipped in statement.skipped { report(.warning, skipped) }
    }

    private mutating func alter(_ reader: inout SQLReader) throws(SQLProblem) {
        _ = reader.skip("IF", "EXISTS")
        _ = reader.skip("ONLY")
        let start = reader
        let name = try reader.qualifiedName("the name of a table")
        _ = reader.skipSymbol("*")
        guard TableStatement.concernsTables(reader) else { return }
        guard let index = index(of: name) else {
            return report(.warning, start.problem("no statement above creates this table"))
        }
        var statement = TableStatement(tables[index])
        try statement.readAlterations(&reader)
        tables[index] = statement.table
    }

    private mutating func comment(_ reader: inout SQLReader) throws(SQLProblem) {
        let isColumn = reader.skip("COLUMN")
        guard isColumn || reader.skip("TABLE") else { return }
        let start = reader
        var name = try reader.qualifiedName("a name")
        let column = isColumn ? name.popLast() : nil
        guard reader.skip("IS"), let token = reader.peek() else { throw reader.problem("IS and a text are due here") }
        let text = token.isWord("NULL") ? "" : token.text
        guard token.isWord("NULL") || token.kind == .string else { throw reader.problem("a text is due here") }
        // Views have comments too; only those of tables count.
        guard let index = index(of: name) else { return }
        guard let column else {
            tables[index].description = text
            return
        }
        guard let number = tables[index].columns.firstIndex(where: { $0.name.lowercased() == column.lowercased() }) else {
            return report(.warning, start.problem("the table has no such column"))
        }
        tables[index].columns[number].description = text
    }

    /// A table as a statement names it, with or without its schema.
    private func index(of name: [String]) -> Int? {
        if let index = indexes[Self.key(name)] { return index }
        guard name.count == 1, let name = name.last?.lowercased() else {
            return name.last.flatMap { indexes[Self.key([$0])] }
        }
        let matches = tables.indices.filter { tables[$0].name.lowercased() == name }
        return matches.count == 1 ? matches[0] : nil
    }

    /// Names are told apart without regard to case: dumps write them as the database does, people as they like.
    private static func key(_ name: [String]) -> String { name.suffix(2).map { $0.lowercased() }.joined(separator: "\u{1f}") }
}

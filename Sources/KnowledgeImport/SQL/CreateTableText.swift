/// `CREATE TABLE` statements as tables: dumps of PostgreSQL, MySQL and SQLite, or what somebody wrote by hand. Keys and comments may also come
/// in statements of their own (`ALTER TABLE ... ADD CONSTRAINT`, `COMMENT ON`). All other statements are skipped.

import KnowledgeModel

package enum CreateTableText {
    /// Reads a text. Entries are called `tables/SCHEMA.NAME`, or `tables/NAME` where the text says no schema. A statement that cannot be read
    /// is a problem with its line and column, and costs nothing but its table.
    ///
    /// Throws `KnowledgeImportError`: no text in UTF-8, or one too long.
    package static func read(_ bytes: [UInt8]) throws(KnowledgeImportError) -> ImportedKnowledge {
        let text = try ImportedText.checked(bytes, maximumByteCount: KnowledgeImportLimits.maximumSQLByteCount)
        var lexer = SQLLexer(text)
        var script = TableScript()
        while true {
            do throws(SQLProblem) {
                guard let tokens = try lexer.nextStatement(where: { TableScript.firstWords.contains($0.text.uppercased()) }) else { break }
                if !tokens.isEmpty {
                    var reader = SQLReader(tokens, text)
                    try script.run(&reader)
                }
            } catch {
                script.report(.error, error)
            }
        }
        var result = ImportedKnowledge()
        let places = JSONPlaces.positions(ofBytes: script.problems.map { $0.problem.offset - text.startIndex }, in: text)
        for (found, position) in zip(script.problems, places) {
            result.add(ImportProblem(found.severity, at: ImportPlace(position), found.problem.message))
        }
        result.omittedProblemCount += script.omittedProblemCount
        var keys: Set<String> = []
        for table in script.tables {
            switch TableEntry.entry(of: table) {
            case .success(let entry): if keys.insert(entry.key).inserted { result.entries.append(entry) }
            case .failure(let problem): result.add(problem)
            }
        }
        return result
    }
}

/// A table as an entry, however it was found.
enum TableEntry {
    static func qualifiedName(_ schema: String?, _ name: String) -> String { schema.map { "\($0).\(name)" } ?? name }

    static func entry(of table: TableDescription) -> Result<KnowledgeEntry, ImportProblem> {
        let name = qualifiedName(table.schema, table.name)
        let shown = ImportedText.heading(name, maximumByteCount: 256)
        func refusal(_ message: String) -> Result<KnowledgeEntry, ImportProblem> {
            .failure(ImportProblem(at: ImportPlace(), "table \(shown): \(message)"))
        }
        let key = "tables/" + name
        if let problem = KnowledgeEntry.problem(ofKey: key) { return refusal(problem) }
        if table.columns.count > KnowledgeLimits.maximumColumnCount {
            return refusal("it has \(table.columns.count) columns; at most \(KnowledgeLimits.maximumColumnCount) are taken")
        }
        if table.uniqueKeys.count > KnowledgeLimits.maximumTableKeyCount || table.foreignKeys.count > KnowledgeLimits.maximumTableKeyCount {
            return refusal("it has more than \(KnowledgeLimits.maximumTableKeyCount) keys of a kind")
        }
        var measure = Measure.sum(table.description)
        for column in table.columns {
            for text in [column.name, column.type, column.defaultValue ?? "", column.description] { measure.add(text) }
            measure.add(byteCount: 80)
            if column.name.utf8.count > KnowledgeLimits.maximumNameByteCount
                || column.type.utf8.count > KnowledgeLimits.maximumNameByteCount
            {
                return refusal("a column's name or type has more than \(KnowledgeLimits.maximumNameByteCount) bytes")
            }
        }
        if measure.hasNUL { return refusal("a text holds U+0000, which cannot be stored") }
        if measure.byteCount > KnowledgeImportLimits.maximumDetailsByteCount {
            return refusal("it has \(measure.byteCount) bytes; at most \(KnowledgeImportLimits.maximumDetailsByteCount) are taken")
        }
        let title = ImportedText.heading(name, maximumByteCount: KnowledgeLimits.maximumNameByteCount)
        return .success(KnowledgeEntry(key: key, content: KnowledgeContent(title: title, body: .table(table))))
    }
}

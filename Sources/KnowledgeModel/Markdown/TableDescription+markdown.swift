/// Tables as Markdown.

extension TableDescription {
    /// With its schema, if it has one.
    package var qualifiedName: String { schema.map { "\($0).\(name)" } ?? name }

    /// The name, the description, the columns as a table, the keys as a list.
    package var markdown: String {
        var parts = ["# \(MarkdownText.cell(qualifiedName))"]
        let text = MarkdownText.below(1, description)
        if !text.isEmpty { parts.append(text) }
        if !columns.isEmpty { parts.append(columnTable) }
        let keys = keyLines
        if !keys.isEmpty { parts.append(keys.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var columnTable: String {
        var lines = ["| column | type | null | default | description |", "|---|---|---|---|---|"]
        for column in columns {
            let defaultValue = column.defaultValue.map(MarkdownText.code) ?? ""
            let cells = [
                MarkdownText.code(column.name), MarkdownText.cell(column.type), column.isNullable ? "yes" : "no", defaultValue,
                MarkdownText.cell(column.description),
            ]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n")
    }

    private var keyLines: [String] {
        var lines: [String] = []
        if !primaryKey.isEmpty { lines.append("- primary key: \(Self.names(primaryKey))") }
        for key in uniqueKeys { lines.append("- unique: \(Self.names(key))") }
        for key in foreignKeys {
            let references = key.references.isEmpty ? "" : " (\(Self.names(key.references)))"
            lines.append("- foreign key: \(Self.names(key.columns)) -> \(MarkdownText.code(key.table))\(references)")
        }
        return lines
    }

    private static func names(_ names: [String]) -> String { names.map(MarkdownText.code).joined(separator: ", ") }
}

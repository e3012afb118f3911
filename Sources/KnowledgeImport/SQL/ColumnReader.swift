/// Reads the definition of a column: name, type, and what follows in any order.

import KnowledgeModel

struct ColumnReader {
    private(set) var column: TableDescription.Column
    private(set) var isPrimaryKey = false
    private(set) var isUnique = false
    private(set) var foreignKey: TableDescription.ForeignKey?
    /// Of its name, in the text.
    private(set) var offset: Int

    /// Words that end a type or an expression.
    private static let constraintWords: Set<String> = [
        "NOT", "NULL", "DEFAULT", "PRIMARY", "UNIQUE", "REFERENCES", "CHECK", "CONSTRAINT", "COLLATE", "GENERATED", "AS", "AUTO_INCREMENT",
        "AUTOINCREMENT", "COMMENT", "ON", "CHARSET", "STORAGE", "COMPRESSION", "ENCODE", "IDENTITY", "INVISIBLE", "VISIBLE", "VIRTUAL",
        "STORED", "PERSISTENT", "SRID", "DEFERRABLE", "INITIALLY", "MATCH", "KEY", "FIRST", "AFTER", "OPTIONS",
    ]

    /// `numeric(10,2)`, `integer[]`, `shop.state`
    private static let typeSymbols: Set<String> = ["(", "[", "]", "."]

    static func column(_ reader: inout SQLReader) throws(SQLProblem) -> ColumnReader {
        let offset = reader.problem("").offset
        let name = try reader.name("the name of a column")
        guard !name.isEmpty else { throw SQLProblem(offset: offset, message: "a column's name is empty") }
        var column = ColumnReader(column: TableDescription.Column(name: name, type: ""), offset: offset)
        let start = reader.position
        while !column.isAtEnd(reader), !column.isConstraint(reader) {
            if let token = reader.peek(), token.kind == .symbol, !typeSymbols.contains(token.text) {
                throw reader.problem("a type cannot go on with '\(token.text)'")
            }
            try reader.skipOne()
        }
        column.column.type = try reader.text(from: start)
        if column.column.type.utf8.count > KnowledgeLimits.maximumNameByteCount {
            throw SQLProblem(offset: offset, message: "the type has more than \(KnowledgeLimits.maximumNameByteCount) bytes")
        }
        if ["serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"].contains(column.column.type.lowercased()) {
            column.column.isNullable = false
        }
        while !column.isAtEnd(reader) { try column.readConstraint(&reader) }
        return column
    }

    private func isAtEnd(_ reader: SQLReader) -> Bool { reader.isAtEnd || reader.isSymbol(",") || reader.isSymbol(")") }

    private func isConstraint(_ reader: SQLReader) -> Bool {
        // MySQL's character set stands behind the type; PostgreSQL's `character varying` is one.
        if reader.isWord("CHARACTER"), reader.isWord("SET", 1) { return true }
        return reader.isWord(in: Self.constraintWords)
    }

    private mutating func readConstraint(_ reader: inout SQLReader) throws(SQLProblem) {
        let start = reader.position
        if reader.skip("NOT", "NULL") {
            column.isNullable = false
        } else if reader.skip("NULL") {
            column.isNullable = true
        } else if reader.skip("DEFAULT") {
            column.defaultValue = try Self.expression(&reader)
        } else if reader.skip("PRIMARY", "KEY") {
            isPrimaryKey = true
            column.isNullable = false
        } else if reader.skip("UNIQUE") {
            _ = reader.skip("KEY")
            isUnique = true
        } else if reader.isWord("REFERENCES") {
            foreignKey = try Self.reference(&reader, columns: [column.name])
        } else if reader.skip("COMMENT") {
            guard let token = reader.next(), token.kind == .string || token.kind == .quotedName else {
                throw reader.problem("a text is due here")
            }
            column.description = token.text
        } else if reader.skip("CONSTRAINT") {
            if !reader.isWord(in: Self.constraintWords) { _ = try reader.name("the name of a constraint") }
        } else if reader.isWord("AUTO_INCREMENT") || reader.isWord("AUTOINCREMENT") {
            reader.next()
            if column.defaultValue == nil { column.defaultValue = try reader.text(from: start) }
        } else if reader.isWord("GENERATED") || reader.isWord("AS") {
            try readGenerated(&reader, from: start)
        } else if reader.skip("ON") {
            // ON UPDATE CURRENT_TIMESTAMP(6), ON CONFLICT REPLACE
            for _ in 0..<2 where !isAtEnd(reader) { try reader.skipOne() }
            if reader.isSymbol("(") { try reader.skipOne() }
        } else if reader.peek()?.kind == .symbol, !reader.isSymbol("("), !reader.isSymbol("="), !reader.isSymbol(".") {
            throw reader.problem("a column's definition cannot go on with '\(reader.peek()?.text ?? "")'")
        } else {
            try reader.skipOne()
        }
    }

    /// GENERATED ALWAYS AS IDENTITY (...), GENERATED ALWAYS AS (a + b) STORED, AS (a + b)
    private mutating func readGenerated(_ reader: inout SQLReader, from start: Int) throws(SQLProblem) {
        while reader.isWord(in: ["GENERATED", "ALWAYS", "BY", "DEFAULT", "AS"]) { reader.next() }
        if reader.skip("IDENTITY") {
            column.isNullable = false
            column.defaultValue = try reader.text(from: start)
            if reader.isSymbol("(") { try reader.skipOne() }
            return
        }
        guard reader.isSymbol("(") else { throw reader.problem("an expression in parentheses is due here") }
        try reader.skipOne()
        if reader.isWord(in: ["STORED", "VIRTUAL", "PERSISTENT"]) { reader.next() }
        column.defaultValue = try reader.text(from: start)
    }

    /// An expression up to the word that ends it.
    static func expression(_ reader: inout SQLReader) throws(SQLProblem) -> String {
        let start = reader.position
        // The first word belongs to it, whatever it is: DEFAULT NULL.
        repeat {
            guard !reader.isAtEnd, !reader.isSymbol(","), !reader.isSymbol(")") else {
                if reader.position == start { throw reader.problem("an expression is due here") }
                break
            }
            try reader.skipOne()
        } while !(reader.isWord(in: constraintWords) && reader.peek(-1)?.isSymbol("::") != true)
        return try reader.text(from: start)
    }

    /// `REFERENCES table (columns)`; nil if that is not what stands here.
    static func reference(_ reader: inout SQLReader, columns: [String]) throws(SQLProblem) -> TableDescription.ForeignKey? {
        guard reader.skip("REFERENCES") else { return nil }
        let table = try reader.qualifiedName("the name of a table").joined(separator: ".")
        let references = reader.isSymbol("(") ? try reader.columnList() : []
        // ON DELETE SET NULL must not be taken for the column's NULL.
        while reader.isWord("ON") || reader.isWord("MATCH") {
            if reader.skip("MATCH") {
                reader.next()
                continue
            }
            reader.next()
            reader.next()
            if reader.skip("SET") || reader.skip("NO") {
                reader.next()
                if reader.isSymbol("(") { try reader.skipOne() }
            } else {
                reader.next()
            }
        }
        return TableDescription.ForeignKey(columns: columns, table: table, references: references)
    }
}

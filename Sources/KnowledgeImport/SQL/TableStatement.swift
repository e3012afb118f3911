/// What one statement says of one table: columns, keys, options.

import KnowledgeModel

struct TableStatement {
    private(set) var table: TableDescription
    /// Parts that say nothing about the table by themselves.
    private(set) var skipped: [SQLProblem] = []

    init(_ table: TableDescription) { self.table = table }

    /// The parenthesis behind the table's name.
    mutating func readElements(_ reader: inout SQLReader) throws(SQLProblem) {
        try reader.expectSymbol("(")
        while true {
            if reader.isSymbol(")"), table.columns.isEmpty { break }
            try readElement(&reader)
            guard reader.isSymbol(",") || reader.isSymbol(")") else { throw reader.problem("',' or ')' is due here") }
            if reader.isSymbol(")") { break }
            reader.next()
        }
        reader.next()
    }

    private mutating func readElement(_ reader: inout SQLReader) throws(SQLProblem) {
        if reader.isWord("LIKE") {
            skipped.append(reader.problem("columns of another table (LIKE) are not taken over"))
            return try skipElement(&reader)
        }
        if try readConstraint(&reader) { return try skipElement(&reader) }
        if isIndex(reader) { return try skipElement(&reader) }
        try addColumn(ColumnReader.column(&reader))
    }

    private mutating func addColumn(_ found: ColumnReader) throws(SQLProblem) {
        guard table.columns.count < KnowledgeLimits.maximumColumnCount else {
            throw SQLProblem(offset: found.offset, message: "a table has at most \(KnowledgeLimits.maximumColumnCount) columns")
        }
        guard !table.columns.contains(where: { $0.name == found.column.name }) else {
            throw SQLProblem(offset: found.offset, message: "the table has this column already")
        }
        table.columns.append(found.column)
        if found.isPrimaryKey { table.primaryKey = [found.column.name] }
        if found.isUnique { addUniqueKey([found.column.name]) }
        if let key = found.foreignKey { table.foreignKeys.append(key) }
    }

    private mutating func addUniqueKey(_ columns: [String]) {
        if !table.uniqueKeys.contains(columns) { table.uniqueKeys.append(columns) }
    }

    /// Up to the comma or the parenthesis behind an element.
    private func skipElement(_ reader: inout SQLReader) throws(SQLProblem) {
        while !reader.isAtEnd, !reader.isSymbol(","), !reader.isSymbol(")") { try reader.skipOne() }
    }

    /// MySQL's indexes among the columns. A column may be called `key` as well.
    private func isIndex(_ reader: SQLReader) -> Bool {
        if reader.isWord(in: ["FULLTEXT", "SPATIAL"]), reader.isWord(in: ["KEY", "INDEX"], 1) { return true }
        guard reader.isWord(in: ["KEY", "INDEX"]) else { return false }
        if reader.isSymbol("(", 1) { return true }
        guard let name = reader.peek(1), name.isName, reader.isSymbol("(", 2) || reader.isWord("USING", 2) else { return false }
        // `key varchar(10)` is a column, `KEY by_name (name)` is none.
        return name.kind == .quotedName || reader.peek(3)?.kind != .number
    }

    /// A constraint of the table; false, and nothing read, if none stands here.
    private mutating func readConstraint(_ reader: inout SQLReader) throws(SQLProblem) -> Bool {
        var ahead = reader
        if ahead.skip("CONSTRAINT"), !ahead.isWord(in: ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"]) { ahead.next() }
        if ahead.skip("PRIMARY", "KEY") {
            if let columns = try keyColumns(&ahead) {
                table.primaryKey = columns
                for column in columns { setNotNull(column) }
            }
        } else if ahead.isWord("UNIQUE"), ahead.isSymbol("(", 1) || ahead.peek(1)?.isName == true {
            ahead.next()
            if let columns = try keyColumns(&ahead) { addUniqueKey(columns) }
        } else if ahead.skip("FOREIGN", "KEY") {
            if let columns = try keyColumns(&ahead), let key = try ColumnReader.reference(&ahead, columns: columns) {
                table.foreignKeys.append(key)
            }
        } else if ahead.isWord("CHECK"), ahead.isSymbol("(", 1) {
            ahead.next()
        } else if ahead.isWord("EXCLUDE"), ahead.isWord("USING", 1) || ahead.isSymbol("(", 1) {
            ahead.next()
        } else if ahead.isWord("PERIOD"), ahead.isWord("FOR", 1) {
            ahead.next()
        } else {
            return false
        }
        reader = ahead
        guard table.uniqueKeys.count <= KnowledgeLimits.maximumTableKeyCount,
            table.foreignKeys.count <= KnowledgeLimits.maximumTableKeyCount
        else { throw reader.problem("a table has at most \(KnowledgeLimits.maximumTableKeyCount) keys of a kind") }
        return true
    }

    /// The list of columns behind a key's words, with MySQL's index name and type before it; nil for `USING INDEX`, which has none.
    private func keyColumns(_ reader: inout SQLReader) throws(SQLProblem) -> [String]? {
        if reader.isWord("USING"), reader.isWord("INDEX", 1) { return nil }
        while !reader.isAtEnd, !reader.isSymbol("(") {
            guard reader.peek()?.isName == true else { throw reader.problem("a list of columns is due here") }
            reader.next()
        }
        return try reader.columnList()
    }

    private mutating func setNotNull(_ column: String) {
        guard let index = index(of: column) else { return }
        table.columns[index].isNullable = false
    }

    private func index(of column: String) -> Int? {
        table.columns.firstIndex { $0.name == column } ?? table.columns.firstIndex { $0.name.lowercased() == column.lowercased() }
    }

    /// What stands behind the columns: MySQL's comment.
    mutating func readOptions(_ reader: inout SQLReader) throws(SQLProblem) {
        for column in table.primaryKey { setNotNull(column) }
        while !reader.isAtEnd {
            if reader.isSymbol(")") { throw reader.problem("this parenthesis was not opened") }
            if reader.skip("COMMENT") {
                _ = reader.skipSymbol("=")
                if let token = reader.peek(), token.kind == .string { table.description = token.text }
            }
            if !reader.isAtEnd { try reader.skipOne() }
        }
    }

    // MARK: ALTER TABLE

    static func concernsTables(_ reader: SQLReader) -> Bool { reader.isWord(in: ["ADD", "ALTER", "MODIFY", "CHANGE"]) }

    /// The actions behind `ALTER TABLE name`, those that are known here.
    mutating func readAlterations(_ reader: inout SQLReader) throws(SQLProblem) {
        while !reader.isAtEnd {
            if reader.skip("ADD") {
                if try !readConstraint(&reader), !isIndex(reader), !reader.isWord(in: ["INDEX", "KEY", "PARTITION"]) {
                    let hasWord = reader.skip("COLUMN")
                    _ = reader.skip("IF", "NOT", "EXISTS")
                    if hasWord || reader.peek()?.isName == true { try addColumn(ColumnReader.column(&reader)) }
                }
            } else if reader.skip("MODIFY") {
                _ = reader.skip("COLUMN")
                replace(try ColumnReader.column(&reader).column)
            } else if reader.skip("ALTER") {
                _ = reader.skip("COLUMN")
                try alterColumn(&reader)
            }
            try skipElement(&reader)
            guard !reader.isSymbol(")") else { throw reader.problem("this parenthesis was not opened") }
            reader.next()
        }
        for column in table.primaryKey { setNotNull(column) }
    }

    private mutating func replace(_ column: TableDescription.Column) {
        guard let index = index(of: column.name) else { return }
        table.columns[index] = column
    }

    private mutating func alterColumn(_ reader: inout SQLReader) throws(SQLProblem) {
        let name = try reader.name("the name of a column")
        guard let index = index(of: name) else { return }
        if reader.skip("SET", "DEFAULT") {
            table.columns[index].defaultValue = try ColumnReader.expression(&reader)
        } else if reader.skip("SET", "NOT", "NULL") {
            table.columns[index].isNullable = false
        } else if reader.skip("ADD") {
            let start = reader.position
            while reader.isWord(in: ["GENERATED", "ALWAYS", "BY", "DEFAULT", "AS", "IDENTITY"]) { reader.next() }
            if reader.position > start { table.columns[index].defaultValue = try reader.text(from: start) }
        }
    }
}

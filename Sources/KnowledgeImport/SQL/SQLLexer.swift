/// Splits SQL into statements and words, in the ways of PostgreSQL, MySQL and SQLite at once: comments, quoted names, texts with their escapes,
/// dollar quotes, and what only dumps have: rows behind COPY, commands of psql, DELIMITER.

struct SQLLexer {
    private let text: ArraySlice<UInt8>
    private var offset: Int
    /// Whether a backslash escapes in every text, as in MySQL, which is told by its backticks.
    private let usesBackslashes: Bool

    init(_ text: ArraySlice<UInt8>) {
        self.text = text
        offset = text.startIndex
        usesBackslashes = text.contains(UInt8(ascii: "`"))
    }

    private func byte(_ ahead: Int = 0) -> UInt8? { offset + ahead < text.endIndex ? text[offset + ahead] : nil }
    private func starts(with bytes: StaticString) -> Bool {
        bytes.withUTF8Buffer { offset + $0.count <= text.endIndex && text[offset..<offset + $0.count].elementsEqual($0) }
    }

    /// The words of the next statement, without its semicolon; empty for one that `wanted` does not want by its first word; nil at the end.
    /// Throws what keeps its words from being told apart; the next call goes on behind the next semicolon.
    mutating func nextStatement(where wanted: (SQLToken) -> Bool) throws(SQLProblem) -> [SQLToken]? {
        skipDumpCommands()
        var tokens: [SQLToken] = []
        var isWanted = true
        var count = 0
        var isCopy = false
        while true {
            let token: SQLToken?
            do throws(SQLProblem) { token = try next() } catch {
                skipStatement()
                throw error
            }
            guard let token else { return count == 0 ? nil : tokens }
            if token.isSymbol(";") { break }
            if count == 0 {
                isWanted = wanted(token)
                isCopy = token.isWord("COPY")
            } else if isCopy, token.isWord("STDIN") {
                skipRows()
                return []
            }
            count += 1
            if isWanted { tokens.append(token) }
        }
        return tokens
    }

    // MARK: Between statements

    /// Lines for psql (`\connect`) and MySQL's DELIMITER, with all that stands between it and the next one.
    private mutating func skipDumpCommands() {
        while true {
            skipSpace()
            if byte() == UInt8(ascii: "\\") {
                skipLine()
            } else if starts(with: "DELIMITER ") || starts(with: "delimiter ") {
                let line = text[offset...].prefix { $0 != UInt8(ascii: "\n") }
                let delimiter = String(decoding: line.dropFirst(10), as: UTF8.self).filter { !$0.isWhitespace }
                skipLine()
                guard delimiter != ";" else { continue }
                while offset < text.endIndex, !starts(with: "DELIMITER "), !starts(with: "delimiter ") { skipLine() }
            } else {
                return
            }
        }
    }

    private mutating func skipLine() {
        offset = text[offset...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? text.endIndex
    }

    /// The rows behind `COPY ... FROM stdin;`, up to the line `\.`.
    private mutating func skipRows() {
        skipLine()
        while offset < text.endIndex {
            let isEnd = starts(with: "\\.")
            skipLine()
            if isEnd { return }
        }
    }

    private mutating func skipStatement() {
        offset = text[offset...].firstIndex(of: UInt8(ascii: ";")).map { $0 + 1 } ?? text.endIndex
    }

    /// White space and comments.
    private mutating func skipSpace() {
        while let byte = byte() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0b, 0x0c: offset += 1
            case UInt8(ascii: "-") where self.byte(1) == UInt8(ascii: "-"): skipLine()
            case UInt8(ascii: "#") where isLineStart: skipLine()
            case UInt8(ascii: "/") where self.byte(1) == UInt8(ascii: "*"): skipBlockComment()
            default: return
            }
        }
    }

    /// Nothing but white space before it: elsewhere `#` is an operator.
    private var isLineStart: Bool {
        let before = text[..<offset].last { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return before == nil || before == UInt8(ascii: "\n")
    }

    /// Comments nest in PostgreSQL. One that does not end is the end.
    private mutating func skipBlockComment() {
        var depth = 0
        while offset < text.endIndex {
            if starts(with: "/*") {
                depth += 1
                offset += 2
            } else if starts(with: "*/") {
                depth -= 1
                offset += 2
                if depth == 0 { return }
            } else {
                offset += 1
            }
        }
    }

    // MARK: Words

    private mutating func next() throws(SQLProblem) -> SQLToken? {
        skipSpace()
        guard let first = byte() else { return nil }
        let start = offset
        switch first {
        case UInt8(ascii: "'"): return try string(from: start, escapes: usesBackslashes)
        case UInt8(ascii: "\""), UInt8(ascii: "`"): return try quotedName(first, first)
        case UInt8(ascii: "[") where byte(1).map(Self.isNameStart) == true && !isBehindName: return try quotedName(first, UInt8(ascii: "]"))
        case UInt8(ascii: "$"):
            if let token = try dollarString() { return token }
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            while let byte = byte(), Self.isNamePart(byte) || byte == UInt8(ascii: ".") { offset += 1 }
            return token(.number, start)
        case UInt8(ascii: ":") where byte(1) == first:
            offset += 2
            return token(.symbol, start)
        default: break
        }
        guard Self.isNameStart(first) else {
            offset += 1
            return token(.symbol, start)
        }
        // E'...', N'...', X'...', B'...', U&'...'
        if byte(1) == UInt8(ascii: "'"), "eEnNxXbB".utf8.contains(first) {
            offset += 1
            return try string(from: start, escapes: usesBackslashes || first | 0x20 == UInt8(ascii: "e"))
        }
        while let byte = byte(), Self.isNamePart(byte) { offset += 1 }
        return token(.word, start)
    }

    /// `integer[3]` and `a[i]`, not a name in brackets.
    private var isBehindName: Bool {
        guard offset > text.startIndex else { return false }
        let before = text[offset - 1]
        return Self.isNamePart(before) || before == UInt8(ascii: "]") || before == UInt8(ascii: ")")
    }

    private func token(_ kind: SQLToken.Kind, _ start: Int) -> SQLToken {
        SQLToken(kind: kind, text: String(decoding: text[start..<offset], as: UTF8.self), range: start..<offset)
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    static func isNamePart(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "$")
    }

    /// The offset stands on the opening quote.
    private mutating func string(from start: Int, escapes: Bool) throws(SQLProblem) -> SQLToken {
        var content: [UInt8] = []
        offset += 1
        while let byte = byte() {
            if byte == UInt8(ascii: "'") {
                guard self.byte(1) == byte else {
                    offset += 1
                    return SQLToken(kind: .string, text: String(decoding: content, as: UTF8.self), range: start..<offset)
                }
                offset += 1
            } else if escapes, byte == UInt8(ascii: "\\"), let escaped = self.byte(1) {
                switch escaped {
                case UInt8(ascii: "n"): content.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "t"): content.append(UInt8(ascii: "\t"))
                case UInt8(ascii: "r"): content.append(UInt8(ascii: "\r"))
                case UInt8(ascii: "0"): break
                default: content.append(escaped)
                }
                offset += 2
                continue
            }
            content.append(byte)
            offset += 1
        }
        throw SQLProblem(offset: start, message: "the text that begins here does not end")
    }

    private mutating func quotedName(_ open: UInt8, _ close: UInt8) throws(SQLProblem) -> SQLToken {
        let start = offset
        var content: [UInt8] = []
        offset += 1
        while let byte = byte() {
            if byte == close {
                offset += 1
                guard self.byte() == close, open == close else {
                    return SQLToken(kind: .quotedName, text: String(decoding: content, as: UTF8.self), range: start..<offset)
                }
            }
            content.append(byte)
            offset += 1
        }
        throw SQLProblem(offset: start, message: "the quoted name that begins here does not end")
    }

    /// Nil, and nothing read, when it is none: `$1`.
    private mutating func dollarString() throws(SQLProblem) -> SQLToken? {
        var end = offset + 1
        while end < text.endIndex, Self.isNamePart(text[end]), text[end] != UInt8(ascii: "$") { end += 1 }
        guard end < text.endIndex, text[end] == UInt8(ascii: "$"), end == offset + 1 || Self.isNameStart(text[offset + 1]) else {
            return nil
        }
        let start = offset
        let tag = Array(text[start...end])
        var position = end + 1
        while position + tag.count <= text.endIndex {
            if text[position] == UInt8(ascii: "$"), text[position..<position + tag.count].elementsEqual(tag) {
                offset = position + tag.count
                return SQLToken(kind: .string, text: String(decoding: text[(end + 1)..<position], as: UTF8.self), range: start..<offset)
            }
            position += 1
        }
        throw SQLProblem(offset: start, message: "the dollar quote that begins here does not end")
    }
}

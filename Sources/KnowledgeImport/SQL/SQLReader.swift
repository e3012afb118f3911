/// Reads the words of one statement, one after the other.

struct SQLReader {
    private let tokens: [SQLToken]
    private let source: ArraySlice<UInt8>
    private(set) var position = 0

    init(_ tokens: [SQLToken], _ source: ArraySlice<UInt8>) {
        self.tokens = tokens
        self.source = source
    }

    func peek(_ ahead: Int = 0) -> SQLToken? { tokens.indices.contains(position + ahead) ? tokens[position + ahead] : nil }
    var isAtEnd: Bool { position >= tokens.count }

    @discardableResult
    mutating func next() -> SQLToken? {
        guard position < tokens.count else { return nil }
        position += 1
        return tokens[position - 1]
    }

    func isWord(_ word: String, _ ahead: Int = 0) -> Bool { peek(ahead)?.isWord(word) ?? false }
    func isWord(in words: Set<String>, _ ahead: Int = 0) -> Bool {
        guard let token = peek(ahead), token.kind == .word else { return false }
        return words.contains(token.text.uppercased())
    }
    func isSymbol(_ symbol: String, _ ahead: Int = 0) -> Bool { peek(ahead)?.isSymbol(symbol) ?? false }

    /// Reads words if they come next, all of them.
    mutating func skip(_ words: String...) -> Bool {
        for (ahead, word) in words.enumerated() where !isWord(word, ahead) { return false }
        position += words.count
        return true
    }

    mutating func skipSymbol(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        position += 1
        return true
    }

    func problem(_ message: String) -> SQLProblem {
        SQLProblem(offset: peek()?.range.lowerBound ?? tokens.last?.range.upperBound ?? source.startIndex, message: message)
    }

    mutating func expectSymbol(_ symbol: String) throws(SQLProblem) {
        guard skipSymbol(symbol) else { throw problem("'\(symbol)' is due here") }
    }

    mutating func name(_ what: String) throws(SQLProblem) -> String {
        guard let token = peek(), token.isName || token.kind == .string else { throw problem("\(what) is due here") }
        position += 1
        return token.text
    }

    /// A name with what stands before it behind points: at most the last two count.
    mutating func qualifiedName(_ what: String) throws(SQLProblem) -> [String] {
        var parts = [try name(what)]
        while skipSymbol(".") { parts.append(try name(what)) }
        return parts
    }

    /// Names in parentheses; of `(a(10) DESC, lower(b))` the first word of each.
    mutating func columnList() throws(SQLProblem) -> [String] {
        try expectSymbol("(")
        var names: [String] = []
        while true {
            names.append(try name("the name of a column"))
            while !isSymbol(","), !isSymbol(")") {
                guard !isAtEnd else { throw problem("')' is due here") }
                try skipOne()
            }
            if skipSymbol(")") { return names }
            try expectSymbol(",")
        }
    }

    /// One word, or all between parentheses.
    mutating func skipOne() throws(SQLProblem) {
        guard isSymbol("(") else {
            position += 1
            return
        }
        let start = position
        var depth = 0
        while let token = next() {
            if token.isSymbol("(") {
                depth += 1
                guard depth <= KnowledgeImportLimits.maximumParenthesisDepth else {
                    throw SQLProblem(offset: token.range.lowerBound, message: "the parentheses nest too deep")
                }
            } else if token.isSymbol(")") {
                depth -= 1
                if depth == 0 { return }
            }
        }
        throw SQLProblem(offset: tokens[start].range.lowerBound, message: "this parenthesis is not closed")
    }

    /// The source of the words from a position up to here, one space where there was any, without comments.
    func text(from start: Int) throws(SQLProblem) -> String {
        var bytes: [UInt8] = []
        for index in start..<position {
            if index > start, tokens[index].range.lowerBound > tokens[index - 1].range.upperBound { bytes.append(UInt8(ascii: " ")) }
            bytes += source[tokens[index].range]
            guard bytes.count <= KnowledgeImportLimits.maximumExpressionByteCount else {
                throw SQLProblem(
                    offset: tokens[start].range.lowerBound,
                    message: "the expression has more than \(KnowledgeImportLimits.maximumExpressionByteCount) bytes")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

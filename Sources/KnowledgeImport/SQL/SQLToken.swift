/// A word of SQL, with where it stands in the text.

struct SQLToken: Equatable {
    enum Kind: Equatable {
        /// A keyword or a name without quotes.
        case word
        /// A name in quotes; `text` is without them.
        case quotedName
        /// A text; `text` is what it spells.
        case string
        case number
        /// One character of punctuation or an operator, or `::`.
        case symbol
    }

    var kind: Kind
    var text: String
    /// Bytes of the source.
    var range: Range<Int>

    /// Whether it is a keyword, whatever its case.
    func isWord(_ word: String) -> Bool { kind == .word && text.utf8.count == word.utf8.count && text.uppercased() == word }

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

    var isName: Bool { kind == .word || kind == .quotedName }
}

/// Why a statement cannot be read, and at which byte.
struct SQLProblem: Error, Equatable {
    var offset: Int
    var message: String
}

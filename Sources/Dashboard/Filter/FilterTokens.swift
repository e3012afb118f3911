/// The filter bar's text, cut into what FilterText reads.

struct FilterTokens: Sendable {
    enum Token: Sendable, Equatable {
        case word(String)
        case condition(field: String, sign: String, values: [String], isQuoted: Bool)
        case or, not, open, close
    }

    private var tokens: [Token] = []
    private var position = 0

    var next: Token? { position < tokens.count ? tokens[position] : nil }
    var isAtEnd: Bool { position >= tokens.count }

    mutating func advance() { position += 1 }

    mutating func take(_ token: Token) -> Bool {
        guard next == token else { return false }
        position += 1
        return true
    }

    /// The longer ones first.
    private static let signs = ["!=", ">=", "<=", "^=", "!~", ":", "=", ">", "<", "~"]

    init(_ text: String) throws(FilterText.Failure) {
        var scanner = Scanner(rest: Array(text.unicodeScalars)[...])
        while let scalar = scanner.skipSpaces() {
            switch scalar {
            case "(": scanner.drop(); tokens.append(.open)
            case ")": scanner.drop(); tokens.append(.close)
            case "-" where scanner.second.map({ !Scanner.isSpace($0) }) == true: scanner.drop(); tokens.append(.not)
            case "\"": tokens.append(.word(try scanner.quoted()))
            default: tokens.append(try Self.token(&scanner))
            }
        }
    }

    private static func token(_ scanner: inout Scanner) throws(FilterText.Failure) -> Token {
        let name = scanner.name()
        if let sign = signs.first(where: { scanner.take($0) }) {
            guard !name.isEmpty else { throw FilterText.Failure(message: "a field stands before \(sign)") }
            var values: [String] = [], isQuoted = false
            repeat {
                if scanner.first == "\"" {
                    values.append(try scanner.quoted())
                    isQuoted = true
                } else {
                    values.append(scanner.value())
                }
            } while (sign == ":" || sign == "=") && scanner.take(",")
            guard isQuoted || values.allSatisfy({ !$0.isEmpty }) else {
                throw FilterText.Failure(message: "a value stands behind \(name)\(sign)")
            }
            return .condition(field: name, sign: sign, values: values, isQuoted: isQuoted)
        }
        // What begins no field and no value: taken as a word, so that the text goes on.
        let word = name.isEmpty ? scanner.value() : name + scanner.value()
        switch word {
        case "or", "OR": return .or
        case "not", "NOT": return .not
        case "and", "AND": return scanner.skipSpaces() == nil ? .word(word) : try token(&scanner)
        case "": throw FilterText.Failure(message: "\(scanner.first.map { String($0) } ?? "this") cannot stand here; put it in quotes")
        default: return .word(word)
        }
    }

    /// Bytes that a value may have without quotes.
    static func isPlain(_ byte: UInt8) -> Bool {
        !(byte <= 0x20 || byte == 0x7f || [UInt8(ascii: "\""), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ",")].contains(byte))
    }

    private struct Scanner {
        var rest: ArraySlice<Unicode.Scalar>

        var first: Unicode.Scalar? { rest.first }
        var second: Unicode.Scalar? { rest.dropFirst().first }

        static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }

        mutating func drop() { rest = rest.dropFirst() }

        mutating func skipSpaces() -> Unicode.Scalar? {
            rest = rest.drop(while: Self.isSpace)
            return rest.first
        }

        mutating func take(_ text: String) -> Bool {
            guard rest.starts(with: text.unicodeScalars) else { return false }
            rest = rest.dropFirst(text.unicodeScalars.count)
            return true
        }

        /// Of a field: letters, digits and what keys of attributes are made of.
        mutating func name() -> String {
            let end = rest.firstIndex {
                !($0.properties.isAlphabetic || $0.properties.numericType != nil || "._-/@$[]".unicodeScalars.contains($0))
            }
            return take(upTo: end)
        }

        mutating func value() -> String {
            let end = rest.firstIndex { Self.isSpace($0) || "\"(),".unicodeScalars.contains($0) }
            return take(upTo: end)
        }

        mutating func quoted() throws(FilterText.Failure) -> String {
            drop()
            var text = String.UnicodeScalarView()
            while let scalar = rest.first {
                drop()
                if scalar == "\"" { return String(text) }
                if scalar == "\\", let escaped = rest.first {
                    drop()
                    text.append(escaped)
                } else {
                    text.append(scalar)
                }
            }
            throw FilterText.Failure(message: "a quote is not closed")
        }

        private mutating func take(upTo end: Int?) -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: rest[..<(end ?? rest.endIndex)])
            rest = rest[(end ?? rest.endIndex)...]
            return String(text)
        }
    }
}

/// The text of the filter bar -> the API's one filter (docs/query.md), as JSON.
///
///     text     := any ("or" any)*          words between "or" hold together
///     any      := term+
///     term     := "-" term | "not" term | "(" text ")" | FIELD OPERATOR VALUE | WORD
///     OPERATOR := ":" "=" equal, one of a list with commas   "!=" unequal   ">" ">=" "<" "<="   "~" contains, in either case   "^=" begins with
///     VALUE    := "quoted, with \" and \\" | characters without spaces and parentheses
///
/// `FIELD:*` is "there is one", `FIELD:null` "there is none". A word alone is looked for in names, inputs and outputs; 32 hexadecimal digits are a trace's id.

import ByteCoding

struct FilterText: Sendable, Equatable {
    /// nil when nothing was written.
    let filter: JSONValue?

    /// What cannot be read, and where.
    struct Failure: Error, Equatable {
        let message: String
    }

    static let maximumByteCount = 4_096
    /// Parentheses within each other: the API allows eight levels, of which a term takes some itself.
    private static let maximumDepth = 5

    init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.maximumByteCount else { throw Failure(message: "the filter is too long") }
        var reader = try FilterTokens(text)
        filter = try Self.alternatives(&reader, depth: 0)
        guard reader.isAtEnd else { throw Failure(message: "there is a ) without a (") }
    }

    /// Errors: what the reader cannot read.
    private static func alternatives(_ reader: inout FilterTokens, depth: Int) throws(Failure) -> JSONValue? {
        guard depth <= maximumDepth else { throw Failure(message: "parentheses are nested too deeply") }
        var all: [JSONValue] = []
        repeat {
            var terms: [JSONValue] = []
            while let term = try term(&reader, depth: depth) { terms.append(term) }
            if terms.isEmpty, !all.isEmpty || reader.next == .or { throw Failure(message: "\"or\" stands between two conditions") }
            if let joined = joined(terms, "_and") { all.append(joined) }
        } while reader.take(.or)
        return joined(all, "_or")
    }

    private static func term(_ reader: inout FilterTokens, depth: Int) throws(Failure) -> JSONValue? {
        switch reader.next {
        case nil, .or, .close: return nil
        case .not:
            reader.advance()
            guard let term = try term(&reader, depth: depth) else { throw Failure(message: "\"-\" and \"not\" stand before a condition") }
            return object("_not", term)
        case .open:
            reader.advance()
            guard let inner = try alternatives(&reader, depth: depth + 1) else {
                throw Failure(message: "there is nothing between ( and )")
            }
            guard reader.take(.close) else { throw Failure(message: "a ( is not closed") }
            return inner
        case .word(let word):
            reader.advance()
            return FilterCondition.word(word)
        case .condition(let field, let sign, let values, let isQuoted):
            reader.advance()
            return try FilterCondition.make(field, sign, values, isQuoted: isQuoted)
        }
    }

    private static func joined(_ filters: [JSONValue], _ name: String) -> JSONValue? {
        filters.count > 1 ? object(name, .array(filters)) : filters.first
    }

    static func object(_ key: String, _ value: JSONValue) -> JSONValue { .object([JSONMember(key: key, value: value)]) }

    /// A condition as the bar writes it: for links that filter by a value.
    static func equal(_ field: String, _ value: String) -> String {
        let isPlain = !value.isEmpty && value != "null" && value != "*" && value.utf8.allSatisfy { FilterTokens.isPlain($0) }
        guard !isPlain else { return "\(field):\(value)" }
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\(field):\"\(escaped)\""
    }
}

import ByteCoding
import ContentReading
import EvaluationModel

/// A text with places for values: `{{name}}`, `{{nested.path}}`, `{{list.0}}`. A backslash before the braces makes them literal:
/// `\{{`. There are no loops, conditions or filters. A text value stands as it is, any other as JSON; values are not read as templates
/// again. Parsing and rendering are linear.
package struct PromptTemplate: Equatable, Sendable {
    enum Piece: Equatable, Sendable {
        case text(String)
        case variable(String)
    }

    let pieces: [Piece]

    /// Throws `InvalidContent` for braces that are not closed, and what is no name between them.
    package init(_ text: String) throws(InvalidContent) {
        guard text.utf8.count <= EvaluationLimits.maximumTemplateByteCount else {
            throw InvalidContent(
                "the template has \(text.utf8.count) bytes; at most \(EvaluationLimits.maximumTemplateByteCount) are allowed")
        }
        var pieces: [Piece] = []
        var literal = ""
        var rest = text[...]
        while let opening = rest.firstRange(of: "{{") {
            if opening.lowerBound > rest.startIndex, rest[rest.index(before: opening.lowerBound)] == "\\" {
                literal += rest[..<rest.index(before: opening.lowerBound)] + "{{"
                rest = rest[opening.upperBound...]
                continue
            }
            literal += rest[..<opening.lowerBound]
            let inner = rest[opening.upperBound...]
            guard let closing = inner.firstRange(of: "}}") else {
                throw InvalidContent("the braces opened \(Self.place(of: opening.lowerBound, in: text)) are not closed")
            }
            let name = String(inner[..<closing.lowerBound]).trimmed
            guard Self.isName(name) else {
                throw InvalidContent(
                    "\(quoted(name)) \(Self.place(of: opening.lowerBound, in: text)) is no variable's name; loops, conditions and filters are not known"
                )
            }
            if !literal.isEmpty { pieces.append(.text(literal)) }
            literal = ""
            pieces.append(.variable(name))
            rest = inner[closing.upperBound...]
        }
        literal += rest
        if !literal.isEmpty { pieces.append(.text(literal)) }
        self.pieces = pieces
    }

    /// The names it asks for, each once, in their order.
    package var variables: [String] {
        var seen: Set<String> = []
        return pieces.compactMap { if case .variable(let name) = $0, seen.insert(name).inserted { name } else { nil } }
    }

    /// The text with the values in their places.
    ///
    /// Throws `InvalidContent` that names every variable that is not there.
    package func render(_ variables: PromptVariables) throws(InvalidContent) -> String {
        var text = ""
        var missing: [ContentProblem] = []
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .variable(let name):
                if let value = variables[name] {
                    text += value.plainText
                } else if !missing.contains(where: { $0.path == name }) {
                    missing.append(ContentProblem(path: name, message: variables.whyMissing(name)))
                }
            }
            guard text.utf8.count <= EvaluationLimits.maximumRenderedByteCount else {
                throw InvalidContent("the rendered text has more than \(EvaluationLimits.maximumRenderedByteCount) bytes")
            }
        }
        if !missing.isEmpty { throw InvalidContent(missing) }
        return text
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= TestCaseLimits.maximumNameByteCount
            && name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "_" || $0 == "-" || $0 == "."
            }
    }

    private static func place(of index: String.Index, in text: String) -> String {
        let before = text[..<index]
        let line = before.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.distance(from: before.lastIndex(of: "\n").map(before.index(after:)) ?? before.startIndex, to: index) + 1
        return "in line \(line), column \(column)"
    }
}

/// The values a template may ask for.
package struct PromptVariables: Equatable, Sendable {
    private let values: [String: JSONValue]

    package init(_ members: [JSONMember], context: String? = nil) {
        var values = members.values
        if let context { values["context"] = .string(context) }
        self.values = values
    }

    /// A variable of exactly this name, or the value its path leads to.
    package subscript(name: String) -> JSONValue? {
        if let value = values[name] { return value }
        let steps = name.split(separator: ".", omittingEmptySubsequences: false)
        guard steps.count > 1, var value = values[String(steps[0])] else { return nil }
        for step in steps.dropFirst() {
            switch value {
            case .object:
                guard let next = value[String(step)] else { return nil }
                value = next
            case .array(let elements):
                guard let index = Int(step), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    func whyMissing(_ name: String) -> String {
        if name == "context" { return "the template asks for {{context}}, but no knowledge base is bound to this target" }
        let names = values.keys.sorted().prefix(10).map { $0.cut(toByteCount: 64) }.joined(separator: ", ")
        return "the template asks for {{\(name)}}, which the case does not have\(names.isEmpty ? "" : "; it has \(names)")"
    }
}

/// What is said of a JSON value whoever reads it: what a person calls it, and whether it can be stored at all.

import ByteCoding

extension JSONValue {
    /// What a person calls a value of this kind.
    package var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .double: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// Why the value cannot be taken whoever reads it: a key stands twice in an object, containers nest deeper than `depth`, a number is none,
    /// a text cannot be stored. Nil for all others.
    package func problemOfShape(maximumDepth depth: Int) -> String? {
        switch self {
        case .array(let elements):
            guard depth > 0 else { return "the value is nested too deeply" }
            for element in elements { if let problem = element.problemOfShape(maximumDepth: depth - 1) { return problem } }
        case .object(let members):
            guard depth > 0 else { return "the value is nested too deeply" }
            var keys: Set<String> = []
            for member in members {
                guard !member.key.utf8.contains(0) else { return Self.problemOfNUL }
                guard keys.insert(member.key).inserted else { return "the key '\(member.key.prefix(64))' stands twice in one object" }
                if let problem = member.value.problemOfShape(maximumDepth: depth - 1) { return problem }
            }
        case .double(let value):
            if !value.isFinite { return "a number is neither NaN nor infinite" }
        case .string(let text):
            if text.utf8.contains(0) { return Self.problemOfNUL }
        default: break
        }
        return nil
    }

    /// PostgreSQL cannot store it.
    private static let problemOfNUL = "a text does not hold the character U+0000"
}

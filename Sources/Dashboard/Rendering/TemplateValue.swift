/// JSON as the template engine takes it: contexts are JSON, so that samples of them can lie in files and both be rendered alike.

import ByteCoding
import Mustache

/// What a section takes for false, and what nothing is shown of. It is a value all the same: a name that is null here is not looked for
/// further out.
private struct Nothing: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
}

extension JSONValue {
    /// Objects as dictionaries; an empty text is like null, as it is in most template engines.
    var templateValue: Any {
        switch self {
        case .null: return Nothing()
        case .bool(let value): return value
        case .integer(let value): return value
        case .double(let value): return value
        case .string(let value): return value.isEmpty ? Nothing() : value
        case .array(let elements): return elements.map(\.templateValue)
        case .object(let members):
            return Dictionary(members.map { ($0.key, $0.value.templateValue) }) { _, last in last } as [String: Any]
        }
    }
}

/// What a template shows, written member by member: texts are formatted already, and the template only decides where they stand.

import ByteCoding

struct PageContext: Sendable, Equatable {
    private(set) var members: [JSONMember] = []

    init() {}

    var value: JSONValue { .object(members) }

    /// Null when absent. What is set twice has the later value.
    subscript(name: String) -> JSONValue {
        get { members.last { $0.key == name }?.value ?? .null }
        set {
            if let index = members.firstIndex(where: { $0.key == name }) {
                members[index].value = newValue
            } else {
                members.append(JSONMember(key: name, value: newValue))
            }
        }
    }

    // What is absent is an empty text: a name that is missing would be looked for further out.
    mutating func set(_ name: String, _ text: String?) { self[name] = .string(text ?? "") }
    mutating func set(_ name: String, _ flag: Bool) { self[name] = .bool(flag) }
    mutating func set(_ name: String, _ number: Int64?) { self[name] = number.map { .integer($0) } ?? .string("") }
    mutating func set(_ name: String, _ number: Int) { self[name] = .integer(Int64(number)) }
    mutating func set(_ name: String, _ context: PageContext) { self[name] = context.value }
    mutating func set(_ name: String, _ contexts: [PageContext]) { self[name] = .array(contexts.map(\.value)) }
    mutating func set(_ name: String, _ value: JSONValue) { self[name] = value }

    /// Writes a context in place.
    static func make(_ body: (inout PageContext) -> Void) -> PageContext {
        var context = PageContext()
        body(&context)
        return context
    }
}

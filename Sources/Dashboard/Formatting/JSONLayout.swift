/// JSON laid out for reading: two spaces a level, a member a line.

import ByteCoding

enum JSONLayout {
    static func text(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: "", into: &text)
        return text
    }

    private static func write(_ value: JSONValue, indent: String, into text: inout String) {
        let inner = indent + "  "
        switch value {
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                write(element, indent: inner, into: &text)
                text += index < elements.count - 1 ? ",\n" : "\n"
            }
            text += indent + "]"
        case .object(let members) where !members.isEmpty:
            text += "{\n"
            for (index, member) in members.enumerated() {
                text += inner + String(decoding: JSONValue.string(member.key).bytes, as: UTF8.self) + ": "
                write(member.value, indent: inner, into: &text)
                text += index < members.count - 1 ? ",\n" : "\n"
            }
            text += indent + "}"
        default: text += String(decoding: value.bytes, as: UTF8.self)
        }
    }
}

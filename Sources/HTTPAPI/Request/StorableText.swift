/// Which text of a body PostgreSQL cannot hold: its text has every character but U+0000. Found here, where the member can be named.

import ByteCoding

extension JSONValue {
    /// The place of the first text, or key, with a U+0000 in it, as `redaction.patterns[0].name`; nil when there is none.
    var placeOfNUL: String? {
        switch self {
        case .string(let text): text.utf8.contains(0) ? "" : nil
        case .array(let elements):
            elements.enumerated().lazy.compactMap { index, element in element.placeOfNUL.map { "[\(index)]\(Self.joint($0))\($0)" } }.first
        case .object(let members):
            members.lazy.compactMap { member in
                if member.key.utf8.contains(0) { return member.key.filter { $0 != "\0" } }
                return member.value.placeOfNUL.map { "\(member.key)\(Self.joint($0))\($0)" }
            }.first
        case .null, .bool, .integer, .double: nil
        }
    }

    private static func joint(_ place: String) -> String { place.isEmpty || place.hasPrefix("[") ? "" : "." }
}

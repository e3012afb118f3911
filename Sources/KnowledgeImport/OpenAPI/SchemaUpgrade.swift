/// Schemas of OpenAPI 3.0 as those of 3.1, which are JSON Schema: entries are kept in one form, whatever the document's.

import ByteCoding

enum SchemaUpgrade {
    /// The members of a 3.0 schema object, those of its inner schemas untouched.
    static func upgraded(_ members: [JSONMember]) -> [JSONMember] {
        func flag(_ key: String) -> Bool? { members.first { $0.key == key }?.value.boolValue }
        guard members.contains(where: { ["nullable", "exclusiveMinimum", "exclusiveMaximum"].contains($0.key) }) else { return members }
        var result: [JSONMember] = []
        for member in members {
            switch member.key {
            case "nullable" where member.value.boolValue != nil: continue
            // A flag in 3.0 about the limit beside it, the limit itself in 3.1.
            case "exclusiveMinimum" where member.value.boolValue != nil, "exclusiveMaximum" where member.value.boolValue != nil: continue
            case "minimum" where flag("exclusiveMinimum") == true:
                result.append(JSONMember(key: "exclusiveMinimum", value: member.value))
            case "maximum" where flag("exclusiveMaximum") == true:
                result.append(JSONMember(key: "exclusiveMaximum", value: member.value))
            default: result.append(member)
            }
        }
        return flag("nullable") == true ? nullable(result) : result
    }

    private static func nullable(_ members: [JSONMember]) -> [JSONMember] {
        if let index = members.firstIndex(where: { $0.key == "type" }) {
            guard case .string(let type) = members[index].value, type != "null" else { return members }
            var members = members
            members[index].value = .array([.string(type), .string("null")])
            return members
        }
        // Without a type, null is refused only by what the schema is made of.
        let parts = ["$ref", "allOf", "anyOf", "oneOf"]
        guard members.contains(where: { parts.contains($0.key) }) else { return members }
        let null = JSONValue.object([JSONMember(key: "type", value: .string("null"))])
        let inner = JSONValue.object(members.filter { parts.contains($0.key) })
        return members.filter { !parts.contains($0.key) } + [JSONMember(key: "anyOf", value: .array([inner, null]))]
    }
}

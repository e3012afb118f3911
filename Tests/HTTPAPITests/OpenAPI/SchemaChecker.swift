import ByteCoding

/// As much of JSON Schema 2020-12 as `openapi/` uses, checked strictly: a keyword it does not know is a failure of the check.
struct SchemaChecker {
    let document: JSONValue

    private static let annotations: Set<String> = ["description", "default", "example", "examples", "title"]

    /// What is wrong with a value, as `path: message`; empty when it fits.
    func faults(in value: JSONValue, against schema: JSONValue, at path: String = "$") -> [String] {
        guard case .object(let keywords) = schema else { return ["\(path): the schema is no object"] }
        var faults: [String] = []
        for keyword in keywords where !Self.annotations.contains(keyword.key) {
            faults += check(keyword.key, keyword.value, value, schema, path)
        }
        return faults
    }

    private func check(_ keyword: String, _ rule: JSONValue, _ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        switch keyword {
        case "$ref":
            guard let target = resolve(rule.stringValue ?? "") else { return ["\(path): \(rule) leads nowhere"] }
            return faults(in: value, against: target, at: path)
        case "type":
            let names = rule.stringValue.map { [$0] } ?? rule.arrayValue?.compactMap(\.stringValue) ?? []
            return names.contains { Self.isOf($0, value) } ? [] : ["\(path): is not \(names.joined(separator: " or "))"]
        case "enum": return rule.arrayValue?.contains(value) == true ? [] : ["\(path): is none of the enumeration"]
        case "required":
            guard let members = value.objectValue else { return [] }
            return (rule.arrayValue ?? []).compactMap(\.stringValue).filter { name in !members.contains { $0.key == name } }
                .map { "\(path).\($0): is missing" }
        case "properties":
            return (value.objectValue ?? []).flatMap { member in
                rule[member.key].map { faults(in: member.value, against: $0, at: "\(path).\(member.key)") } ?? []
            }
        case "additionalProperties":
            let extra = (value.objectValue ?? []).filter { schema["properties"]?[$0.key] == nil }
            if let isAllowed = rule.boolValue { return isAllowed ? [] : extra.map { "\(path).\($0.key): is not in the schema" } }
            return extra.flatMap { faults(in: $0.value, against: rule, at: "\(path).\($0.key)") }
        case "items":
            return (value.arrayValue ?? []).enumerated().flatMap { faults(in: $1, against: rule, at: "\(path)[\($0)]") }
        case "oneOf":
            let fitting = (rule.arrayValue ?? []).count { faults(in: value, against: $0, at: path).isEmpty }
            return fitting == 1 ? [] : ["\(path): fits \(fitting) of the alternatives"]
        case "allOf": return (rule.arrayValue ?? []).flatMap { faults(in: value, against: $0, at: path) }
        case "anyOf":
            let fits = (rule.arrayValue ?? []).contains { faults(in: value, against: $0, at: path).isEmpty }
            return fits ? [] : ["\(path): fits none of the alternatives"]
        case "minItems": return (value.arrayValue?.count ?? .max) < Int(rule.integerValue ?? 0) ? ["\(path): has too few"] : []
        case "maxItems": return (value.arrayValue?.count ?? 0) > Int(rule.integerValue ?? .max) ? ["\(path): has too many"] : []
        case "minimum":
            guard let number = value.doubleValue, let bound = rule.doubleValue, number < bound else { return [] }
            return ["\(path): is below \(bound)"]
        case "maximum":
            guard let number = value.doubleValue, let bound = rule.doubleValue, number > bound else { return [] }
            return ["\(path): is above \(bound)"]
        case "minLength": return (value.stringValue?.count ?? .max) < Int(rule.integerValue ?? 0) ? ["\(path): is too short"] : []
        case "maxLength": return (value.stringValue?.count ?? 0) > Int(rule.integerValue ?? .max) ? ["\(path): is too long"] : []
        case "format": return value.stringValue.map { Self.hasFormat(rule.stringValue ?? "", $0) } ?? true ? [] : ["\(path): is no \(rule)"]
        default: return ["\(path): the checker does not know \(keyword)"]
        }
    }

    /// `#/components/schemas/Name`
    func resolve(_ reference: String) -> JSONValue? {
        var value: JSONValue? = document
        for part in reference.split(separator: "/").dropFirst() { value = value?[String(part)] }
        return value
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .double), ("string", .string),
            ("array", .array), ("object", .object):
            true
        default: false
        }
    }

    private static func hasFormat(_ format: String, _ text: String) -> Bool {
        switch format {
        // The API's own promise is stricter than the format: nanoseconds, UTC.
        case "date-time": text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z/) != nil
        case "date": text.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil
        case "uuid": text.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil
        default: true
        }
    }
}

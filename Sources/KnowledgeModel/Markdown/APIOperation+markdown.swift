/// Operations as Markdown.

import ByteCoding

extension APIOperation {
    /// The method and the path, what the operation is for, its parameters as a table, its bodies as nested lists of members.
    package var markdown: String {
        var parts = ["# \(MarkdownText.cell("\(method) \(path)"))"]
        if isDeprecated { parts.append("**Deprecated.**") }
        let summary = MarkdownText.below(1, summary), text = MarkdownText.below(1, description)
        if !summary.isEmpty, summary != text { parts.append(summary) }
        if !text.isEmpty { parts.append(text) }
        let facts = factLines
        if !facts.isEmpty { parts.append(facts.joined(separator: "\n")) }
        parts += parameterParts + bodyParts + responseParts + schemaParts
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var factLines: [String] {
        var lines: [String] = []
        if let operationID { lines.append("- operation: \(MarkdownText.code(operationID))") }
        if let document { lines.append("- document: \(MarkdownText.cell(document))") }
        for server in details["servers"]?.arrayValue ?? [] {
            if let url = server["url"]?.stringValue { lines.append("- server: \(MarkdownText.code(url))") }
        }
        let security = (details["security"]?.arrayValue ?? []).map(Self.requirement)
        if !security.isEmpty { lines.append("- security: \(security.joined(separator: " or "))") }
        return lines
    }

    /// `{"oauth": ["read"], "key": []}` as "oauth (read) and key"; an empty one asks for nothing.
    private static func requirement(_ value: JSONValue) -> String {
        let schemes = (value.objectValue ?? []).map { scheme in
            let scopes = (scheme.value.arrayValue ?? []).compactMap(\.stringValue)
            return MarkdownText.code(scheme.key) + (scopes.isEmpty ? "" : " (\(scopes.map(MarkdownText.cell).joined(separator: ", ")))")
        }
        return schemes.isEmpty ? "none" : schemes.joined(separator: " and ")
    }

    private var parameterParts: [String] {
        let parameters = details["parameters"]?.arrayValue ?? []
        guard !parameters.isEmpty else { return [] }
        var lines = ["| name | in | type | required | description |", "|---|---|---|---|---|"]
        for parameter in parameters {
            let schema = parameter["schema"] ?? parameter["content"]?.objectValue?.first?.value["schema"]
            var text = parameter["description"]?.stringValue ?? ""
            if parameter["deprecated"] == .bool(true) { text = "Deprecated. " + text }
            let cells = [
                MarkdownText.code(parameter["name"]?.stringValue ?? ""), MarkdownText.cell(parameter["in"]?.stringValue ?? ""),
                MarkdownText.cell(SchemaOutline.type(of: schema ?? .null)), parameter["required"] == .bool(true) ? "yes" : "no",
                MarkdownText.cell(text),
            ]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        return ["## Parameters", lines.joined(separator: "\n")]
    }

    private var bodyParts: [String] {
        guard let body = details["requestBody"] else { return [] }
        var parts = ["## Request body"]
        if body["required"] == .bool(true) { parts.append("Required.") }
        let text = MarkdownText.below(2, body["description"]?.stringValue ?? "")
        if !text.isEmpty { parts.append(text) }
        return parts + Self.contentParts(body)
    }

    private var responseParts: [String] {
        let responses = details["responses"]?.objectValue ?? []
        guard !responses.isEmpty else { return [] }
        return ["## Responses"]
            + responses.flatMap { response in
                let text = MarkdownText.below(3, response.value["description"]?.stringValue ?? "")
                return ["### \(MarkdownText.cell(response.key))"] + (text.isEmpty ? [] : [text]) + Self.contentParts(response.value)
            }
    }

    /// The schemas that contain themselves.
    private var schemaParts: [String] {
        let schemas = details["components"]?["schemas"]?.objectValue ?? []
        guard !schemas.isEmpty else { return [] }
        return ["## Schemas"]
            + schemas.flatMap { ["### \(MarkdownText.cell($0.key))", SchemaOutline($0.value).markdown] }
    }

    /// One list for each media type; the first types with the same schema share one.
    private static func contentParts(_ value: JSONValue) -> [String] {
        var groups: [(types: [String], schema: JSONValue)] = []
        for member in value["content"]?.objectValue ?? [] {
            let schema = member.value["schema"] ?? .null
            if let index = groups.prefix(8).firstIndex(where: { $0.schema == schema }) {
                groups[index].types.append(member.key)
            } else {
                groups.append((types: [member.key], schema: schema))
            }
        }
        return groups.flatMap { [$0.types.map(MarkdownText.code).joined(separator: ", "), SchemaOutline($0.schema).markdown] }
    }
}

/// The pages under `/docs`: the OpenAPI document for people. One page a tag, and one that leads to them; made from the document when the
/// server starts, so that they cannot say anything else than it does. No script, nothing from another host.

import Access
import ByteCoding

struct DocumentationPage: Sendable {
    private let document: JSONValue
    private let operations: [Operation]

    private struct Operation {
        let path: String
        let method: String
        let definition: JSONValue

        var id: String { definition["operationId"]?.stringValue ?? "" }
        var tag: String { definition["tags"]?.arrayValue?.first?.stringValue ?? "" }
    }

    init(document: JSONValue) {
        self.document = document
        operations = (document["paths"]?.objectValue ?? []).flatMap { path in
            (path.value.objectValue ?? []).map { Operation(path: path.key, method: $0.key.uppercased(), definition: $0.value) }
        }
    }

    private var tags: [(name: String, description: String)] {
        (document["tags"]?.arrayValue ?? []).map { ($0["name"]?.stringValue ?? "", $0["description"]?.stringValue ?? "") }
    }

    // MARK: Pages

    func index() -> String {
        page(title: "Spandrel API", current: nil) { html in
            html.element("h1", "Spandrel API")
            html.description(document["info"]?["description"]?.stringValue ?? "")
            html.element("p") { html in
                html.escaped("For programs: ")
                html.link("/openapi.json", "/openapi.json")
                html.escaped(", OpenAPI 3.1.")
            }
            for tag in tags {
                html.element("h2") { $0.link("/docs/" + tag.name, tag.name) }
                html.description(tag.description)
                html.element("ul", class: "operations") { html in
                    for operation in operations where operation.tag == tag.name {
                        html.element("li") { html in
                            html.element("span", class: "method", operation.method)
                            html.link("/docs/\(tag.name)#\(operation.id)", operation.path)
                            html.element("span", class: "summary", operation.definition["summary"]?.stringValue ?? "")
                        }
                    }
                }
            }
        }
    }

    /// Nil for a tag that the document does not have.
    func page(ofTag name: String) -> String? {
        guard let tag = tags.first(where: { $0.name == name }) else { return nil }
        return page(title: "\(name) - Spandrel API", current: name) { html in
            html.element("h1", name)
            html.description(tag.description)
            for operation in operations where operation.tag == name { describe(operation, in: &html) }
        }
    }

    private func page(title: String, current: String?, _ body: (inout HTML) -> Void) -> String {
        var html = HTML()
        html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>")
        html.raw(DocumentationStyle.sheet)
        html.raw("</style>")
        html.element("title", title)
        html.raw("</head><body><a class=\"skip\" href=\"#content\">To the content</a><nav aria-label=\"Tags\">")
        html.link("/docs", class: current == nil ? "current" : "plain", "Overview")
        for tag in tags { html.link("/docs/" + tag.name, class: tag.name == current ? "current" : "plain", tag.name) }
        html.raw("</nav><main id=\"content\">")
        body(&html)
        html.raw("</main></body></html>\n")
        return html.text
    }

    // MARK: An operation

    private func describe(_ operation: Operation, in html: inout HTML) {
        html.element("section", id: operation.id) { html in
            html.element("h2", operation.definition["summary"]?.stringValue ?? operation.id)
            html.element("p", class: "endpoint") { html in
                html.element("span", class: "method", operation.method)
                html.element("code", operation.path)
            }
            html.description(operation.definition["description"]?.stringValue ?? "")
            describeParameters(of: operation, in: &html)
            if let body = operation.definition["requestBody"]?["content"]?.objectValue?.first {
                html.element("h3", "Body")
                describe(schema: body.value["schema"] ?? .null, in: &html)
                if let example = body.value["example"] { describe(example, as: body.key, of: operation, in: &html) }
            }
            html.element("h3", "Answers")
            html.element("dl") { html in
                for response in operation.definition["responses"]?.objectValue ?? [] {
                    let resolved = resolve(response.value)
                    html.element("dt", response.key)
                    html.element("dd") { html in
                        html.description(resolved["description"]?.stringValue ?? "")
                        if response.key.hasPrefix("2"), let schema = resolved["content"]?.objectValue?.first?.value["schema"] {
                            describe(schema: schema, in: &html)
                        }
                    }
                }
            }
        }
    }

    /// A command that runs as it stands, once its variables are set: `$SPANDREL_API_KEY`, or `$SPANDREL_ACCESS_TOKEN` where only users
    /// may; ids of the path and secrets of the body by their names (`$SPANDREL_PROJECT_ID`).
    private func describe(_ example: JSONValue, as mediaType: String, of operation: Operation, in html: inout HTML) {
        let access = operation.definition["x-permission"]?.stringValue ?? ""
        let isForKeys = Permission(rawValue: access)?.requirement.scope != nil
        let authorization =
            access == OperationAccess.public.name
            ? "" : " -H \"authorization: Bearer $SPANDREL_\(isForKeys ? "API_KEY" : "ACCESS_TOKEN")\""
        let path = operation.path.replacing(/{([a-z_]+)}/) { "$SPANDREL_\($0.output.1.uppercased())" }
        // A file is a text, sent with its line ends.
        let body = mediaType == "application/json" ? String(decoding: example.bytes, as: UTF8.self) : example.stringValue ?? ""
        let option = mediaType == "application/json" ? "-d" : "--data-binary"
        let quoted = body.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            .replacing(/\$SPANDREL_[A-Z_]+/) { "'\"\($0.output)\"'" }
        html.element("pre", class: "example") { html in
            html.escaped(
                "curl -s -X \(operation.method) \"$SPANDREL_URL\(path)\"\(authorization) \\\n"
                    + "  -H 'content-type: \(mediaType)' \(option) '\(quoted)'")
        }
    }

    private func describeParameters(of operation: Operation, in html: inout HTML) {
        let parameters = (operation.definition["parameters"]?.arrayValue ?? []).map(resolve)
        guard !parameters.isEmpty else { return }
        html.element("h3", "Parameters")
        html.element("dl") { html in
            for parameter in parameters {
                html.element("dt") { html in
                    html.element("code", parameter["name"]?.stringValue ?? "")
                    html.element("span", class: "place", parameter["in"]?.stringValue ?? "")
                }
                html.element("dd") { $0.description(parameter["description"]?.stringValue ?? "") }
            }
        }
    }

    /// The members of an object, two levels deep: what lies deeper is named and left to the document.
    private func describe(schema: JSONValue, depth: Int = 0, in html: inout HTML) {
        let schema = resolve(schema)
        if let items = schema["items"] { return describe(schema: items, depth: depth, in: &html) }
        guard let properties = schema["properties"]?.objectValue, depth < 2 else { return }
        let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
        html.element("ul", class: "members") { html in
            for property in properties {
                let value = resolve(property.value)
                html.element("li") { html in
                    html.element("code", property.key)
                    html.element("span", class: "type", Self.type(of: value) + (required.contains(property.key) ? "" : ", optional"))
                    html.description(value["description"]?.stringValue ?? "")
                    describe(schema: value, depth: depth + 1, in: &html)
                }
            }
        }
    }

    private static func type(of schema: JSONValue) -> String {
        if let types = schema["type"]?.arrayValue { return types.compactMap(\.stringValue).joined(separator: " or ") }
        return schema["type"]?.stringValue ?? "any"
    }

    private func resolve(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.stringValue, reference.hasPrefix("#/") else { return value }
        return reference.dropFirst(2).split(separator: "/").reduce(document) { $0[String($1)] ?? .null }
    }
}

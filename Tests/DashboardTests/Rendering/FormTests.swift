import Access
import ByteCoding
import Foundation
import Testing

@testable import Dashboard

/// Every form of a template that goes to the API, held to the API's own document.
@Suite("Forms and the API") struct FormTests {
    /// `<form ...>` up to its end, without the template's own tags.
    struct Form: Sendable, CustomStringConvertible {
        let template: String
        let method: String
        /// Placeholders as `{}`.
        let path: String
        let attributes: [String: String]
        /// Of inputs, selects, text areas and buttons that have a name.
        let fields: [[String: String]]
        /// Sections that its submit button, or what sends it, stands in.
        let sections: Set<String>

        var description: String { "\(template): \(method) \(path)" }
    }

    static let forms: [Form] = EmbeddedResource.templates.flatMap { template in
        return template.text.matches(of: /(?s)<form\s([^>]*)>(.*?)<\/form>/).compactMap { match -> Form? in
            func plain(_ text: Substring) -> Substring {
                text.replacing(/\{\{[#\/^][^}]*\}\}/, with: " ").replacing(/\{\{[^}]*\}\}/, with: "{}")[...]
            }
            let attributes = attributes(plain(match.1)), call = (attributes["data-api"] ?? "").split(separator: " ", maxSplits: 1)
            guard call.count == 2 else { return nil }
            let fields = plain(match.2).matches(of: /<(?:input|select|textarea|button)\s([^>]*)>/).map { Self.attributes($0.1) }
            let path = String(call[1]).replacing(/\{[^}]*\}/, with: "{}")
            return Form(
                template: template.path, method: String(call[0]).lowercased(), path: path, attributes: attributes,
                fields: fields.filter { $0["name"] != nil }, sections: sections(around: match, in: template.text))
        }
    }

    /// The sections that are open where the form's submit button stands; where it has none, where the form begins.
    private static func sections(around form: Regex<(Substring, Substring, Substring)>.Match, in text: String) -> Set<String> {
        let button = text[form.range].firstRange(of: #"type="submit""#)?.lowerBound ?? form.range.lowerBound
        var open: [String] = []
        for tag in text[..<button].matches(of: /\{\{([#^\/])([a-z_.]+)\}\}/) {
            if tag.1 == "/" { _ = open.popLast() } else { open.append(tag.1 == "#" ? String(tag.2) : "not " + tag.2) }
        }
        return Set(open)
    }

    private static func attributes(_ text: Substring) -> [String: String] {
        Dictionary(text.matches(of: /([a-z-]+)(?:="([^"]*)")?/).map { (String($0.1), String($0.2 ?? "")) }) { first, _ in first }
    }

    /// The API's operations by method and path, and its schemas.
    private struct Document {
        var operations: [String: JSONValue] = [:]
        var schemas: [String: JSONValue] = [:]

        init() throws {
            let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent().appending(path: "openapi")
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".json") {
                let part = try JSONValue.parse([UInt8](try Data(contentsOf: folder.appending(path: file))))
                for path in part["paths"]?.objectValue ?? [] {
                    for method in path.value.objectValue ?? [] {
                        operations["\(method.key) \(path.key.replacing(/\{[^}]*\}/, with: "{}"))"] = method.value
                    }
                }
                for schema in part["components"]?["schemas"]?.objectValue ?? [] { schemas[schema.key] = schema.value }
            }
        }

        func resolved(_ schema: JSONValue) -> JSONValue {
            guard let reference = schema["$ref"]?.stringValue else { return schema }
            return reference.split(separator: "/").last.flatMap { schemas[String($0)] } ?? .null
        }

        /// Whether a schema has a place such as `prices.0.model_pattern`. Objects without named members are free.
        func has(_ place: ArraySlice<Substring>, in schema: JSONValue) -> Bool {
            let schema = resolved(schema)
            guard let name = place.first else { return true }
            // Of schemas that are joined or chosen between, one must have it.
            let parts = ["allOf", "anyOf", "oneOf"].flatMap { schema.list($0) }.filter { $0.text("type") != "null" }
            if parts.contains(where: { has(place, in: $0) }) { return true }
            if name.allSatisfy(\.isNumber) { return schema["items"].map { has(place.dropFirst(), in: $0) } ?? false }
            if let member = schema["properties"]?[String(name)] { return has(place.dropFirst(), in: member) }
            // What may hold any member says so.
            if let others = schema["additionalProperties"] {
                return others == .bool(true) || others.objectValue.map { _ in has(place.dropFirst(), in: others) } ?? false
            }
            return schema["properties"] == nil && parts.isEmpty && schema["type"] == nil
        }
    }

    @Test("each names an operation of the API, sends what its body has and all that it must have")
    func bodies() throws {
        let document = try Document()
        #expect(Self.forms.count > 40 && document.operations.count > 100)
        for form in Self.forms {
            let found = document.operations["\(form.method) \(form.path)"]
            let operation = try #require(found, "\(form)")
            let queries = Set(operation.list("parameters").filter { $0.text("in") == "query" }.map { $0.text("name") })
            let content = operation["requestBody"]?["content"], sent = form.fields.filter { $0["data-in"] == nil }
            for field in form.fields where field["data-in"] == "query" {
                #expect(queries.contains(field["name"] ?? ""), "\(form) has the parameter \(field["name"] ?? "")")
            }
            if form.attributes["data-body"] != nil {
                if let type = form.attributes["data-content-type"] { #expect(content?[type] != nil, "\(form) takes no \(type)") }
                continue
            }
            // The module of this form makes its body.
            if form.attributes["data-redaction"] != nil { continue }
            guard let schema = content?["application/json"]?["schema"] else {
                #expect(form.method == "delete" || sent.isEmpty, "\(form) takes no body")
                continue
            }
            let names = sent.compactMap { $0["name"]?.split(separator: ".") }
            for name in names { #expect(document.has(name[...], in: schema), "\(form) has no \(name.joined(separator: "."))") }
            let required = Set(document.resolved(schema)["required"]?.arrayValue?.compactMap(\.stringValue) ?? [])
            #expect(required.subtracting(names.compactMap { $0.first.map { String($0) } }) == [], "\(form) leaves out what must be there")
        }
    }

    @Test("each has a place for what goes wrong, or asks first and says it aside")
    func problems() {
        for form in Self.forms where !form.fields.isEmpty {
            let hasPlace = EmbeddedResource.templates.first { $0.path == form.template }?.text.contains("data-form-problem") == true
            #expect(hasPlace, "\(form)")
        }
    }

    /// What handlers ask before they set these; the frame's own flags are `PageFrame.flags`.
    private static let flags: [String: Permission] = [
        "can_edit": .writeKnowledge, "can_submit": .writeKnowledge, "can_withdraw": .writeKnowledge, "can_rebase": .writeKnowledge,
        "can_discard": .writeKnowledge, "can_review_now": .reviewKnowledge, "can_promote_now": .promoteKnowledge,
        "can_restore": .promoteKnowledge, "can_revoke": .manageMembers, "can_make_keys": .manageKeys, "can_fill_demo": .ingestSpans,
        "can_pause": .startRuns, "can_resume": .startRuns, "can_cancel": .startRuns, "can_requeue": .startRuns,
        "can_make_case": .writeSuites,
        "can_make_projects": .createProjects, "can_replay": .replayQuarantine, "can_delete": .manageProject,
        "pages/settings-members.mustache can_change": .manageMembers,
        "pages/settings-providers.mustache can_change": .manageCredentials, "pages/settings-keys.mustache can_change": .manageKeys,
    ]

    @Test("each is offered to those alone whom the API lets do it")
    func permissions() throws {
        let document = try Document()
        let known = Self.flags.merging(PageFrame.flags.map { ($0.name, $0.permission) }) { first, _ in first }
        for form in Self.forms {
            let need = document.operations["\(form.method) \(form.path)"]?.text("x-permission") ?? ""
            if ["public", "signed-in"].contains(need) { continue }
            let asked = form.sections.compactMap { (known["\(form.template) \($0)"] ?? known[$0])?.rawValue }
            #expect(asked.contains(need), "\(form) takes \(need), and is offered to whom \(asked) is allowed")
        }
    }

    @Test("what is written into one never becomes part of an address, also where its module has not been loaded")
    func methods() {
        for form in Self.forms { #expect(form.attributes["method"] == "post", "\(form)") }
    }

    @Test("what replaces something says which version of it, where the API asks for that")
    func versions() {
        let replacing = Self.forms.filter { $0.method == "put" && ($0.path == "/api/v1/settings" || $0.path.hasSuffix("/entries/{}")) }
        #expect(replacing.count >= 4)
        for form in replacing {
            #expect(form.attributes["data-if-match"] != nil || form.attributes["data-if-none-match"] != nil, "\(form)")
        }
    }
}

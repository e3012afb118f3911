/// The values of a span as a page shows them: short ones as they are, long ones by their beginning, with the address of the whole.

import ByteCoding

struct SpanTexts: Sendable {
    /// The API's answer.
    private let span: JSONValue
    /// The path that the names of long values are appended to.
    private let path: String
    /// Long values by name.
    private let payloads: [String: JSONValue]

    init(span: JSONValue, path: String) {
        self.span = span
        self.path = path
        payloads = Dictionary(span.list("payloads").map { ($0.text("name"), $0) }) { first, _ in first }
    }

    /// A value of attributes: `place` is the beginning of its name among the long ones. nil where there is none.
    func attribute(_ place: String, _ key: String, _ value: JSONValue?) -> PageContext? {
        payload(place + "." + key) ?? value.map { Self.content($0) }
    }

    /// All of an object's, the long ones behind the others.
    func all(_ place: String, _ attributes: JSONValue?) -> [(key: String, content: PageContext)] {
        let short = (attributes?.objectValue ?? []).map { ($0.key, Self.content($0.value)) }
        return short + names(of: place).map { ($0, payload(place + "." + $0) ?? PageContext()) }
    }

    /// The same as texts, long ones cut.
    func plain(_ place: String, _ attributes: JSONValue?) -> [(key: String, text: String)] {
        let short = (attributes?.objectValue ?? []).map { ($0.key, Self.text($0.value)) }
        return short + names(of: place).map { ($0, (payloads[place + "." + $0]?.text("preview") ?? "") + "…") }
    }

    private func names(of place: String) -> [String] {
        span.list("payloads").compactMap { $0.text("name").text(behind: place + ".") }
    }

    /// A long value; nil where there is none of this name.
    func payload(_ name: String) -> PageContext? {
        guard let payload = payloads[name] else { return nil }
        let count = payload.integer("byte_count") ?? 0, isText = payload.text("media_type").hasPrefix("text/")
        return .make {
            $0.set("is_payload", true)
            $0.set("text", payload.text("preview"))
            $0.set("format", isText ? Self.format(payload.text("preview")) : "json")
            $0.set("payload_url", path + URLText.encoded(name))
            $0.set("bytes", count)
            $0.set("bytes_text", Figures.bytes(count))
        }
    }

    // MARK: Short values

    static func content(_ value: JSONValue) -> PageContext {
        content(text(value), isJSON: value.arrayValue != nil || value.objectValue != nil)
    }

    static func content(_ text: String, isJSON: Bool = false) -> PageContext {
        .make {
            $0.set("is_payload", false)
            $0.set("text", text)
            $0.set("format", isJSON ? "json" : format(text))
            $0.set("payload_url", "")
            $0.set("bytes", text.utf8.count)
            $0.set("bytes_text", Figures.bytes(Int64(text.utf8.count)))
        }
    }

    static func text(_ value: JSONValue) -> String { value.stringValue ?? String(decoding: value.bytes, as: UTF8.self) }

    /// A value that a filter can be made of; nil for lists, objects and what is long.
    static func scalar(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): !text.isEmpty && text.utf8.count <= 200 ? text : nil
        case .bool, .integer, .double: value.map { text($0) }
        default: nil
        }
    }

    /// What a text is: `json` if it is an object or a list, `markdown` if it is laid out as such, else `text`.
    static func format(_ text: String) -> String {
        let trimmed = text.drop { $0.isWhitespace }
        if let first = trimmed.first, first == "{" || first == "[", text.utf8.count <= DashboardLimits.maximumHighlightedByteCount,
            (try? JSONValue.parse(text, maximumDepth: 64)) != nil
        {
            return "json"
        }
        return isMarkdown(text) ? "markdown" : "text"
    }

    /// Two signs of it: a heading, a list, a fence, a table, emphasis, a link. One alone may be anything.
    private static func isMarkdown(_ text: String) -> Bool {
        guard text.utf8.count <= DashboardLimits.maximumMarkdownByteCount else { return false }
        var signs = 0
        var hasFence = false
        for line in text.split(separator: "\n").prefix(200) {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("```") { hasFence = true }
            if ["# ", "## ", "### ", "- ", "* ", "> ", "| "].contains(where: { line.hasPrefix($0) }) { signs += 1 }
            if line.first?.isNumber == true, line.drop(while: \.isNumber).hasPrefix(". ") { signs += 1 }
            if line.contains("**") || line.contains("](") { signs += 1 }
        }
        return hasFence || signs >= 2
    }
}

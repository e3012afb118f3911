/// Text on its way into a page: everything is escaped but what this room writes itself.

struct HTML: Sendable {
    private(set) var text = ""

    /// Markup of this program, never of anybody else.
    mutating func raw(_ markup: StaticString) { text += "\(markup)" }

    mutating func escaped(_ value: String) { text += Self.escape(value) }

    /// `<name class="...">`, what `body` writes, `</name>`.
    mutating func element(_ name: StaticString, class style: StaticString? = nil, id: String? = nil, _ body: (inout HTML) -> Void) {
        text += "<\(name)"
        if let style { text += " class=\"\(style)\"" }
        if let id { text += " id=\"\(Self.escape(id))\"" }
        text += ">"
        body(&self)
        text += "</\(name)>"
    }

    mutating func element(_ name: StaticString, class style: StaticString? = nil, _ content: String) {
        element(name, class: style) { $0.escaped(content) }
    }

    mutating func link(_ target: String, class style: StaticString? = nil, _ content: String) {
        text += "<a href=\"\(Self.escape(target))\""
        if let style { text += " class=\"\(style)\"" }
        text += ">\(Self.escape(content))</a>"
    }

    /// A description of the document: `code` between backticks, paragraphs between empty lines.
    mutating func description(_ value: String) {
        for paragraph in value.split(separator: "\n\n") {
            element("p") { html in
                for (index, part) in paragraph.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
                    if index % 2 == 1 { html.element("code", String(part)) } else { html.escaped(String(part)) }
                }
            }
        }
    }

    static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

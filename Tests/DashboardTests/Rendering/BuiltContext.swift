import ByteCoding
import Testing

@testable import Dashboard

/// What a builder made of answers of the API, held to a sample and put into its template.
struct BuiltContext {
    let context: PageContext

    /// What every list's page has of its own address, beside what builders write.
    static let pager: Set<String> = ["has_first", "first_url", "has_next", "next_url", "shown"]
    static let settings: Set<String> = ["title", "page", "page_url", "settings_navigation"]
    static let knowledge: Set<String> = ["title", "page", "page_url", "knowledge_tabs"]

    init(_ body: (inout PageContext) -> Void) { context = .make(body) }

    /// What the sample has and this has not, but for the members that others write.
    func faults(_ sample: String, besides others: Set<String>) throws -> [String] {
        var own = PageContext()
        for member in try Sample(sample).context.members where !others.contains(member.key) { own.set(member.key, member.value) }
        return Shape(context).faults(against: Shape(own))
    }

    /// The page as it is shown, over the sample's frame.
    func page(_ sample: String) throws -> String {
        let whole = context.merged(into: try Sample(sample).whole)
        return try PageRenderer(assets: AssetLibrary()).page(whole["page"].stringValue ?? "", in: .full, whole)
    }

    /// Texts of a member of rows.
    func texts(_ list: String, _ member: String) -> [String] {
        (context[list].arrayValue ?? []).map { $0[member].map { SpanTexts.text($0) } ?? "" }
    }
}

/// A text that would be markup if anything let it.
enum Hostile {
    static let text = "</textarea><script>alert(1)</script>\"\u{301}' onmouseover=alert(1) <img src=x onerror=alert(1)>{{x}}\u{202e}"

    static func json(_ text: String) throws -> JSONValue { try JSONValue.parse(text, maximumDepth: 32) }

    /// The text in every text of a value, but for those of members that are the API's own words or times.
    static func replacing(_ value: JSONValue, besides kept: Set<String>) -> JSONValue {
        switch value {
        case .string: .string(text)
        case .array(let elements): .array(elements.map { replacing($0, besides: kept) })
        case .object(let members):
            .object(
                members.map { member in
                    JSONMember(key: member.key, value: kept.contains(member.key) ? member.value : replacing(member.value, besides: kept))
                })
        default: value
        }
    }

    static func check(_ html: String, _ name: String) {
        let document = MarkupScanner(html)
        #expect(document.faults == [] && document.inlineScripts == 0 && document.inlineStyles == 0, "\(name)")
        for attribute in ["onmouseover", "onerror", "style"] { #expect(!document.attributes.contains(attribute), "\(name)") }
        #expect(html.contains("&lt;script&gt;alert(1)"), "\(name): the text itself is shown")
        #expect(document.urls.allSatisfy { !$0.contains("<") && !$0.lowercased().hasPrefix("javascript:") }, "\(name)")
    }
}

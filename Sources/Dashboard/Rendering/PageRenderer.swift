/// The templates, parsed once, and a page made of one of them. Whatever `{{x}}` stands for is escaped by HTMLEscaping.
///
///     pages/NAME.mustache       inside layout.mustache, or layout-bare.mustache for those who are not signed in
///     fragments/NAME.mustache   alone, and a partial of its page

import ByteCoding
import Mustache

struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    let assets: AssetLibrary

    /// Errors: a template that cannot be parsed, by its path.
    init(templates: [EmbeddedResource] = EmbeddedResource.templates, assets: AssetLibrary) throws {
        MustacheContentTypes.register(EscapedHTML(), named: EscapedHTML.name)
        var parsed: [String: MustacheTemplate] = [:]
        for template in templates where template.path.hasSuffix(Self.suffix) {
            let name = String(template.path.dropLast(Self.suffix.count))
            do { parsed[name] = try MustacheTemplate(string: Self.prepared(template.text)) } catch {
                throw TemplateError(path: template.path, cause: "\(error)")
            }
        }
        library = MustacheLibrary(templates: parsed)
        self.assets = assets
    }

    private static let suffix = ".mustache"

    /// Every template says for itself how it escapes: a partial does not take that over from where it stands. A partial on a line of its
    /// own is moved to the line's start, or the engine would indent each of its lines, those of a `<pre>` too.
    private static func prepared(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
            let trimmed = line.drop { $0 == " " || $0 == "\t" }
            return trimmed.hasPrefix("{{>") || trimmed.hasPrefix("{{<") || trimmed.hasPrefix("{{$") ? trimmed : line
        }
        return "{{% CONTENT_TYPE: \(EscapedHTML.name) }}\n" + lines.joined(separator: "\n")
    }

    func hasTemplate(_ name: String) -> Bool { library.getTemplate(named: name) != nil }

    enum Layout: String, Sendable {
        case full = "layout"
        case bare = "layout-bare"
    }

    /// A whole page. `page` and the assets' place are added to its context.
    func page(_ name: String, in layout: Layout, _ context: PageContext) -> String {
        var context = context
        context.set("page", name)
        context.set("content", render("pages/" + name, context))
        return render(layout.rawValue, context)
    }

    /// A part of a page alone.
    func fragment(_ name: String, _ context: PageContext) -> String { render("fragments/" + name, context) }

    private func render(_ template: String, _ context: PageContext) -> String {
        var context = context
        context.set("asset_base", assets.root)
        return library.render(context.value.templateValue, withTemplate: template) ?? ""
    }
}

struct TemplateError: Error, CustomStringConvertible {
    let path: String
    let cause: String

    var description: String { "the template \(path) cannot be parsed: \(cause)" }
}

import ByteCoding
import Testing

@testable import Dashboard

/// Every template with every sample: nothing of a sample becomes markup.
@Suite struct PageRenderingTests {
    private static let renderer = try? PageRenderer(assets: AssetLibrary())

    private func html(_ sample: Sample) throws -> String {
        let renderer = try #require(Self.renderer)
        let isBare = ["sign-in", "invitation", "password-reset", "error"].contains(sample.page)
        return renderer.page(sample.page, in: isBare ? .bare : .full, sample.whole)
    }

    @Test("the samples are found, and each has its template")
    func samples() throws {
        let renderer = try #require(Self.renderer)
        #expect(Sample.all.count > 20)
        for sample in Sample.all { #expect(renderer.hasTemplate("pages/" + sample.page), "\(sample.name)") }
    }

    @Test("a page is made of each sample, whole and without a tag of the template language left in it", arguments: Sample.all)
    func rendering(sample: Sample) throws {
        let html = try html(sample)
        #expect(html.hasPrefix("<!doctype html>") && html.contains("</html>"))
        // Texts may have braces, which no template's tag has around its name.
        #expect(html.firstMatch(of: /\{\{[#^\/>&!$<{%]/) == nil, "a tag of the template is left")
        #expect(html.contains("/assets/") && !html.contains("Optional("))
    }

    @Test("no text of a sample becomes a tag, an attribute or a script of the page", arguments: Sample.all)
    func hostileTexts(sample: Sample) throws {
        let document = MarkupScanner(try html(sample))
        #expect(document.faults == [], "\(sample.name)")
        for forbidden in ["onerror", "onclick", "onload", "style", "srcdoc", "formaction"] {
            #expect(!document.attributes.contains(forbidden), "\(sample.name) has the attribute \(forbidden)")
        }
        for url in document.urls { #expect(!url.lowercased().hasPrefix("javascript:"), "\(sample.name): \(url)") }
        #expect(document.inlineScripts == 0 && document.inlineStyles == 0, "the page's policy would refuse it")
    }

    @Test("a quote that carries a combining mark is escaped like any other, wherever a template puts it")
    func combiningMarks() throws {
        let renderer = try #require(Self.renderer)
        let hostile = "\"\u{301} onmouseover=alert(1) <\u{301}script>'\u{301}`\u{301}&\u{301}"
        for sample in Sample.all {
            let isBare = sample.page == "sign-in"
            let html = renderer.page(sample.page, in: isBare ? .bare : .full, sample.whole.replacingTexts(hostile))
            let document = MarkupScanner(html)
            #expect(document.faults == [], "\(sample.name)")
            #expect(!document.attributes.contains("onmouseover"), "\(sample.name)")
        }
    }

    @Test("what is escaped once reads as it was written")
    func escaping() {
        #expect(HTMLEscaping.escape("a < b & \"c\" 'd'") == "a &lt; b &amp; &quot;c&quot; &#39;d&#39;")
        #expect(HTMLEscaping.escape("plain é 😀 \u{202e}") == "plain é 😀 \u{202e}")
        #expect(HTMLEscaping.escape("\0") == "\u{fffd}")
        #expect(HTMLEscaping.escape("<\u{301}") == "&lt;\u{301}")
    }
}

extension PageContext {
    /// Every text but those of the frame's machinery replaced by one.
    fileprivate func replacingTexts(_ text: String) -> PageContext {
        func replaced(_ value: JSONValue) -> JSONValue {
            switch value {
            case .string: .string(text)
            case .array(let elements): .array(elements.map(replaced))
            case .object(let members): .object(members.map { JSONMember(key: $0.key, value: replaced($0.value)) })
            default: value
            }
        }
        var context = PageContext()
        for member in members { context.set(member.key, member.key == "page" ? member.value : replaced(member.value)) }
        return context
    }
}

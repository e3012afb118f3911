import HTTPAPI
import Testing

@Suite struct LocalPathTests {
    @Test("a path of this server is one", arguments: ["/", "/projects/1/traces?q=a%20b&from=-1h#x", "/a//b", "/.//x"])
    func local(text: String) { #expect(LocalPath(text)?.text == text) }

    @Test(
        "what a browser could take for another place is none",
        arguments: [
            "", "traces", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
            "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " /x", "/x y", "/\u{0}", "/é",
            "/" + String(repeating: "a", count: 2_000),
        ])
    func elsewhere(text: String) { #expect(LocalPath(text) == nil) }
}

import ByteCoding
import Testing

@Suite("Prefixes of names") struct TextPrefixTests {
    @Test("what stands behind a prefix is found whatever it begins with, combining marks among it")
    func behind() {
        for rest in ["", "a", "\u{301}", "\u{711}x", "\u{200d}", "\u{fe0f}", "é", "\u{1f3ff}"] {
            #expect("attributes.\(rest)".text(behind: "attributes.").map { Array($0.utf8) } == Array(rest.utf8))
            let parts = "attributes.\(rest)".splitAtDot
            #expect(parts?.before == "attributes" && parts.map { Array($0.behind.utf8) } == Array(rest.utf8))
        }
        #expect("attribute".text(behind: "attributes.") == nil && "attribute".splitAtDot == nil)
        #expect("a.b.c".splitAtDot.map { [$0.before, $0.behind] } == ["a", "b.c"])
        // The same letter in two spellings is two names.
        #expect("e\u{301}.x".text(behind: "é.") == nil)
    }
}

import KnowledgeModel
import Testing

@Suite struct EntryKeyTests {
    @Test("keys are told apart, and put in order, by their bytes")
    func bytes() {
        let composed = EntryKey("caf\u{e9}"), decomposed = EntryKey("cafe\u{301}")
        #expect(composed != decomposed && Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed && !(composed < decomposed))
        #expect(EntryKey("a") < EntryKey("b") && EntryKey("a") == EntryKey("a"))
    }
}

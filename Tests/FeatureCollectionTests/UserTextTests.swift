import Testing

@testable import FeatureCollection

@Suite struct UserTextTests {
    @Test(
        "the last thing a user said is found in the messages of every convention",
        arguments: [
            (
                #"[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hello"}]}]"#,
                "Hello"
            ),
            (#"[{"role":"user","content":"first"},{"role":"assistant","content":"yes?"},{"role":"user","content":"second"}]"#, "second"),
            (#"{"messages":[{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{}}]}]}"#, "look"),
            (#"{"model":"m","input":"Where is my order?"}"#, "Where is my order?"),
            (#"[[{"role":"human","content":"nested"}]]"#, "nested"),
            (#"[{"message.role":"user","message.content":"open inference"}]"#, "open inference"),
            (
                #"{"contents":[{"role":"user","parts":[{"text":"gemini"}]}]}"#,
                #"{"contents":[{"role":"user","parts":[{"text":"gemini"}]}]}"#
            ),
            ("just words", "just words"), ("[not json", "[not json"), (#"{"city":"Rome"}"#, #"{"city":"Rome"}"#),
            (#"{"question":{"text":"deep"}}"#, "deep"),
        ])
    func found(_ input: String, _ text: String) { #expect(UserText.find(in: input) == text) }

    @Test(
        "where no user said anything there is no text",
        arguments: [
            "", "   \n\t", "\u{0}\u{1}", #"[{"role":"system","content":"Be kind."}]"#,
            #"[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]"#, #"[{"role":"tool","content":"42"}]"#,
        ])
    func nobody(_ input: String) { #expect(UserText.find(in: input) == nil) }

    @Test("texts are one line without control characters, cut at a character")
    func tidied() {
        #expect(UserText.find(in: "  a\n\n b\u{0}\u{7} c\r\n") == "a b c")
        let long = String(repeating: "ä👩‍👩‍👧", count: 2_000)
        let cut = UserText.find(in: long) ?? ""
        #expect(cut.utf8.count <= FeatureCollectionLimits.maximumTextByteCount && cut.utf8.count > 3_900)
        #expect(long.hasPrefix(cut))
        // One character of many scalars is not cut inside, nor taken.
        #expect(UserText.find(in: "a" + String(repeating: "\u{301}", count: 5_000)) == nil)
    }

    @Test("deeply nested inputs end the search")
    func deep() {
        let input = String(repeating: #"{"input":"#, count: 100) + #""x""# + String(repeating: "}", count: 100)
        #expect(UserText.find(in: input)?.isEmpty == false)
    }
}

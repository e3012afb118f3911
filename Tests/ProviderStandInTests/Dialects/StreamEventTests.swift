import Testing

@testable import provider_stand_in

/// How a streamed text is cut.
@Suite struct StreamEventTests {
    @Test("pieces join to the text, whatever their number", arguments: [nil, 1, 2, 5, 1000])
    func pieces(count: Int?) {
        for text in ["one two three", "x", " spaces  everywhere ", "née 🙂👍🏽 ok", String(repeating: "word ", count: 200)] {
            let pieces = StreamEvent.pieces(of: text, count: count)
            #expect(pieces.joined() == text)
            #expect(pieces.count <= max(1, count ?? 32))
            #expect(!pieces.contains(""))
        }
        #expect(StreamEvent.pieces(of: "", count: count).isEmpty)
    }
}

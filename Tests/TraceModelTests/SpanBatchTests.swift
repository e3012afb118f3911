import Testing
import TraceModel

@Suite("SpanBatch") struct SpanBatchTests {
    @Test("a range survives packing, and none differs from empty")
    func packing() {
        let range = ByteRange(offset: 0xFFFF_0001, length: 0x7FFF_FFFF)
        #expect(ByteRange(packed: range.packed) == range)
        #expect(ByteRange.none.isNone && ByteRange.none.indices.isEmpty)
        #expect(!ByteRange.empty.isNone && ByteRange.empty.indices.isEmpty)
        #expect(ByteRange(packed: ByteRange.none.packed).isNone)
    }

    @Test("text of the appendix is read like text of the body")
    func appendix() {
        var batch = SpanBatch(body: Array("body".utf8))
        let range = batch.append("é".utf8)
        #expect(batch.bodyLength == 4)
        #expect(range.start == 4)
        #expect(batch.text(range) == "é")
        #expect(batch.text(ByteRange(offset: 1, length: 2)) == "od")
        #expect(batch.text(.none) == "")
    }

    @Test("every kind of LLM span is found by its name")
    func kindNames() {
        for kind in LLMKind.allCases { #expect(LLMKind(name: kind.name) == kind) }
        #expect(LLMKind(name: "none") == nil)
    }

    @Test("fresh LLM fields are absent in every column")
    func absentFields() {
        let fields = LLMFields(spanCount: 2)
        #expect(fields.kinds == [.span, .span])
        #expect(fields.providers.allSatisfy { $0.isNone })
        #expect(fields.inputTokens == [-1, -1])
        #expect(fields.costs.allSatisfy { $0.isNaN })
        #expect(fields.tagStarts == [0, 0, 0])
    }
}

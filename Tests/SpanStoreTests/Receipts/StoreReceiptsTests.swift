import FileSystem
import Testing
import TraceModel

@testable import SpanStore

@Suite("Receipts of a store")
struct StoreReceiptsTests {
    private static let rejections = [ReceiptRejection(ordinal: 3, reason: "span_id_zero", traceID: TraceID(high: 5, low: 6))]

    @Test("what became of a request is known at once, from the log after a restart, and after the log has let go of it")
    func life() async throws {
        let fixture = try StoreFixture()
        var random = RandomSpans()
        var request = try fixture.request(random.records(7))
        request.reply = StoredReply(rejectedSpanCount: 1, errorMessage: "1 span rejected")
        request.rejections = Self.rejections
        var store = try fixture.open()
        let outcome = try await store.append(request)
        let first = try #require(try await store.receipt(outcome.lsn, of: fixture.project))
        #expect(first.storedSpanCount == 7 && first.reply == request.reply && first.rejections == Self.rejections)
        #expect(first.receivedUnixNano == outcome.receivedUnixNano && first.visibleUnixNano >= first.receivedUnixNano)
        let again = try await store.append(request)
        #expect(again.isDuplicate && again.lsn == outcome.lsn && again.receivedUnixNano > outcome.receivedUnixNano)
        #expect(try await store.receipt(outcome.lsn, of: ProjectID(high: 1, low: 1)) == nil)
        await store.close()
        store = try fixture.open()
        #expect(try await store.receipt(outcome.lsn, of: fixture.project) == first)
        _ = try await store.seal()
        #expect(try await store.receipt(outcome.lsn, of: fixture.project) == first)
        await store.close()
        store = try fixture.open()
        #expect(store.recovery.replayedEntryCount == 0)
        #expect(try await store.receipt(outcome.lsn, of: fixture.project) == first)
        await store.close()
    }

    @Test("a log entry of a version that kept no reasons says which spans were refused")
    func ordinalsAlone() throws {
        let enrichment = Enrichment.encode(LLMFields(spanCount: 0), ordinals: [])
        #expect(try Enrichment.rejections(in: enrichment).isEmpty)
        var fields = LLMFields(spanCount: 3)
        fields.costs = [0.5, .nan, 2]
        let bytes = Enrichment.encode(fields, ordinals: [0, 1, 4], rejections: Self.rejections)
        #expect(try Enrichment.rejections(in: bytes) == Self.rejections)
        var back = LLMFields(spanCount: 3)
        try Enrichment.decode(bytes, ordinals: [0, 1, 4], into: &back)
        #expect(back.costs[0] == 0.5 && back.costs[1].isNaN && back.costs[2] == 2)
    }

    @Test("the secret of ids is chosen once for a directory")
    func key() async throws {
        let fixture = try StoreFixture()
        var store = try fixture.open()
        let key = store.receiptKey
        #expect(key.count == 32)
        await store.close()
        store = try fixture.open()
        #expect(store.receiptKey == key)
        await store.close()
        let path = StoreFileNames.receipts(fixture.configuration.root) + "/KEY"
        try LocalFileSystem().replace(path, with: Array("damaged".utf8))
        store = try fixture.open()
        #expect(store.receiptKey.count == 32 && store.receiptKey != key)
        await store.close()
    }
}

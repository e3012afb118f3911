import Metastore
import Testing
import TraceModel

@testable import FeatureAnalysis

@Suite struct EmbeddingBatchTests {
    private static func traces(_ count: Int, byteCount: Int = 10, embedded: (Int) -> Bool = { _ in false }) -> [EmbeddedTrace] {
        (0..<count).map { position in
            let trace = AnalyzedTrace(
                traceID: TraceID(high: 1, low: UInt64(position)), text: String(repeating: "x", count: byteCount), costNanoUSD: 0,
                isError: false, durationNano: 0)
            return EmbeddedTrace(position: position, trace: trace, embedding: embedded(position) ? [1] : nil)
        }
    }

    @Test("a batch has the first texts without a vector, up to a number and a size")
    func batches() {
        #expect(EmbeddingBatch.next(of: []).isEmpty && EmbeddingBatch.next(of: Self.traces(3) { _ in true }).isEmpty)
        #expect(EmbeddingBatch.next(of: Self.traces(100)).map(\.position) == Array(0..<64))
        #expect(EmbeddingBatch.next(of: Self.traces(100) { $0 < 64 }).map(\.position) == Array(64..<100))
        #expect(EmbeddingBatch.next(of: Self.traces(100, byteCount: 4_000)).count == 16)
        #expect(EmbeddingBatch.next(of: Self.traces(2, byteCount: 1 << 20)).count == 1, "one at least")
    }

    @Test("a cap allows calls until it is reached")
    func cap() {
        var cap = SpendingCap(capNanoUSD: 100, spentNanoUSD: 0)
        #expect(cap.allowsCall)
        cap.update(spentNanoUSD: 99)
        #expect(cap.allowsCall)
        cap.update(spentNanoUSD: 130)
        #expect(!cap.allowsCall)
    }
}

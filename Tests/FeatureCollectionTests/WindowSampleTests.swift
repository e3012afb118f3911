import Testing
import TraceModel

@testable import FeatureCollection

@Suite struct WindowSampleTests {
    @Test("a sample has elements at even distances, and all of few")
    func even() {
        #expect(WindowSample.even(Array(0..<10), count: 4) == [0, 2, 5, 7])
        #expect(WindowSample.even([1, 2], count: 4) == [1, 2])
        #expect(WindowSample.even([Int](), count: 4) == [] && WindowSample.even([1], count: 0) == [])
        let sample = WindowSample.even(Array(0..<100_000), count: 4_096)
        #expect(sample.count == 4_096 && zip(sample, sample.dropFirst()).allSatisfy { (24...25).contains($1 - $0) })
    }

    @Test("the root's input comes before those of agents, chains and models; tools and retrievers say nothing")
    func spans() {
        let trace = TraceID(high: 1, low: 1), other = TraceID(high: 1, low: 2)
        func span(_ id: UInt64, _ kind: LLMKind, root: Bool = false, start: Int64 = 0, in trace: TraceID = trace) -> InputSpan {
            InputSpan(traceID: trace, spanID: SpanID(rawValue: id), isRoot: root, startUnixNano: start, kind: kind)
        }
        let found = InputSpan.candidates(of: [
            span(1, .tool), span(2, .llm, start: 5), span(3, .llm, start: 4), span(4, .chain, root: true, start: 9), span(5, .agent),
            span(6, .retriever, root: true, in: other),
        ])
        #expect(found[trace]?.map(\.rawValue) == [4, 5, 3, 2])
        #expect(found[other] == nil)
    }
}

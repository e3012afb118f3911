import SeededRandom
import SpanStore
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Traces in tree order")
struct TraceTests {
    private func names(_ spans: [TestSpan]) -> [String] {
        Trace(traceID: TraceID(high: 7, low: 1), spans: spans.map(\.record)).spans.map(\.name)
    }

    @Test("children stand behind their parent, in the order they began")
    func order() {
        #expect(
            names([
                TestSpan(trace: 1, span: 4, parent: 2, name: "grandchild", start: 9),
                TestSpan(trace: 1, span: 3, parent: 1, name: "second", start: 5),
                TestSpan(trace: 1, span: 2, parent: 1, name: "first", start: 2), TestSpan(trace: 1, span: 1, name: "root", start: 1),
            ]) == ["root", "first", "grandchild", "second"])
    }

    @Test("spans whose parent is missing come after the real root, cycles last, each span once")
    func orphansAndCycles() {
        #expect(
            names([
                TestSpan(trace: 1, span: 9, parent: 77, name: "orphan", start: 1), TestSpan(trace: 1, span: 1, name: "root", start: 5),
                TestSpan(trace: 1, span: 3, parent: 2, name: "cycle b", start: 3),
                TestSpan(trace: 1, span: 2, parent: 3, name: "cycle a", start: 2),
                TestSpan(trace: 1, span: 4, parent: 4, name: "self", start: 7),
            ]) == ["root", "orphan", "self", "cycle a", "cycle b"])
    }

    @Test("of a span stored twice the one that ends last is kept, wherever it comes from")
    func repeats() {
        let pending = TestSpan(trace: 1, span: 1, name: "pending", start: 1, duration: 0)
        let final = TestSpan(trace: 1, span: 1, name: "final", start: 1, duration: 10)
        #expect(names([pending, final]) == ["final"])
        #expect(names([final, pending]) == ["final"])
    }

    @Test("random parents: every span once, no span before its parent unless on a cycle, siblings by start")
    func randomTrees() throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 1...60, using: &g)
            let nodes = (0..<count).map { index in
                SpanTree.Node(
                    spanID: SpanID(rawValue: UInt64(index + 1)),
                    parentSpanID: SpanID(rawValue: UInt64.random(in: 0...UInt64(count + 5), using: &g)),
                    startTime: UInt64.random(in: 0...20, using: &g))
            }
            let tree = SpanTree(nodes)
            try #require(tree.order.sorted() == (0..<Int32(count)).map { $0 }, "seed \(seed)")
            var place = [Int](repeating: 0, count: count)
            for (position, index) in tree.order.enumerated() { place[Int(index)] = position }
            for (position, index) in tree.order.enumerated() where tree.depths[position] > 0 {
                let parent = Int(nodes[Int(index)].parentSpanID.rawValue) - 1
                try #require(place[parent] < position, "seed \(seed)")
                try #require(tree.depths[position] == tree.depths[place[parent]] + 1, "seed \(seed)")
            }
            var lastStart: [UInt64: UInt64] = [:]
            for (position, index) in tree.order.enumerated() where tree.depths[position] > 0 {
                let node = nodes[Int(index)]
                try #require(lastStart[node.parentSpanID.rawValue] ?? 0 <= node.startTime, "seed \(seed)")
                lastStart[node.parentSpanID.rawValue] = node.startTime
            }
        }
    }

    @Test("a chain of 100,000 spans is neither recursion nor a wait")
    func deepChain() {
        let nodes = (0..<100_000).map {
            SpanTree.Node(spanID: SpanID(rawValue: UInt64($0 + 1)), parentSpanID: SpanID(rawValue: UInt64($0)), startTime: 0)
        }
        let tree = SpanTree(nodes.reversed())
        #expect(tree.depths.last == 99_999)
    }

    @Test("a trace is put together from every unit, without masked rows; an unknown one is nil")
    func reader() async throws {
        var first = MemoryUnit([TestSpan(trace: 1, span: 1, name: "root"), TestSpan(trace: 1, span: 3, parent: 1, name: "deleted")])
        first.maskedRows = [1]
        let second = MemoryUnit([TestSpan(trace: 2, span: 1), TestSpan(trace: 1, span: 2, parent: 1, name: "child")])
        let reader = TraceReader(threads: ScanThreads())
        let snapshot = MemorySnapshot([second, first])
        #expect(try await reader.trace(TraceID(high: 7, low: 1), in: snapshot, limits: .patient)?.spans.map(\.name) == ["root", "child"])
        #expect(try await reader.trace(TraceID(high: 7, low: 3), in: snapshot, limits: .patient) == nil)
    }
}

extension Trace: Equatable {
    public static func == (a: Trace, b: Trace) -> Bool { a.spans == b.spans }
}

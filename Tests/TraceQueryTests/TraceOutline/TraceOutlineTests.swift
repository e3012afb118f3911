import SeededRandom
import SpanStore
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Outlines of traces")
struct TraceOutlineTests {
    private static let trace = TraceID(high: 7, low: 1)

    private func outline(_ spans: [TestSpan]) async throws -> TraceOutline {
        try #require(try await TraceOutlines(threads: ScanThreads()).outline(of: Self.trace, in: MemorySnapshot([MemoryUnit(spans)])))
    }

    private func span(
        _ id: UInt64, below parent: UInt64 = 0, at start: Int64, for duration: Int64 = 10, _ kind: LLMKind = .span, isError: Bool = false,
        tokens: Int64? = nil, cost: Double? = nil
    ) -> TestSpan {
        var span = TestSpan(trace: 1, span: id, parent: parent, name: "span \(id)", start: start, duration: duration)
        span.record.llm.kind = kind
        span.record.llm.inputTokens = tokens
        span.record.llm.cost = cost
        if isError { span.record.status = .init(code: 2, message: "") }
        return span
    }

    @Test("rows are in the order of a waterfall, each saying what it is attached to and what is below it")
    func rows() async throws {
        let outline = try await outline([
            span(9, below: 77, at: 1), span(1, at: 5), span(4, below: 2, at: 9), span(2, below: 1, at: 6), span(3, below: 1, at: 7),
            span(6, below: 5, at: 3), span(5, below: 6, at: 2),
        ])
        #expect(outline.rows.map(\.span.spanID.rawValue) == [1, 2, 4, 3, 9, 5, 6])
        #expect(outline.rows.map(\.attachment) == [.root, .child, .child, .child, .orphan, .cycle, .child])
        #expect(outline.rows.map(\.depth) == [0, 1, 2, 1, 0, 0, 1])
        #expect(outline.rows.map(\.end) == [4, 3, 3, 4, 5, 7, 7])
        #expect(outline.rows.map(\.childCount) == [2, 1, 0, 0, 0, 1, 0])
        #expect(outline.name(outline.rows[2].span.name) == "span 4")
        #expect(outline.startTimeUnixNano == 1 && outline.endTimeUnixNano == 19)
    }

    @Test("a span that is marked as a root is one where its parent is not there, and gives the trace its name before other orphans")
    func markedRoots() async throws {
        func marked(_ span: TestSpan, _ key: String = "langfuse.internal.is_app_root", _ value: AttributeValue = .bool(true)) -> TestSpan {
            var span = span
            span.record.attributes = [KeyValue(key, value)]
            return span
        }
        let own: [TestSpan] = [span(9, below: 77, at: 1), marked(span(1, below: 78, at: 5)), span(2, below: 1, at: 6)]
        let other = marked(span(3, below: 2, at: 7))
        let cases: [(spans: [TestSpan], root: UInt64)] = [
            (own + [other], 1), ([own[0], marked(own[1], "langfuse.internal.as_root", .string("true")), own[2], other], 1),
            ([own[0], marked(own[1], "langfuse.internal.as_root", .string("false")), own[2], other], 9),
        ]
        for (spans, root) in cases {
            // In one unit, and in two.
            for units in [[MemoryUnit(spans)], [MemoryUnit(Array(spans.prefix(2))), MemoryUnit(Array(spans.dropFirst(2)))]] {
                let snapshot = MemorySnapshot(units), threads = ScanThreads()
                let outline = try #require(try await TraceOutlines(threads: threads).outline(of: Self.trace, in: snapshot))
                #expect(outline.rows.map(\.span.spanID.rawValue) == (root == 1 ? [1, 2, 3, 9] : [9, 1, 2, 3]))
                #expect(
                    outline.rows.map(\.attachment) == (root == 1 ? [.root, .child, .child, .orphan] : [.orphan, .orphan, .child, .child]))
                let trace = try #require(try await TraceReader(threads: threads).trace(Self.trace, in: snapshot))
                #expect(trace.spans.map(\.spanID) == outline.rows.map(\.span.spanID))
                let list = try await TraceList(threads: threads).list(TraceListRequest(sort: .startTime), in: snapshot, limits: .patient)
                #expect(list.traces.map(\.name) == ["span \(root)"])
            }
        }
        let both = [span(8, at: 9), marked(span(1, below: 78, at: 5))]
        #expect(try await outline(both).rows.map(\.attachment) == [.root, .root])
        let list = try await TraceList(threads: ScanThreads()).list(
            TraceListRequest(sort: .startTime), in: MemorySnapshot([MemoryUnit(both)]), limits: .patient)
        #expect(list.traces.map(\.name) == ["span 8"], "a root without a parent comes before marked ones")
    }

    @Test("errors are counted for each subtree, and the first ones found")
    func errors() async throws {
        let outline = try await outline([
            span(1, at: 1), span(2, below: 1, at: 2), span(3, below: 2, at: 3, isError: true), span(4, below: 1, at: 4, isError: true),
        ])
        #expect(outline.rows.indices.map { outline.errorCount(at: $0) } == [2, 1, 1, 1])
        #expect(outline.errorCount == 2)
        #expect(outline.firstErrors(maximumCount: 9) == [2, 3] && outline.firstErrors(maximumCount: 1) == [2])
    }

    @Test("usage adds up in the order spans end; an agent counts only where nothing below it reports")
    func usage() async throws {
        let first = try await outline([
            span(1, at: 0, for: 100, .agent, tokens: 30, cost: 9), span(2, below: 1, at: 10, for: 50, .llm, tokens: 10, cost: 1),
            span(3, below: 1, at: 20, for: 10, .llm, tokens: 20),
        ])
        #expect(first.usage == SpanUsage(inputTokens: 30, cost: 1))
        #expect(first.rows.map(\.accumulated.totalTokens) == [30, 30, 20])
        #expect(first.rows.map(\.accumulated.cost) == [1, 1, nil])
        #expect(first.rows[0].span.usage.cost == 9)
        let points = first.usageOverTime
        #expect(points.count == QueryLimits.usagePointCount && points.last?.offsetNano == 100 && points.last?.usage == first.usage)
        #expect(points.first { $0.offsetNano >= 30 }?.usage.totalTokens == 20)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.offsetNano < $1.offsetNano })
        let alone = try await outline([span(1, at: 0, .agent, tokens: 30, cost: 9)])
        #expect(alone.usage == SpanUsage(inputTokens: 30, cost: 9))
        #expect(try await outline([span(1, at: 0)]).usageOverTime.isEmpty)
    }

    @Test("a call that two spans report counts once, in the outline and in lists, wherever its spans are stored")
    func repeatedCalls() async throws {
        func call(
            _ id: UInt64, below parent: UInt64 = 0, at start: Int64, for duration: Int64 = 10, _ response: String?,
            key: String = "gen_ai.response.id", _ kind: LLMKind = .llm, tokens: Int64? = nil, cost: Double? = nil
        ) -> TestSpan {
            var span = span(id, below: parent, at: start, for: duration, kind, tokens: tokens, cost: cost)
            if let response { span.record.attributes = [KeyValue(key, .string(response))] }
            return span
        }
        // An instrumentation's span around an SDK's own; one without a response id; two calls of which one is below the other; a price
        // that only the outer span has; the AI SDK's name of the id; an embedding below a chat; siblings of a server that sends one id
        // with every answer.
        let cases: [(spans: [TestSpan], tokens: Int64, cost: Double)] = [
            (
                [
                    call(1, at: 0, for: 20, "a", tokens: 10, cost: 1), call(3, below: 2, at: 2, "a", tokens: 10, cost: 1),
                    span(2, below: 1, at: 1),
                ],
                10, 1
            ),
            ([call(1, at: 0, nil, tokens: 10, cost: 1), call(2, below: 1, at: 1, "a", tokens: 12, cost: 2)], 12, 2),
            ([call(1, at: 0, "a", tokens: 10, cost: 1), call(2, below: 1, at: 1, "b", tokens: 12, cost: 2)], 22, 3),
            ([call(1, at: 0, "a", tokens: 10, cost: 1), call(2, below: 1, at: 1, "a", tokens: 10)], 10, 1),
            ([call(1, at: 0, "a", tokens: 10), call(2, below: 1, at: 1, "a", tokens: 10, cost: 1)], 10, 1),
            (
                [
                    call(1, at: 0, for: 20, "a", tokens: 10, cost: 1), span(2, below: 1, at: 1),
                    call(3, below: 2, at: 2, "a", key: "ai.response.id", tokens: 10, cost: 1),
                ], 10, 1
            ),
            ([call(1, at: 0, nil, tokens: 10, cost: 1), call(2, below: 1, at: 1, nil, .embedding, tokens: 12, cost: 2)], 22, 3),
            (
                [
                    span(9, at: 0, for: 90), call(1, below: 9, at: 1, for: 5, "a", tokens: 10, cost: 1),
                    call(2, below: 9, at: 2, "a", tokens: 12, cost: 2), call(3, below: 9, at: 60, "a", tokens: 7, cost: 4),
                ], 29, 7
            ),
        ]
        for (spans, tokens, cost) in cases {
            let units = [[MemoryUnit(spans)], spans.map { MemoryUnit([$0]) }, spans.reversed().map { MemoryUnit([$0]) }]
            for snapshot in units.map({ MemorySnapshot($0) }) {
                let threads = ScanThreads()
                let outline = try #require(try await TraceOutlines(threads: threads).outline(of: Self.trace, in: snapshot))
                #expect(outline.usage == SpanUsage(inputTokens: tokens, cost: cost))
                for sort in [TraceSortField.startTime, .cost] {
                    let page = try await TraceList(threads: threads).list(TraceListRequest(sort: sort), in: snapshot)
                    #expect(page.traces.first?.inputTokens == tokens && page.traces.first?.cost == cost)
                }
            }
        }
    }

    @Test("a placeholder shows as running until the final span replaces it, whichever was stored first")
    func running() async throws {
        var pending = span(2, below: 1, at: 5, for: 0)
        pending.record.attributes = [KeyValue("logfire.span_type", .string("pending_span")), KeyValue("x", .int(1))]
        var final = span(2, below: 1, at: 5, for: 20)
        final.record.attributes = [KeyValue("logfire.span_type", .string("span"))]
        let alone = try await outline([span(1, at: 0), pending])
        #expect(alone.rows.map(\.span.isRunning) == [false, true])
        for units in [[[pending], [span(1, at: 0), final]], [[final], [span(1, at: 0), pending]]] {
            let snapshot = MemorySnapshot(units.map { MemoryUnit($0) })
            let both = try #require(try await TraceOutlines(threads: ScanThreads()).outline(of: Self.trace, in: snapshot))
            #expect(both.rows.map(\.span.isRunning) == [false, false] && both.rows.map(\.span.durationNano) == [10, 20])
        }
    }

    @Test("collapsed subtrees hide what is below them; positions lead to rows and back")
    func collapsing() async throws {
        let outline = try await outline([
            span(1, at: 1), span(2, below: 1, at: 2), span(3, below: 2, at: 3), span(4, below: 1, at: 4), span(5, below: 4, at: 5),
            span(6, at: 6),
        ])
        func visible(_ ids: UInt64...) -> VisibleRows { VisibleRows(outline, collapsed: Set(ids.map { SpanID(rawValue: $0) })) }
        func rows(_ visible: VisibleRows) -> [Int] { (0..<visible.count).map { visible.row(at: $0) } }
        #expect(rows(visible()) == [0, 1, 2, 3, 4, 5])
        #expect(rows(visible(2, 4)) == [0, 1, 3, 5])
        #expect(rows(visible(1, 4)) == [0, 5])
        #expect(rows(visible(3, 99)) == [0, 1, 2, 3, 4, 5])
        #expect(visible(2, 4).position(of: 2) == (1, true) && visible(2, 4).position(of: 5) == (3, false))
        #expect(visible(1).position(of: 4) == (0, true))
        #expect([0, 1, 2, 3].map { visible(2, 4).isCollapsed($0) } == [false, true, false, true])
    }

    @Test("random trees and collapses: what shows is what no collapsed ancestor hides")
    func randomCollapses() async throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let count = UInt64.random(in: 1...40, using: &g)
            let spans = (1...count).map { id in
                span(id, below: UInt64.random(in: 0..<id, using: &g), at: Int64.random(in: 0...9, using: &g))
            }
            let outline = try await outline(spans)
            let collapsed = Set((1...count).filter { _ in Bool.random(using: &g) }.map { SpanID(rawValue: $0) })
            let visible = VisibleRows(outline, collapsed: collapsed)
            func ancestors(_ row: Int) -> [Int] { outline.rows.indices.filter { $0 < row && Int(outline.rows[$0].end) > row } }
            let expected = outline.rows.indices.filter { row in
                !ancestors(row).contains { collapsed.contains(outline.rows[$0].span.spanID) }
            }
            try #require((0..<visible.count).map { visible.row(at: $0) } == expected, "seed \(seed)")
            for row in outline.rows.indices {
                let (position, isHidden) = visible.position(of: row)
                try #require(isHidden == !expected.contains(row), "seed \(seed)")
                let shown = visible.row(at: position)
                try #require(isHidden ? ancestors(row).contains(shown) : shown == row, "seed \(seed)")
            }
        }
    }

    @Test("an outline is kept until its trace changes, whatever else comes in, and no more of them than there is room for")
    func keeping() async throws {
        var live = MemoryUnit([span(1, at: 1)])
        live.isSealed = false
        live.segmentSequence = nil
        let other = MemoryUnit([TestSpan(trace: 2, span: 1), TestSpan(trace: 2, span: 2)])
        let outlines = TraceOutlines(threads: ScanThreads())
        let first = try #require(try await outlines.outline(of: Self.trace, in: MemorySnapshot([live])))
        let read = live.reads.count(.startTime)
        #expect(try await outlines.outline(of: Self.trace, in: MemorySnapshot([live, other]))?.version == first.version)
        #expect(live.reads.count(.startTime) == read)
        var grown = MemoryUnit([span(1, at: 1), span(2, below: 1, at: 2)])
        grown.isSealed = false
        grown.segmentSequence = nil
        let second = try #require(try await outlines.outline(of: Self.trace, in: MemorySnapshot([grown])))
        #expect(second.rows.count == 2 && second.version != first.version)
        grown.isSealed = true
        grown.segmentSequence = 5
        #expect(try await outlines.outline(of: Self.trace, in: MemorySnapshot([grown]))?.version == second.version)
        grown.maskedRows = [1]
        #expect(try await outlines.outline(of: Self.trace, in: MemorySnapshot([grown]))?.rows.count == 1)
        #expect(try await outlines.outline(of: TraceID(high: 7, low: 3), in: MemorySnapshot([grown])) == nil)

        let small = TraceOutlines(threads: ScanThreads(), maximumByteCount: 2 * second.byteCount)
        for trace in [Self.trace, TraceID(high: 7, low: 2), Self.trace] {
            _ = try await small.outline(of: trace, in: MemorySnapshot([live, other]))
            #expect(small.byteCount <= 2 * second.byteCount && small.byteCount > 0)
        }
    }

    @Test("a search finds names, status messages and texts of attributes in either case, once a span, in the order of rows")
    func search() async throws {
        var root = span(1, at: 1), call = span(2, below: 1, at: 2), failed = span(3, below: 1, at: 3)
        root.record.attributes = [KeyValue("note", .string("nothing")), KeyValue("count", .int(7))]
        call.record.name = "Ask the Oracle"
        call.record.attributes = [KeyValue("prompt", .string("the ORACLE knows")), KeyValue("note", .string("oracle"))]
        failed.record.status = .init(code: 2, message: "no oracle there")
        let foreign = TestSpan(trace: 2, span: 8, name: "oracle")
        let outlines = TraceOutlines(threads: ScanThreads())
        let snapshot = MemorySnapshot([MemoryUnit([failed, foreign, call, root])])
        let found = try #require(try await outlines.search("oracle", in: Self.trace, of: snapshot))
        #expect(found.matches == [TraceMatch(row: 1, field: "name"), TraceMatch(row: 2, field: "status_message")])
        let prompts = try #require(try await outlines.search("knows", in: Self.trace, of: snapshot))
        #expect(prompts.matches == [TraceMatch(row: 1, field: "attributes.prompt")])
        let first = try #require(try await outlines.search("o", in: Self.trace, of: snapshot, maximumCount: 1))
        #expect(first.matches.map(\.row) == [0] && first.matchCount == 3)
        #expect(try await outlines.search("oracle", in: TraceID(high: 9, low: 9), of: snapshot)?.matchCount == nil)
    }
}

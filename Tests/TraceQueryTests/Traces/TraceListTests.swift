import ByteCoding
import SeededRandom
import SpanStore
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Lists of traces and sessions")
struct TraceListTests {
    private let threads = ScanThreads()

    @Test("random lists in every order equal the plain ones, page after page")
    func randomLists() async throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        let list = TraceList(threads: threads)
        for round in 0..<80 {
            let snapshot = RandomSpans.snapshot(&g, spanCount: 80)
            var request = TraceListRequest(sort: g.pick(TraceSortField.allCases))
            request.isDescending = g.chance(60)
            request.limit = Int.random(in: 1...6, using: &g)
            request.filter = g.chance(50) ? .everything : RandomSpans.filter(&g)
            if g.chance(30) { request.from = 1_770_000_000_000_000_000 + 5 * 1_800_000_000_000 }
            let expected = Self.expected(request, snapshot.visible)
            var traces: [TraceSummary] = []
            for _ in 0..<40 {
                let page = try await list.list(request, in: snapshot, limits: .patient)
                traces += page.traces
                request.cursor = page.nextCursor
                if page.nextCursor == nil { break }
            }
            try #require(
                traces.map(\.traceID) == expected.map(\.traceID), "seed \(seed), round \(round): \(request.fingerprint) \(request.filter)")
            for (trace, other) in zip(traces, expected) { try #require(trace == other, "seed \(seed), round \(round)") }
        }
    }

    private static func isContainer(_ span: TestSpan) -> Bool { span.record.llm.kind == .agent || span.record.llm.kind == .chain }

    /// A call that another span of the trace, further in, reports too. The parents of random spans are no calls.
    private static func isRepeat(_ span: TestSpan, among calls: [TestSpan]) -> Bool {
        func response(_ span: TestSpan) -> AttributeValue? { span.value(of: .attribute("gen_ai.response.id")) }
        return calls.contains { other in
            let outer = span.record, inner = other.record
            guard inner.spanID != outer.spanID, inner.llm.kind == outer.llm.kind else { return false }
            if inner.parentSpanID == outer.spanID { return true }
            guard response(span) != nil, response(span) == response(other) else { return false }
            let isSibling = !outer.parentSpanID.isZero && outer.parentSpanID == inner.parentSpanID
            let isBehind =
                (outer.startTimeUnixNano, UInt64.max - outer.endTimeUnixNano, outer.spanID.rawValue)
                < (inner.startTimeUnixNano, UInt64.max - inner.endTimeUnixNano, inner.spanID.rawValue)
            return !isSibling && isBehind && inner.endTimeUnixNano <= outer.endTimeUnixNano
        }
    }

    /// Of calls only those that report the figure, or anything, tell which one repeats it.
    private static func sum<T: AdditiveArithmetic>(_ spans: [TestSpan], reports: (TestSpan) -> Bool, _ value: (TestSpan) -> T?) -> T? {
        let calls = spans.filter { [.llm, .embedding, .reranker].contains($0.record.llm.kind) && reports($0) }
        let own = spans.filter { span in
            !isContainer(span) && !(calls.contains { $0.record.spanID == span.record.spanID } && isRepeat(span, among: calls))
        }.compactMap(value)
        let outer = spans.filter { isContainer($0) }.compactMap(value)
        return own.isEmpty ? (outer.isEmpty ? nil : outer.reduce(.zero, +)) : own.reduce(.zero, +)
    }

    private static func reportsUsage(_ span: TestSpan) -> Bool {
        span.record.llm.inputTokens != nil || span.record.llm.outputTokens != nil || span.record.llm.cost != nil
    }

    static func summary(_ id: TraceID, _ spans: [TestSpan]) -> TraceSummary {
        let byStart = spans.sorted { ($0.record.startTimeUnixNano, $0.record.spanID) < ($1.record.startTimeUnixNano, $1.record.spanID) }
        let root = byStart.first { $0.record.parentSpanID.isZero } ?? byStart[0]
        let start = spans.map { Int64($0.record.startTimeUnixNano) }.min() ?? 0,
            end = spans.map { Int64($0.record.endTimeUnixNano) }.max() ?? 0
        let input = sum(spans, reports: reportsUsage) { $0.record.llm.inputTokens }
        let output = sum(spans, reports: reportsUsage) { $0.record.llm.outputTokens }
        return TraceSummary(
            traceID: id, name: root.record.name,
            service: root.resource.first.flatMap { if case .string(let text) = $0.value { text } else { nil } },
            startTimeUnixNano: start, durationNano: end - start, spanCount: spans.count,
            errorCount: spans.count { $0.record.status?.code == 2 }, inputTokens: input, outputTokens: output,
            totalTokens: input == nil && output == nil ? nil : (input ?? 0) + (output ?? 0),
            cost: sum(spans, reports: { $0.record.llm.cost != nil }) { $0.record.llm.cost },
            models: Set(spans.compactMap { $0.record.llm.model }).sorted(),
            sessionID: first(spans, byStart) { $0.record.llm.sessionID }, userID: first(spans, byStart) { $0.record.llm.userID })
    }

    /// Of spans that begin at the same time, the one the store has first.
    private static func first(_ spans: [TestSpan], _ byStart: [TestSpan], _ value: (TestSpan) -> String?) -> String? {
        guard let start = byStart.first(where: { value($0) != nil })?.record.startTimeUnixNano else { return nil }
        return spans.first { $0.record.startTimeUnixNano == start && value($0) != nil }.flatMap(value)
    }

    private static func expected(_ request: TraceListRequest, _ spans: [TestSpan]) -> [TraceSummary] {
        let matching = Set(
            spans.filter { span in
                Oracle.matches(request.filter, span) && (request.from.map { Int64(span.record.startTimeUnixNano) >= $0 } ?? true)
            }.map(\.record.traceID))
        let traces = Dictionary(grouping: spans) { $0.record.traceID }.filter { matching.contains($0.key) }.map {
            summary($0.key, $0.value)
        }
        func value(_ trace: TraceSummary) -> QueryValue {
            switch request.sort {
            case .startTime: .int(trace.startTimeUnixNano)
            case .durationMilliseconds: .int(trace.durationNano)
            case .spanCount: .int(Int64(trace.spanCount))
            case .errorCount: .int(Int64(trace.errorCount))
            case .totalTokens: QueryValue(trace.totalTokens)
            case .cost: QueryValue(trace.cost)
            }
        }
        return traces.sorted { a, b in
            let first = value(a), second = value(b)
            if first.isNull != second.isNull { return second.isNull }
            let result = first.compare(second)
            if result != 0 { return request.isDescending ? result > 0 : result < 0 }
            return a.traceID < b.traceID
        }
    }

    @Test("the newest traces are found without reading old units, and a trace that began long ago keeps its place")
    func newestFirst() async throws {
        var units: [MemoryUnit] = []
        for unit in 0..<10 {
            let spans = (0..<20).map { (row: Int) -> TestSpan in
                TestSpan(trace: UInt64(unit * 100 + row + 1), span: 1, start: Int64(unit * 1000 + row))
            }
            units.append(MemoryUnit(spans))
        }
        // Trace 1 began in the oldest unit and has a span in the newest.
        units[9] = MemoryUnit(units[9].spans + [TestSpan(trace: 1, span: 2, parent: 1, start: 9900)])
        var request = TraceListRequest(sort: .startTime)
        request.limit = 5
        request.explain = true
        let page = try await TraceList(threads: threads).list(request, in: MemorySnapshot(units), limits: .patient)
        let ids: [UInt64] = page.traces.map { $0.traceID.low }
        #expect(ids == [920, 919, 918, 917, 916])
        #expect(page.explanation?.skipped[PruningReason.order.rawValue] == 9)
        request.cursor = page.nextCursor
        request.limit = 1000
        let rest = try await TraceList(threads: threads).list(request, in: MemorySnapshot(units), limits: .patient)
        #expect(rest.traces.count == 195)
        #expect(rest.traces.last?.traceID.low == 1)
        #expect(rest.traces.last?.spanCount == 2)
        #expect(rest.nextCursor == nil)
    }

    @Test("a span stored twice counts once in its trace's row")
    func repeats() async throws {
        let span = TestSpan(trace: 1, span: 1, start: 5, duration: 10)
        let page = try await TraceList(threads: threads).list(
            TraceListRequest(sort: .startTime), in: MemorySnapshot([MemoryUnit([span]), MemoryUnit([span])]), limits: .patient)
        #expect(page.traces.map(\.spanCount) == [1])
    }

    @Test("lists by cost and by tokens add up a span that is stored twice once, and the version that ends last")
    func repeatsByCost() async throws {
        func span(_ trace: UInt64, _ kind: LLMKind, cost: Double, for duration: Int64 = 10) -> TestSpan {
            var span = TestSpan(trace: trace, span: 1, start: 5, duration: duration)
            span.record.llm.kind = kind
            (span.record.llm.cost, span.record.llm.inputTokens) = (cost, Int64(cost * 10))
            return span
        }
        for kind in [LLMKind.llm, .span, .agent] {
            let first = [span(1, kind, cost: 2), span(2, kind, cost: 3), span(3, kind, cost: 9)]
            let second = [span(1, kind, cost: 2), span(3, kind, cost: 1, for: 20)]
            for units in [[first, second], [second, first]] {
                for sort in [TraceSortField.cost, .totalTokens] {
                    let page = try await TraceList(threads: threads).list(
                        TraceListRequest(sort: sort), in: MemorySnapshot(units.map { MemoryUnit($0) }), limits: .patient)
                    #expect(page.traces.map(\.traceID.low) == [2, 1, 3])
                    #expect(page.traces.map(\.cost) == [3, 2, 1])
                }
            }
        }
    }

    @Test("texts are searched in several units at once, newest first, and a trace with spans in many of them is listed once")
    func newestByText() async throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        for round in 0..<60 {
            var units: [MemoryUnit] = [], starts: [UInt64: Int64] = [:]
            var matching = Set<UInt64>(), number: UInt64 = 0
            for unit in 0..<8 {
                units.append(
                    MemoryUnit(
                        (0..<30).map { _ in
                            number += 1
                            let trace = UInt64.random(in: 1...40, using: &g)
                            let start = Int64(unit) * 1_000 + Int64.random(in: 1...1_500, using: &g)
                            var span = TestSpan(trace: trace, span: number, name: "chat", start: start)
                            let hasWord = Int.random(in: 0..<6, using: &g) == 0
                            span.record.attributes = [
                                KeyValue("in", .string("prompt")), KeyValue("out", .string(hasWord ? "a ReFund" : "no")),
                            ]
                            span.record.llm.inputKey = "in"
                            span.record.llm.outputKey = "out"
                            starts[trace] = min(starts[trace] ?? .max, start)
                            if hasWord { matching.insert(trace) }
                            return span
                        }))
            }
            let expected = matching.sorted { (starts[$1] ?? 0, $0) < (starts[$0] ?? 0, $1) }.prefix(5)
            var request = TraceListRequest(sort: .startTime)
            request.limit = 5
            request.filter = try FilterParser.parse(
                text: """
                    {"_or": [{"name": {"_icontains": "refund"}}, {"input": {"_icontains": "refund"}}, {"output": {"_icontains": "refund"}}]}
                    """)
            let page = try await TraceList(threads: threads).list(request, in: MemorySnapshot(units.reversed()), limits: .patient)
            #expect(page.traces.map(\.traceID.low) == Array(expected), "seed \(seed), round \(round)")
        }
    }

    @Test("a page is JSON with the fields asked for")
    func encoding() throws {
        let page = TraceListPage(traces: [
            Self.summary(TraceID(high: 7, low: 1), [TestSpan(trace: 1, span: 1, name: "root", start: 1_000_000_000)])
        ])
        let text = String(decoding: page.encode(fields: [.traceID, .name, .startTime, .durationMilliseconds, .models]), as: UTF8.self)
        #expect(
            text
                == #"{"data":[{"trace_id":"00000000000000070000000000000001","name":"root","start_time":"1970-01-01T00:00:01.000000000Z","duration_ms":1e-06,"models":[]}],"next_cursor":null}"#
        )
    }

    @Test(
        "parameters of a list are checked by name",
        arguments: [
            ("sort", "speed"), ("limit", "0"), ("limit", "1001"), ("fields", "trace_id,nope"), ("colour", "red"), ("from", "yesterday"),
            ("filter[nope]", "1"), ("explain", "maybe"),
        ])
    func parameters(_ name: String, _ value: String) {
        let error = #expect(throws: QueryError.self) { try TraceListRequest(parameters: [(name, value)], defaultSort: .startTime) }
        #expect(error?.code == .malformed)
        #expect(error?.path.isEmpty == false)
    }

    @Test("sessions add up whole traces, and their detail lists them")
    func sessions() async throws {
        var root = TestSpan(trace: 1, span: 1, start: 10, duration: 100)
        root.record.llm.sessionID = "s1"
        root.record.llm.userID = "ada"
        var call = TestSpan(trace: 1, span: 2, parent: 1, start: 20, duration: 5)
        call.record.llm.kind = .llm
        call.record.llm.inputTokens = 7
        call.record.llm.requestModel = "gpt-5"
        var later = TestSpan(trace: 2, span: 1, start: 500, duration: 1)
        later.record.llm.sessionID = "s1"
        var other = TestSpan(trace: 3, span: 1, start: 700, duration: 1)
        other.record.llm.sessionID = "s2"
        let snapshot = MemorySnapshot([MemoryUnit([later, other, TestSpan(trace: 9, span: 9)]), MemoryUnit([root, call])])
        let list = SessionList(threads: threads)
        var request = SessionListRequest(sort: .lastTime)
        request.limit = 1
        let first = try await list.list(request, in: snapshot, limits: .patient)
        #expect(first.sessions.map(\.id) == ["s2"])
        request.cursor = first.nextCursor
        let second = try await list.list(request, in: snapshot, limits: .patient)
        let expected = SessionSummary(
            id: "s1", firstTimeUnixNano: 10, lastTimeUnixNano: 501, traceCount: 2, spanCount: 3, errorCount: 0, inputTokens: 7,
            outputTokens: nil, totalTokens: 7, cost: nil, counterparts: ["ada"], models: ["gpt-5"])
        #expect(second.sessions == [expected])
        #expect(second.nextCursor == nil)
        request = SessionListRequest(sort: .lastTime)
        request.filter = .condition(.userID, .equal(.text("ada")))
        #expect(try await list.list(request, in: snapshot, limits: .patient).sessions == [expected])
        let detail = try await list.session("s1", in: snapshot, limit: 1, limits: .patient)
        #expect(detail?.session == expected)
        #expect(detail?.traces.map(\.traceID.low) == [1])
        let rest = try await list.session("s1", in: snapshot, limit: 1, cursor: detail?.nextCursor, limits: .patient)
        #expect(rest?.traces.map(\.traceID.low) == [2])
        #expect(rest?.nextCursor == nil)
        #expect(try await list.session("s3", in: snapshot, limits: .patient) == nil)
    }

    @Test("end users add up the traces whose earliest span with a user names them, newest trace first")
    func endUsers() async throws {
        func span(_ trace: UInt64, _ id: UInt64, at start: Int64, user: String?, session: String? = nil) -> TestSpan {
            var span = TestSpan(trace: trace, span: id, start: start)
            span.record.llm.userID = user
            span.record.llm.sessionID = session
            return span
        }
        let snapshot = MemorySnapshot([
            MemoryUnit([span(1, 1, at: 10, user: "ada", session: "s1"), span(1, 2, at: 11, user: "bob"), span(2, 1, at: 50, user: "bob")]),
            MemoryUnit([span(3, 1, at: 30, user: "ada", session: "s2"), span(4, 1, at: 90, user: nil)]),
        ])
        let list = SessionList(threads: threads, of: .endUser)
        let page = try await list.list(EndUserListRequest(sort: .traceCount), in: snapshot, limits: .patient)
        #expect(page.sessions.map(\.id) == ["ada", "bob"] && page.sessions.map(\.traceCount) == [2, 1])
        #expect(page.sessions.map(\.spanCount) == [3, 1] && page.sessions.map(\.counterparts) == [["s1", "s2"], []])
        let text = String(decoding: page.encode(fields: [EndUserListField.userID, .sessions]), as: UTF8.self)
        #expect(text.hasPrefix(#"{"data":[{"user_id":"ada","sessions":["s1","s2"]},{"user_id":"bob","sessions":[]}]"#))
        let first = try #require(try await list.session("ada", in: snapshot, limit: 1, limits: .patient))
        #expect(first.traces.map(\.traceID.low) == [3])
        let rest = try await list.session("ada", in: snapshot, limit: 1, cursor: first.nextCursor, limits: .patient)
        #expect(rest?.traces.map(\.traceID.low) == [1] && rest?.nextCursor == nil)
        let sessions = SessionList(threads: threads)
        let error = await #expect(throws: QueryError.self) {
            _ = try await sessions.session("s1", in: snapshot, cursor: first.nextCursor, limits: .patient)
        }
        #expect(error?.code == .cursor)
        #expect(try await list.session("s1", in: snapshot, limits: .patient) == nil)
    }
}

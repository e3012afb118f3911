import SeededRandom
import SpanStore
import Testing
import TraceModel

@testable import TraceQuery

@Suite("Traces over time")
struct TraceHistogramTests {
    private static let second: Int64 = 1_000_000_000

    private func histogram(_ units: [MemoryUnit], _ parameters: [(name: String, value: String)]) async throws -> TraceHistogram {
        try await TraceList(threads: ScanThreads()).histogram(
            try TraceHistogramRequest(parameters: parameters), in: MemorySnapshot(units), limits: .patient)
    }

    private func span(_ trace: UInt64, _ id: UInt64, at start: Int64, isError: Bool = false) -> TestSpan {
        var span = TestSpan(trace: trace, span: id, start: start * Self.second)
        if isError { span.record.status = .init(code: 2, message: "") }
        return span
    }

    @Test("a trace counts once, where its earliest matching span starts, whatever units its spans lie in")
    func counting() async throws {
        var second = MemoryUnit([span(1, 2, at: 65, isError: true), span(2, 1, at: 70), span(9, 1, at: 0)])
        second.maskedRows = [2]
        let found = try await histogram([MemoryUnit([span(1, 1, at: 5), span(3, 1, at: 130)]), second], [("bucket", "1m")])
        #expect(found.bars.map(\.traceCount) == [1, 1, 1] && found.bars.map(\.errorTraceCount) == [1, 0, 0])
        #expect(found.bars.map(\.startTimeUnixNano) == [0, 60, 120].map { $0 * Self.second })
        #expect(found.traceCount == 3 && found.errorTraceCount == 1)
    }

    @Test("the range's empty bars are there; only matching spans within it count")
    func range() async throws {
        let unit = MemoryUnit([span(1, 1, at: 5), span(1, 2, at: 65), span(2, 1, at: 200)])
        let found = try await histogram([unit], [("bucket", "1m"), ("from", "\(60 * Self.second)"), ("to", "\(180 * Self.second)")])
        #expect(found.bars.map(\.traceCount) == [1, 0])
        #expect(try await histogram([unit], [("filter[name]", "other")]).bars.isEmpty)
        let empty = try await histogram([], [("bucket", "1m"), ("from", "0"), ("to", "\(60 * Self.second)")])
        #expect(empty.bars == [TraceHistogram.Bar(startTimeUnixNano: 0)])
    }

    @Test("without a step one is chosen that fits, up to all time; one that makes too many bars is refused")
    func steps() async throws {
        let unit = MemoryUnit([span(1, 1, at: 0), span(2, 1, at: 3_600)])
        #expect(try await histogram([unit], []).bucket == TimeBucket("1m"))
        let ends = [Int64.min, Int64.max].map { TestSpan(trace: UInt64(bitPattern: $0), span: 1, start: 0) }
        #expect(try await histogram([MemoryUnit(ends)], [("from", "\(Int64.min)"), ("to", "\(Int64.max)")]).traceCount == 2)
        await #expect(throws: QueryError.self) { try await histogram([unit], [("bucket", "1s")]) }
        for parameters in [("bucket", "0s"), ("bucket", "x"), ("from", "x"), ("sort", "cost")] {
            #expect(throws: QueryError.self) { try TraceHistogramRequest(parameters: [parameters]) }
        }
        #expect(throws: QueryError.self) { try TraceHistogramRequest(parameters: [("from", "2"), ("to", "1")]) }
    }

    @Test("random traces: the bars are those of a plain count, whatever the lanes got")
    func random() async throws {
        let seed = TestSeed.next()
        var g = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let spans = (0..<Int.random(in: 1...200, using: &g)).map { number in
                span(
                    UInt64.random(in: 1...40, using: &g), UInt64(number + 1), at: Int64.random(in: 0...900, using: &g),
                    isError: Int.random(in: 0..<9, using: &g) == 0)
            }
            let cut = Int.random(in: 0...spans.count, using: &g)
            let found = try await histogram([MemoryUnit(Array(spans[..<cut])), MemoryUnit(Array(spans[cut...]))], [("bucket", "1m")])
            var starts: [TraceID: Int64] = [:], errors = Set<TraceID>()
            for span in spans {
                let id = span.record.traceID
                starts[id] = min(starts[id] ?? .max, Int64(span.record.startTimeUnixNano))
                if span.record.status?.code == 2 { errors.insert(id) }
            }
            for bar in found.bars {
                let inside = starts.filter { $0.value / (60 * Self.second) == bar.startTimeUnixNano / (60 * Self.second) }.keys
                try #require(bar.traceCount == inside.count, "seed \(seed)")
                try #require(bar.errorTraceCount == inside.count { errors.contains($0) }, "seed \(seed)")
            }
            try #require(found.traceCount == starts.count, "seed \(seed)")
        }
    }
}

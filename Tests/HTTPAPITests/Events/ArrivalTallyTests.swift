import Testing
import TraceModel

@testable import HTTPAPI

@Suite("Tallies of what came in")
struct ArrivalTallyTests {
    private func traces(_ numbers: ClosedRange<UInt64>) -> [TraceID] { numbers.map { TraceID(high: 1, low: $0) } }

    @Test("spans are added up, a trace counts when it is met first, the newest ids are of the last addition")
    func counts() {
        var tally = ArrivalTally()
        tally.add(spanCount: 5, traces: traces(1...2))
        tally.add(spanCount: 3, traces: traces(2...3))
        #expect(tally.spanCount == 8 && tally.traceCount == 3 && tally.newest == traces(2...3) && tally.isComplete)
        tally.add(spanCount: 100, traces: traces(10...109))
        #expect(tally.newest == traces(90...109) && tally.traceCount == 103)
        tally.missed()
        #expect(!tally.isComplete && tally.spanCount == 108)
    }

    @Test("traces are remembered up to a number: one met again long after counts again")
    func forgetting() {
        var tally = ArrivalTally()
        let count = UInt64(EventLimits.rememberedTraceCount)
        for round in 0..<5 {
            tally.add(spanCount: 1, traces: traces(1...1))
            for number in stride(from: 2, to: 2 + count, by: 97) {
                tally.add(spanCount: 97, traces: traces(number...min(number + 96, count + 1)))
            }
            #expect(tally.traceCount == Int64(count + 1) * Int64(round + 1))
        }
    }
}

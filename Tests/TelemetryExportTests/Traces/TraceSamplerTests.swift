import Testing
import TraceModel

@testable import TelemetryExport

@Suite("The sampler")
struct TraceSamplerTests {
    @Test("takes every trace at 1 and none at 0")
    func ends() {
        for low: UInt64 in [1, 1 << 55, (1 << 56) - 1, .max] {
            #expect(TraceSampler(ratio: 1).samples(TraceID(high: 1, low: low)))
            #expect(!TraceSampler(ratio: 0).samples(TraceID(high: 1, low: low)))
        }
    }

    @Test("decides by the trace id alone, so that a trace a smaller ratio takes is taken by a larger one, too")
    func consistent() {
        let quarter = TraceSampler(ratio: 0.25), half = TraceSampler(ratio: 0.5)
        #expect(quarter.samples(TraceID(high: 9, low: 1 << 53)) && half.samples(TraceID(high: 9, low: 1 << 53)))
        #expect(!quarter.samples(TraceID(high: 9, low: 1 << 54)) && half.samples(TraceID(high: 9, low: 1 << 54)))
        #expect(!half.samples(TraceID(high: 9, low: 1 << 55)))
    }

    @Test("heeds the caller's decision, whatever the ratio")
    func parents() throws {
        let sampled = TraceParent(traceID: TraceID(high: 5, low: .max), spanID: SpanID(rawValue: 7), flags: 1)
        let place = try #require(TraceSampler(ratio: 0).place(under: sampled))
        #expect(place == SpanPlace(traceID: sampled.traceID, parentSpanID: sampled.spanID, flags: 0x301))
        var unsampled = sampled
        unsampled.flags = 0
        #expect(TraceSampler(ratio: 1).place(under: unsampled) == nil)
    }

    @Test("begins a trace of its own without a parent")
    func roots() throws {
        let place = try #require(TraceSampler(ratio: 1).place(under: nil))
        #expect(place.parentSpanID.isZero && !place.traceID.isZero)
        #expect(place.flags == 0x103)
    }
}

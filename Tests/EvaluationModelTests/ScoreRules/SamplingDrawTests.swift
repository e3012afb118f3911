import EvaluationModel
import Testing
import TraceModel

@Suite("The draw of traces") struct SamplingDrawTests {
    private func draw(_ source: UInt64, _ trace: UInt64) -> SamplingDraw {
        SamplingDraw(source: (high: 7, low: source), trace: TraceID(high: 1, low: trace))
    }

    @Test("a repetition draws alike, and the number never changes between versions of the program")
    func repeats() {
        #expect(draw(1, 2) == draw(1, 2))
        #expect(draw(1, 2) != draw(1, 3))
        let fixed = SamplingDraw(source: (high: 0, low: 1), trace: TraceID(high: 0, low: 1)).value
        #expect((0..<1).contains(fixed))
        #expect(Int(fixed * 1e6) == Self.knownMillionths)
    }

    /// Of rule 1 and trace 1, as it was when the ledger began.
    private static let knownMillionths = 410_674

    @Test("a rate takes its share, all or nothing at the ends, and a higher rate what a lower one took")
    func rates() {
        let draws = (0..<20_000).map { draw(1, $0) }
        for rate in [0.01, 0.1, 0.5, 0.9] {
            let share = Double(draws.count { $0.isTaken(rate: rate) }) / Double(draws.count)
            #expect(abs(share - rate) < 0.012, "\(rate): \(share)")
        }
        #expect(!draws.contains { $0.isTaken(rate: 0) } && draws.allSatisfy { $0.isTaken(rate: 1) })
        #expect(draws.allSatisfy { !$0.isTaken(rate: 0.2) || $0.isTaken(rate: 0.3) })
    }

    @Test("two rules draw independently")
    func independence() {
        let both = (0..<20_000).count { draw(1, $0).isTaken(rate: 0.5) && draw(2, $0).isTaken(rate: 0.5) }
        #expect(abs(Double(both) / 20_000 - 0.25) < 0.02)
    }
}

@Suite("Admission of spans") struct SpanAdmissionTests {
    private func draw(_ trace: UInt64) -> SamplingDraw { SamplingDraw(source: (high: 0, low: 0), trace: TraceID(high: 0, low: trace)) }

    @Test("the draw comes first, then the money, then the room, each with its words")
    func order() {
        var none = SpanAdmission(samplingRate: 0, isCapSpent: true, room: 0)
        guard case .refused(.sampledOut, let why) = none.decide(draw(1)) else {
            Issue.record("not sampled out")
            return
        }
        #expect(why.hasPrefix("the draw is 0.") && why.hasSuffix(", the rate 0"))
        var spent = SpanAdmission(samplingRate: 1, isCapSpent: true, room: 9)
        #expect(spent.decide(draw(1)) == .refused(.skipped, reason: "the spending cap is reached"))
        var full = SpanAdmission(samplingRate: 1, isCapSpent: false, room: 1)
        #expect(full.decide(draw(1)) == .admitted)
        #expect(full.decide(draw(2)) == .refused(.skipped, reason: "10000 spans wait to be scored already"))
    }
}

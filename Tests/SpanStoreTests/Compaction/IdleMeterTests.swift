import Testing

@testable import SpanStore

@Suite("Idle")
struct IdleMeterTests {
    private let limits = StoreLimits()

    /// A meter that is asked with bytes and seconds.
    private func looks() -> (_ byteCount: Int, _ second: UInt64) -> Bool {
        var meter = IdleMeter()
        return { meter.isIdle(byteCount: $0, nowUnixNano: $1 * 1_000_000_000, limits: limits) }
    }

    @Test("a store is idle once little has come in for a while, and not at the first look")
    func quiet() {
        let isIdle = looks()
        #expect(!isIdle(0, 100))
        #expect(!isIdle(0, 109))
        #expect(isIdle(1_000, 110))
        #expect(isIdle(2_000, 111))
    }

    @Test("a burst ends it at once, and a steady stream keeps it away")
    func busy() {
        let isIdle = looks()
        _ = isIdle(0, 0)
        #expect(isIdle(0, 10))
        let burst = limits.maximumIdleByteRate * limits.idleSpanSeconds + 1
        #expect(!isIdle(burst, 11))
        #expect(!isIdle(burst, 12))
        var bytes = burst
        for step in 1...20 {
            bytes += 2 * limits.maximumIdleByteRate
            #expect(!isIdle(bytes, UInt64(12 + step)))
        }
        #expect(!isIdle(bytes, 33))
        #expect(isIdle(bytes, 60))
    }

    @Test("a clock that jumps back, or a log that begins anew, starts the look again")
    func jumps() {
        let isIdle = looks()
        _ = isIdle(5_000, 1_000)
        #expect(!isIdle(5_000, 10))
        #expect(!isIdle(0, 30))
        #expect(isIdle(0, 40))
    }
}

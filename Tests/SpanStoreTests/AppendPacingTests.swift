import Testing

@testable import SpanStore

@Suite("Pacing of appends")
struct AppendPacingTests {
    @Test("nobody waits while sealing keeps up")
    func free() {
        for part in stride(from: 0, through: 1, by: 0.05) {
            #expect(
                AppendPacing.delayMilliseconds(logPart: part * AppendPacing.freeLogPart, memoryPart: part * AppendPacing.freeMemoryPart)
                    == 0)
        }
    }

    @Test("waits grow with whichever room is scarcer, without a jump, up to a bound")
    func growth() {
        let parts = stride(from: 0.0, through: 1.5, by: 0.01).map { $0 }
        let delays = parts.map { AppendPacing.delayMilliseconds(logPart: $0, memoryPart: $0 / 2) }
        #expect(zip(delays, delays.dropFirst()).allSatisfy { $0 <= $1 && $1 - $0 < 6 })
        #expect(delays.last == AppendPacing.maximumDelayMilliseconds)
        #expect(
            AppendPacing.delayMilliseconds(logPart: 0.2, memoryPart: 0.9) == AppendPacing.delayMilliseconds(logPart: 0, memoryPart: 0.9))
        #expect(
            AppendPacing.delayMilliseconds(logPart: 0.2, memoryPart: 0.9) > AppendPacing.delayMilliseconds(logPart: 0.9, memoryPart: 0.2))
    }
}

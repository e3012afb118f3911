import Testing

@testable import HTTPAPI

@Suite("The time a task will still take") struct RemainingTimeTests {
    private let second: Int64 = 1_000_000_000

    @Test("it follows from the rate of the last minute")
    func rate() {
        var time = RemainingTime()
        time.add(done: 0, now: 0)
        #expect(time.seconds(total: 100) == nil, "nobody knows yet")
        time.add(done: 10, now: 5 * second)
        #expect(time.seconds(total: 100) == 45)
        #expect(time.seconds(total: nil) == nil)
        // Ten times as fast from then on: after a minute the slow beginning is forgotten.
        for step: Int64 in 1...70 { time.add(done: 10 + 20 * step, now: (5 + step) * second) }
        #expect(time.seconds(total: 10 + 20 * 70 + 200) == 10)
    }

    @Test("nothing is left when all is done, nothing known while nothing moves, and it begins anew when cases are requeued")
    func edges() {
        var time = RemainingTime()
        time.add(done: 5, now: 0)
        time.add(done: 5, now: second)
        #expect(time.seconds(total: 5) == 0)
        #expect(time.seconds(total: 9) == nil)
        time.add(done: 9, now: 2 * second)
        time.add(done: 8, now: 3 * second)
        #expect(time.seconds(total: 9) == nil)
        time.add(done: 8, now: 4 * second)
        #expect(time.seconds(total: 9) == nil)
        time.add(done: 9, now: 5 * second)
        #expect(time.seconds(total: 10) == 2)
    }
}

import Testing

@testable import TelemetryExport

@Suite("The export queue")
struct ExportQueueTests {
    private let start = ContinuousClock.now
    private var queue = ExportQueue<Int>()

    private func after(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    private func batch(_ step: ExportQueue<Int>.Step) -> [Int]? { if case .send(let batch) = step { batch } else { nil } }

    private func wait(_ step: ExportQueue<Int>.Step) -> Duration? {
        if case .wait(let until?) = step { start.duration(to: until) } else { nil }
    }

    private func left(_ step: ExportQueue<Int>.Step) -> Int? { if case .end(let count) = step { count } else { nil } }

    @Test("sends when the oldest is old enough, and not before")
    mutating func age() {
        #expect(wait(queue.step(at: start)) == nil)
        #expect(queue.add(1, at: after(1)) == .wakes)
        #expect(queue.add(2, at: after(3)) == .waits)
        #expect(wait(queue.step(at: after(3))) == .seconds(6))
        #expect(batch(queue.step(at: after(6))) == [1, 2])
        #expect(queue.ended(.taken(rejectedCount: 0), at: after(7), jitter: 1) == .exported(2, rejected: 0))
        #expect(wait(queue.step(at: after(7))) == nil)
    }

    @Test("sends a full batch at once, one at a time")
    mutating func size() {
        for number in 0..<TelemetryLimits.batchSpanCount * 2 + 1 {
            let admission = queue.add(number, at: start)
            #expect((admission == .wakes) == (number == 0 || number == TelemetryLimits.batchSpanCount - 1))
        }
        #expect(batch(queue.step(at: start))?.count == TelemetryLimits.batchSpanCount)
        #expect(batch(queue.step(at: start)) == nil)
        _ = queue.ended(.taken(rejectedCount: 0), at: start, jitter: 1)
        #expect(batch(queue.step(at: start))?.first == TelemetryLimits.batchSpanCount)
        _ = queue.ended(.taken(rejectedCount: 0), at: start, jitter: 1)
        #expect(wait(queue.step(at: start)) == TelemetryLimits.batchAge)
    }

    @Test("turns the newest away when it is full")
    mutating func full() {
        for number in 0..<TelemetryLimits.queuedSpanCount { _ = queue.add(number, at: start) }
        #expect(queue.add(-1, at: start) == .full)
        #expect(batch(queue.step(at: start))?.first == 0)
        #expect(queue.add(-2, at: start) == .waits)
    }

    @Test("sends the same batch again after growing waits, and gives it up at last")
    mutating func retries() {
        _ = queue.add(1, at: start)
        var now = after(5)
        var waits: [Duration] = []
        for attempt in 1...TelemetryLimits.attemptCount {
            #expect(batch(queue.step(at: now)) == [1])
            let ending = queue.ended(.later(nil, reason: ""), at: now, jitter: 1)
            guard attempt < TelemetryLimits.attemptCount else {
                #expect(ending == .dropped(1, .attempts))
                break
            }
            #expect(ending == .willBeSentAgain)
            guard case .wait(let until?) = queue.step(at: now) else {
                Issue.record("no wait after attempt \(attempt)")
                return
            }
            waits.append(now.duration(to: until))
            now = until
        }
        #expect(waits == [1, 2, 4, 8, 16, 30, 30].map { .seconds($0) })
        // What comes next is held back, too.
        _ = queue.add(2, at: now)
        #expect(batch(queue.step(at: now + .seconds(29))) == nil)
        #expect(batch(queue.step(at: now + .seconds(30))) == [2])
    }

    @Test("heeds a collector's wish for a longer wait")
    mutating func retryAfter() {
        _ = queue.add(1, at: start)
        _ = queue.step(at: after(5))
        _ = queue.ended(.later(.seconds(60), reason: ""), at: after(5), jitter: 0.5)
        #expect(wait(queue.step(at: after(6))) == .seconds(65))
    }

    @Test("drops what a collector refuses, and counts what it rejects of a batch")
    mutating func refused() {
        _ = queue.add(1, at: start)
        _ = queue.step(at: after(5))
        #expect(queue.ended(.refused(reason: ""), at: after(5), jitter: 1) == .dropped(1, .refused))
        for number in 0..<3 { _ = queue.add(number, at: after(6)) }
        _ = queue.step(at: after(11))
        #expect(queue.ended(.taken(rejectedCount: 2), at: after(11), jitter: 1) == .exported(1, rejected: 2))
    }

    @Test("sends what is left at shutdown without waiting for more, and ends")
    mutating func shutdown() {
        _ = queue.add(1, at: start)
        queue.shutDown(by: after(5))
        #expect(batch(queue.step(at: start)) == [1])
        #expect(left(queue.step(at: start)) == nil)
        _ = queue.ended(.taken(rejectedCount: 0), at: after(1), jitter: 1)
        #expect(left(queue.step(at: after(1))) == 0)
    }

    @Test("ends at the deadline with what nobody took")
    mutating func deadline() {
        for number in 0..<3 { _ = queue.add(number, at: start) }
        queue.shutDown(by: after(5))
        _ = queue.step(at: start)
        _ = queue.add(4, at: after(1))
        _ = queue.ended(.later(.seconds(60), reason: ""), at: after(1), jitter: 1)
        #expect(wait(queue.step(at: after(2))) == .seconds(5))
        #expect(left(queue.step(at: after(5))) == 4)
        #expect(left(queue.step(at: after(5))) == 0)
    }
}

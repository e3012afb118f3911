import PostgresTesting
import SeededRandom
import Testing

@testable import Access

@Suite struct SlidingWindowTests {
    private static let second = SlidingWindow.windowNanoseconds

    /// Arrivals at random times under a random limit, as the limiter handles them.
    private struct Run {
        var generator: SeededGenerator
        let limit: Int64
        var window = SlidingWindow(now: 0)
        var now: Int64 = 0
        var admitted: [Int64] = []

        init(seed: UInt64) {
            generator = SeededGenerator(seed: seed)
            limit = Int64.random(in: 1...50, using: &generator)
        }

        mutating func step() {
            now += Int64.random(in: 0...(3 * SlidingWindowTests.second / limit), using: &generator)
            if window.used(now: now, limit: limit) < limit {
                window.add(1)
                admitted.append(now)
            }
        }
    }

    @Test("no second of the clock's windows lets in more than the limit, and no stretch more than its share and one limit on top")
    func neverOver() {
        for seed in 0..<200 {
            var run = Run(seed: TestSeed.value &+ UInt64(seed))
            for _ in 0..<500 { run.step() }
            var counts: [Int64: Int64] = [:]
            for time in run.admitted { counts[time / Self.second, default: 0] += 1 }
            for (start, time) in run.admitted.enumerated() {
                let inSecond = Int64(run.admitted[start...].prefix { $0 < time + Self.second }.count)
                #expect(inSecond <= 2 * run.limit, "seed \(seed)")
            }
            let seconds = run.now / Self.second + 1
            #expect(Int64(run.admitted.count) <= (seconds + 1) * run.limit)
        }
    }

    @Test("whoever waits as told is let in then, and not much earlier")
    func waiting() {
        for seed in 0..<500 {
            var run = Run(seed: TestSeed.value &+ UInt64(seed))
            for _ in 0..<Int.random(in: 1...200, using: &run.generator) { run.step() }
            while run.window.used(now: run.now, limit: run.limit) < run.limit { run.window.add(1) }
            if Bool.random(using: &run.generator) { run.window.add(Int64.random(in: 0...5 * run.limit, using: &run.generator)) }
            let wait = run.window.wait(now: run.now, room: run.limit - 1)
            #expect(wait > 0)
            var later = run.window, earlier = run.window
            #expect(later.used(now: run.now + wait, limit: run.limit) < run.limit, "seed \(seed), limit \(run.limit), wait \(wait)")
            #expect(
                earlier.used(now: run.now + max(0, wait - 2), limit: run.limit) >= run.limit,
                "seed \(seed), limit \(run.limit), wait \(wait)")
        }
    }

    @Test("what came beyond the limit is paid for by waiting, second by second")
    func debt() {
        var window = SlidingWindow(now: 0)
        _ = window.used(now: 0, limit: 100)
        window.add(1_000)
        for second in 1..<10 { #expect(window.used(now: Int64(second) * Self.second, limit: 100) >= 100) }
        #expect(window.used(now: 11 * Self.second, limit: 100) == 0)
        #expect(window.isIdle(now: 11 * Self.second))
        window.add(1)
        #expect(!window.isIdle(now: 12 * Self.second) && window.isIdle(now: 13 * Self.second))
    }

    @Test("numbers without reason do no harm")
    func extremes() {
        var window = SlidingWindow(now: 0)
        _ = window.used(now: 0, limit: 1)
        window.add(.max)
        window.add(.max)
        #expect(window.wait(now: 0, room: 0) > 0)
        _ = window.used(now: .max / 2, limit: 1)
        var large = SlidingWindow(now: 0)
        #expect(large.used(now: 1, limit: 1_000_000_000_000) == 0)
        large.add(1_000_000_000_000)
        #expect(large.used(now: Self.second + 1, limit: 1_000_000_000_000) <= 1_000_000_000_000)
    }
}

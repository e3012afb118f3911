import Metastore
import PostgresTesting
import Testing

@testable import Access

@Suite struct LockOutTests {
    private let second: Int64 = 1_000_000_000

    @Test("the first failures are free, then the wait doubles up to a quarter of an hour, and ends after a day")
    func backOff() {
        let lockOut = LockOut(freeCount: 5)
        func wait(_ count: Int, age: Int64 = 0) -> Int64 {
            lockOut.wait(after: SignInFailures(count: count, lastTimeUnixNano: 1_000 * second), nowUnixNano: (1_000 + age) * second)
                / second
        }
        #expect((0...5).allSatisfy { wait($0) == 0 })
        #expect((6...15).map { wait($0) } == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
        #expect([16, 17, 100, Int.max].allSatisfy { wait($0) == 900 })
        #expect(wait(10, age: 6) == 10 && wait(10, age: 16) == 0)
        #expect(wait(100, age: 86_400) == 0)
        #expect(wait(6, age: -5_000) == 1, "a clock set back locks nobody out for longer")
        #expect(lockOut.wait(after: .none, nowUnixNano: 0) == 0)
    }

    @Test("guessing goes at most as fast as the waits allow")
    func guessing() {
        var now: Int64 = 0, count = 0, tries = 0
        while now < 3_600 * second {
            let wait = LockOut.account.wait(after: SignInFailures(count: count, lastTimeUnixNano: now), nowUnixNano: now)
            now += wait
            count += 1
            tries += 1
        }
        #expect(tries < 25, "in an hour")
    }
}

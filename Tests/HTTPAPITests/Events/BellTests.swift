import Synchronization
import Testing

@testable import HTTPAPI

@Suite("A bell")
struct BellTests {
    @Test("wakes its waiter when the time is over, however short it is", .timeLimit(.minutes(1)))
    func shortTimes() async {
        let bell = Bell()
        for nanoseconds in 0..<20_000 { #expect(await !bell.wait(nanoseconds: Int64(nanoseconds % 50))) }
    }

    @Test("ends the next wait at once, once", .timeLimit(.minutes(1)))
    func rungBefore() async {
        let bell = Bell()
        bell.ring()
        bell.ring()
        #expect(await bell.wait(nanoseconds: .max))
        #expect(await !bell.wait(nanoseconds: 1))
    }
}

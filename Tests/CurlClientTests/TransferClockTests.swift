@testable import CurlClient
import Testing

@Suite("A transfer's clock")
struct TransferClockTests {
    private let start = ContinuousClock.now

    @Test("runs phase by phase, and not at all while the reader is slow")
    func phases() {
        let timeouts = CurlTimeouts(connect: .seconds(1), firstByte: .seconds(2), idle: .seconds(3), total: nil)
        var clock = TransferClock(timeouts, totalDeadline: nil, now: start)
        func expect(_ seconds: Int?, _ name: CurlError.Clock?) {
            #expect(clock.deadline?.clock == name)
            #expect(clock.deadline.map { start.duration(to: $0.instant) } == seconds.map { .seconds($0) })
        }
        expect(1, .connect)
        clock.connected(at: start + .seconds(1))
        expect(3, .firstByte)
        clock.received(at: start + .seconds(2))
        expect(5, .idle)
        clock.received(at: start + .seconds(4))
        expect(7, .idle)
        clock.paused(at: start + .seconds(5))
        expect(nil, nil)
        clock.resumed(at: start + .seconds(100))
        expect(103, .idle)
    }

    @Test("gives way to the total limit when that comes first")
    func total() {
        let timeouts = CurlTimeouts(connect: .seconds(10), firstByte: nil, idle: nil, total: nil)
        var clock = TransferClock(timeouts, totalDeadline: start + .seconds(5), now: start)
        #expect(clock.deadline?.clock == .total)
        clock = TransferClock(timeouts, totalDeadline: start + .seconds(50), now: start)
        #expect(clock.deadline?.clock == .connect)
        clock.connected(at: start)
        #expect(clock.deadline?.clock == .total)
    }
}

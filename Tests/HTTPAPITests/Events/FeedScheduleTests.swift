import Testing

@testable import HTTPAPI

/// Transcripts of one task's reading, times in milliseconds.
@Suite("When a followed task is read") struct FeedScheduleTests {
    private func nano(_ milliseconds: Int64) -> Int64 { milliseconds * 1_000_000 }

    private func schedule(_ position: Int64 = 0) -> FeedSchedule { FeedSchedule(position: position, limits: EventLimits(), now: 0) }

    @Test("a new feed reads counters, then events, then waits for a ring")
    func beginning() {
        var schedule = schedule(5)
        #expect(schedule.next(now: 0) == .readCounters)
        schedule.countersRead(lastSequence: 5, isFinal: false, now: nano(2))
        #expect(schedule.next(now: nano(2)) == .readEvents(after: 5))
        #expect(schedule.eventsRead(last: nil, isFull: false, now: nano(3)) == FeedSchedule.Settlement(hasCounters: true))
        #expect(schedule.next(now: nano(3)) == .wait(untilNano: nano(10_002)))
    }

    /// Past its beginning, at rest at a position.
    private func resting(at position: Int64) -> FeedSchedule {
        var schedule = schedule(position)
        _ = schedule.next(now: 0)
        schedule.countersRead(lastSequence: position, isFinal: false, now: 0)
        _ = schedule.next(now: 0)
        _ = schedule.eventsRead(last: nil, isFull: false, now: 0)
        return schedule
    }

    @Test("events are read at once but not more often than every 50 ms, counters every half second, however often it is rung")
    func pauses() {
        var schedule = resting(at: 0), reads: [Int64] = [], counters: [Int64] = []
        var last: Int64 = 0
        for time in Int64(100)...2099 {
            schedule.ring()
            loop: while true {
                switch schedule.next(now: nano(time)) {
                case .readCounters:
                    counters.append(time)
                    schedule.countersRead(lastSequence: last, isFinal: false, now: nano(time))
                case .readEvents:
                    reads.append(time)
                    last += 1
                    _ = schedule.eventsRead(last: last, isFull: false, now: nano(time))
                case .wait, .finished: break loop
                }
            }
        }
        #expect(counters == [500, 1000, 1500, 2000])
        #expect(reads.first == 100)
        #expect((38...46).contains(reads.count), "\(reads.count)")
    }

    @Test("a full page is followed by the next at once, and what was announced meanwhile by another read")
    func pages() {
        var schedule = resting(at: 0)
        schedule.ring()
        #expect(schedule.next(now: nano(100)) == .readEvents(after: 0))
        _ = schedule.eventsRead(last: 256, isFull: true, now: nano(101))
        #expect(schedule.next(now: nano(101)) == .readEvents(after: 256))
        schedule.ring()
        _ = schedule.eventsRead(last: 300, isFull: false, now: nano(102))
        #expect(schedule.next(now: nano(102)) == .wait(untilNano: nano(152)))
        #expect(schedule.next(now: nano(152)) == .readEvents(after: 300))
    }

    @Test("a finished task ends once its last event is read, not before")
    func finish() {
        var schedule = schedule(7)
        _ = schedule.next(now: 0)
        schedule.countersRead(lastSequence: 7, isFinal: true, now: 0)
        #expect(schedule.next(now: 0) == .readEvents(after: 7))
        #expect(schedule.eventsRead(last: nil, isFull: false, now: 0) == FeedSchedule.Settlement(hasCounters: true, isFinished: true))
        #expect(schedule.next(now: 0) == .finished)

        var late = self.schedule(0)
        _ = late.next(now: 0)
        late.countersRead(lastSequence: 300, isFinal: true, now: 0)
        #expect(late.next(now: 0) == .readEvents(after: 0))
        #expect(late.eventsRead(last: 256, isFull: true, now: 0) == FeedSchedule.Settlement())
        #expect(late.next(now: 0) == .readEvents(after: 256))
        #expect(late.eventsRead(last: 300, isFull: false, now: 0).isFinished)
    }

    @Test("events that are gone are told as missing, and the feed goes on behind them")
    func gap() {
        var schedule = resting(at: 10)
        schedule.ring()
        #expect(schedule.next(now: nano(600)) == .readCounters)
        schedule.countersRead(lastSequence: 20, isFinal: false, now: nano(600))
        #expect(schedule.next(now: nano(600)) == .readEvents(after: 10))
        #expect(schedule.eventsRead(last: nil, isFull: false, now: nano(600)).missing == 11...20)
        #expect(schedule.position == 20)
    }

    @Test("while PostgreSQL does not answer it is asked after 250 ms, 500 ms, ... 4 s, and then goes on where it was")
    func outage() {
        var schedule = resting(at: 3), time: Int64 = 1000, pauses: [Int64] = []
        schedule.ring()
        for _ in 0..<7 {
            #expect(schedule.next(now: nano(time)) == .readCounters)
            schedule.failed(now: nano(time))
            guard case .wait(let until) = schedule.next(now: nano(time)) else {
                Issue.record("it does not wait")
                return
            }
            pauses.append(until / 1_000_000 - time)
            time = until / 1_000_000
        }
        #expect(pauses == [250, 500, 1000, 2000, 4000, 4000, 4000])
        #expect(schedule.next(now: nano(time)) == .readCounters)
        schedule.countersRead(lastSequence: 3, isFinal: false, now: nano(time))
        #expect(schedule.next(now: nano(time)) == .readEvents(after: 3))
    }

    @Test("a task of which nothing is announced is looked at every ten seconds")
    func unannounced() {
        var schedule = resting(at: 0)
        #expect(schedule.next(now: nano(9_999)) == .wait(untilNano: nano(10_000)))
        #expect(schedule.next(now: nano(10_000)) == .readCounters)
    }
}

/// When a followed task is read, and how far: a pure value, time comes in with each event.
///
///     rung (something was announced) -> read counters, at most every half second -> read events until a page is not full -> wait
///
/// Counters are read before the events, so that the events up to the counters' last sequence are there, or gone for good.

struct FeedSchedule: Sendable {
    enum Step: Equatable {
        /// Until rung, or until then.
        case wait(untilNano: Int64)
        case readCounters
        case readEvents(after: Int64)
        case finished
    }

    /// What a read of events settles.
    struct Settlement: Equatable {
        /// Events that are gone.
        var missing: ClosedRange<Int64>?
        /// The counters that were read are those after `position`.
        var hasCounters = false
        var isFinished = false
    }

    private let limits: EventLimits
    /// The last event that was read.
    private(set) var position: Int64
    private var wantsCounters = true
    private var wantsEvents = true
    private var countersNano = Int64.min
    private var eventsNano = Int64.min
    private var unannouncedNano: Int64
    private var counters: (lastSequence: Int64, isFinal: Bool)?
    private var failureCount = 0
    private var isFinished = false

    init(position: Int64, limits: EventLimits, now: Int64) {
        self.position = position
        self.limits = limits
        unannouncedNano = now + limits.unannouncedReadNanoseconds
    }

    /// Something may be new.
    mutating func ring() {
        wantsCounters = true
        wantsEvents = true
    }

    mutating func next(now: Int64) -> Step {
        if isFinished { return .finished }
        if now >= unannouncedNano {
            unannouncedNano = now + limits.unannouncedReadNanoseconds
            ring()
        }
        // What is announced while a read is under way calls for another.
        if wantsCounters, now >= countersNano {
            wantsCounters = false
            return .readCounters
        }
        if wantsEvents, now >= eventsNano {
            wantsEvents = false
            return .readEvents(after: position)
        }
        var untilNano = unannouncedNano
        if wantsCounters { untilNano = min(untilNano, countersNano) }
        if wantsEvents { untilNano = min(untilNano, eventsNano) }
        return .wait(untilNano: untilNano)
    }

    mutating func countersRead(lastSequence: Int64, isFinal: Bool, now: Int64) {
        counters = (lastSequence, isFinal)
        wantsEvents = true
        countersNano = now + limits.countersPauseNanoseconds
        eventsNano = .min
        unannouncedNano = now + limits.unannouncedReadNanoseconds
    }

    /// A page was read: its last sequence (nil when it was empty), and whether it was full.
    mutating func eventsRead(last: Int64?, isFull: Bool, now: Int64) -> Settlement {
        failureCount = 0
        position = last ?? position
        guard !isFull else {
            wantsEvents = true
            return Settlement()
        }
        eventsNano = now + limits.readPauseNanoseconds
        guard let counters else { return Settlement() }
        self.counters = nil
        var settlement = Settlement(hasCounters: true)
        if position < counters.lastSequence {
            settlement.missing = position + 1...counters.lastSequence
            position = counters.lastSequence
        }
        isFinished = counters.isFinal && position == counters.lastSequence
        settlement.isFinished = isFinished
        return settlement
    }

    /// PostgreSQL did not answer: again a little later.
    mutating func failed(now: Int64) {
        let pause = min(limits.firstRetryNanoseconds << min(failureCount, 16), limits.maximumRetryNanoseconds)
        failureCount += 1
        ring()
        countersNano = now + pause
        eventsNano = now + pause
        unannouncedNano = now + limits.unannouncedReadNanoseconds
    }
}

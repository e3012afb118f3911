/// What waits to be exported, and what is to be done next: batches by size or age, one at a time, sent again with growing waits while the
/// collector says so. A value without a clock, a network or a lock of its own; `TelemetryExporter` asks it and does as it says.
///
///     add -> waiting -> batch -send-> taken
///                         ^-- wait --> later        refused, too many attempts -> dropped

struct ExportQueue<Element: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Step {
        /// To be answered with `ended`.
        case send([Element])
        /// Nothing to do before this time, or before something is added; nil when only the latter counts.
        case wait(until: Instant?)
        /// After `shutDown`: everything is sent, or the time is over with this many left.
        case end(leftCount: Int)
    }

    /// What an attempt came to.
    enum Ending: Equatable {
        case exported(Int, rejected: Int)
        case dropped(Int, DropReason)
        case willBeSentAgain
    }

    enum Admission: Equatable {
        case full
        case waits
        /// Taken, and `step` should be asked again.
        case wakes
    }

    private var waiting: [Element] = []
    /// When the oldest of `waiting` came.
    private var oldest: Instant?
    /// Sent and not answered yet, or to be sent again.
    private var batch: [Element] = []
    private var isSending = false
    private var attemptCount = 0
    private var notBefore: Instant?
    /// Set by `shutDown`.
    private var deadline: Instant?

    var waitingCount: Int { waiting.count }

    /// The newest is turned away when the queue is full: what is there already has waited longer.
    mutating func add(_ element: Element, at now: Instant) -> Admission {
        guard waiting.count < TelemetryLimits.queuedSpanCount else { return .full }
        waiting.append(element)
        if oldest == nil {
            oldest = now
            return .wakes
        }
        return waiting.count == TelemetryLimits.batchSpanCount ? .wakes : .waits
    }

    mutating func step(at now: Instant) -> Step {
        if isSending { return .wait(until: nil) }
        if let deadline, now >= deadline || (batch.isEmpty && waiting.isEmpty) {
            defer { (batch, waiting) = ([], []) }
            return .end(leftCount: batch.count + waiting.count)
        }
        if let notBefore, now < notBefore { return .wait(until: min(notBefore, deadline ?? notBefore)) }
        if batch.isEmpty {
            guard let oldest else { return .wait(until: nil) }
            let due = oldest + TelemetryLimits.batchAge
            guard deadline != nil || waiting.count >= TelemetryLimits.batchSpanCount || now >= due else { return .wait(until: due) }
            takeBatch(at: now)
        }
        isSending = true
        attemptCount += 1
        return .send(batch)
    }

    /// - Parameter jitter: random, 0.5 to 1.5: servers that lost the same collector must not all come back at once.
    mutating func ended(_ outcome: SendOutcome, at now: Instant, jitter: Double) -> Ending {
        isSending = false
        let count = batch.count
        switch outcome {
        case .taken(let rejectedCount):
            finishBatch()
            let rejected = min(max(0, rejectedCount), count)
            return .exported(count - rejected, rejected: rejected)
        case .refused:
            finishBatch()
            return .dropped(count, .refused)
        case .later(let wish, _):
            let delay = max(Self.delay(afterAttempt: attemptCount) * jitter, wish ?? .zero)
            guard attemptCount < TelemetryLimits.attemptCount else {
                finishBatch()
                // What follows would meet the same collector.
                notBefore = now + delay
                return .dropped(count, .attempts)
            }
            notBefore = now + delay
            return .willBeSentAgain
        }
    }

    /// From now on nothing waits for a fuller batch, and at the deadline it is over.
    mutating func shutDown(by deadline: Instant) { self.deadline = deadline }

    private mutating func takeBatch(at now: Instant) {
        let count = min(waiting.count, TelemetryLimits.batchSpanCount)
        batch = Array(waiting[..<count])
        waiting.removeFirst(count)
        oldest = waiting.isEmpty ? nil : now
    }

    private mutating func finishBatch() {
        batch = []
        attemptCount = 0
        notBefore = nil
    }

    static func delay(afterAttempt count: Int) -> Duration {
        min(TelemetryLimits.firstRetryDelay * (1 << min(count - 1, 10)), TelemetryLimits.lastRetryDelay)
    }
}

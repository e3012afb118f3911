/// What waits for one follower, as a pure value: bounded in number and bytes, the newest counters in place of older ones. A follower that
/// reads too slowly is cut off with the number of the last message it was given; nobody else waits for it.

struct SubscriberQueue: Sendable {
    enum Detail: Sendable, Equatable {
        case everything
        /// Changes of state and counters, no other events.
        case counters
    }

    enum Ending: Sendable, Equatable {
        /// Nothing more is to come.
        case finished
        /// It read too slowly.
        case overflowed
        /// The server stops.
        case restarting
        /// It may not read any more.
        case refused
        /// PostgreSQL cannot be asked for the past.
        case unavailable
        /// The connection is gone.
        case disconnected

        /// Whether what waits is still sent.
        var isOrderly: Bool { self == .finished || self == .restarting }
    }

    enum Delivery: Equatable {
        case messages([EventMessage])
        /// Ask whether it may still read.
        case confirm
        /// Say that the stream is alive.
        case heartbeat
        case ended(Ending)
    }

    private let detail: Detail
    private let heartbeats: Bool
    private let limits: EventLimits
    /// Counters that newer ones have replaced are nil.
    private var messages: [EventMessage?] = []
    private var head = 0
    private var byteCount = 0
    /// Where the newest counters wait.
    private var countersIndex: Int?
    private var ending: Ending?
    private var needsConfirmation = false
    private var needsHeartbeat = false
    private var lastDeliveryNano: Int64
    private var lastConfirmationNano: Int64
    /// Of the last event or counters it was given.
    private(set) var lastSequence: Int64

    /// - Parameters:
    ///   - sequence: the last event the follower has.
    ///   - heartbeats: whether silence is broken.
    init(_ detail: Detail, after sequence: Int64, heartbeats: Bool, limits: EventLimits, now: Int64) {
        self.detail = detail
        self.heartbeats = heartbeats
        self.limits = limits
        lastSequence = sequence
        lastDeliveryNano = now
        lastConfirmationNano = now
    }

    var isEnded: Bool { ending != nil }

    var count: Int { messages.count - head }

    /// Takes a message in, unless it is of no interest or older than what was given already.
    mutating func add(_ message: EventMessage) {
        guard ending == nil, wants(message) else { return }
        if message.kind == .counters, let index = countersIndex, let old = messages[index] {
            byteCount -= old.byteCount
            countersIndex = nil
            // Behind events its place stays empty: counters never overtake what they count.
            if index == messages.count - 1 { messages.removeLast() } else { messages[index] = nil }
        }
        guard count < limits.maximumQueuedMessageCount, byteCount + message.byteCount <= limits.maximumQueuedByteCount else {
            return end(.overflowed)
        }
        if message.kind == .counters { countersIndex = messages.count }
        messages.append(message)
        byteCount += message.byteCount
    }

    private func wants(_ message: EventMessage) -> Bool {
        switch message.kind {
        case .counters: message.sequence >= lastSequence
        case .detail: detail == .everything && message.sequence > lastSequence
        case .state, .gap: message.sequence > lastSequence
        }
    }

    /// The first ending counts. One that is not orderly gives back at once what waits.
    mutating func end(_ ending: Ending) {
        guard self.ending == nil || self.ending == .finished && !ending.isOrderly else { return }
        self.ending = ending
        guard !ending.isOrderly else { return }
        messages = []
        head = 0
        byteCount = 0
        countersIndex = nil
    }

    /// Messages were sent past the queue, up to this sequence.
    mutating func sent(upTo sequence: Int64, now: Int64) {
        lastSequence = max(lastSequence, sequence)
        lastDeliveryNano = now
    }

    /// Looks at the times.
    mutating func tick(now: Int64) {
        if now - lastConfirmationNano >= limits.confirmationNanoseconds {
            needsConfirmation = true
            lastConfirmationNano = now
        }
        if heartbeats, now - lastDeliveryNano >= limits.heartbeatNanoseconds { needsHeartbeat = true }
    }

    /// Whether `next` has something to give.
    var hasDelivery: Bool { ending != nil || needsConfirmation || needsHeartbeat || count > 0 }

    /// What the follower is to be given now; nil: nothing yet.
    mutating func next(now: Int64) -> Delivery? {
        if let ending, !ending.isOrderly { return .ended(ending) }
        if needsConfirmation {
            needsConfirmation = false
            return .confirm
        }
        let taken = takeMessages()
        if let last = taken.last {
            sent(upTo: last.sequence, now: now)
            needsHeartbeat = false
            return .messages(taken)
        }
        if let ending { return .ended(ending) }
        guard needsHeartbeat else { return nil }
        needsHeartbeat = false
        lastDeliveryNano = now
        return .heartbeat
    }

    private mutating func takeMessages() -> [EventMessage] {
        var taken: [EventMessage] = [], takenByteCount = 0
        while head < messages.count, takenByteCount < limits.maximumWriteByteCount {
            if let message = messages[head] {
                taken.append(message)
                takenByteCount += message.byteCount
            }
            if head == countersIndex { countersIndex = nil }
            head += 1
        }
        byteCount -= takenByteCount
        if head == messages.count {
            messages.removeAll(keepingCapacity: head <= 16)
            head = 0
        } else if head > messages.count / 2 {
            messages.removeFirst(head)
            countersIndex = countersIndex.map { $0 - head }
            head = 0
        }
        return taken
    }
}

/// The newest messages of a followed task, bounded in number and bytes: who comes back after a moment is given what was missed from here.

struct RecentMessages: Sendable {
    private let maximumCount: Int
    private let maximumByteCount: Int
    private var messages: [EventMessage] = []
    private var head = 0
    private var byteCount = 0
    /// Every message after this sequence is here.
    private(set) var completeAfter: Int64

    init(completeAfter: Int64, limits: EventLimits) {
        self.completeAfter = completeAfter
        maximumCount = limits.maximumRecentMessageCount
        maximumByteCount = limits.maximumRecentByteCount
    }

    mutating func add(_ message: EventMessage) {
        messages.append(message)
        byteCount += message.byteCount
        while messages.count - head > maximumCount || byteCount > maximumByteCount {
            completeAfter = messages[head].sequence
            byteCount -= messages[head].byteCount
            head += 1
        }
        // Moving what is left costs as much as was dropped since the last time.
        if head > messages.count / 2 {
            messages.removeFirst(head)
            head = 0
        }
    }

    /// Nil when some of them are gone from here.
    func messages(after sequence: Int64) -> ArraySlice<EventMessage>? {
        guard sequence >= completeAfter else { return nil }
        let all = messages[head...]
        // Usually the last few are wanted.
        let start = all.lastIndex { $0.sequence <= sequence }.map { $0 + 1 } ?? all.startIndex
        return all[start...]
    }
}

/// Tickets that have not been used, as a pure value: time comes in with each event. A ticket opens one thing once, and a try is a use:
/// whatever comes of it, the same ticket never opens anything again.

import Metastore
import TraceModel

struct TicketBook: Sendable {
    struct Entry: Sendable {
        let ticket: Ticket
        let expiryNano: Int64
    }

    private let maximumCount: Int
    private let maximumCountPerCaller: Int
    private var entries: [SecretHash: Entry] = [:]
    private var counts: [Caller: Int] = [:]

    init(maximumCount: Int = AccessLimits.maximumTicketCount, maximumCountPerCaller: Int = AccessLimits.maximumTicketCountPerCaller) {
        self.maximumCount = maximumCount
        self.maximumCountPerCaller = maximumCountPerCaller
    }

    var count: Int { entries.count }

    /// False when there is no room: neither the caller's other tickets nor anybody else's go for a new one.
    mutating func add(_ hash: SecretHash, _ ticket: Ticket, now: Int64) -> Bool {
        let caller = ticket.principal.caller
        if entries.count >= maximumCount || counts[caller, default: 0] >= maximumCountPerCaller { removeExpired(now: now) }
        guard entries.count < maximumCount, counts[caller, default: 0] < maximumCountPerCaller else { return false }
        entries[hash] = Entry(ticket: ticket, expiryNano: now + AccessLimits.ticketLifetimeNanoseconds)
        counts[caller, default: 0] += 1
        return true
    }

    /// The ticket, which is gone from here on; nil for one that is unknown, was tried before, or is too old.
    mutating func take(_ hash: SecretHash, now: Int64) -> Ticket? {
        guard let entry = remove(hash) else { return nil }
        return now < entry.expiryNano ? entry.ticket : nil
    }

    private mutating func removeExpired(now: Int64) {
        for (hash, entry) in entries where entry.expiryNano <= now { _ = remove(hash) }
    }

    private mutating func remove(_ hash: SecretHash) -> Entry? {
        guard let entry = entries.removeValue(forKey: hash) else { return nil }
        let caller = entry.ticket.principal.caller
        counts[caller] = counts[caller].flatMap { $0 > 1 ? $0 - 1 : nil }
        return entry
    }
}

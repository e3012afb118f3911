/// Tickets for browsers' WebSockets, which can carry neither a header nor, safely, a key: made with a request that can, shown within half a
/// minute, good for once. They are held in this process's memory: a ticket is shown to the server that made it.

import Metastore
import Synchronization

/// What a ticket opens, and for whom.
package struct Ticket: Sendable {
    /// Who made it, in the project it was made for.
    package let principal: Principal
    /// The one task it is for; nil: any of the project.
    package let task: TaskID?
    /// What the maker showed: what is opened is held to it for as long as it lasts.
    package let credential: Credential

    package init(principal: Principal, task: TaskID?, credential: Credential) {
        self.principal = principal
        self.task = task
        self.credential = credential
    }
}

package final class Tickets: Sendable {
    private let clock: any AccessClock
    private let book = Mutex(TicketBook())

    package init(clock: any AccessClock = SystemAccessClock()) { self.clock = clock }

    /// Seconds a ticket can be used for.
    package static let lifetimeSeconds = Int(AccessLimits.ticketLifetimeNanoseconds / 1_000_000_000)

    /// Errors: `tooManyTickets`.
    package func issue(_ ticket: Ticket) throws(AccessError) -> SecretToken {
        let token = SecretToken.generate(.ticket)
        let now = clock.monotonicNano()
        guard book.withLock({ $0.add(SecretHash(of: token.text), ticket, now: now) }) else { throw .tooManyTickets }
        return token
    }

    /// Uses a ticket up. Errors: `unauthenticated`.
    package func redeem(_ text: String) throws(AccessError) -> Ticket {
        guard let token = SecretToken(text, .ticket) else { throw .unauthenticated(.invalidTicket) }
        let now = clock.monotonicNano()
        guard let ticket = book.withLock({ $0.take(SecretHash(of: token.text), now: now) }) else { throw .unauthenticated(.invalidTicket) }
        return ticket
    }
}

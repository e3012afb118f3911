import Metastore
import Testing
import TraceModel

@testable import Access

@Suite("Tickets") struct TicketBookTests {
    private func ticket(_ key: APIKeyID = .make()) -> Ticket {
        Ticket(
            principal: Principal(
                caller: .key(key), name: "k", organizationID: .make(), projectID: .make(), grants: .scopes([.read])),
            task: nil, credential: Credential("secret"))
    }

    @Test("a ticket opens once, within half a minute")
    func once() {
        var book = TicketBook()
        let hash = SecretHash(of: "one"), late = SecretHash(of: "two")
        let made = book.add(hash, ticket(), now: 0)
        let alsoMade = book.add(late, ticket(), now: 0)
        #expect(made && alsoMade)
        let first = book.take(hash, now: AccessLimits.ticketLifetimeNanoseconds - 1), second = book.take(hash, now: 1)
        #expect(first != nil && second == nil)
        let expired = book.take(late, now: AccessLimits.ticketLifetimeNanoseconds)
        #expect(expired == nil && book.count == 0)
    }

    @Test("a caller has so many tickets at a time and all callers together so many; used and old ones make room")
    func bounds() {
        var book = TicketBook(maximumCount: 3, maximumCountPerCaller: 2)
        let one = APIKeyID.make(), other = APIKeyID.make()
        func add(_ name: String, _ key: APIKeyID, now: Int64) -> Bool { book.add(SecretHash(of: name), ticket(key), now: now) }
        let both = (add("a", one, now: 0), add("b", one, now: 1))
        #expect(both.0 && both.1)
        let third = add("c", one, now: 2)
        #expect(!third)
        let used = book.take(SecretHash(of: "a"), now: 2)
        #expect(used != nil)
        let again = add("c", one, now: 2), others = add("d", other, now: 2), full = add("e", .make(), now: 2)
        #expect(again && others && !full)
        let afterExpiry = add("e", one, now: AccessLimits.ticketLifetimeNanoseconds + 3)
        #expect(afterExpiry && book.count == 1)
    }

    @Test("a ticket's text is a secret with a form of its own, and what has another form opens nothing")
    func texts() throws {
        let tickets = Tickets(clock: TestClock())
        let token = try tickets.issue(ticket())
        #expect(token.text.hasPrefix("spdrl_ticket_") && !token.description.contains(token.text.suffix(20)))
        for wrong in ["", "x", String(token.text.dropLast()), token.text.uppercased()] {
            #expect(throws: AccessError.unauthenticated(.invalidTicket)) { try tickets.redeem(wrong) }
        }
        #expect(try tickets.redeem(token.text).credential == Credential("secret"))
        #expect(throws: AccessError.unauthenticated(.invalidTicket)) { try tickets.redeem(token.text) }
    }
}

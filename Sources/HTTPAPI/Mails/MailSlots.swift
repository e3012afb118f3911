/// How many mails may be on their way at once, by what they are for and for whom: one kind never takes the other's room, and no sender
/// all of a kind's. A pure value.

struct MailSlots: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case invitation
        case passwordReset = "password_reset"
    }

    private struct Sender: Hashable {
        var kind: Kind
        var name: String
    }

    private var counts: [Kind: Int] = [:]
    private var countsBySender: [Sender: Int] = [:]
    /// Mails there was no room for.
    private(set) var refusedCounts: [Kind: Int] = [:]

    /// false when the kind, or the sender's share of it, is used up. `sender`: an organization; nil for mails nobody here sends.
    mutating func take(_ kind: Kind, for sender: String?) -> Bool {
        let sender = sender.map { Sender(kind: kind, name: $0) }
        guard counts[kind, default: 0] < MailLimits.maximumMailCount,
            sender.map({ countsBySender[$0, default: 0] < MailLimits.maximumMailCountPerSender }) ?? true
        else {
            refusedCounts[kind, default: 0] += 1
            return false
        }
        counts[kind, default: 0] += 1
        if let sender { countsBySender[sender, default: 0] += 1 }
        return true
    }

    mutating func giveBack(_ kind: Kind, for sender: String?) {
        counts[kind, default: 1] -= 1
        guard let sender = sender.map({ Sender(kind: kind, name: $0) }) else { return }
        let left = countsBySender[sender, default: 1] - 1
        countsBySender[sender] = left == 0 ? nil : left
    }
}

/// For whom a password is hashed: what decides whose turn it is, and who has too much waiting already.

enum PasswordParty: Hashable, Sendable {
    /// By the SHA-256 of an account's address.
    case account([UInt8])
    case network(String)

    var share: FairQueue<PasswordParty, PasswordHasher.Job>.Share {
        switch self {
        case .account: .init(party: self, maximumCount: AccessLimits.maximumWaitingPasswordCountPerAccount)
        case .network: .init(party: self, maximumCount: AccessLimits.maximumWaitingPasswordCountPerNetwork)
        }
    }
}

package struct PasswordWork: Sendable {
    /// The first is in whose line the work stands.
    let parties: [PasswordParty]

    /// By somebody who has yet to prove who they are: in the line of where they come from, whatever account they name.
    package static func anonymous(_ email: String, _ origin: RequestOrigin) -> PasswordWork {
        PasswordWork(parties: (origin.network.map { [.network($0)] } ?? []) + [.account(AttemptCounts.account(email))])
    }

    /// By a signed-in user: in a line of their own, wherever they come from.
    static func user(_ email: String, _ origin: RequestOrigin) -> PasswordWork {
        PasswordWork(parties: [.account(AttemptCounts.account(email))] + (origin.network.map { [.network($0)] } ?? []))
    }
}

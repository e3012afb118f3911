/// A sign-in of a user: a family of refresh tokens, of which one at a time is good; or a browser's, with one token in its cookie for as
/// long as it lasts.
package struct SessionRecord: Sendable, Equatable {
    package let id: SessionID
    package let userID: UserID
    package let userAgent: String
    package let address: String?
    package let createdTimeUnixNano: Int64
    /// When its refresh token was last exchanged; a browser's: when it was last used, give or take a minute.
    package let useTimeUnixNano: Int64
    package let expiryTimeUnixNano: Int64
    package let revocationTimeUnixNano: Int64?
}

/// A session to begin.
package struct NewSession: Sendable, CustomStringConvertible {
    package var userID: UserID
    /// SHA-256 of the first refresh token, or of a browser's token.
    package var tokenHash: [UInt8]
    package var userAgent: String
    package var address: String?
    package var expiryTimeUnixNano: Int64

    package init(userID: UserID, tokenHash: [UInt8], userAgent: String, address: String?, expiryTimeUnixNano: Int64) {
        self.userID = userID
        self.tokenHash = tokenHash
        self.userAgent = userAgent
        self.address = address
        self.expiryTimeUnixNano = expiryTimeUnixNano
    }

    package var description: String { "NewSession(\(userID.uuid))" }
}

/// What was found out about a user before a session is made, which must still hold when it is.
package struct SignInProof: Sendable, CustomStringConvertible {
    package var signInGeneration: Int
    /// The hash that the password was compared with; nil when something else than a password let the user in.
    package var passwordHash: String?

    package init(signInGeneration: Int, passwordHash: String?) {
        self.signInGeneration = signInGeneration
        self.passwordHash = passwordHash
    }

    package var description: String { "SignInProof(generation \(signInGeneration))" }
}

/// What became of a refresh token that was shown.
package enum RefreshOutcome: Sendable, Equatable {
    case exchanged(SessionRecord, signInGeneration: Int)
    /// It had been exchanged before: the session is ended now.
    case reused(SessionRecord)
    /// Nobody's, expired, revoked, or its user is disabled.
    case unknown
}

/// Which session a browser's cookie is of.
package struct BrowserSession: Sendable, Equatable, CustomStringConvertible {
    package let id: SessionID
    package let tokenHash: [UInt8]
    package let useTimeUnixNano: Int64

    package init(id: SessionID, tokenHash: [UInt8], useTimeUnixNano: Int64) {
        self.id = id
        self.tokenHash = tokenHash
        self.useTimeUnixNano = useTimeUnixNano
    }

    package var description: String { "BrowserSession(\(id.uuid))" }
}

/// What decides whether an access token may still be used.
package struct KnownSession: Sendable, Equatable {
    package let session: SessionRecord
    package let email: String
    package let signInGeneration: Int
    package let isUserDisabled: Bool
    package let memberships: UserMemberships

    package init(
        session: SessionRecord, email: String, signInGeneration: Int, isUserDisabled: Bool, memberships: UserMemberships
    ) {
        self.session = session
        self.email = email
        self.signInGeneration = signInGeneration
        self.isUserDisabled = isUserDisabled
        self.memberships = memberships
    }
}

extension SessionRecord {
    package init(id: SessionID, userID: UserID, expiryTimeUnixNano: Int64, revocationTimeUnixNano: Int64? = nil) {
        self.init(
            id: id, userID: userID, userAgent: "", address: nil, createdTimeUnixNano: 0, useTimeUnixNano: 0,
            expiryTimeUnixNano: expiryTimeUnixNano, revocationTimeUnixNano: revocationTimeUnixNano)
    }
}

/// Why a request is not let in, or an account's request not done. The edges map the cases to statuses, each in one file.
package enum AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No credentials, or some that open nothing.
    case unauthenticated(Reason)
    /// A good key without the scope that is needed.
    case forbidden(needed: Scope)
    /// Neither the key's scopes nor the user's roles give this permission.
    case notPermitted(Permission)
    /// A key with the scope asks for what lies outside of its project.
    case keyEndsAtProject(Permission)
    /// A key that reaches the organization would be given by somebody whose own reach ends at a project.
    case reachTooWide
    /// A key would give another one more than it has itself; the text names the field.
    case exceedsOwnKey(String)
    /// What belongs to the whole installation is asked for by another organization than its first.
    case notOfFirstOrganization
    /// A key asks for what only a signed-in user can have.
    case userNeeded
    /// The key may not be used from this address.
    case networkNotAllowed
    /// The project that was named is none of the caller's: as good as none at all.
    case unknownProject
    /// A key with several projects is shown one that is none of them; the text says where it is named.
    case projectNotChoosable(place: String)
    /// A user has to name the project.
    case projectMissing
    /// The key has as many requests under way as it may.
    case tooManyConcurrentRequests(limit: Int)
    /// As many unused tickets as there may be.
    case tooManyTickets
    /// Too much in too short a time.
    case rateLimited(RateLimitState)
    /// The credentials are not known here and PostgreSQL cannot be asked: the same request may be let in a little later.
    case unavailable
    /// No account has this address with this password: which of both is wrong is not told.
    case wrongCredentials
    /// Too many wrong passwords for this account or from this address.
    case lockedOut(retryAfterSeconds: Int)
    /// Too many requests of a kind from this network, whoever sends them.
    case tooManyRequests(retryAfterSeconds: Int)
    /// An invitation's or a password reset's link that leads nowhere (any more).
    case unknownLink
    /// The invited address has an account already: its owner has to sign in to accept.
    case accountExists
    /// A sign-in with the identity provider that was not begun in this browser, or too long ago.
    case signInNotBegun
    /// What the identity provider sent does not prove who somebody is; the text says which check failed, and holds no secret.
    case identityRefused(String)
    /// A proven identity that has no account here and no invitation; the text says why.
    case notInvited(String)
    /// The identity provider cannot be reached, answers nonsense, or is not configured as it should be; the text is for its operator.
    case identityProvider(String)
    /// A password that will not do, and why.
    case unsuitablePassword(String)
    /// The member has a higher role than the caller, or would get one.
    case roleTooHigh
    /// The caller refers to something that is not there.
    case notFound(String)
    /// The master key cannot be read or made, or is not the one the secrets were sealed under; the text says what to do.
    case masterKey(String)

    package enum Reason: Sendable, Hashable {
        /// The request carries no credentials.
        case missing
        /// It carries something that is no key: a typing error, another product's key.
        case malformed
        /// Nobody has this key.
        case unknown
        case expired
        case revoked
        /// The key's project is archived.
        case projectArchived
        /// An access token that is not one of ours, or not for this.
        case invalidToken
        case tokenExpired
        /// A ticket that opens nothing (any more).
        case invalidTicket
        /// The session was ended, or the user signed out everywhere.
        case signedOut
        /// The user is a member of nothing any more, or disabled.
        case noMembership
    }

    package var description: String {
        switch self {
        case .unauthenticated(let reason): reason.description
        case .forbidden(let scope): "the API key lacks the scope \(scope.rawValue)"
        case .notPermitted(let permission): "this needs the permission \(permission.rawValue), which you do not have"
        case .keyEndsAtProject(let permission):
            "the API key ends at its own project: \(permission.rawValue) takes one that was made with reaches_organization"
        case .reachTooWide:
            "a key that reaches the organization is made and replaced by owners and admins of the organization, or by such a key"
        case .exceedsOwnKey(let field): "a key gives no more than it has itself, and this one has less: \(field)"
        case .notOfFirstOrganization:
            "this belongs to the whole installation: owners and admins of its first organization may, and keys that reach it"
        case .userNeeded: "this is for signed-in users, not for API keys"
        case .networkNotAllowed: "the API key may not be used from this network"
        case .unknownProject: "there is no such project"
        case .projectNotChoosable(let place):
            "the API key may not send to the project that \(place) names: correct the name, leave it out, or make a key that has "
                + "the project among its further_projects"
        case .projectMissing: "name the project with the header Spandrel-Project"
        case .tooManyConcurrentRequests(let limit): "the API key has \(limit) requests under way, as many as it may"
        case .tooManyTickets: "too many tickets wait to be used; use them, or try again in half a minute"
        case .rateLimited(let state): "the limit of \(state.limit) \(state.kind.unit) is reached; try again in \(state.retryAfterSeconds) s"
        case .unavailable: "credentials cannot be checked now, as the database does not answer; try again shortly"
        case .wrongCredentials: "the e-mail address or the password is wrong"
        case .lockedOut(let seconds): "too many failed sign-ins; try again in \(seconds) s"
        case .tooManyRequests(let seconds): "too many requests of this kind from your network; try again in \(seconds) s"
        case .unknownLink: "the link is unknown, was used, or has expired: ask for a new one"
        case .accountExists: "there is an account with this address: sign in, then accept"
        case .signInNotBegun: "this sign-in was not begun in this browser, or took too long: start again"
        case .identityRefused(let reason): "the identity is not proven: \(reason)"
        case .notInvited(let reason): "\(reason): ask to be invited"
        case .identityProvider(let text): "the identity provider cannot be used: \(text)"
        case .unsuitablePassword(let reason): "the password \(reason)"
        case .roleTooHigh: "this takes a role at least as high as the member's, before and after"
        case .notFound(let noun): "there is no such \(noun)"
        case .masterKey(let text): text
        }
    }
}

extension AccessError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "an API key is needed: send it as `Authorization: Bearer KEY` or `x-api-key: KEY`"
        case .malformed: "the API key is not one of Spandrel's (spdrl_...): check that it was copied whole"
        case .unknown: "the API key is unknown"
        case .expired: "the API key has expired: make a new one"
        case .revoked: "the API key was revoked: make a new one"
        case .projectArchived: "the API key's project is archived"
        case .invalidToken: "the access token is not valid here: sign in again"
        case .invalidTicket: "the ticket is unknown, was used before or is too old: ask for a new one and use it within half a minute"
        case .tokenExpired: "the access token has expired: refresh it"
        case .signedOut: "the session has ended: sign in again"
        case .noMembership: "the account is disabled or a member of nothing any more: ask to be invited"
        }
    }
}

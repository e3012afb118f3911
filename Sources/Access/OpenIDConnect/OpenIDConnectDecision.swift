/// What becomes of a proven identity: a pure function of what is known here.
///
///     linked to a user             -> that user signs in
///     came with an invitation      -> accepts it, if it is for the identity's verified address
///     a user has that address, who is linked to another identity of the provider
///                                  -> refused: addresses change hands, identities do not
///     a user has that address      -> is linked and signs in: the operator chose the provider, so its word on addresses counts
///     none of these                -> refused: accounts are made by invitation only

import Metastore

/// What sign-in finds out before it decides.
struct OpenIDConnectSituation: Sendable {
    struct Account: Sendable, Equatable {
        var id: UserID
        var email: String
        var isDisabled: Bool
        /// Whether the account is linked to some identity of the same provider.
        var isLinked = false
    }

    var identity: OpenIDConnectIdentity
    /// Whom the identity is linked to.
    var linkedAccount: Account?
    /// Whether the sign-in was begun with an invitation.
    var hasInvitation: Bool
    /// Whom the invitation is for, if it is still open.
    var invitedEmail: String?
    /// Whoever has the identity's verified address.
    var namesake: Account?
}

enum OpenIDConnectDecision: Sendable, Equatable {
    case signIn
    /// Makes an account for the identity.
    case acceptAsNewUser
    /// Links the identity to a user who has the invited address already, and accepts.
    case linkAndAccept(UserID)
    case link(UserID)
    case refuse(AccessError)

    init(_ situation: OpenIDConnectSituation) {
        let disabled = Self.refuse(.notInvited("the account of this identity is disabled"))
        if let account = situation.linkedAccount {
            self = account.isDisabled ? disabled : .signIn
            return
        }
        guard let email = situation.identity.verifiedEmail else {
            self = .refuse(.notInvited("the provider vouches for no e-mail address of this identity"))
            return
        }
        // Never by an address that is not the verified one.
        let namesake = situation.namesake.flatMap { EmailAddress.areEqual($0.email, email) ? $0 : nil }
        if namesake?.isDisabled == true {
            self = disabled
            return
        }
        if namesake?.isLinked == true {
            self = .refuse(.notInvited("the account with this e-mail address belongs to another identity of the provider"))
            return
        }
        if situation.hasInvitation {
            guard let invitedEmail = situation.invitedEmail else {
                self = .refuse(.unknownLink)
                return
            }
            guard EmailAddress.areEqual(invitedEmail, email) else {
                self = .refuse(.notInvited("the invitation is for another e-mail address than this identity's"))
                return
            }
            self = namesake.map { .linkAndAccept($0.id) } ?? .acceptAsNewUser
            return
        }
        self = namesake.map { .link($0.id) } ?? .refuse(.notInvited("nobody here has this identity's e-mail address"))
    }
}

/// A person with an account. Sign-in finds them by the normal form of their e-mail address.
package struct User: Sendable, Equatable {
    package let id: UserID
    package let email: String
    package let name: String
    /// JSON text of an object: what the person tells of themselves.
    package let profile: [UInt8]
    /// JSON text of an object: how the person likes the product.
    package let settings: [UInt8]
    package let createdTimeUnixNano: Int64
    package let disabledTimeUnixNano: Int64?
}

/// A user as sign-in needs one. The hash never prints itself.
package struct UserCredentials: Sendable, CustomStringConvertible {
    package let user: User
    /// nil: no password is set.
    package let passwordHash: String?
    package let signInGeneration: Int

    package var description: String { "UserCredentials(\(user.id.uuid))" }
}

/// An account to make.
package struct NewUser: Sendable, CustomStringConvertible {
    package var email: String
    package var name: String
    package var passwordHash: String?

    package init(email: String, name: String, passwordHash: String?) {
        self.email = EmailAddress.normalForm(email) ?? email
        self.name = name
        self.passwordHash = passwordHash
    }

    package var description: String { "NewUser(\(email))" }
}

/// What an update of a user changes; nil leaves it.
package struct UserChange: Sendable, Equatable {
    package var name: String?
    /// JSON text of an object.
    package var profile: [UInt8]?
    package var settings: [UInt8]?

    package init(name: String? = nil, profile: [UInt8]? = nil, settings: [UInt8]? = nil) {
        self.name = name
        self.profile = profile
        self.settings = settings
    }
}

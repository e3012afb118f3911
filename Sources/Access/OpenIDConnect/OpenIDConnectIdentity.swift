/// Somebody as the identity provider knows them, after every check.

import ByteCoding
import Metastore

package struct OpenIDConnectIdentity: Sendable, Equatable {
    package let issuer: String
    /// The provider's name for the person, never given to another one.
    package let subject: String
    /// In its normal form; nil when the provider tells none that has one.
    package internal(set) var email: String?
    /// Whether the provider vouches for the address.
    package internal(set) var isEmailVerified = false
    package internal(set) var name: String?

    init(issuer: String, subject: String, email: String? = nil, isEmailVerified: Bool = false, name: String? = nil) {
        self.issuer = issuer
        self.subject = subject
        self.email = email.flatMap { EmailAddress.normalForm($0) }
        self.isEmailVerified = isEmailVerified
        self.name = name
    }

    /// The address, if the provider vouches for it.
    var verifiedEmail: String? { isEmailVerified ? email : nil }

    /// Takes over what claims say of the person; address and voucher only together.
    mutating func fill(from claims: JSONValue) {
        if email == nil, let address = claims["email"]?.stringValue, (1...254).contains(address.utf8.count),
            !address.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }),
            let normal = EmailAddress.normalForm(address)
        {
            email = normal
            // Some providers write the boolean as a text.
            isEmailVerified = claims["email_verified"] == .bool(true) || claims["email_verified"] == .string("true")
        }
        if name == nil { name = claims["name"]?.stringValue }
    }

    /// A name that an account can have: one line of 1 to 100 characters; the address's first part when the provider tells none.
    var accountName: String {
        func usable(_ text: String) -> String {
            let line = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
            return String(String(line).split(separator: " ").joined(separator: " ").unicodeScalars.prefix(100)).trimmingTrailingSpace
        }
        let fromProvider = usable(name ?? "")
        if !fromProvider.isEmpty { return fromProvider }
        let fromAddress = usable(String((email ?? "").prefix { $0 != "@" }))
        return fromAddress.isEmpty ? "Unnamed" : fromAddress
    }
}

extension String {
    fileprivate var trimmingTrailingSpace: String { hasSuffix(" ") ? String(dropLast()) : self }
}

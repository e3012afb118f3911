/// Why a request is not let in. The edge maps the cases to 401, 403 and 503.
package enum AccessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No key, or one that opens nothing.
    case unauthenticated(Reason)
    /// A good key without the scope that is needed.
    case forbidden(needed: Scope)
    /// The key is not known here and PostgreSQL cannot be asked: the same request may be let in a little later.
    case unavailable

    package enum Reason: Sendable, Hashable {
        /// The request carries no key.
        case missing
        /// It carries something that is no key: a typing error, another product's key.
        case malformed
        /// Nobody has this key.
        case unknown
        case expired
        case revoked
        /// The key's project is archived.
        case projectArchived
    }

    package var description: String {
        switch self {
        case .unauthenticated(.missing): "an API key is needed: send it as `Authorization: Bearer KEY` or `x-api-key: KEY`"
        case .unauthenticated(.malformed): "the API key is not one of Spandrel's (spdrl_...): check that it was copied whole"
        case .unauthenticated(.unknown): "the API key is unknown"
        case .unauthenticated(.expired): "the API key has expired: make a new one"
        case .unauthenticated(.revoked): "the API key was revoked: make a new one"
        case .unauthenticated(.projectArchived): "the API key's project is archived"
        case .forbidden(let scope): "the API key lacks the scope \(scope.rawValue)"
        case .unavailable: "API keys cannot be checked now, as the database does not answer; try again shortly"
        }
    }
}

/// Which sign-ins have come back already: each may once. A pure value; a server remembers those that ended on it, for as long as their
/// cookies open. On another server, and beyond what is remembered, the provider's rule that a code works once stands alone.

struct UsedLoginStates: Sendable {
    private var expiries = TwoGenerations<SecretHash, Int64>(maximumCount: AccessLimits.maximumUsedLoginStateCount)

    /// false when the sign-in was used before.
    mutating func use(_ login: LoginState) -> Bool {
        let hash = SecretHash(of: login.state)
        guard expiries[hash] == nil else { return false }
        expiries[hash] = login.expirySeconds
        return true
    }

    /// States remembered now.
    var count: Int { expiries.count }
}

/// What an ID token says, and what it has to say to count (OpenID Connect Core 1.0, section 3.1.3.7). Its signature is somebody
/// else's matter.

import ByteCoding

struct IDTokenClaims: Sendable, CustomStringConvertible {
    private let members: JSONValue

    /// Of a token's second part. Errors: `identityRefused`.
    init(of token: String) throws(AccessError) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(String(parts[1])), let members = try? JSONValue.parse(bytes),
            members.objectValue != nil
        else { throw .identityRefused("the ID token holds no claims") }
        self.members = members
    }

    /// Who it is, when every check holds. Errors: `identityRefused`, which names the check that failed.
    func identity(
        issuer: String, clientID: String, nonce: String, nowSeconds now: Int64
    ) throws(AccessError) -> OpenIDConnectIdentity {
        let leeway = AccessLimits.providerClockLeewaySeconds
        func require(_ condition: Bool, _ fault: String) throws(AccessError) {
            guard condition else { throw .identityRefused("the ID token \(fault)") }
        }
        try require(members["iss"]?.stringValue == issuer, "is another issuer's")
        let audiences = members["aud"]?.stringValue.map { [$0] } ?? members["aud"]?.arrayValue?.compactMap(\.stringValue) ?? []
        try require(audiences.contains(clientID), "is for another client")
        let authorizedParty = members["azp"]?.stringValue
        try require(authorizedParty == clientID || (authorizedParty == nil && audiences.count == 1), "was made for another client")
        guard let expiry = members["exp"]?.seconds, let issued = members["iat"]?.seconds else {
            throw .identityRefused("the ID token has no times")
        }
        try require(expiry + leeway > now, "has expired")
        try require(issued <= now + leeway, "is from the future")
        try require((members["nbf"]?.seconds ?? 0) <= now + leeway, "is not valid yet")
        try require(
            isEqualInConstantTime(Array((members["nonce"]?.stringValue ?? "").utf8), Array(nonce.utf8)), "was made for another sign-in")
        let subject = members["sub"]?.stringValue ?? ""
        // Core 1.0, section 2: at most 255 ASCII characters.
        try require((1...255).contains(subject.utf8.count) && subject.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "names nobody")
        var identity = OpenIDConnectIdentity(issuer: issuer, subject: subject)
        identity.fill(from: members)
        return identity
    }

    /// Never the claims.
    var description: String { "IDTokenClaims" }
}

extension JSONValue {
    /// A NumericDate, which may have a fraction. One beyond any calendar is none.
    fileprivate var seconds: Int64? {
        guard let value = doubleValue, abs(value) < 1e12 else { return nil }
        return Int64(value)
    }
}

/// The first part of an ID token, read before anything is believed.

import ByteCoding

struct IDTokenHeader: Sendable, Equatable {
    let algorithm: SignatureAlgorithm
    let keyID: String?

    /// Errors: `identityRefused` for what is no signed token, names no algorithm that counts, or needs an extension to be understood.
    init(of token: String) throws(AccessError) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64.decode(String(parts[0])), let members = try? JSONValue.parse(bytes),
            members.objectValue != nil
        else { throw .identityRefused("the ID token is no signed JSON Web Token") }
        guard let algorithm = members["alg"]?.stringValue.flatMap(SignatureAlgorithm.init(rawValue:)) else {
            throw .identityRefused("the ID token is not signed in a way that proves anything")
        }
        guard members["crit"] == nil else { throw .identityRefused("the ID token needs an extension that is not known here") }
        self.algorithm = algorithm
        keyID = members["kid"]?.stringValue
    }
}

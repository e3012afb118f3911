/// What a password must be: long enough, and no longer than it is worth hashing. No rules about its characters, which only make
/// passwords alike (NIST SP 800-63B).
enum PasswordRules {
    /// Errors: `unsuitablePassword`.
    static func check(_ password: String, email: String) throws(AccessError) {
        guard password.count >= AccessLimits.minimumPasswordCharacterCount else {
            throw .unsuitablePassword("must have \(AccessLimits.minimumPasswordCharacterCount) characters or more")
        }
        guard password.utf8.count <= AccessLimits.maximumPasswordByteCount else {
            throw .unsuitablePassword("must have at most \(AccessLimits.maximumPasswordByteCount) bytes")
        }
        guard password.lowercased() != email.lowercased() else { throw .unsuitablePassword("must not be the e-mail address") }
        guard Set(password).count > 2 else { throw .unsuitablePassword("must not be one or two characters repeated") }
    }
}

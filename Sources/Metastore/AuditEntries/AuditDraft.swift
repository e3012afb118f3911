/// What a caller knows of a change before it happens; the repository that makes the change fills in the rest and writes the
/// entry in the same transaction.

package struct AuditDraft: Sendable, Equatable {
    package enum Caller: Sendable, Equatable {
        case user(UserID)
        case apiKey(APIKeyID)
        /// Somebody who has yet to prove who they are: a sign-in, an invitation's answer.
        case anonymous
        /// The program itself: its first start, its command line.
        case system
    }

    package var caller: Caller
    /// An e-mail address or a key's name and prefix, as it was then.
    package var callerName: String
    /// The client's IP address; nil when there is none, as on the command line.
    package var address: String?
    package var requestID: String
    /// The operation's id in openapi/.
    package var action: String

    package init(caller: Caller, callerName: String, address: String? = nil, requestID: String = "", action: String) {
        self.caller = caller
        self.callerName = callerName
        self.address = address
        self.requestID = requestID
        self.action = action
    }

    /// A change the program makes by itself.
    package static func system(_ action: String) -> AuditDraft { AuditDraft(caller: .system, callerName: "spandrel", action: action) }
}

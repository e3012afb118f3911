/// Where an account's request comes from, for sessions, lock-out and the audit log.

import Metastore

package struct RequestOrigin: Sendable, Hashable {
    /// The client's IP address; nil when there is none.
    package var address: String?
    package var userAgent: String
    package var requestID: String

    package init(address: String? = nil, userAgent: String = "", requestID: String = "") {
        self.address = address
        self.userAgent = userAgent
        self.requestID = requestID
    }

    /// An entry for something that somebody does who has yet to prove who they are.
    func anonymous(_ action: String, name: String = "") -> AuditDraft {
        AuditDraft(caller: .anonymous, callerName: name, address: address, requestID: requestID, action: action)
    }

    func user(_ id: UserID, _ email: String, _ action: String) -> AuditDraft {
        AuditDraft(caller: .user(id), callerName: email, address: address, requestID: requestID, action: action)
    }
}

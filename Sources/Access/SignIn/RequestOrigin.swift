/// Where an account's request comes from, for sessions, lock-out and the audit log.

import IPAddresses
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

    /// What limits per address count by: an address of version 4, or the /64 of one of version 6, which is what a connection has at
    /// least, with all of its addresses.
    var network: String? {
        guard let address else { return nil }
        guard let known = IPAddress(address), known.version4 == nil else { return IPAddress(address)?.description ?? address }
        return "\(IPAddress(number: (known.number >> 64) << 64))/64"
    }

    /// An entry for something that somebody does who has yet to prove who they are.
    func anonymous(_ action: String, name: String = "") -> AuditDraft {
        AuditDraft(caller: .anonymous, callerName: name, address: address, requestID: requestID, action: action)
    }

    func user(_ id: UserID, _ email: String, _ action: String) -> AuditDraft {
        AuditDraft(caller: .user(id), callerName: email, address: address, requestID: requestID, action: action)
    }
}

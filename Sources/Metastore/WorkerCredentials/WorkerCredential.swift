/// What a worker process shows when it sends spans: good for any project, and for nothing else.

import TraceModel

package struct WorkerCredentialID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct WorkerCredential: Sendable, Equatable {
    package let id: WorkerCredentialID
    package let name: String
    package let createdTimeUnixNano: Int64
    package let revocationTimeUnixNano: Int64?

    package init(id: WorkerCredentialID, name: String, createdTimeUnixNano: Int64, revocationTimeUnixNano: Int64?) {
        self.id = id
        self.name = name
        self.createdTimeUnixNano = createdTimeUnixNano
        self.revocationTimeUnixNano = revocationTimeUnixNano
    }
}

/// A credential found by its hash.
package struct KnownWorkerCredential: Sendable, Equatable {
    package let credential: WorkerCredential
    /// SHA-256 of the token, as stored: to be compared in constant time.
    package let hash: [UInt8]

    package init(credential: WorkerCredential, hash: [UInt8]) {
        self.credential = credential
        self.hash = hash
    }
}

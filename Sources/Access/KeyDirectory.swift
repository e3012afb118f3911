/// What authentication needs of the metastore, so that tests can stand in for it.

import Metastore

package protocol KeyDirectory: Sendable {
    /// The key with this SHA-256; nil if there is none.
    func find(hash: [UInt8]) async throws(MetastoreError) -> KnownAPIKey?
    /// Notes when keys were last used, in Unix nanoseconds.
    func recordUses(_ uses: [APIKeyID: Int64]) async throws(MetastoreError)
}

extension APIKeyRepository: KeyDirectory {}

/// The two clocks of authentication.
package protocol AccessClock: Sendable {
    /// Nanoseconds of a clock nobody sets: for ages.
    func monotonicNano() -> Int64
    /// Nanoseconds since 1970 UTC: for expiry.
    func unixNano() -> Int64
}

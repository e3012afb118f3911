/// What authentication needs of the metastore, so that tests can stand in for it.

import Metastore
import TraceModel

package protocol KeyDirectory: Sendable {
    /// The key with this SHA-256; nil if there is none.
    func find(hash: [UInt8]) async throws(MetastoreError) -> KnownAPIKey?
    /// Notes when keys were last used, in Unix nanoseconds.
    func recordUses(_ uses: [APIKeyID: Int64]) async throws(MetastoreError)
}

extension APIKeyRepository: KeyDirectory {}

/// What authentication of users needs of the metastore.
package protocol UserDirectory: Sendable {
    /// The session with its user and memberships; nil if there is none.
    func find(session: SessionID) async throws(MetastoreError) -> KnownSession?
    /// The browser's session with this SHA-256 of its cookie; nil if there is none.
    func find(browserTokenHash: [UInt8]) async throws(MetastoreError) -> BrowserSession?
    /// Notes when browsers' sessions were last used, in Unix nanoseconds.
    func recordUses(of sessions: [SessionID: Int64]) async throws(MetastoreError)
    /// Which of these organizations has a project, which is in use; nil if none has.
    func organization(of project: ProjectID, among organizations: [OrganizationID]) async throws(MetastoreError) -> OrganizationID?
}

extension Metastore: UserDirectory {
    package func find(session: SessionID) async throws(MetastoreError) -> KnownSession? { try await sessions.find(session) }

    package func find(browserTokenHash: [UInt8]) async throws(MetastoreError) -> BrowserSession? {
        try await sessions.find(tokenHash: browserTokenHash)
    }

    package func recordUses(of sessions: [SessionID: Int64]) async throws(MetastoreError) {
        try await self.sessions.recordUses(sessions)
    }

    package func organization(
        of project: ProjectID, among organizations: [OrganizationID]
    ) async throws(MetastoreError) -> OrganizationID? {
        try await projects.organization(of: project, among: organizations)
    }
}

/// The two clocks of authentication.
package protocol AccessClock: Sendable {
    /// Nanoseconds of a clock nobody sets: for ages.
    func monotonicNano() -> Int64
    /// Nanoseconds since 1970 UTC: for expiry.
    func unixNano() -> Int64
}

/// From a worker's token and the project it names to an admitted export. A known worker costs one SHA-256 and two looks into a cache;
/// RememberedLookUps says when PostgreSQL is asked.

import Metastore
import TraceModel

/// What authentication of workers needs of the metastore, so that tests can stand in for it.
package protocol WorkerDirectory: Sendable {
    /// The credential with this SHA-256, revoked or not; nil if there is none.
    func findWorker(hash: [UInt8]) async throws(MetastoreError) -> KnownWorkerCredential?
    /// Whose project it is; nil if there is none, or it is archived.
    func organization(of project: ProjectID) async throws(MetastoreError) -> OrganizationID?
}

extension Metastore: WorkerDirectory {
    package func findWorker(hash: [UInt8]) async throws(MetastoreError) -> KnownWorkerCredential? {
        try await workerCredentials.find(hash: hash)
    }

    package func organization(of project: ProjectID) async throws(MetastoreError) -> OrganizationID? {
        try await projects.organization(of: project)
    }
}

package final class WorkerAuthenticator: Sendable {
    private let credentials: RememberedLookUps<SecretHash, WorkerCredentialID>
    private let organizations: RememberedLookUps<ProjectID, OrganizationID>

    package init(_ directory: any WorkerDirectory, clock: any AccessClock = SystemAccessClock()) {
        credentials = RememberedLookUps(clock: clock, unknown: .unauthenticated(.unknown)) { hash throws(MetastoreError) in
            guard let known = try await directory.findWorker(hash: hash.bytes), isEqualInConstantTime(known.hash, hash.bytes) else {
                return .unknown
            }
            if known.credential.revocationTimeUnixNano != nil { return .refused(.revoked) }
            return .found(known.credential.id, expiryTimeUnixNano: nil)
        }
        organizations = RememberedLookUps(clock: clock, unknown: .unknownProject) { project throws(MetastoreError) in
            guard let organization = try await directory.organization(of: project) else { return .unknown }
            return .found(organization, expiryTimeUnixNano: nil)
        }
    }

    /// `project`: the value of the header `Spandrel-Project-ID`; without one the token opens nothing. Errors: `unauthenticated`,
    /// `unknownProject`, `unavailable`.
    package func authenticate(_ credential: Credential, project text: String?) async throws(AccessError) -> ExportCaller {
        guard let token = WorkerToken(credential.text), let text else { throw .unauthenticated(.unknown) }
        // The token first: a stranger learns nothing about projects.
        let worker = try await credentials.entry(token.lookUpHash).value
        guard let project = ProjectID(uuid: text) else { throw .unknownProject }
        _ = try await organizations.entry(project)
        return .worker(worker, project)
    }

    /// A credential was revoked here: its next request is looked up again.
    package func forget(_ id: WorkerCredentialID) { credentials.forget { $0 == id } }

    /// A project was archived here: the next export into any is looked up again.
    package func forgetProjects() { organizations.forget { _ in true } }
}

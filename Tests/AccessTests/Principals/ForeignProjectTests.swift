import Metastore
import PostgresTesting
import Testing
import TraceModel

@testable import Access

/// One key that reaches its organization, and projects of this and of another organization.
private struct ProjectDirectory: KeyDirectory, UserDirectory {
    let key: KnownAPIKey
    let projects: [ProjectID: OrganizationID]
    let lookUps = Shared<[ProjectID: Int]>([:])

    func find(hash: [UInt8]) async throws(MetastoreError) -> KnownAPIKey? { hash == key.hash ? key : nil }
    func recordUses(_ uses: [APIKeyID: Int64]) async throws(MetastoreError) {}
    func find(session: SessionID) async throws(MetastoreError) -> KnownSession? { nil }
    func find(browserTokenHash: [UInt8]) async throws(MetastoreError) -> BrowserSession? { nil }
    func recordUses(of sessions: [SessionID: Int64]) async throws(MetastoreError) {}
    func organization(of project: ProjectID, among organizations: [OrganizationID]) async throws(MetastoreError) -> OrganizationID? {
        lookUps.change { $0[project, default: 0] += 1 }
        return projects[project].flatMap { organizations.contains($0) ? $0 : nil }
    }
}

@Suite struct ForeignProjectTests {
    @Test("another organization's project is looked up when an unknown one is, and remembered as long: time does not tell them apart")
    func sameWork() async throws {
        let secret = APIKeySecret.generate(), own = OrganizationID.make(), other = OrganizationID.make()
        let mine = ProjectID.make(), foreign = ProjectID.make(), unknown = ProjectID.make()
        let record = APIKeyRecord(
            id: .make(), projectID: .make(), name: "k", prefix: secret.prefix, scopes: ["admin"], createdTimeUnixNano: 0,
            expiryTimeUnixNano: nil, reachesOrganization: true)
        let directory = ProjectDirectory(
            key: KnownAPIKey(record: record, organizationID: own, hash: secret.hash, isProjectArchived: false),
            projects: [mine: own, foreign: other])
        let clock = TestClock()
        let authenticator = Authenticator(keys: directory, users: directory, clock: clock)
        let principal = try await authenticator.authenticate(Credential(secret.text))
        for _ in 0..<4 {
            for project in [foreign, unknown] {
                for _ in 0..<3 {
                    #expect(await accessError { try await authenticator.narrow(principal, to: project) } == .unknownProject)
                }
            }
            #expect(try await authenticator.narrow(principal, to: mine).projectID == mine)
            #expect(directory.lookUps.value[foreign] == directory.lookUps.value[unknown])
            clock.advance(seconds: 6)
        }
        #expect(directory.lookUps.value[foreign] == 4 && directory.lookUps.value[mine] == 1)
    }
}

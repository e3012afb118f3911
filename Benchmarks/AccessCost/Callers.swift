/// Keys and users that ask, and one request's checks as OTLPReceiver and HTTPAPI make them, through AccessControl.

import Access
import Crypto
import IPAddresses
import Metastore
import TraceModel

/// PostgreSQL's part, in memory: look-ups that answer at once.
struct Directory: KeyDirectory, UserDirectory {
    var keys: [[UInt8]: KnownAPIKey] = [:]
    var sessions: [SessionID: KnownSession] = [:]
    var organizations: [ProjectID: OrganizationID] = [:]

    func find(hash: [UInt8]) async throws(MetastoreError) -> KnownAPIKey? { keys[hash] }
    func recordUses(_ uses: [APIKeyID: Int64]) async throws(MetastoreError) {}
    func find(session: SessionID) async throws(MetastoreError) -> KnownSession? { sessions[session] }
    func find(browserTokenHash: [UInt8]) async throws(MetastoreError) -> BrowserSession? { nil }
    func recordUses(of sessions: [SessionID: Int64]) async throws(MetastoreError) {}
    func organization(of project: ProjectID, among: [OrganizationID]) async throws(MetastoreError) -> OrganizationID? {
        organizations[project].flatMap { among.contains($0) ? $0 : nil }
    }
}

struct Callers: Sendable {
    /// Header values: `Bearer ...`.
    private let keys: [String]
    private let tokens: [String]
    /// The project each user names.
    private let projects: [String]
    private let accessControl: AccessControl
    private let address = IPAddress("192.0.2.17")
    private let bodyByteCount = 10_000

    /// Keys with every kind of limit, high enough never to be reached; users with a role in an organization, each with its own project.
    init(count: Int) async throws {
        var directory = Directory()
        var keys: [String] = [], tokens: [String] = [], projects: [String] = []
        let limiter = RequestLimiter()
        let restrictions = APIKeyRestrictions(
            allowedNetworks: ["192.0.2.0/24", "2001:db8::/32"], requestsPerSecond: 1_000_000_000, bytesPerSecond: 1 << 50,
            maximumConcurrency: 1_000)
        let accessTokens = try await AccessTokens(
            TokenSigningKey(id: "benchmark", bytes: Array(P256.Signing.PrivateKey().rawRepresentation)))
        for number in 0..<count {
            let organization = OrganizationID.make(), project = ProjectID.make()
            let secret = APIKeySecret.generate()
            let record = APIKeyRecord(
                id: .make(), projectID: project, name: "key \(number)", prefix: secret.prefix, scopes: ["ingest", "read"],
                createdTimeUnixNano: 0, expiryTimeUnixNano: .max, restrictions: restrictions)
            directory.keys[secret.hash] = KnownAPIKey(
                record: record, organizationID: organization, hash: secret.hash, isProjectArchived: false)
            keys.append("Bearer \(secret.text)")
            let session = SessionRecord(id: .make(), userID: .make(), expiryTimeUnixNano: .max)
            directory.sessions[session.id] = KnownSession(
                session: session, email: "user\(number)@example.com", signInGeneration: 0, isUserDisabled: false,
                memberships: UserMemberships(organizations: [.init(organizationID: organization, role: "member")], projects: []))
            directory.organizations[project] = organization
            limiter.setIngestLimits(RequestLimits(requestsPerSecond: 1_000_000_000, bytesPerSecond: 1 << 50), of: project)
            projects.append(project.uuid)
            tokens.append("Bearer \(try await accessTokens.issue(user: session.userID, session: session.id, generation: 0).text)")
        }
        self.keys = keys
        self.tokens = tokens
        self.projects = projects
        accessControl = AccessControl(
            authenticator: Authenticator(keys: directory, users: directory, tokens: accessTokens), limiter: limiter)
    }

    /// An export with an API key: the key's rates, bytes and concurrency, and the project's.
    @Sendable func checkKey(_ caller: Int) async throws {
        let exporter = try await accessControl.authenticateExport(
            credential(keys[caller]), selector: nil, workerProject: nil, address: address)
        try exporter.requireIngest()
        guard let project = exporter.projectID else { throw AccessError.projectMissing }
        let allowance = try accessControl.beginIngest(exporter, into: project, reporting: Self.encode)
        try allowance.arrived(bodyByteCount)
        allowance.end()
    }

    /// A question of a user who names a project.
    @Sendable func checkUser(_ caller: Int) async throws {
        let principal = try await accessControl.authenticate(credential(tokens[caller]), project: projects[caller], address: address)
        try principal.require(Permission.readTraces)
        let allowance = try accessControl.begin(principal, reporting: Self.encode)
        try allowance.arrived(bodyByteCount)
        allowance.end()
    }

    /// The answer's headers are part of what limits cost.
    private static func encode(_ rate: RateLimitState) { precondition(rate.headers.count == 4) }

    private func credential(_ authorization: String) -> Credential? {
        Credential.find { name in name == "authorization" ? authorization : nil }
    }
}

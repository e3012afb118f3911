/// The control plane's data in PostgreSQL: one repository per noun over one pool.

import GenAIConventions
import Logging
import PostgresClient

package final class Metastore: Sendable {
    private let pool: PostgresPool
    package let organizations: OrganizationRepository
    package let projects: ProjectRepository
    package let apiKeys: APIKeyRepository
    package let tasks: TaskRepository
    package let prices: PriceRepository
    package let users: UserRepository
    package let memberships: MembershipRepository
    package let sessions: SessionRepository
    package let signInAttempts: SignInAttemptRepository
    package let invitations: InvitationRepository
    package let passwordResets: PasswordResetRepository
    package let auditEntries: AuditEntryRepository
    package let settings: SettingsRepository
    package let featureFlags: FeatureFlagRepository
    package let providerCredentials: ProviderCredentialRepository
    package let dataKeys: DataKeyRepository
    package let suites: SuiteRepository
    package let drafts: DraftRepository
    package let runs: RunRepository
    package let scores: ScoreRepository
    package let features: FeatureRepository
    package let workerCredentials: WorkerCredentialRepository
    package let spanOutbox: SpanOutboxRepository
    package let rateBudgets: RateBudgetRepository
    package let jobQueues: JobQueueRepository
    package let scoreRules: ScoreRuleRepository
    package let scoreDecisions: ScoreDecisionRepository
    package let scoreBackfills: ScoreBackfillRepository
    package let spanScoring: SpanScoringRepository
    package let deletions: DeletionRepository
    package let knowledge: KnowledgeRepository
    package let knowledgeDrafts: KnowledgeDraftRepository
    package let knowledgePromotions: KnowledgePromotionRepository
    package let knowledgeUploads: KnowledgeUploadRepository
    package let reapplications: ReapplicationRepository

    private init(_ pool: PostgresPool) {
        self.pool = pool
        organizations = OrganizationRepository(pool: pool)
        projects = ProjectRepository(pool: pool)
        apiKeys = APIKeyRepository(pool: pool)
        tasks = TaskRepository(pool: pool)
        prices = PriceRepository(pool: pool)
        users = UserRepository(pool: pool)
        memberships = MembershipRepository(pool: pool)
        sessions = SessionRepository(pool: pool)
        signInAttempts = SignInAttemptRepository(pool: pool)
        invitations = InvitationRepository(pool: pool)
        passwordResets = PasswordResetRepository(pool: pool)
        auditEntries = AuditEntryRepository(pool: pool)
        settings = SettingsRepository(pool: pool)
        featureFlags = FeatureFlagRepository(pool: pool)
        providerCredentials = ProviderCredentialRepository(pool: pool)
        dataKeys = DataKeyRepository(pool: pool)
        suites = SuiteRepository(pool: pool)
        drafts = DraftRepository(pool: pool)
        runs = RunRepository(pool: pool)
        scores = ScoreRepository(pool: pool)
        features = FeatureRepository(pool: pool)
        workerCredentials = WorkerCredentialRepository(pool: pool)
        spanOutbox = SpanOutboxRepository(pool: pool)
        rateBudgets = RateBudgetRepository(pool: pool)
        jobQueues = JobQueueRepository(pool: pool)
        scoreRules = ScoreRuleRepository(pool: pool)
        scoreDecisions = ScoreDecisionRepository(pool: pool)
        scoreBackfills = ScoreBackfillRepository(pool: pool)
        spanScoring = SpanScoringRepository(pool: pool)
        deletions = DeletionRepository(pool: pool)
        knowledge = KnowledgeRepository(pool: pool)
        knowledgeDrafts = KnowledgeDraftRepository(pool: pool)
        knowledgePromotions = KnowledgePromotionRepository(pool: pool)
        knowledgeUploads = KnowledgeUploadRepository(pool: pool)
        reapplications = ReapplicationRepository(pool: pool)
    }

    /// Brings the database to this program's schema and price table, then serves from `pool`, which it owns from here on, with
    /// as few rights as can be had (docs/decisions/006-everyday-role.md).
    /// Errors: `schema` (made by a newer program, or tampered with), `unavailable`.
    package static func open(_ pool: PostgresPool) async throws(MetastoreError) -> Metastore {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.migrate(SchemaMigrations.all)
            pool.adopt(try await everydayRole(of: pool.configuration))
        }
        let metastore = Metastore(pool)
        _ = try await metastore.prices.seed(ShippedPrices.all, shippedVersion: ShippedPrices.version)
        return metastore
    }

    /// Serves from `pool`, which it owns from here on, a database that another program keeps at this program's schema: nothing is made
    /// or changed. Errors: `schema` (it is at another one, and what to do), `unavailable`.
    package static func connect(_ pool: PostgresPool) async throws(MetastoreError) -> Metastore {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.verify(SchemaMigrations.all)
            pool.adopt(try await everydayRole(of: pool.configuration))
        }
        return Metastore(pool)
    }

    /// The role made by migration 2: by its own login, else by switching to it, else the connecting user as it is.
    private static func everydayRole(of configuration: PostgresConfiguration) async throws(PostgresError) -> EverydayRole {
        if let login = configuration.everydayLogin { return .login(as: login) }
        let connection = try await PostgresConnection.connect(configuration)
        let roles = try await connection.query(
            "SELECT 1 FROM pg_roles WHERE rolname = $1 AND pg_has_role(current_user, oid, 'MEMBER')", [.text(EverydayRole.name)])
        return roles.isEmpty ? .connectingUser : .switched(to: EverydayRole.name)
    }

    /// Asks PostgreSQL for a sign of life; for readiness. Errors: `unavailable`.
    package func ping() async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in try await pool.ping() }
    }

    /// For /metrics.
    package var poolStatistics: PostgresPool.Statistics { pool.statistics }

    /// Notifications on channels, on a connection of its own beside the pool's for each loop over it.
    package func listener(on channels: [String], logger: Logger) -> PostgresListener {
        PostgresListener(channels: channels, configuration: pool.configuration, logger: logger)
    }

    /// Refuses new work, lets running statements end, closes the connections.
    package func close() async { await pool.shutDown() }

    /// Whether there is anything yet. Errors: `unavailable`.
    package func hasOrganization() async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in try await !pool.query("SELECT 1 FROM organizations LIMIT 1").isEmpty }
    }

    /// Whether anybody has an account. Errors: `unavailable`.
    package func hasUser() async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in try await !pool.query("SELECT 1 FROM users LIMIT 1").isEmpty }
    }

    /// Makes an owner of every organization where there is no user at all; false if there is one, however many servers ask at once.
    /// Errors: `unavailable`.
    package func createMissingOwner(_ owner: NewUser) async throws(MetastoreError) -> Bool {
        try await pool.audited(.system("createMissingOwner")) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            try await connection.query("LOCK TABLE users IN EXCLUSIVE MODE")
            guard try await connection.query("SELECT 1 FROM users LIMIT 1").isEmpty else { return (false, nil) }
            let user = try await UserRepository.insert(owner, on: connection)
            let organizations = try await connection.query("SELECT id FROM organizations ORDER BY id").decoded {
                row throws(PostgresError) in try row.decode("id", as: OrganizationID.self)
            }
            for organization in organizations {
                try await MembershipRepository.add(user.id, to: organization, as: "owner", on: connection)
            }
            return (true, AuditedChange(organization: organizations.first, resourceKind: "user", resourceID: user.id.uuid))
        }
    }

    /// On a database without any organization: makes one, a project in it, a key for that and the first owner, all or nothing.
    /// nil if there is one already, however many servers ask at once. Errors: `invalid`, `unavailable`.
    package func createFirst(
        organization organizationName: String, project projectName: String, key: NewAPIKey, owner: NewUser
    ) async throws(MetastoreError) -> FirstRecords? {
        try await pool.audited(.system("firstStart")) { connection throws(PostgresError) -> (FirstRecords?, AuditedChange?) in
            try await connection.query("LOCK TABLE organizations IN EXCLUSIVE MODE")
            guard try await connection.query("SELECT 1 FROM organizations LIMIT 1").isEmpty else { return (nil, nil) }
            let (organization, after) = try await OrganizationRepository.insert(name: organizationName, on: connection)
            let (project, _) = try await ProjectRepository.insert(
                name: projectName, retentionDays: nil, in: organization.id, on: connection)
            let (key, _) = try await APIKeyRepository.insert(key, in: project.id, on: connection)
            let owner = try await UserRepository.insert(owner, on: connection)
            try await MembershipRepository.add(owner.id, to: organization.id, as: "owner", on: connection)
            return (
                FirstRecords(organization: organization, project: project, key: key, owner: owner),
                AuditedChange(
                    organization: organization.id, project: project.id, resourceKind: "organization", resourceID: organization.id.uuid,
                    after: after)
            )
        }
    }
}

/// What an empty database begins with.
package struct FirstRecords: Sendable, Equatable {
    package let organization: Organization
    package let project: Project
    package let key: APIKeyRecord
    package let owner: User
}

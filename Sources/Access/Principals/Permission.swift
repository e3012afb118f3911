/// What operations ask for: one row per kind of resource and action. Every operation of openapi/ names one; the scope an API key
/// needs and the role a user needs follow from it.
///
/// An API key ends at its own project, unless it was made to reach its organization: then its scope `admin` also lists and creates
/// projects there and manages their keys, since an installation's first key has to be able to set everything up.
package enum Permission: String, Sendable, Hashable, CaseIterable {
    case ingestSpans = "spans.ingest"
    case readTraces = "traces.read"
    case runQueries = "query.run"
    case readPrices = "prices.read"
    case writePrices = "prices.write"
    case readKeys = "keys.read"
    case manageKeys = "keys.manage"
    case readProject = "project.read"
    case manageProject = "project.manage"
    case sealStore = "store.seal"
    case readQuarantine = "quarantine.read"
    case replayQuarantine = "quarantine.replay"
    case deleteTelemetry = "telemetry.delete"
    case readSettings = "settings.read"
    case manageSettings = "settings.manage"
    case previewRedaction = "redaction.preview"
    case readAudit = "audit.read"
    case readTasks = "tasks.read"
    case readFeatures = "features.read"
    case readSuites = "suites.read"
    case writeSuites = "suites.write"
    case readRuns = "runs.read"
    case startRuns = "runs.start"
    case readScores = "scores.read"
    case writeScores = "scores.write"
    case readKnowledge = "knowledge.read"
    case writeKnowledge = "knowledge.write"
    case reviewKnowledge = "knowledge.review"
    case promoteKnowledge = "knowledge.promote"
    case readOrganization = "organization.read"
    case manageOrganization = "organization.manage"
    case createOrganizations = "organizations.create"
    case readMembers = "members.read"
    case manageMembers = "members.manage"
    case listProjects = "projects.list"
    case createProjects = "projects.create"
    case manageCredentials = "credentials.manage"
    case manageFeatures = "features.manage"
    case manageWorkers = "workers.manage"
    case readHealth = "health.read"

    package enum Level: Sendable, Hashable {
        /// The role in the organization decides.
        case organization
        /// The higher of the roles in the organization and in the project decides.
        case project
        /// As `project` where the caller names one, as `organization` where not.
        case either
    }

    /// A row of the table.
    package struct Requirement: Sendable, Hashable {
        package let level: Level
        package let leastRole: Role
        /// nil: no API key may.
        package let scope: Scope?
    }

    package var requirement: Requirement {
        func project(_ scope: Scope, _ role: Role) -> Requirement { Requirement(level: .project, leastRole: role, scope: scope) }
        func organization(_ scope: Scope?, _ role: Role) -> Requirement {
            Requirement(level: .organization, leastRole: role, scope: scope)
        }
        return switch self {
        case .ingestSpans: project(.ingest, .member)
        case .readTraces: project(.read, .viewer)
        case .runQueries: project(.read, .viewer)
        case .readPrices: project(.read, .viewer)
        case .writePrices: organization(.admin, .admin)
        case .readKeys: project(.admin, .admin)
        case .manageKeys: project(.admin, .admin)
        case .readProject: project(.admin, .viewer)
        case .manageProject: project(.admin, .admin)
        case .sealStore: project(.admin, .admin)
        case .readQuarantine: project(.read, .viewer)
        case .replayQuarantine: project(.write, .member)
        case .deleteTelemetry: project(.admin, .admin)
        case .readSettings: project(.read, .viewer)
        case .manageSettings: project(.admin, .admin)
        case .previewRedaction: project(.read, .viewer)
        case .readAudit: Requirement(level: .either, leastRole: .admin, scope: .admin)
        case .readTasks: project(.read, .viewer)
        case .readFeatures: project(.read, .viewer)
        case .readSuites: project(.read, .viewer)
        case .writeSuites: project(.write, .member)
        case .readRuns: project(.read, .viewer)
        case .startRuns: project(.run, .member)
        case .readScores: project(.read, .viewer)
        case .writeScores: project(.write, .member)
        case .readKnowledge: project(.read, .viewer)
        case .writeKnowledge: project(.write, .member)
        // People review.
        case .reviewKnowledge: Requirement(level: .project, leastRole: .member, scope: nil)
        case .promoteKnowledge: project(.admin, .admin)
        case .readOrganization: organization(.admin, .viewer)
        case .manageOrganization: organization(nil, .admin)
        case .createOrganizations: organization(nil, .owner)
        case .readMembers: organization(nil, .viewer)
        case .manageMembers: organization(nil, .admin)
        case .listProjects: organization(.admin, .viewer)
        case .createProjects: organization(.admin, .admin)
        case .manageCredentials: organization(nil, .admin)
        case .manageFeatures: organization(nil, .owner)
        case .manageWorkers: organization(.admin, .admin)
        case .readHealth: organization(.admin, .admin)
        }
    }
}

extension Permission {
    /// What a key that reaches its organization may do in projects that are not its own.
    var isOfOtherProjects: Bool {
        switch self {
        case .readProject, .readKeys, .manageKeys: true
        default: false
        }
    }
}

extension Permission {
    /// What a key may do in the projects that it was bound to beside its own: send spans, and scores of them.
    var isOfFurtherProjects: Bool {
        switch self {
        case .ingestSpans, .writeScores: true
        default: false
        }
    }
}

/// Who may call an operation.
package enum OperationAccess: Sendable, Hashable {
    /// Whoever.
    case `public`
    /// A user, whatever the role: the own profile, the own sessions.
    case signedIn
    case permission(Permission)

    /// As `x-permission` of openapi/ has it.
    package var name: String {
        switch self {
        case .public: "public"
        case .signedIn: "signed-in"
        case .permission(let permission): permission.rawValue
        }
    }
}

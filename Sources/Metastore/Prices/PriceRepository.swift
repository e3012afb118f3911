import ByteCoding
import GenAIConventions
import PostgresClient
import TraceModel

/// Whose prices.
package enum PriceOwner: Hashable, Sendable {
    case installation
    case organization(OrganizationID)
    case project(ProjectID)
}

/// Prices with the day they hold from. Every change is a version; what people set is never overwritten by what the program
/// brings along.
package struct PriceRepository: Sendable {
    let pool: PostgresPool

    /// The newest version, and the prices of one owner alone.
    package struct OwnPrices: Sendable {
        package let version: Int64
        package let prices: [Price]
    }

    /// Errors: `unavailable`.
    package func prices(of owner: PriceOwner) async throws(MetastoreError) -> OwnPrices {
        try await translatingErrors { () throws(PostgresError) in
            // One statement, so one version: the version and its prices from the same instant.
            let rows = try await pool.query(
                """
                SELECT \(Self.version) AS version, \(PriceRow.columns)
                FROM (SELECT) one LEFT JOIN prices ON owner_id = $1
                ORDER BY provider, model_pattern, effective_from
                """, [owner.value])
            let prices = try rows.decoded { row throws(PostgresError) in try PriceRow.price(row) }
            return OwnPrices(version: try rows.first?.decode("version") ?? 0, prices: prices.compactMap(\.self))
        }
    }

    /// The installation's. Errors: `unavailable`.
    package func book() async throws(MetastoreError) -> PriceBook {
        let own = try await prices(of: .installation)
        return PriceBook(version: own.version, prices: own.prices)
    }

    /// What counts for whom. A project that is made later has its organization's prices when this is asked again. Errors: `unavailable`.
    package func allBooks() async throws(MetastoreError) -> PriceBooks {
        try await translatingErrors { () throws(PostgresError) in
            let rows = try await pool.query(
                """
                SELECT \(Self.version) AS version, organization_id, project_id, \(PriceRow.columns)
                FROM (SELECT) one LEFT JOIN prices ON true
                ORDER BY provider, model_pattern, effective_from
                """)
            var owned: [PriceOwner: [Price]] = [:]
            for row in rows {
                guard let price = try PriceRow.price(row) else { continue }
                owned[try PriceRow.owner(row), default: []].append(price)
            }
            let version = try rows.first?.decode("version", as: Int64.self) ?? 0
            let installation = PriceBook(version: version, prices: owned[.installation] ?? [])
            var organizations: [OrganizationID: PriceBook] = [:]
            var projects: [ProjectID: PriceBook] = [:]
            for case (.organization(let id), let prices) in owned {
                organizations[id] = PriceBook(version: version, prices: prices, before: installation)
            }
            let members = try await pool.query(
                """
                SELECT id, organization_id FROM projects
                WHERE organization_id IN (SELECT organization_id FROM prices) OR id IN (SELECT project_id FROM prices)
                """)
            for row in members {
                let id = try row.decode("id", as: ProjectID.self)
                let base = organizations[try row.decode("organization_id", as: OrganizationID.self)] ?? installation
                projects[id] = owned[.project(id)].map { PriceBook(version: version, prices: $0, before: base) } ?? base
            }
            return PriceBooks(version: version, installation: installation, projects: projects)
        }
    }

    private static let version = "(SELECT coalesce(max(version), 0) FROM price_versions)"

    /// Adds or replaces prices of the installation set by people, as one new version, which is returned; `organization`: in
    /// whose audit log it is noted. Errors: `invalid`, `unavailable`.
    package func set(
        _ prices: [Price], in organization: OrganizationID? = nil, audit: AuditDraft = .system("addPrices")
    ) async throws(MetastoreError) -> Int64 {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Int64, AuditedChange?) in
            let version = try await Self.store(prices, of: .installation, shippedVersion: nil, on: connection)
            return (version, AuditedChange(organization: organization, resourceKind: "price_version", resourceID: String(version)))
        }
    }

    /// Makes these all the prices of an organization or project, as one new version, which is returned; noted in the organization's audit
    /// log. Errors: `invalid`, `notFound` (the owner), `unavailable`.
    package func replace(
        _ prices: [Price], of owner: PriceOwner, in organization: OrganizationID, audit: AuditDraft = .system("replacePrices")
    ) async throws(MetastoreError) -> Int64 {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Int64, AuditedChange?) in
            _ = try await Self.lockVersions(on: connection)
            try await connection.query("DELETE FROM prices WHERE owner_id = $1 AND NOT is_shipped", [owner.value])
            let version = try await Self.store(prices, of: owner, shippedVersion: nil, on: connection)
            return (
                version,
                AuditedChange(
                    organization: organization, project: owner.project, resourceKind: "price_version", resourceID: String(version))
            )
        }
    }

    /// Brings in the program's own prices if they are newer than those of all earlier programs; returns whether they were.
    /// Errors: `unavailable`.
    package func seed(_ prices: [Price], shippedVersion: Int64) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let latest = try await Self.lockVersions(on: connection).shippedVersion
                guard shippedVersion > latest else { return false }
                _ = try await Self.store(prices, of: .installation, shippedVersion: shippedVersion, on: connection)
                return true
            }
        }
    }

    private struct LatestVersions {
        /// 0: none yet.
        let version: Int64
        let shippedVersion: Int64
    }

    /// Versions are given one at a time.
    private static func lockVersions(on connection: PostgresConnection) async throws(PostgresError) -> LatestVersions {
        try await connection.query("LOCK TABLE price_versions IN EXCLUSIVE MODE")
        return try await connection.query(
            "SELECT coalesce(max(version), 0) AS version, coalesce(max(shipped_version), 0) AS shipped FROM price_versions"
        ).only { row throws(PostgresError) in
            LatestVersions(version: try row.decode("version"), shippedVersion: try row.decode("shipped"))
        }
    }

    private static func store(
        _ prices: [Price], of owner: PriceOwner, shippedVersion: Int64?, on connection: PostgresConnection
    ) async throws(PostgresError) -> Int64 {
        let version = try await lockVersions(on: connection).version + 1
        try await connection.query(
            "INSERT INTO price_versions (version, shipped_version) VALUES ($1, $2)",
            [.integer(version), .optional(shippedVersion) { .integer($0) }])
        for price in prices {
            try await connection.query(
                PriceRow.upsert,
                PriceRow.values(price) + [.bool(shippedVersion != nil), .integer(version), owner.organizationValue, owner.projectValue])
        }
        return version
    }
}

extension PriceOwner {
    fileprivate var value: PostgresValue {
        switch self {
        case .installation: .uuid(PostgresUUID(high: 0, low: 0))
        case .organization(let id): id.value
        case .project(let id): id.value
        }
    }

    fileprivate var organizationValue: PostgresValue { if case .organization(let id) = self { id.value } else { .null } }
    fileprivate var projectValue: PostgresValue { if case .project(let id) = self { id.value } else { .null } }
    fileprivate var project: ProjectID? { if case .project(let id) = self { id } else { nil } }
}

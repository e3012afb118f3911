/// API keys in PostgreSQL: the statements, and rows made into records.

import PostgresClient
import TraceModel

package struct APIKeyRepository: Sendable {
    let pool: PostgresPool

    private static let columns = """
        k.id, k.project_id, k.name, k.prefix, k.scopes, k.created_at, k.expires_at, k.revoked_at, k.last_used_at,
        k.allowed_networks::text[] AS allowed_networks, k.requests_per_second, k.bytes_per_second, k.maximum_concurrency, k.replaced_by,
        k.reaches_organization, k.created_by_user, k.created_by_key,
        coalesce(
            (SELECT u.email FROM users u WHERE u.id = k.created_by_user),
            (SELECT m.prefix FROM api_keys m WHERE m.id = k.created_by_key)) AS created_by_name,
        \(furtherProjects("p.id::text")) AS further_project_ids, \(furtherProjects("p.name")) AS further_project_names
        """

    private static func furtherProjects(_ column: String) -> String {
        """
        ARRAY(
            SELECT \(column) FROM api_key_projects f JOIN projects p ON p.id = f.project_id
            WHERE f.api_key_id = k.id AND p.archived_at IS NULL ORDER BY f.position)
        """
    }

    /// The key with the projects it may choose, those that were archived since among them.
    private static let audit = AuditSnapshot.column(
        "k",
        with: """
            jsonb_build_object('further_projects', (
                SELECT coalesce(jsonb_agg(f.project_id ORDER BY f.position), '[]') FROM api_key_projects f WHERE f.api_key_id = k.id))
            """)

    /// Errors: `invalid` (name, scopes, expires_at, the restrictions), `notFound` (project), `unavailable`.
    package func create(
        _ key: NewAPIKey, in project: ProjectID, audit: AuditDraft = .system("createAPIKey")
    ) async throws(MetastoreError) -> APIKeyRecord {
        try await pool.audited(audit) { connection throws(PostgresError) -> (APIKeyRecord, AuditedChange?) in
            let (record, after) = try await Self.insert(key, in: project, on: connection)
            return (record, try await Self.change(record, before: nil, after: after, on: connection))
        }
    }

    /// The key with this SHA-256, usable or not; nil if there is none. Errors: `unavailable`.
    package func find(hash: [UInt8]) async throws(MetastoreError) -> KnownAPIKey? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns), k.key_hash, p.organization_id, p.name AS project_name, p.archived_at IS NOT NULL AS is_archived
                FROM api_keys k JOIN projects p ON p.id = k.project_id WHERE k.key_hash = $1
                """, [.bytes(hash)]
            ).first.map { row throws(PostgresError) in
                KnownAPIKey(
                    record: try Self.record(row), organizationID: try row.decode("organization_id"),
                    projectName: try row.decode("project_name"), hash: try row.decode("key_hash"),
                    isProjectArchived: try row.decode("is_archived"))
            }
        }
    }

    /// A caller's own key, wherever it is: what it may give to others. nil if there is none. Errors: `unavailable`.
    package func find(caller id: APIKeyID) async throws(MetastoreError) -> APIKeyRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM api_keys k WHERE id = $1", [id.value]).first.map(Self.record)
        }
    }

    /// nil if the project has no such key. Errors: `unavailable`.
    package func find(_ id: APIKeyID, in project: ProjectID) async throws(MetastoreError) -> APIKeyRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM api_keys k WHERE id = $1 AND project_id = $2", [id.value, project.value]
            ).first.map(Self.record)
        }
    }

    /// Newest first, revoked and expired ones among them. Errors: `invalid` (cursor), `unavailable`.
    package func list(in project: ProjectID, page: PageRequest) async throws(MetastoreError) -> Page<APIKeyRecord> {
        let start = try PagedList.apiKeys.start(page, APIKeyID.self)
        let records = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM api_keys k WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                [project.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.record)
        }
        return PagedList.apiKeys.page(records, page, id: \.id)
    }

    /// Ends a key's use. Again: no change. nil if the project has no such key. Errors: `unavailable`.
    package func revoke(
        _ id: APIKeyID, in project: ProjectID, audit: AuditDraft = .system("revokeAPIKey")
    ) async throws(MetastoreError) -> APIKeyRecord? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (APIKeyRecord?, AuditedChange?) in
            let condition = "id = $1 AND project_id = $2"
            guard let before = try await Self.locked(where: condition, [id.value, project.value], on: connection) else {
                return (nil, nil)
            }
            let row = try await connection.query(
                """
                UPDATE api_keys k SET revoked_at = coalesce(revoked_at, greatest(now(), created_at)) WHERE \(condition)
                RETURNING \(Self.columns), \(Self.audit)
                """, [id.value, project.value]
            ).only { row throws(PostgresError) in row }
            let record = try Self.record(row)
            return (record, try await Self.change(record, before: before, after: try AuditSnapshot.of(row), on: connection))
        }
    }

    /// Makes a key like another, which goes on for `overlapSeconds` and expires then. nil if the project has no such key, or it
    /// is revoked, expired or replaced already. Errors: `unavailable`.
    package func rotate(
        _ id: APIKeyID, in project: ProjectID, replacement: ReplacementAPIKey, overlapSeconds: Int, audit: AuditDraft
    ) async throws(MetastoreError) -> (old: APIKeyRecord, new: APIKeyRecord)? {
        try await pool.audited(audit) { connection throws(PostgresError) -> ((old: APIKeyRecord, new: APIKeyRecord)?, AuditedChange?) in
            let condition = """
                id = $1 AND project_id = $2 AND revoked_at IS NULL AND replaced_by IS NULL AND (expires_at IS NULL OR expires_at > now())
                """
            guard let before = try await Self.locked(where: condition, [id.value, project.value], on: connection) else {
                return (nil, nil)
            }
            let newID = APIKeyID.make()
            try await connection.query(
                """
                INSERT INTO api_keys AS k (id, project_id, name, prefix, key_hash, scopes, expires_at, allowed_networks,
                    requests_per_second, bytes_per_second, maximum_concurrency, reaches_organization, created_by_user, created_by_key)
                SELECT $2, project_id, name, $3, $4, scopes, expires_at, allowed_networks, requests_per_second, bytes_per_second,
                    maximum_concurrency, reaches_organization, $5, $6
                FROM api_keys WHERE id = $1
                """,
                [id.value, newID.value, .text(replacement.prefix), .bytes(replacement.hash)] + Self.creator(replacement.creator))
            try await connection.query(
                """
                INSERT INTO api_key_projects (api_key_id, position, organization_id, own_project_id, project_id)
                SELECT $2, position, organization_id, own_project_id, project_id FROM api_key_projects WHERE api_key_id = $1
                """, [id.value, newID.value])
            let new = try await connection.query("SELECT \(Self.columns) FROM api_keys k WHERE id = $1", [newID.value]).only(Self.record)
            let row = try await connection.query(
                """
                UPDATE api_keys k SET replaced_by = $2, expires_at = greatest(
                    least(coalesce(expires_at, 'infinity'), now() + make_interval(secs => $3)), created_at + interval '1 microsecond')
                WHERE id = $1 RETURNING \(Self.columns), \(Self.audit)
                """, [id.value, new.id.value, .double(Double(overlapSeconds))]
            ).only { row throws(PostgresError) in row }
            let old = try Self.record(row)
            return ((old, new), try await Self.change(old, before: before, after: try AuditSnapshot.of(row), on: connection))
        }
    }

    /// Keys of the organization that somebody made, and those made with them: whoever made a key knows it. Errors: as PostgreSQL's.
    static func inUse(
        madeBy user: UserID, in organization: OrganizationID, on connection: PostgresConnection
    ) async throws(PostgresError) -> [APIKeyID] {
        try await connection.query(
            """
            WITH RECURSIVE made AS (
                SELECT id FROM api_keys WHERE created_by_user = $1
                UNION SELECT k.id FROM api_keys k JOIN made m ON k.created_by_key = m.id
            )
            SELECT k.id FROM api_keys k JOIN made m ON m.id = k.id JOIN projects p ON p.id = k.project_id
            WHERE p.organization_id = $2 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) ORDER BY k.id
            """, [user.value, organization.value]
        ).decoded { row throws(PostgresError) in try row.decode("id", as: APIKeyID.self) }
    }

    static func revoke(_ keys: [APIKeyID], on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            "UPDATE api_keys SET revoked_at = greatest(now(), created_at) WHERE id = ANY ($1) AND revoked_at IS NULL", [.ids(keys)])
    }

    /// Notes uses, in one statement for many keys; a time earlier than the noted one changes nothing. Errors: `unavailable`.
    package func recordUses(_ uses: [APIKeyID: Int64]) async throws(MetastoreError) {
        // In one order, so that two servers noting the same keys never wait for each other.
        let ordered = uses.sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                UPDATE api_keys k SET last_used_at = u.used_at
                FROM unnest($1::uuid[], $2::timestamptz[]) AS u(id, used_at)
                WHERE k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.used_at)
                """,
                [.ids(ordered.map(\.key)), .timestamps(unixNano: ordered.map(\.value))])
        }
    }

    static func insert(
        _ key: NewAPIKey, in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) -> (APIKeyRecord, PostgresJSON) {
        let limits = key.restrictions, id = APIKeyID.make()
        try await connection.query(
            """
            INSERT INTO api_keys AS k (id, project_id, name, prefix, key_hash, scopes, expires_at, allowed_networks,
                requests_per_second, bytes_per_second, maximum_concurrency, reaches_organization, created_by_user, created_by_key)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[]::cidr[], $9, $10, $11, $12, $13, $14)
            """,
            [
                id.value, project.value, .text(key.name), .text(key.prefix), .bytes(key.hash), .texts(key.scopes),
                .optional(key.expiryTimeUnixNano) { .timestamp(unixNano: $0) }, .texts(limits.allowedNetworks),
                .optional(limits.requestsPerSecond) { .integer(Int64(Int32(clamping: $0))) },
                .optional(limits.bytesPerSecond) { .integer($0) },
                .optional(limits.maximumConcurrency) { .integer(Int64(Int32(clamping: $0))) }, .bool(key.reachesOrganization),
            ] + creator(key.creator))
        if !key.furtherProjects.isEmpty {
            // The schema holds them to be of the same organization.
            try await connection.query(
                """
                INSERT INTO api_key_projects (api_key_id, position, organization_id, own_project_id, project_id)
                SELECT $1, f.position, p.organization_id, p.id, f.id
                FROM projects p, unnest($3::uuid[]) WITH ORDINALITY AS f (id, position) WHERE p.id = $2
                """, [id.value, project.value, .ids(key.furtherProjects)])
        }
        return try await connection.query("SELECT \(columns), \(audit) FROM api_keys k WHERE id = $1", [id.value])
            .only { row throws(PostgresError) in (try record(row), try AuditSnapshot.of(row)) }
    }

    /// A key as the audit log has it, locked until the transaction ends; nil if there is none.
    private static func locked(
        where condition: String, _ parameters: [PostgresValue], on connection: PostgresConnection
    ) async throws(PostgresError) -> PostgresJSON? {
        try await connection.query("SELECT \(audit) FROM api_keys k WHERE \(condition) FOR UPDATE", parameters).first.map(AuditSnapshot.of)
    }

    private static func creator(_ row: PostgresRow) throws(PostgresError) -> APIKeyCreator? {
        if let user = try row.decodeIfPresent("created_by_user", as: UserID.self) { return .user(user) }
        return try row.decodeIfPresent("created_by_key", as: APIKeyID.self).map { .key($0) }
    }

    /// The columns `created_by_user` and `created_by_key`.
    private static func creator(_ creator: APIKeyCreator?) -> [PostgresValue] {
        switch creator {
        case .user(let id): [id.value, .null]
        case .key(let id): [.null, id.value]
        case nil: [.null, .null]
        }
    }

    private static func change(
        _ key: APIKeyRecord, before: PostgresJSON?, after: PostgresJSON?, on connection: PostgresConnection
    ) async throws(PostgresError) -> AuditedChange {
        let organization = try await connection.query("SELECT organization_id FROM projects WHERE id = $1", [key.projectID.value])
            .only { row throws(PostgresError) in try row.decode("organization_id", as: OrganizationID.self) }
        return AuditedChange(
            organization: organization, project: key.projectID, resourceKind: "api_key", resourceID: key.id.uuid, before: before,
            after: after)
    }

    private static func record(_ row: PostgresRow) throws(PostgresError) -> APIKeyRecord {
        APIKeyRecord(
            id: try row.decode("id"), projectID: try row.decode("project_id"), name: try row.decode("name"),
            prefix: try row.decode("prefix"),
            scopes: try row.texts("scopes"), createdTimeUnixNano: try row.unixNano("created_at"),
            expiryTimeUnixNano: try row.unixNanoIfPresent("expires_at"), revocationTimeUnixNano: try row.unixNanoIfPresent("revoked_at"),
            lastUseTimeUnixNano: try row.unixNanoIfPresent("last_used_at"),
            restrictions: APIKeyRestrictions(
                allowedNetworks: try row.texts("allowed_networks"), requestsPerSecond: try row.decodeIfPresent("requests_per_second"),
                bytesPerSecond: try row.decodeIfPresent("bytes_per_second"),
                maximumConcurrency: try row.decodeIfPresent("maximum_concurrency")),
            replacementID: try row.decodeIfPresent("replaced_by"), reachesOrganization: try row.decode("reaches_organization"),
            furtherProjects: zip(try row.texts("further_project_ids"), try row.texts("further_project_names")).compactMap { id, name in
                ProjectID(uuid: id).map { KeyProject(id: $0, name: name) }
            },
            creator: try creator(row),
            creatorName: try row.decodeIfPresent("created_by_name"))
    }
}

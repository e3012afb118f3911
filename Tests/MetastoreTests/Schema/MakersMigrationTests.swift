import PostgresClient
import PostgresTesting
import Testing

@testable import Metastore

/// Migration 3 over rows from before it.
@Suite struct MakersMigrationTests {
    private static func id(_ number: Int) -> String { "018f0000-0000-7000-8000-00000000000\(number)" }

    /// An organization with an owner (1), a viewer who was an admin (2), and keys: the first (1), one made by user 2 (2), by key 2 (3).
    private static let before = """
        INSERT INTO organizations (id, name, created_at) VALUES ('\(id(1))', 'Acme', '2024-01-01'), ('\(id(2))', 'Later', '2024-02-01');
        INSERT INTO projects (id, organization_id, name) VALUES ('\(id(1))', '\(id(1))', 'Shop'), ('\(id(2))', '\(id(2))', 'Theirs');
        INSERT INTO users (id, email, name) VALUES ('\(id(1))', 'o@x', 'O'), ('\(id(2))', 'v@x', 'V');
        INSERT INTO organization_memberships VALUES ('\(id(1))', '\(id(1))', 'owner'), ('\(id(1))', '\(id(2))', 'viewer');
        INSERT INTO api_keys (id, project_id, name, prefix, key_hash, scopes, created_at)
            SELECT ('018f0000-0000-7000-8000-00000000000' || n)::uuid, ('018f0000-0000-7000-8000-00000000000' || p)::uuid, 'k', 'spdrl_abc',
                sha256(n::text::bytea), '{admin}', timestamptz '2024-03-01' + make_interval(days => n)
            FROM (VALUES (1, 1), (2, 1), (3, 1), (4, 2)) AS k (n, p);
        INSERT INTO invitations (id, organization_id, email, role, token_hash, expires_at)
            SELECT ('018f0000-0000-7000-8000-00000000000' || n)::uuid, '\(id(1))', 'n@x', 'admin', sha256(n::text::bytea), now() + interval '1 day'
            FROM generate_series(1, 3) n;
        INSERT INTO audit_entries (id, organization_id, caller_kind, caller_id, caller_name, action, resource_kind, resource_id, request_id, outcome)
            VALUES ('\(id(1))', '\(id(1))', 'user', '\(id(2))', 'v@x', 'createAPIKey', 'api_key', '\(id(2))', '', 'succeeded'),
                ('\(id(2))', '\(id(1))', 'api_key', '\(id(2))', 'spdrl_abc', 'createAPIKey', 'api_key', '\(id(3))', '', 'succeeded'),
                ('\(id(3))', '\(id(1))', 'user', '\(id(1))', 'o@x', 'createInvitation', 'invitation', '\(id(1))', '', 'succeeded'),
                ('\(id(4))', '\(id(1))', 'user', '\(id(2))', 'v@x', 'createInvitation', 'invitation', '\(id(2))', '', 'succeeded');
        """

    @Test("of older keys the installation's first alone reaches its organization; makers are known from the audit log")
    func migrate() async throws {
        let database = try await TestServer.makeDatabase()
        try await Migrator(Array(SchemaMigrations.all.prefix(2)), logger: TestServer.logger).migrate(database)
        let connection = try await PostgresConnection.connect(database)
        _ = try await connection.script(Self.before)
        try await Migrator(SchemaMigrations.all, logger: TestServer.logger).migrate(database)
        let keys = try await connection.query(
            """
            SELECT right(id::text, 1) || ' ' || reaches_organization || ' ' || coalesce(right(created_by_user::text, 1), '-') || ' '
                || coalesce(right(created_by_key::text, 1), '-') AS row FROM api_keys ORDER BY id
            """
        ).map { try $0.decode("row", as: String.self) }
        #expect(keys == ["1 true - -", "2 false 2 -", "3 false - 2", "4 false - -"])
        let invitations = try await connection.query(
            "SELECT coalesce(right(created_by::text, 1), '-') || ' ' || (revoked_at IS NULL) AS row FROM invitations ORDER BY id"
        ).map { try $0.decode("row", as: String.self) }
        #expect(invitations == ["1 true", "2 false", "- false"], "whose makers may not make them today are ended")
    }
}

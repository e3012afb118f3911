import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite struct AuditEntryRepositoryTests {
    private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

    @Test("each change leaves one entry with who, what, from where, before and after, and no secret")
    func entries() async throws {
        let test = try await TestMetastore.open()
        let key = try await test.metastore.apiKeys.create(test.makeKey("CI"), in: test.project.id, audit: test.audit)
        _ = try await test.metastore.apiKeys.revoke(key.id, in: test.project.id, audit: test.audit)
        _ = try await test.metastore.projects.update(
            test.project.id, in: test.organization.id, ProjectChange(name: "Shop 2"), audit: test.audit)
        // The system's own: the organization and the project of the set-up.
        let entries = try await test.metastore.auditEntries.list(in: test.organization.id, page: PageRequest()).items
        #expect(entries.map(\.resourceKind) == ["project", "api_key", "api_key", "project", "organization"])
        #expect(entries.prefix(3).allSatisfy { $0.draft == test.audit && $0.outcome == .succeeded && $0.projectID == test.project.id })
        #expect(entries[4].draft.caller == .system && entries[4].draft.action == "createOrganization")
        #expect(text(entries[0].before).contains("\"Shop\"") && text(entries[0].after).contains("\"Shop 2\""))
        #expect(entries[2].before == nil && entries[2].resourceID == key.id.uuid)
        #expect(text(entries[1].before).contains("\"revoked_at\": null") && !text(entries[1].after).contains("\"revoked_at\": null"))
        #expect(!entries.contains { text($0.after).contains("hash") || text($0.before).contains("hash") })
    }

    @Test("what was refused or found nothing leaves the data and the log alone")
    func nothing() async throws {
        let test = try await TestMetastore.open()
        let count = try await test.metastore.auditEntries.list(in: test.organization.id, page: PageRequest()).items.count
        _ = await failure { try await test.metastore.projects.create(name: "", in: test.organization.id, audit: test.audit) }
        #expect(try await test.metastore.apiKeys.revoke(.make(), in: test.project.id, audit: test.audit) == nil)
        #expect(try await test.metastore.auditEntries.list(in: test.organization.id, page: PageRequest()).items.count == count)
        // An entry that cannot be written takes its change back.
        let bad = AuditDraft(caller: .system, callerName: "n", action: "Not an operation")
        #expect(
            await failure { try await test.metastore.projects.create(name: "Half", in: test.organization.id, audit: bad) }?.code == .invalid
        )
        #expect(try await test.metastore.projects.list(in: test.organization.id, page: PageRequest()).items.count == 1)
    }

    @Test("entries are found by each filter, in their own organization only, page by page")
    func filters() async throws {
        let test = try await TestMetastore.open()
        let log = test.metastore.auditEntries
        let user = UserID.make()
        var byUser = test.audit
        byUser.caller = .user(user)
        byUser.action = "otherAction"
        let project = try await test.metastore.projects.create(name: "Other", in: test.organization.id, audit: byUser)
        for number in 0..<5 {
            try await log.append(test.audit, resourceKind: "thing", resourceID: "\(number)", organization: test.organization.id)
        }
        func found(_ set: (inout AuditFilter) -> Void) async throws -> Int {
            var filter = AuditFilter()
            set(&filter)
            return try await log.list(in: test.organization.id, filter, page: PageRequest()).items.count
        }
        #expect(try await found { $0.userID = user } == 1)
        #expect(try await found { $0.action = "otherAction" } == 1)
        #expect(try await found { $0.projectID = project.id } == 1)
        #expect(try await found { $0.resourceKind = "thing" } == 5)
        #expect(try await found { $0.resourceID = "3" } == 1)
        #expect(try await found { $0.apiKeyID = APIKeyID(high: 1, low: 2) } == 5)
        #expect(try await found { $0.sinceUnixNano = UnixTime.now() + 60_000_000_000 } == 0)
        #expect(try await found { $0.untilUnixNano = 1 } == 0)
        let stranger = try await test.metastore.organizations.create(name: "Other")
        #expect(try await log.list(in: stranger.id, page: PageRequest()).items.count == 1)
        var filter = AuditFilter(), seen: [String] = [], cursor: String?
        filter.resourceKind = "thing"
        repeat {
            let page = try await log.list(in: test.organization.id, filter, page: PageRequest(limit: 2, cursor: cursor))
            seen += page.items.map(\.resourceID)
            cursor = page.nextCursor
        } while cursor != nil
        #expect(seen == ["4", "3", "2", "1", "0"])
    }

    @Test("what is changed in a project is its organization's, also where an earlier program named the project alone")
    func projectsOwn() async throws {
        let test = try await TestMetastore.open()
        let log = test.metastore.auditEntries
        try await log.append(test.audit, resourceKind: "thing", resourceID: "new", project: test.project.id, after: Array("{}".utf8))
        _ = try await test.connection.query(
            """
            INSERT INTO audit_entries (id, project_id, caller_kind, caller_name, action, resource_kind, resource_id, request_id, after, outcome)
            VALUES ($1, $2, 'system', 'system', 'earlierAction', 'thing', 'old', 'r', '{}', 'succeeded')
            """, [AuditEntryID.make().value, test.project.id.value])
        var filter = AuditFilter()
        filter.resourceKind = "thing"
        let entries = try await log.list(in: test.organization.id, filter, page: PageRequest()).items
        #expect(entries.count == 2)
        for entry in entries { #expect(entry.organizationID == (entry.resourceID == "old" ? nil : test.organization.id)) }
        #expect(entries.allSatisfy { $0.after != nil })
        let stranger = try await test.metastore.organizations.create(name: "Other")
        #expect(try await log.list(in: stranger.id, filter, page: PageRequest()).items.isEmpty)
    }

    @Test("the server's role cannot change, delete or truncate an entry, nor make itself able to; nor can the tables' owner by mistake")
    func appendOnly() async throws {
        let database = try await TestServer.makeDatabase()
        let pool = PostgresPool(database, maximumConnectionCount: 1, logger: TestServer.logger)
        let metastore = try await Metastore.open(pool)
        let organization = try await metastore.organizations.create(name: "Acme")
        let user = try await pool.query("SELECT current_user::text AS current, session_user::text AS session").first
        #expect(try user?.decode("current", as: String.self) == "spandrel_app")
        #expect(try user?.decode("session", as: String.self) == "spandrel_app", "logged in as, not switched to")
        let attacks = [
            "UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries",
            "ALTER TABLE audit_entries DISABLE TRIGGER ALL", "DROP TABLE audit_entries",
            "DROP TRIGGER audit_entries_append_only ON audit_entries",
            "SET session_replication_role = replica", "SET ROLE spandrel", "SET SESSION AUTHORIZATION spandrel",
            "RESET ROLE; DELETE FROM audit_entries", "GRANT DELETE ON audit_entries TO spandrel_app; DELETE FROM audit_entries",
            "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "INSERT INTO audit_entries SELECT * FROM audit_entries ON CONFLICT (id) DO UPDATE SET action = 'x'",
            "DELETE FROM spandrel_migrations",
        ]
        for sql in attacks {
            do {
                try await pool.withConnection { connection throws(PostgresError) in _ = try await connection.script(sql) }
                Issue.record("done: \(sql)")
            } catch {
                #expect(error.sqlstate == "42501" || error.sqlstate == "22023", "\(sql): \(error)")
            }
        }
        #expect(
            try await metastore.auditEntries.list(in: organization.id, page: PageRequest()).items.map(\.draft.action) == [
                "createOrganization"
            ])
        let owner = try await PostgresConnection.connect(database)
        for sql in ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"] {
            await #expect(throws: PostgresError.self, "\(sql)") { try await owner.script(sql) }
        }
        await metastore.close()
    }

    @Test("on somebody else's server the pool switches to the role, and goes on without where it is no member")
    func foreignServer() async throws {
        let database = try await TestServer.makeDatabase()
        let owner = try await PostgresConnection.connect(database)
        let name = try await owner.query("SELECT current_database()::text AS name")[0].decode("name", as: String.self)
        let socket = try await owner.query("SHOW unix_socket_directories")[0].decode("unix_socket_directories", as: String.self)
        _ = try await owner.script("CREATE ROLE \(name)_user LOGIN; GRANT ALL ON SCHEMA public TO \(name)_user")
        for isMember in [false, true] {
            if isMember { _ = try await owner.script("GRANT spandrel_app TO \(name)_user") }
            let foreign = try PostgresConfiguration(
                socketDirectory: socket.filter { $0 != "\"" }, database: name, user: "\(name)_user")
            let pool = PostgresPool(foreign, logger: TestServer.logger)
            let metastore = try await Metastore.open(pool)
            let current = try await pool.query("SELECT current_user::text AS name")[0].decode("name", as: String.self)
            #expect(current == (isMember ? "spandrel_app" : "\(name)_user"))
            _ = try await metastore.organizations.create(name: "Acme")
            await #expect(throws: PostgresError.self) { try await pool.query("DELETE FROM audit_entries") }
            await metastore.close()
        }
    }
}

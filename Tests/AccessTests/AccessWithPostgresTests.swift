import Access
import Glibc
import Metastore
import MetastoreTesting
import PostgresClient
import PostgresTesting
import Testing

@Suite struct AccessWithPostgresTests {
    @Test("the first key has every scope, its secret is nowhere in the database, and there is no second first start")
    func firstStart() async throws {
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, logger: TestServer.logger))
        let first = try #require(try await FirstStart.run(metastore, passwordCost: .cheap))
        #expect(try await FirstStart.run(metastore, passwordCost: .cheap) == nil)
        let authenticator = Authenticator(keys: metastore.apiKeys)
        let principal = try await authenticator.authenticate(Credential(first.secret.text))
        #expect(
            principal.scopes == Set(Scope.allCases) && principal.projectID == first.projectID
                && principal.knownOrganizationID == first.organizationID)
        let connection = try await PostgresConnection.connect(database)
        #expect(
            try await connection.query("SELECT k::text AS row FROM api_keys k").allSatisfy {
                try !$0.decode("row", as: String.self).contains(first.secret.text.dropFirst(12))
            })
        await authenticator.recordUses()
        let keyID = try #require(principal.keyID)
        #expect(try await metastore.apiKeys.find(keyID, in: first.projectID)?.lastUseTimeUnixNano != nil)
        await metastore.close()
    }

    @Test("a new key works, then is revoked, and its project's archiving ends the others")
    func revoking() async throws {
        let metastore = try await Metastore.open(
            PostgresPool(try await TestDatabase.make(), logger: TestServer.logger))
        let first = try #require(try await FirstStart.run(metastore, passwordCost: .cheap))
        let authenticator = Authenticator(keys: metastore.apiKeys)
        let secret = APIKeySecret.generate()
        let key = try await metastore.apiKeys.create(NewAPIKey(name: "CI", secret: secret, scopes: [.ingest]), in: first.projectID)
        #expect(try await authenticator.authenticate(Credential(secret.text)).scopes == [.ingest])
        _ = try await metastore.apiKeys.revoke(key.id, in: first.projectID)
        authenticator.forget(key.id)
        await #expect(throws: AccessError.unauthenticated(.revoked)) { try await authenticator.authenticate(Credential(secret.text)) }
        _ = try await authenticator.authenticate(Credential(first.secret.text))
        _ = try await metastore.projects.archive(first.projectID, in: first.organizationID)
        authenticator.forget(projectKeys: first.projectID)
        await #expect(throws: AccessError.unauthenticated(.projectArchived)) {
            try await authenticator.authenticate(Credential(first.secret.text))
        }
        await metastore.close()
    }

    @Test("PostgreSQL is stopped and started under load: known keys go on throughout, new ones are unavailable and then work")
    func outage() async throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        var cluster = try await PrivateCluster.start(directory: directory + "/postgres", logger: TestServer.logger)
        let metastore = try await Metastore.open(PostgresPool(cluster.configuration, logger: TestServer.logger))
        let first = try #require(try await FirstStart.run(metastore, passwordCost: .cheap))
        let authenticator = Authenticator(keys: metastore.apiKeys)
        let known = Credential(first.secret.text)
        _ = try await authenticator.authenticate(known)
        let secret = APIKeySecret.generate()
        _ = try await metastore.apiKeys.create(NewAPIKey(name: "new", secret: secret, scopes: [.read]), in: first.projectID)
        for _ in 0..<2 {
            await cluster.stop()
            for _ in 0..<100 { #expect(try await authenticator.authenticate(known).has(.ingest)) }
            await #expect(throws: AccessError.unavailable) {
                try await authenticator.authenticate(Credential(APIKeySecret.generate().text))
            }
            cluster = try await PrivateCluster.start(directory: directory + "/postgres", logger: TestServer.logger)
            try await eventually("the database answers") { (try? await metastore.ping()) != nil }
            #expect(try await authenticator.authenticate(Credential(secret.text)).scopes == [.read])
        }
        await metastore.close()
        await cluster.stop()
    }
}

import PostgresClient
import PostgresTesting
import Testing

@testable import Metastore

@Suite("Credentials of workers")
struct WorkerCredentialRepositoryTests {
    @Test("one is made, found by its hash, listed and revoked, each change audited without the hash")
    func life() async throws {
        let test = try await TestMetastore.open(), credentials = test.metastore.workerCredentials
        let hash = [UInt8](repeating: 7, count: 32)
        let first = try await credentials.create(name: "rack 1", hash: hash, audit: test.audit)
        let second = try await credentials.create(name: "rack 1", hash: [UInt8](repeating: 8, count: 32), audit: test.audit)
        #expect(try await credentials.find(hash: hash) == KnownWorkerCredential(credential: first, hash: hash))
        #expect(try await credentials.find(hash: [UInt8](repeating: 9, count: 32)) == nil)
        let page = try await credentials.list(page: try PageRequest(limit: 1))
        #expect(page.items == [second])
        #expect(try await credentials.list(page: try PageRequest(limit: 1, cursor: page.nextCursor)).items == [first])
        let revoked = try #require(try await credentials.revoke(first.id, audit: test.audit))
        #expect(revoked.revocationTimeUnixNano != nil)
        #expect(try await credentials.revoke(first.id, audit: test.audit) == revoked)
        #expect(try await credentials.find(hash: hash)?.credential == revoked)
        #expect(try await credentials.revoke(.make(), audit: test.audit) == nil)
        let entries = try await test.connection.query(
            "SELECT coalesce(before, '{}')::text || after::text AS rows FROM audit_entries WHERE resource_kind = 'worker_credential'")
        #expect(entries.count == 3)
        for entry in entries { #expect(try !entry.decode("rows", as: String.self).contains("token_hash")) }
    }

    @Test("a wrong name, a wrong hash and a hash that is in use are refused")
    func refusals() async throws {
        let test = try await TestMetastore.open(), credentials = test.metastore.workerCredentials
        let hash = [UInt8](repeating: 7, count: 32)
        _ = try await credentials.create(name: "a", hash: hash, audit: test.audit)
        #expect(await failure { try await credentials.create(name: "", hash: hash, audit: test.audit) }?.field == "name")
        #expect(await failure { try await credentials.create(name: "b", hash: [1], audit: test.audit) }?.field == "token")
        #expect(await failure { try await credentials.create(name: "b", hash: hash, audit: test.audit) }?.code == .conflict)
        #expect(await failure { try await credentials.list(page: try PageRequest(cursor: "zz")) }?.field == "cursor")
    }
}

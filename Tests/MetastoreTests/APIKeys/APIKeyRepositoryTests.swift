import Metastore
import PostgresTesting
import Testing
import TraceModel

@Suite struct APIKeyRepositoryTests {
    @Test("a key is found by its hash with its project's organization, and by its id in its own project only")
    func finding() async throws {
        let test = try await TestMetastore.open()
        let keys = test.metastore.apiKeys
        let record = try await keys.create(test.makeKey(scopes: ["ingest", "read"]), in: test.project.id)
        let known = try #require(try await keys.find(hash: [UInt8](repeating: 1, count: 32)))
        #expect(known.record == record && known.organizationID == test.organization.id && !known.isProjectArchived)
        #expect(known.hash == [UInt8](repeating: 1, count: 32))
        #expect(try await keys.find(hash: [UInt8](repeating: 2, count: 32)) == nil)
        let other = try await test.metastore.projects.create(name: "Other", in: test.organization.id).id
        #expect(try await keys.find(record.id, in: test.project.id) == record)
        #expect(try await keys.find(record.id, in: other) == nil)
        #expect(try await keys.revoke(record.id, in: other) == nil)
        #expect(try await keys.list(in: other, page: PageRequest()).items.isEmpty)
        #expect(try await keys.list(in: test.project.id, page: PageRequest()).items == [record])
    }

    @Test("a key is revoked once, and says so with its archived project")
    func revoking() async throws {
        let test = try await TestMetastore.open()
        let keys = test.metastore.apiKeys
        let record = try await keys.create(test.makeKey(), in: test.project.id)
        let revoked = try #require(try await keys.revoke(record.id, in: test.project.id))
        #expect(revoked.revocationTimeUnixNano != nil)
        #expect(try await keys.revoke(record.id, in: test.project.id) == revoked)
        _ = try await test.metastore.projects.archive(test.project.id, in: test.organization.id)
        #expect(try await keys.find(hash: [UInt8](repeating: 1, count: 32))?.isProjectArchived == true)
    }

    @Test("wrong scopes, a past expiry, a hash in use and a project that is not there are refused")
    func refusals() async throws {
        let test = try await TestMetastore.open()
        let keys = test.metastore.apiKeys
        for scopes in [[], ["root"], ["read", "read"], ["read", ""]] {
            let error = await failure { try await keys.create(test.makeKey(scopes: scopes), in: test.project.id) }
            #expect(error?.code == .invalid && error?.field == "scopes")
        }
        var expired = test.makeKey()
        expired.expiryTimeUnixNano = 1
        #expect(await failure { try await keys.create(expired, in: test.project.id) }?.field == "expires_at")
        _ = try await keys.create(test.makeKey(), in: test.project.id)
        #expect(await failure { try await keys.create(test.makeKey(), in: test.project.id) }?.code == .conflict)
        let stranger = try #require(await failure { try await keys.create(test.makeKey(hash: 9), in: .make()) })
        #expect(stranger.code == .notFound && stranger.field == "project_id")
    }

    @Test("a key has further projects of its organization, which its replacement has too, and loses those that are archived")
    func furtherProjects() async throws {
        let test = try await TestMetastore.open()
        let keys = test.metastore.apiKeys, projects = test.metastore.projects, organization = test.organization.id
        let (b, a) = (try await projects.create(name: "B", in: organization), try await projects.create(name: "A", in: organization))
        var key = test.makeKey()
        key.furtherProjects = [b.id, a.id]
        let record = try await keys.create(key, in: test.project.id)
        #expect(record.furtherProjects == [KeyProject(id: b.id, name: "B"), KeyProject(id: a.id, name: "A")], "in the order named")
        let known = try #require(try await keys.find(hash: [UInt8](repeating: 1, count: 32)))
        #expect(known.record == record && known.projectName == test.project.name)
        let replacement = ReplacementAPIKey(prefix: "spdrl_new", hash: [UInt8](repeating: 7, count: 32))
        let rotated = try await keys.rotate(
            record.id, in: test.project.id, replacement: replacement, overlapSeconds: 60, audit: test.audit)
        #expect(rotated?.new.furtherProjects == record.furtherProjects && rotated?.old.furtherProjects == record.furtherProjects)
        _ = try await projects.archive(b.id, in: organization)
        #expect(try await keys.find(record.id, in: test.project.id)?.furtherProjects.map(\.name) == ["A"])
        let foreign = try await projects.create(name: "F", in: try await test.metastore.organizations.create(name: "Other").id).id
        for (hash, wrong) in [(2, [test.project.id]), (3, [a.id, a.id]), (4, [.make()]), (5, [foreign])] as [(UInt8, [ProjectID])] {
            var key = test.makeKey(hash: hash)
            key.furtherProjects = wrong
            #expect(await failure { try await keys.create(key, in: test.project.id) }?.field == "further_projects", "\(wrong)")
        }
        #expect(try await keys.list(in: test.project.id, page: PageRequest()).items.count == 2, "nothing of a refused key stays")
    }

    @Test("uses of many keys are noted in one go, and never set back")
    func uses() async throws {
        let test = try await TestMetastore.open()
        let keys = test.metastore.apiKeys
        let a = try await keys.create(test.makeKey(hash: 1), in: test.project.id),
            b = try await keys.create(test.makeKey(hash: 2), in: test.project.id)
        try await keys.recordUses([a.id: 5_000_000_000, b.id: 6_000_000_000, .make(): 1])
        try await keys.recordUses([a.id: 4_000_000_000, b.id: 7_000_000_000])
        try await keys.recordUses([:])
        #expect(try await keys.find(a.id, in: test.project.id)?.lastUseTimeUnixNano == 5_000_000_000)
        #expect(try await keys.find(b.id, in: test.project.id)?.lastUseTimeUnixNano == 7_000_000_000)
    }
}

@Suite struct APIKeyRotationTests {
    @Test("a key is replaced by one like it, once, and goes on until the overlap ends")
    func rotating() async throws {
        let test = try await TestMetastore.open()
        let keys = test.metastore.apiKeys
        var key = test.makeKey(scopes: ["ingest"])
        key.restrictions = APIKeyRestrictions(
            allowedNetworks: ["10.0.0.0/8", "2001:db8::/32"], requestsPerSecond: 5, bytesPerSecond: 1_000, maximumConcurrency: 2)
        let record = try await keys.create(key, in: test.project.id)
        #expect(record.restrictions == key.restrictions)
        let replacement = ReplacementAPIKey(prefix: "spdrl_new", hash: [UInt8](repeating: 7, count: 32))
        func rotate() async throws -> (old: APIKeyRecord, new: APIKeyRecord)? {
            try await keys.rotate(record.id, in: test.project.id, replacement: replacement, overlapSeconds: 3_600, audit: test.audit)
        }
        let rotated = try #require(try await rotate())
        #expect(
            rotated.old.replacementID == rotated.new.id && rotated.new.restrictions == key.restrictions && rotated.new.scopes == ["ingest"])
        let left = try #require(rotated.old.expiryTimeUnixNano) - UnixTime.now()
        #expect((3_500_000_000_000...3_600_000_000_000).contains(left))
        #expect(try await rotate() == nil, "only once")
        #expect(try await keys.find(hash: [UInt8](repeating: 7, count: 32))?.record == rotated.new)
    }
}

import Foundation
import Metastore
import MetastoreTesting
import PostgresClient
import PostgresTesting
import Testing

@testable import Access

@Suite struct VaultTests {
    private func owner(_ access: TestAccess) async throws -> Principal { try await access.principal(try await access.signInOwner()) }

    private func store(_ access: TestAccess, _ count: Int) async throws -> [ProviderCredentialID: String] {
        let owner = try await owner(access)
        var secrets: [ProviderCredentialID: String] = [:]
        for number in 0..<count {
            let text = "sk-test-\(number)-\(UInt64.random(in: 0...UInt64.max))"
            let made = try await access.credentials.create(
                provider: "openai", name: "key \(number)", baseURL: nil, secret: ProviderSecret(text), by: owner,
                audit: .system("createCredential"))
            secrets[made.id] = text
        }
        return secrets
    }

    @Test("a process beside the server opens what the server has sealed, and makes neither a key nor a row")
    func existing() async throws {
        try await TestAccess.run { access in
            let secrets = try await store(access, 1), source = MasterKeySource.file(path: access.directory + "/master.key")
            let vault = try await Vault.openExisting(source, access.metastore)
            let credentials = ProviderCredentials(metastore: access.metastore, vault: vault)
            for (id, text) in secrets { #expect(try await credentials.secret(of: id, in: access.first.organizationID).text == text) }
            let none = access.directory + "/none.key"
            guard
                case .masterKey(let missing)? = await accessError(of: { try await Vault.openExisting(.file(path: none), access.metastore) })
            else { throw CancellationError() }
            #expect(missing.contains("missing") && !FileManager.default.fileExists(atPath: none))
            let other = MasterKeySource.environment(MasterKeyRing(current: try #require(MasterKey.generate())))
            guard case .masterKey(let wrong)? = await accessError(of: { try await Vault.openExisting(other, access.metastore) }) else {
                throw CancellationError()
            }
            #expect(wrong.contains("the server's is"))
        }
        let fresh = try await Metastore.open(
            PostgresPool(try await TestDatabase.make(), logger: TestServer.logger))
        let ring = MasterKeyRing(current: try #require(MasterKey.generate()))
        guard case .masterKey(let early)? = await accessError(of: { try await Vault.openExisting(.environment(ring), fresh) }) else {
            throw CancellationError()
        }
        #expect(early.contains("start the server once"))
        #expect(try await fresh.dataKeys.masterKeyIDs().isEmpty)
        await fresh.close()
    }

    @Test("a provider's key is written, used, replaced and deleted; the database and the audit log never see it")
    func credentials() async throws {
        try await TestAccess.run { access in
            let secrets = try await store(access, 2), owner = try await owner(access), organization = access.first.organizationID
            for (id, text) in secrets { #expect(try await access.credentials.secret(of: id, in: organization).text == text) }
            let id = try #require(secrets.keys.first)
            let replaced = try await access.credentials.replace(
                id, secret: ProviderSecret("sk-new-secret"), by: owner, audit: .system("replaceCredential"))
            #expect(replaced.version == 2)
            #expect(try await access.credentials.secret(of: id, in: organization).text == "sk-new-secret")
            #expect(await accessError { try await access.credentials.secret(of: id, in: .make()) } == .notFound("provider credential"))
            let connection = try await PostgresConnection.connect(access.database)
            for table in ["provider_credentials", "data_keys", "audit_entries", "master_keys"] {
                for row in try await connection.query(
                    "SELECT t::text AS row, convert_from(convert_to(t::text, 'UTF8'), 'UTF8') AS again FROM \(table) t")
                {
                    let text = try row.decode("row", as: String.self)
                    #expect(!text.contains("sk-test") && !text.contains("sk-new") && !text.contains("736b2d"), "\(table)")
                }
            }
            var dumped = ""
            dump(ProviderSecret("sk-test"), to: &dumped)
            #expect(!dumped.contains("115") && !"\(ProviderSecret("sk-test"))".contains("sk"))
            try await access.credentials.delete(id, by: owner, audit: .system("deleteCredential"))
            #expect(await accessError { try await access.credentials.secret(of: id, in: organization) } == .notFound("provider credential"))
        }
    }

    @Test("a missing master key of a database with secrets is said, and no other is made in its place")
    func missingKey() async throws {
        try await TestAccess.run { access in
            let path = access.directory + "/elsewhere.key"
            guard case .masterKey(let reason)? = await accessError(of: { try await Vault.open(.file(path: path), access.metastore) }) else {
                Issue.record("opened")
                return
            }
            #expect(reason.contains("missing") && reason.contains("put that key's file"))
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("a sealed secret moved to another credential, or changed by a bit, does not open")
    func binding() async throws {
        try await TestAccess.run { access in
            let ids = Array(try await store(access, 2).keys), organization = access.first.organizationID
            let connection = try await PostgresConnection.connect(access.database)
            try await connection.query(
                "UPDATE provider_credentials SET sealed_secret = (SELECT sealed_secret FROM provider_credentials WHERE id = $1) WHERE id = $2",
                [.text(ids[0].uuid), .text(ids[1].uuid)])
            guard case .masterKey? = await accessError(of: { try await access.credentials.secret(of: ids[1], in: organization) }) else {
                Issue.record("opened elsewhere")
                return
            }
            _ = try await connection.script(
                "UPDATE provider_credentials SET sealed_secret = set_byte(sealed_secret, 20, get_byte(sealed_secret, 20) # 1)")
            #expect(await accessError { try await access.credentials.secret(of: ids[0], in: organization) } != nil)
        }
    }

    @Test(
        "a credential made to lead elsewhere in the database does not open; one sealed in the former way does, and is bound when replaced")
    func boundToURL() async throws {
        try await TestAccess.run { access in
            let owner = try await owner(access), organization = access.first.organizationID
            let made = try await access.credentials.create(
                provider: "openai", name: "key", baseURL: "https://api.example.org/v1", secret: ProviderSecret("sk-bound"), by: owner,
                audit: .system("createCredential"))
            let connection = try await PostgresConnection.connect(access.database)
            func isOpened(after change: String) async throws -> Bool {
                _ = try await connection.script("BEGIN; UPDATE provider_credentials SET \(change); COMMIT")
                return await accessError { try await access.credentials.secret(of: made.id, in: organization) } == nil
            }
            #expect(try await isOpened(after: "name = 'renamed'"))
            #expect(try await !isOpened(after: "base_url = 'https://evil.example'"))
            #expect(try await !isOpened(after: "base_url = NULL"))
            #expect(try await isOpened(after: "base_url = 'https://api.example.org/v1'"))
            #expect(try await !isOpened(after: "provider = 'anthropic'"))
            #expect(try await isOpened(after: "provider = 'openai'"))
            // As the first version did it.
            let stored = try #require(try await access.metastore.providerCredentials.sealed(made.id, in: organization))
            let dataKey = try #require(try await access.metastore.dataKeys.find(stored.secret.dataKeyID))
            let ring = try MasterKeySource.file(path: access.directory + "/master.key").load()
            let key = try #require(ring.current.unwrap(dataKey.wrapped, for: Vault.place(of: dataKey.id)))
            let former = CredentialPlace(stored.credential).formerBinding
            let sealed = try #require(Sealing.seal(Array("sk-former".utf8), with: key, binding: former))
            try await connection.query("UPDATE provider_credentials SET sealed_secret = $1", [.bytes(sealed)])
            #expect(try await access.credentials.secret(of: made.id, in: organization).text == "sk-former")
            #expect(try await isOpened(after: "base_url = 'https://other.example'"))
            _ = try await access.credentials.replace(made.id, secret: ProviderSecret("sk-new"), by: owner, audit: .system("replace"))
            #expect(try await isOpened(after: "name = 'again'"))
            #expect(try await !isOpened(after: "base_url = 'https://evil.example'"))
        }
    }

    @Test("the master key's file is made with mode 0600, read again, and refused when others may read it or it is damaged")
    func file() throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let path = directory + "/master.key", source = MasterKeySource.file(path: path)
        let made = try source.load()
        func setMode(_ mode: Int) throws { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path) }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect(try source.load().current.id == made.current.id)
        #expect(!"\(made.current)".contains(made.current.text))
        try setMode(0o640)
        #expect(throws: AccessError.self) { try source.load() }
        try setMode(0o600)
        try Data("0123456789abcdef AAAA\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: AccessError.self) { try source.load() }
    }

    @Test("the environment's key comes before the file's, and must be one")
    func environment() throws {
        let key = try #require(MasterKey.generate()), hex = String(repeating: "0f", count: 32)
        func find(_ variables: [String: String]) throws -> MasterKeySource {
            try MasterKeySource.find(dataDirectory: "/nowhere") { variables[$0] }
        }
        #expect(try find(["SPANDREL_MASTER_KEY": key.text]).load().current.id == key.id)
        let both = try find(["SPANDREL_MASTER_KEY": hex, "SPANDREL_MASTER_KEY_PREVIOUS": key.text]).load()
        #expect(both.former.map(\.id) == [key.id] && both[key.id] != nil)
        #expect(throws: AccessError.self) { try find(["SPANDREL_MASTER_KEY": "short"]) }
        guard case .file(let path) = try find([:]) else { throw CancellationError() }
        #expect(path == "/nowhere/master.key")
    }

    @Test("a server with another master key than the database's does not start")
    func wrongKey() async throws {
        try await TestAccess.run { access in
            _ = try await store(access, 1)
            let error = await accessError { try await Vault.open(.file(path: access.directory + "/other.key"), access.metastore) }
            guard case .masterKey(let text)? = error else { throw CancellationError() }
            #expect(text.contains("put that key's file"))
        }
    }

    @Test("a rotation killed after any step leaves every secret readable, by old servers and new, and a new run ends it")
    func killedRotation() async throws {
        try await TestAccess.run { access in
            let secrets = try await store(access, 3), organization = access.first.organizationID
            let source = MasterKeySource.file(path: access.directory + "/master.key")
            func check(_ note: String) async throws {
                let fresh = ProviderCredentials(metastore: access.metastore, vault: try await Vault.open(source, access.metastore))
                for (id, text) in secrets {
                    #expect(try await fresh.secret(of: id, in: organization).text == text, "\(note)")
                    #expect(try await access.credentials.secret(of: id, in: organization).text == text, "\(note), server started before")
                }
            }
            let before = try source.load().current.id
            for steps in 1...7 {
                let rotation = try MasterKeyRotation(source, access.metastore, audit: .system("rotateMasterKey"))
                for _ in 0..<steps { if try await rotation.step() == .done { break } }
                // Killed here: all that is left is the file and the database.
                try await check("killed after \(steps)")
                let again = try MasterKeyRotation(source, access.metastore, audit: .system("rotateMasterKey"))
                if try source.load().former.isEmpty == false { try await again.run() }
                try await check("continued after \(steps)")
                let ring = try source.load()
                #expect(ring.former.isEmpty)
                #expect(try await access.metastore.dataKeys.masterKeyIDs() == [ring.current.id])
                #expect(try await access.metastore.dataKeys.notUnder(masterKeyID: ring.current.id, limit: 10).isEmpty)
            }
            #expect(try source.load().current.id != before)
            // The server that started with the first key seals new secrets under the last one.
            let other = try await access.metastore.organizations.create(name: "Other")
            let id = ProviderCredentialID.make()
            let place = CredentialPlace(id: id, organizationID: other.id, provider: "openai", baseURL: nil)
            let sealed = try await access.vault.seal(Array("late".utf8), for: place)
            let fresh = try await Vault.open(source, access.metastore)
            #expect(try await fresh.open(sealed, for: place) == Array("late".utf8))
            _ = try await AccessTokens(try await fresh.tokenSigningKey())
        }
    }

    @Test("the plan's steps follow from how things stand")
    func plan() {
        var state = MasterKeyRotationState(
            formerKeyCount: 0, isCurrentAllowed: true, areOthersAllowed: false, hasKeysUnderOthers: false, mayMakeKey: true)
        #expect(state.nextStep == .makeKey)
        state = .init(formerKeyCount: 1, isCurrentAllowed: false, areOthersAllowed: true, hasKeysUnderOthers: true, mayMakeKey: false)
        #expect(state.nextStep == .allow)
        state.isCurrentAllowed = true
        #expect(state.nextStep == .rewrap)
        state.hasKeysUnderOthers = false
        #expect(state.nextStep == .retire)
        state.areOthersAllowed = false
        #expect(state.nextStep == .dropOld)
        state.formerKeyCount = 0
        #expect(state.nextStep == .done)
    }

    @Test("two rotations at once end with one key and every secret")
    func twoRotations() async throws {
        try await TestAccess.run { access in
            let secrets = try await store(access, 2), organization = access.first.organizationID
            let source = MasterKeySource.file(path: access.directory + "/master.key")
            let first = try MasterKeyRotation(source, access.metastore, audit: .system("rotateMasterKey"))
            _ = try await first.step()
            let second = try MasterKeyRotation(source, access.metastore, audit: .system("rotateMasterKey"))
            for _ in 0..<8 {
                _ = try await first.step()
                _ = try await second.step()
            }
            let fresh = ProviderCredentials(metastore: access.metastore, vault: try await Vault.open(source, access.metastore))
            for (id, text) in secrets { #expect(try await fresh.secret(of: id, in: organization).text == text) }
            #expect(try source.load().former.isEmpty)
        }
    }
}

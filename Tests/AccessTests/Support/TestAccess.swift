import Metastore
import MetastoreTesting
import PostgresClient
import PostgresTesting
import TraceModel

@testable import Access

extension PasswordHash.Cost {
    /// For tests that are not about the cost.
    static let cheap = PasswordHash.Cost(logRounds: 4, blockSize: 8, parallelism: 1)
}

/// Two clocks that stand still until they are moved.
struct TestClock: AccessClock {
    let nano: Shared<Int64>
    init(_ start: Int64 = 1_000_000_000_000) { nano = Shared(start) }
    /// Begins at the real time, for what PostgreSQL compares with its own clock.
    static func real() -> TestClock { TestClock(UnixTime.now()) }
    func monotonicNano() -> Int64 { nano.value }
    func unixNano() -> Int64 { nano.value }
    func advance(seconds: Int64) { nano.change { $0 += seconds * 1_000_000_000 } }
}

/// An installation's access on a database of its own, with its first owner.
struct TestAccess {
    let database: PostgresConfiguration
    let metastore: Metastore
    let directory: String
    let vault: Vault
    let hasher = PasswordHasher(cost: .cheap)
    let tokens: AccessTokens
    let clock: TestClock
    let authenticator: Authenticator
    let first: FirstStart

    static func run(_ body: (TestAccess) async throws -> Void) async throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, logger: TestServer.logger))
        guard let first = try await FirstStart.run(metastore, passwordCost: .cheap) else { throw CancellationError() }
        let vault = try await Vault.open(.file(path: directory + "/master.key"), metastore)
        let clock = TestClock.real()
        let tokens = try await AccessTokens(try await vault.tokenSigningKey(), clock: clock)
        let access = TestAccess(
            database: database, metastore: metastore, directory: directory, vault: vault, tokens: tokens, clock: clock,
            authenticator: Authenticator(keys: metastore.apiKeys, users: metastore, tokens: tokens, clock: clock), first: first)
        try await body(access)
        await metastore.close()
    }

    var signIn: SignIn {
        SignIn(metastore: metastore, hasher: hasher, tokens: tokens, authenticator: authenticator, clock: clock)
    }
    var resets: PasswordResets {
        PasswordResets(metastore: metastore, hasher: hasher, authenticator: authenticator, clock: clock)
    }
    var invitations: Invitations {
        Invitations(metastore: metastore, hasher: hasher, authenticator: authenticator, clock: clock)
    }
    var members: Members { Members(metastore: metastore, authenticator: authenticator) }
    var credentials: ProviderCredentials { ProviderCredentials(metastore: metastore, vault: vault) }

    func signInOwner() async throws -> SignedIn {
        try await signIn.signIn(email: FirstStart.ownerEmail, password: first.password.text, origin: RequestOrigin())
    }

    func principal(_ signedIn: SignedIn, project: ProjectID? = nil) async throws -> Principal {
        try await authenticator.authenticate(Credential(signedIn.accessToken), project: project)
    }

    /// A new account with this role, signed in.
    func makeUser(_ email: String, role: Role, project: ProjectID? = nil) async throws -> SignedIn {
        let owner = try await principal(try await signInOwner())
        let invitation = try await invitations.invite(email: email, role: role, project: project, by: owner, audit: .system("invite"))
        let (_, user) = try await invitations.accept(
            token: invitation.token.text, name: "Test", password: Self.password, origin: RequestOrigin())
        return try await signIn.signIn(user.id, origin: RequestOrigin())
    }

    static let password = "correct horse battery"
}

/// The error of this target that a call ends with; nil if it ends otherwise.
func accessError<T>(of body: () async throws -> T) async -> AccessError? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? AccessError }
}

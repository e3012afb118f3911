/// A whole installation on a database and a directory of its own, served on a port of this machine: what `spandrel serve` puts
/// together, within a test's process.

import Access
import CurlClient
import GenAIConventions
import HTTPAPI
import HTTPServer
import Ingest
import KnowledgeBase
import Logging
import Metastore
import MetastoreTesting
import OTLPReceiver
import PostgresClient
import PostgresTesting
import SpanScoring
import SpanStore
import Synchronization
import TraceModel
import TraceQuery

package struct TestInstallation: Sendable {
    package let metastore: Metastore
    package let accounts: Accounts
    package let settings: SettingsInForce
    /// Mails that were sent.
    package let outbox: Outbox
    package let store: SpanStore
    package let ingestor: Ingestor
    package let api: API
    package let routes: [Route]
    package let first: FirstStart
    /// The store's files lie in it.
    package let directory: String
    package let database: PostgresConfiguration

    /// Opens everything, runs `body`, closes everything.
    package static func run(
        limits: IngestLimits = IngestLimits(), connectionLimits: ConnectionLimits = ConnectionLimits(),
        eventLimits: EventLimits = EventLimits(),
        redaction: any RedactionSource = RedactionRulebook(), scores: (any EvaluationScoreKeeper)? = nil, logger: Logger? = nil,
        readinessChecks: [ReadinessCheck] = [ReadinessCheck("test") { nil }], identityProvider: OpenIDConnectConfiguration? = nil,
        deliversMails: Bool = false, outbound: OutboundAddressPolicy = .publicOnly,
        _ body: @Sendable (TestInstallation, LiveServer) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(directory) }
        let database = try await TestDatabase.make()
        let metastore = try await Metastore.open(PostgresPool(database, logger: logger ?? TestServer.logger))
        let passwordCost = PasswordHash.Cost(logRounds: 4, blockSize: 8, parallelism: 1)
        guard let first = try await FirstStart.run(metastore, passwordCost: passwordCost) else { throw CancellationError() }
        let accounts = try await Accounts.open(
            metastore, masterKey: .file(path: directory + "/master.key"), passwordCost: passwordCost)
        let store = try SpanStore.open(StoreConfiguration(root: directory + "/store"))
        let quotas = ByteQuotas { store.fileByteCount(of: $0) }
        let settings = SettingsInForce(
            metastore: metastore, vault: accounts.vault, rulebook: redaction as? RedactionRulebook ?? RedactionRulebook(),
            limiter: accounts.limiter, quotas: quotas)
        let outbox = Outbox()
        let prices = CurrentPriceBook(try await metastore.prices.allBooks())
        let ingestor = Ingestor(
            store: store, prices: prices, redaction: redaction,
            scores: scores ?? StoredEvaluationScores(metastore.scores, logger: logger ?? TestServer.logger), quotas: quotas,
            limits: limits)
        let metrics = HTTPMetrics()
        let events = EventHub(
            StoredTaskEvents(metastore, logger: logger ?? TestServer.logger), limits: eventLimits, logger: logger ?? TestServer.logger)
        var openIDConnect: OpenIDConnectSignIn?
        if let identityProvider {
            openIDConnect = try await OpenIDConnectSignIn(
                identityProvider, client: CurlClient(), metastore: metastore, accounts: accounts)
        }
        let threads = ScanThreads()
        let scoring = SpanScoringService(store: store, threads: threads, metastore: metastore, logger: logger ?? TestServer.logger)
        // Not run: tests look themselves, so that what it does is theirs to await.
        let deletions = DeletionService(
            store: store, deletions: metastore.deletions, waitSeconds: 0, logger: logger ?? TestServer.logger)
        let api = API(
            metastore: metastore, accounts: accounts, settings: settings,
            mails: AccountMails(
                mailer: TestMailer(delivers: deliversMails, outbox: outbox), publicURL: "http://spandrel.test",
                logger: logger ?? TestServer.logger),
            outbound: outbound, openIDConnect: openIDConnect, store: store, threads: threads, ingestor: ingestor, prices: prices,
            scoring: scoring, deletions: deletions,
            knowledge: try KnowledgeRetriever(
                knowledge: metastore.knowledge, directory: directory + "/vectors", embedder: NoEmbedder(), traces: NoSearchTraces()),
            events: events, requestMetrics: metrics, readinessChecks: readinessChecks, moreMetrics: { _ in })
        let routes =
            OTLPReceiver(ingestor: ingestor, accessControl: accounts.accessControl, crossOrigin: settings).routes + (try api.routes())
        let installation = TestInstallation(
            metastore: metastore, accounts: accounts, settings: settings, outbox: outbox, store: store, ingestor: ingestor, api: api,
            routes: routes, first: first,
            directory: directory, database: database)
        let result: Result<Void, any Error>
        do {
            try await LiveServer.run(
                routes, limits: connectionLimits, metrics: metrics, logger: logger, services: [events], problem: { Problem(describing: $0) }
            ) { server in
                try await body(installation, server)
            }
            result = .success(())
        } catch { result = .failure(error) }
        await store.close()
        await metastore.close()
        try result.get()
    }

    /// A key of the first project, or of another, with these scopes.
    package func key(
        _ scopes: Set<Scope>, of project: ProjectID? = nil, expiryTimeUnixNano: Int64? = nil, reachesOrganization: Bool = false
    ) async throws -> String {
        let secret = APIKeySecret.generate()
        _ = try await metastore.apiKeys.create(
            NewAPIKey(
                name: "Test", secret: secret, scopes: scopes, expiryTimeUnixNano: expiryTimeUnixNano,
                reachesOrganization: reachesOrganization),
            in: project ?? first.projectID)
        return secret.text
    }

    /// Another project of the first organization.
    package func makeProject(_ name: String) async throws -> ProjectID {
        try await metastore.projects.create(name: name, in: first.organizationID).id
    }

    /// Who an access token lets in.
    package func principal(_ token: String) async throws -> Principal { try await accounts.authenticator.authenticate(Credential(token)) }

    /// Every entry of the audit log, oldest first, as the database has them.
    package func auditEntries() async throws -> [(action: String, kind: String, requestID: String)] {
        let rows = try await PostgresConnection.connect(database).query(
            "SELECT action, caller_kind, request_id FROM audit_entries ORDER BY id")
        var entries: [(action: String, kind: String, requestID: String)] = []
        for row in rows { entries.append((try row.decode("action"), try row.decode("caller_kind"), try row.decode("request_id"))) }
        return entries
    }

    package func spanCount(of project: ProjectID? = nil) async throws -> Int {
        let request = QueryRequest(.groups([], [Aggregate(.count)], bucket: nil))
        let result = try await QueryExecutor(threads: ScanThreads(count: 1)).execute(
            request, in: store.snapshot(of: project ?? first.projectID))
        guard case .int(let count)? = result.rows.first?.first else { return 0 }
        return Int(count)
    }
}

/// A mailer that puts mails into the outbox, as one with or without a mail server.
private struct TestMailer: Mailer {
    let delivers: Bool
    let outbox: Outbox

    func send(_ message: MailMessage) async throws(CurlError) { outbox.add(message) }
}

/// Mails instead of a mail server.
package final class Outbox: Sendable {
    private let messages = Mutex<[MailMessage]>([])

    package func add(_ message: MailMessage) { messages.withLock { $0.append(message) } }

    package var mails: [MailMessage] { messages.withLock { $0 } }

    /// Waits for a mail with a link of this kind, and takes the token out of the last one.
    package func token(after mark: String) async throws -> String {
        while true {
            if let text = mails.last(where: { $0.text.contains(mark) })?.text, let range = text.firstRange(of: mark) {
                return String(text[range.upperBound...].prefix { !$0.isWhitespace })
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// Searches go by words.
private struct NoEmbedder: KnowledgeEmbedder {
    func model(of project: ProjectID) async throws(KnowledgeSearchError) -> String? { nil }

    func embed(_ question: String, model: String, for project: ProjectID) async throws(KnowledgeSearchError) -> EmbeddedQuestion {
        throw KnowledgeSearchError(.embedding, "there is no model")
    }
}

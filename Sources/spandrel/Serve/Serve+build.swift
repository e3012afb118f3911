/// The composition root: puts the rooms together, bottom up.

import Access
import CurlClient
import Dashboard
import FeatureCollection
import FileSystem
import GenAIConventions
import HTTPAPI
import HTTPServer
import Hummingbird
import Ingest
import Logging
import Metastore
import NIOCore
import OTLPReceiver
import PostgresClient
import ProcessSetup
import SpanScoring
import SpanStore
import TelemetryExport
import TraceQuery

extension Serve {
    func build() async throws -> ServeParts {
        var cluster: PrivateCluster?
        let configuration: PostgresConfiguration
        if let databaseURL {
            configuration = try PostgresConfiguration(connectionString: databaseURL)
        } else {
            let own = try await PrivateCluster.start(directory: dataDirectory + "/postgres", logger: Logger(label: "postgres"))
            cluster = own
            configuration = own.configuration
        }
        do {
            return try await build(on: configuration, cluster)
        } catch {
            await cluster?.stop()
            throw error
        }
    }

    private func build(on configuration: PostgresConfiguration, _ cluster: PrivateCluster?) async throws -> ServeParts {
        let metastore = try await Metastore.open(PostgresPool(configuration, logger: Logger(label: "postgres")))
        try await makeFirst(metastore)
        let accounts = try await Accounts.open(metastore, masterKey: try MasterKeySource.find(dataDirectory: dataDirectory))
        let exporter = telemetry.map {
            TelemetryExporter($0, identity: ServiceIdentity(version: ServerVersion.text), logger: Logger(label: "telemetry"))
        }
        let store = try await openStore(exporter)
        let rulebook = RedactionRulebook(), quotas = ByteQuotas { store.fileByteCount(of: $0) }
        let settings = SettingsInForce(
            metastore: metastore, vault: accounts.vault, rulebook: rulebook, limiter: accounts.limiter, quotas: quotas)
        // Before anything comes in: a span that a rule would have masked must not be stored in the clear, and a project that has reached
        // its quota stores nothing.
        try await settings.refresh()
        let prices = CurrentPriceBook(try await metastore.prices.allBooks())
        let ingestor = Ingestor(
            store: store, prices: prices, redaction: rulebook,
            scores: StoredEvaluationScores(metastore.scores, logger: Logger(label: "scores")), quotas: quotas,
            limits: IngestLimits(maximumByteCountInFlight: ingestMemoryByteCount))
        let threads = ScanThreads(), requestMetrics = HTTPMetrics(), events = EventHub(metastore, logger: Logger(label: "events"))
        let scoring = SpanScoringService(store: store, threads: threads, metastore: metastore, logger: Logger(label: "scoring"))
        let deletions = DeletionService(store: store, deletions: metastore.deletions, logger: Logger(label: "deletions"))
        let resources = resources(metastore, accounts, prices, ingestor)
        let knowledge = try knowledge(resources)
        let provider = try await openIDConnect(metastore, accounts)
        let api = API(
            metastore: metastore, accounts: accounts, settings: settings, mails: mails(), outbound: self.accounts.outbound,
            openIDConnect: provider, store: store, threads: threads, ingestor: ingestor,
            prices: prices, scoring: scoring, deletions: deletions, knowledge: knowledge.retriever, events: events,
            requestMetrics: requestMetrics,
            readinessChecks: readinessChecks(metastore, store)
        ) { report in
            report.store(store.statistics, store.quarantine.statistics, store.receipts.statistics)
            report.disk(store.diskStatistics)
            report.database(metastore.poolStatistics)
            if let exporter { report.telemetry(exporter.counts) }
        }
        let apiRoutes = try api.routes()
        let dashboard = try Dashboard(
            api: apiRoutes, problem: { Problem(describing: $0) }, accounts: accounts, hasIdentityProvider: provider != nil,
            publicURL: self.accounts.publicURL)
        let receiver = OTLPReceiver(ingestor: ingestor, accessControl: accounts.accessControl, crossOrigin: settings)
        var edge = edge
        edge.crossOrigin = settings
        let configuredEdge = edge
        let requestFinished = exporter.map { exporter in
            { @Sendable (request: FinishedRequest) in exporter.record(request) }
        }
        let listeners = Listeners(
            edge: configuredEdge, metrics: requestMetrics, requestFinished: requestFinished, problemPage: dashboard.problemPage,
            announce: announce)
        let applications = listeners.make(
            http: (listen, receiver.routes + apiRoutes + dashboard.routes), grpc: grpcListen.map { ($0, receiver.grpcRoutes) })
        return ServeParts(
            store: store, metastore: metastore, accounts: accounts, cluster: cluster,
            services: knowledge.services + (exporter.map { [OwnTelemetry(exporter: $0, report: api.metrics.report)] } ?? []) + [
                PeriodicDuty.maintenance(of: store, logger: logger), PeriodicDuty.disk(of: store, logger: logger),
                PeriodicDuty.retention(store, metastore, logger: logger),
                PeriodicDuty.priceRefresh(prices, metastore, logger: logger), PeriodicDuty.keyUses(accounts.authenticator, logger: logger),
                PeriodicDuty.settingsRefresh(settings, quotas, logger: logger),
                PeriodicDuty.expiredSessions(metastore, logger: logger), PeriodicDuty.oldDecisions(metastore, logger: logger),
                PeriodicDuty.unusedRateBudgets(metastore, logger: logger), PeriodicDuty.unusedBodyMemory(ingestor, logger: logger),
                PeriodicDuty.featureCollection(
                    FeatureCollector(features: metastore.features, store: store, threads: threads, logger: logger), logger: logger),
                ReapplicationService(store: store, metastore: metastore, prices: prices, logger: logger), scoring, deletions, events,
            ] + applications + workers(resources, knowledge.retriever)
                + (edge.tls.map { [TLSReload(context: $0, logger: logger)] } ?? [])
        )
    }

    /// On an empty database the first project, key and owner; on one from before there were users, the first owner. Their secrets go
    /// to credentials.json and nowhere else.
    private func makeFirst(_ metastore: Metastore) async throws {
        let url = listen.url(port: listen.port, isSecure: edge.tls != nil)
        if let first = try await FirstStart.run(metastore) {
            try Credentials(
                url: url, projectID: first.projectID.uuid, apiKey: first.secret.text, email: FirstStart.ownerEmail,
                password: first.password.text
            ).write(directory: dataDirectory)
        } else if let password = try await FirstStart.makeMissingOwner(metastore) {
            guard var credentials = try Credentials.read(directory: dataDirectory) else {
                throw CommandFailure(
                    "an owner's account was made, but \(dataDirectory) has no credentials.json to write its password to: reset it by mail")
            }
            credentials.email = FirstStart.ownerEmail
            credentials.password = password.text
            try credentials.write(directory: dataDirectory)
        }
    }

    private func openIDConnect(_ metastore: Metastore, _ accounts: Accounts) async throws -> OpenIDConnectSignIn? {
        guard let configuration = self.accounts.openIDConnect else { return nil }
        return try await OpenIDConnectSignIn(configuration, client: CurlClient(), metastore: metastore, accounts: accounts)
    }

    private func mails() -> AccountMails {
        let mailer: any Mailer
        if let smtp = accounts.smtp {
            mailer = SMTPMailer(client: CurlClient(), configuration: smtp)
        } else {
            let logger = Logger(label: "mail")
            // The operator passes it on: there is no mail server to do it.
            mailer = LogMailer {
                logger.notice("mail", metadata: ["to": "\($0.recipient)", "subject": "\($0.subject)", "text": "\($0.text)"])
            }
        }
        let publicURL = accounts.publicURL ?? listen.url(port: listen.port, isSecure: edge.tls != nil)
        return AccountMails(mailer: mailer, publicURL: publicURL, logger: Logger(label: "mail"))
    }

    /// On a thread of its own: opening reads the log back, which may take seconds.
    private func openStore(_ exporter: TelemetryExporter?) async throws -> SpanStore {
        var configuration = StoreConfiguration(root: dataDirectory + "/store")
        let logger = Logger(label: "store")
        configuration.log = { level, message in
            switch level {
            case .info: logger.info("\(message)")
            case .warning: logger.warning("\(message)")
            case .error: logger.error("\(message)")
            }
        }
        configuration.disk = disk
        configuration.limits.maximumMaskAgeSeconds = deletionDeadlineSeconds
        configuration.sealed = { MemoryTuning.trim() }
        if let exporter { configuration.memtableSealed = { (seal: MemtableSeal) in exporter.record(seal) } }
        let prepared = configuration
        let store = try await onOwnThread { try SpanStore.open(prepared) }
        // Before the first span comes in: the disk may be full already.
        await store.lookAtDisk()
        return store
    }

    private func readinessChecks(_ metastore: Metastore, _ store: SpanStore) -> [ReadinessCheck] {
        [
            ReadinessCheck("postgres") {
                do {
                    try await metastore.ping()
                    return nil
                } catch { return "does not answer" }
            },
            ReadinessCheck("store") {
                let held = store.statistics.memtableByteCount, maximum = StoreLimits().maximumMemtablesByteCount
                return held > maximum ? "takes no spans until memtables are sealed" : nil
            },
            ReadinessCheck("disk") {
                let disk = store.diskStatistics
                guard disk.capacityByteCount != nil else { return "cannot be read" }
                return disk.level == .refusing ? "has only \((disk.freeByteCount ?? 0) >> 20) MiB free: spans are refused" : nil
            },
        ]
    }

    /// The server listens: tells where, keeps the credentials' URL true, and shows a new user what to do.
    private func announce(port: Int, grpcPort: Int?) {
        let url = listen.url(port: port, isSecure: edge.tls != nil)
        do {
            if var credentials = try Credentials.read(directory: dataDirectory) {
                if credentials.url != url {
                    credentials.url = url
                    try credentials.write(directory: dataDirectory)
                }
                print(
                    FirstSteps.text(
                        credentialsPath: dataDirectory + "/" + Credentials.fileName, url: url,
                        program: CommandLine.arguments.first ?? "spandrel"))
            }
        } catch {
            logger.warning("credentials.json cannot be read or written", metadata: ["error": "\(error)"])
        }
        if let grpcListen, let grpcPort { print("OTLP/gRPC on \(grpcListen.url(port: grpcPort, isSecure: edge.tls != nil))") }
        print("listening on \(url)")
    }
}

/// The JSON API as a whole: every handler group over the rooms it needs, as one table of routes.

import Access
import CurlClient
import GenAIConventions
import HTTPServer
import Ingest
import KnowledgeBase
import Metastore
import SpanScoring
import SpanStore
import TelemetryExport
import TraceQuery

package struct API: Sendable {
    private let metastore: Metastore
    private let accounts: Accounts
    private let settings: SettingsInForce
    private let mails: AccountMails
    private let outbound: OutboundAddressPolicy
    private let openIDConnect: OpenIDConnectSignIn?
    private let store: SpanStore
    private let threads: ScanThreads
    private let ingestor: Ingestor
    private let prices: CurrentPriceBook
    private let scoring: SpanScoringService
    private let deletions: DeletionService
    private let knowledge: KnowledgeRetriever
    private let events: EventHub
    private let requestMetrics: HTTPMetrics
    private let readinessChecks: [ReadinessCheck]
    private let moreMetrics: @Sendable (inout MetricReport) async -> Void

    /// - Parameters:
    ///   - settings: the origins that browsers may come from, and what changed settings are handed to.
    ///   - outbound: where URLs that users give may lead.
    ///   - openIDConnect: nil when no identity provider is configured.
    ///   - prices: what `ingestor` prices with.
    ///   - scoring: run by whoever makes it, as `deletions` and `events`.
    ///   - knowledge: what searches of knowledge bases are answered by.
    ///   - events: run by whoever makes it, for as long as the server serves.
    ///   - moreMetrics: families of rooms that are not known here.
    package init(
        metastore: Metastore, accounts: Accounts, settings: SettingsInForce, mails: AccountMails, outbound: OutboundAddressPolicy,
        openIDConnect: OpenIDConnectSignIn?,
        store: SpanStore, threads: ScanThreads, ingestor: Ingestor, prices: CurrentPriceBook, scoring: SpanScoringService,
        deletions: DeletionService, knowledge: KnowledgeRetriever, events: EventHub,
        requestMetrics: HTTPMetrics,
        readinessChecks: [ReadinessCheck],
        moreMetrics: @escaping @Sendable (inout MetricReport) async -> Void
    ) {
        self.metastore = metastore
        self.accounts = accounts
        self.settings = settings
        self.mails = mails
        self.outbound = outbound
        self.openIDConnect = openIDConnect
        self.store = store
        self.threads = threads
        self.ingestor = ingestor
        self.prices = prices
        self.scoring = scoring
        self.deletions = deletions
        self.knowledge = knowledge
        self.events = events
        self.requestMetrics = requestMetrics
        self.readinessChecks = readinessChecks
        self.moreMetrics = moreMetrics
    }

    /// What `/metrics` shows.
    package var metrics: ServerMetrics {
        ServerMetrics(requests: requestMetrics, ingestor: ingestor, events: events, mails: mails, more: moreMetrics)
    }

    /// Errors: the built-in OpenAPI document cannot be read.
    package func routes() throws -> [Route] {
        let builder = OperationBuilder(accessControl: accounts.accessControl, crossOrigin: settings, tickets: accounts.tickets)
        var routes: [Route] = []
        routes += HealthHandlers(checks: readinessChecks).routes
        routes += ServerHealthHandlers(
            metastore: metastore, rights: accounts.installationRights, store: store, ingestor: ingestor, requests: requestMetrics,
            checks: readinessChecks, history: ServerHistory(clock: events.origin.clock)
        ).routes(builder)
        routes += MetricsHandlers(metrics: metrics).routes
        routes += OpenAPIHandlers().routes
        routes += try DocumentationHandlers().routes
        routes += AuthenticationHandlers(accounts: accounts, mails: mails).routes(builder)
        routes += OpenIDConnectHandlers(signIn: openIDConnect).routes(builder)
        routes += UsersHandlers(metastore: metastore, accounts: accounts).routes(builder)
        routes += OrganizationsHandlers(metastore: metastore, authenticator: accounts.authenticator).routes(builder)
        routes += MembersHandlers(accounts: accounts, mails: mails).routes(builder)
        routes += ProviderCredentialsHandlers(credentials: accounts.providerCredentials, outbound: outbound).routes(builder)
        routes += WorkerCredentialsHandlers(credentials: accounts.workerCredentials).routes(builder)
        routes += ProjectsHandlers(
            metastore: metastore, authenticator: accounts.authenticator, workers: accounts.workerAuthenticator, deletions: deletions
        ).routes(builder)
        routes += DeletionsHandlers(metastore: metastore, service: deletions).routes(builder)
        routes += DemoTracesHandlers(ingestor: ingestor, auditEntries: metastore.auditEntries).routes(builder)
        routes += APIKeysHandlers(metastore: metastore, keys: accounts.apiKeys, authenticator: accounts.authenticator).routes(builder)
        routes += SettingsHandlers(metastore: metastore, inForce: settings).routes(builder)
        routes += AuditHandlers(auditLog: accounts.auditLog).routes(builder)
        routes += TasksHandlers(metastore: metastore).routes(builder)
        routes += EventsHandlers(hub: events, accessControl: accounts.accessControl, tickets: accounts.tickets).routes(builder)
        routes += ArrivalsHandlers(
            hub: events, arrivals: ArrivalHub(store: store, threads: threads, origin: events.origin), accessControl: accounts.accessControl
        ).routes(builder)
        routes += SuitesHandlers(suites: metastore.suites).routes(builder)
        routes += SuiteFilesHandlers(suites: metastore.suites).routes(builder)
        routes += SpanTestCaseHandlers(suites: metastore.suites, store: store, reader: TraceReader(threads: threads)).routes(builder)
        routes += DraftsHandlers(
            drafts: metastore.drafts, suites: metastore.suites, tasks: metastore.tasks, store: store, reader: TraceReader(threads: threads),
            knowledge: metastore.knowledge, knowledgeDrafts: metastore.knowledgeDrafts
        ).routes(builder)
        routes += KnowledgeEntriesHandlers(knowledge: metastore.knowledge, suites: metastore.suites, watch: events.knowledge).routes(
            builder)
        routes += KnowledgeRevisionsHandlers(
            knowledge: metastore.knowledge, promotions: metastore.knowledgePromotions, tasks: metastore.tasks
        ).routes(builder)
        routes += KnowledgeDraftsHandlers(
            drafts: metastore.knowledgeDrafts, promotions: metastore.knowledgePromotions, tasks: metastore.tasks
        ).routes(builder)
        routes += KnowledgeDraftEntriesHandlers(knowledge: metastore.knowledge, drafts: metastore.knowledgeDrafts).routes(builder)
        routes += KnowledgeImportsHandlers(
            drafts: metastore.knowledgeDrafts, uploads: metastore.knowledgeUploads, tasks: metastore.tasks,
            catalogs: CatalogReader(outbound: outbound)
        ).routes(builder)
        routes += ScoreRulesHandlers(rules: metastore.scoreRules, scoring: scoring).routes(builder)
        routes += ScoringHandlers(
            backfills: metastore.scoreBackfills, decisions: metastore.scoreDecisions, tasks: metastore.tasks, scoring: scoring
        ).routes(builder)
        routes += RunsHandlers(runs: metastore.runs, suites: metastore.suites, prices: prices).routes(builder)
        routes += OutcomesHandlers(runs: metastore.runs).routes(builder)
        routes += RunExecHandlers(runs: metastore.runs).routes(builder)
        routes += KnowledgeSearchHandlers(retriever: knowledge, drafts: metastore.knowledgeDrafts).routes(builder)
        routes += ScoresHandlers(scores: metastore.scores, ingestor: ingestor).routes(builder)
        routes += LangfuseHandlers(metastore: metastore, ingestor: ingestor, store: store, reader: SpanReader(threads: threads))
            .routes(builder)
        routes += FeatureAnalysesHandlers(features: metastore.features).routes(builder)
        routes += TraceFeaturesHandlers(features: metastore.features).routes(builder)
        routes += TracesHandlers(store: store, list: TraceList(threads: threads), reader: TraceReader(threads: threads)).routes(builder)
        let outlines = TraceOutlines(threads: threads)
        routes += TraceOutlineHandlers(store: store, outlines: outlines).routes(builder)
        routes += SpansHandlers(store: store, reader: SpanReader(threads: threads), outlines: outlines, prices: prices).routes(builder)
        routes += SessionsHandlers(store: store, list: SessionList(threads: threads)).routes(builder)
        routes += EndUsersHandlers(store: store, list: SessionList(threads: threads, of: .endUser)).routes(builder)
        routes += QueryHandlers(store: store, executor: QueryExecutor(threads: threads)).routes(builder)
        routes += PricesHandlers(metastore: metastore, rights: accounts.installationRights, current: prices).routes(builder)
        routes += ReapplicationsHandlers(
            reapplications: metastore.reapplications, tasks: metastore.tasks, node: store.identity
        ).routes(builder)
        routes += StoreHandlers(store: store, metastore: metastore).routes(builder)
        routes += ReceiptsHandlers(ingestor: ingestor).routes(builder)
        routes += QuarantineHandlers(store: store, ingestor: ingestor, auditEntries: metastore.auditEntries).routes(builder)
        return routes
    }
}

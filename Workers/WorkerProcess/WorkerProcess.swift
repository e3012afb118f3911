/// The composition root of worker programs: an engine over the server's database, its master key and its endpoint for spans. There is no store
/// here, and nothing is made in the database that the server does not find there anyway.

import Access
import CurlClient
import GenAIConventions
import Logging
import Metastore
import PostgresClient
import ProcessSetup
import RunExecution
import ServiceLifecycle
import UnixSignals

struct WorkerProcess {
    /// As PostgreSQL shows it.
    let program: String
    let databaseURL: String
    let server: String
    let token: WorkerToken
    let masterKey: MasterKeySource
    let concurrency: Int
    let name: String
    /// Where URLs that users gave may lead.
    let outbound: OutboundAddressPolicy
    let logger: Logger
    /// Makes the workers from what they work with, their name and their logger.
    let engine: @Sendable (RunResources, String, Logger) throws -> [any Service]

    /// Until SIGTERM or SIGINT, and what is under way then has ended or was given back. Errors: AccessError (`masterKey`), CurlError,
    /// MetastoreError (`schema`, `unavailable`).
    func run() async throws {
        var configuration = try PostgresConfiguration(connectionString: databaseURL)
        configuration.applicationName = program
        let metastore = try await Metastore.connect(PostgresPool(configuration, logger: Logger(label: "postgres")))
        do {
            let services = try await services(metastore)
            logger.notice("ready", metadata: ["name": "\(name)", "concurrency": "\(concurrency)", "server": "\(server)"])
            try await ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
            ).run()
        } catch {
            await metastore.close()
            throw error
        }
        await metastore.close()
        logger.notice("stopped", metadata: ["name": "\(name)"])
    }

    private func services(_ metastore: Metastore) async throws -> [any Service] {
        let vault = try await Vault.openExisting(masterKey, metastore)
        let prices = CurrentPriceBook(try await metastore.prices.allBooks())
        var settings = CurlSettings()
        settings.connectionCount = concurrency
        settings.connectionCountPerHost = concurrency
        let resources = RunResources(
            metastore: metastore, credentials: ProviderCredentials(metastore: metastore, vault: vault),
            client: CurlClient(settings: settings),
            budget: SharedRateBudget(metastore.rateBudgets, logger: logger), addressPolicy: outbound, prices: { prices.book(of: $0) },
            // Connections of its own: calls of providers must not be in the way of spans.
            spans: try HTTPSpanDestination(server: server, token: token.text, client: CurlClient(), logger: logger))
        return [PeriodicDuty.priceRefresh(prices, metastore, logger: logger)] + (try engine(resources, name, logger))
    }
}

/// `spandrel serve`.

import ArgumentParser
import HTTPServer
import IPAddresses
import Logging
import ProcessSetup
import RunExecution
import TelemetryExport

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the server.",
        discussion: """
            Without a database URL it starts a PostgreSQL of its own under the data directory, reachable through a Unix socket only.
            On an empty data directory it makes a project, a key for it and an owner's account, and writes them to credentials.json there.
            """)

    @Option(name: .customLong("data-dir"), help: "Where spans, log and the private database lie. [SPANDREL_DATA_DIR]")
    var dataDirectory = EnvironmentDefault.text("SPANDREL_DATA_DIR", "./data")

    @Option(help: "Address and port for HTTP. [SPANDREL_LISTEN]")
    var listen = EnvironmentDefault.text("SPANDREL_LISTEN", "127.0.0.1:4318")

    @Option(
        name: .customLong("grpc-listen"),
        help: "Address and port for OTLP/gRPC, or off. [SPANDREL_GRPC_LISTEN]")
    var grpcListen = EnvironmentDefault.text("SPANDREL_GRPC_LISTEN", "127.0.0.1:4317")

    @Option(
        name: .customLong("database-url"),
        help:
            "PostgreSQL to use instead of a private one: postgres://USER:PASSWORD@HOST/DATABASE. [SPANDREL_DATABASE_URL] (default: private)"
    )
    var databaseURL: String?

    @Option(
        name: .customLong("tls-certificate"),
        help: "PEM file of the certificate and its chain: then all is TLS. [SPANDREL_TLS_CERTIFICATE]")
    var tlsCertificate: String?

    @Option(name: .customLong("tls-key"), help: "PEM file of its key. SIGHUP reads both files again. [SPANDREL_TLS_KEY]")
    var tlsKey: String?

    @Option(
        name: .customLong("trusted-proxy"),
        help: "Network whose X-Forwarded-* is believed, like 10.0.0.0/8; may be given again. [SPANDREL_TRUSTED_PROXIES, with commas]")
    var trustedProxies: [String] = []

    @Flag(name: .customLong("proxy-protocol"), help: "Every connection begins with a PROXY header, version 1 or 2.")
    var readsProxyHeader = false

    @OptionGroup(title: "Accounts") var accounts: AccountOptions

    @OptionGroup(title: "Identity provider") var identityProvider: OpenIDConnectOptions

    @Option(name: .customLong("ingest-memory-mb"), help: "Memory for export requests in flight, MiB. [SPANDREL_INGEST_MEMORY_MB]")
    var ingestMemoryMegabytes = EnvironmentDefault.integer("SPANDREL_INGEST_MEMORY_MB", 512)

    @OptionGroup(title: "Disk") var disk: DiskOptions

    @Option(help: "Calls of AI providers that the server's own worker makes at a time; 0: it has none. [SPANDREL_WORKERS]")
    var workers = EnvironmentDefault.integer("SPANDREL_WORKERS", RunExecutionLimits.defaultConcurrency)

    @Option(
        name: .customLong("deletion-deadline"),
        help: "Seconds after a deletion by which its bytes are gone from the files. [SPANDREL_DELETION_DEADLINE]")
    var deletionDeadlineSeconds = EnvironmentDefault.integer("SPANDREL_DELETION_DEADLINE", 3600)

    @OptionGroup var telemetry: TelemetryOptions

    @OptionGroup var logging: LoggingOptions

    func validate() throws {
        _ = try ListenAddress(listen)
        _ = try grpcAddress()
        _ = try tlsFiles()
        _ = try proxyNetworks()
        _ = try identityProvider.configuration(publicURL: accounts.publicURLText)
        _ = try telemetryConfiguration()
        _ = try disk.limits()
        guard ingestMemoryMegabytes >= 1 else { throw ValidationError("--ingest-memory-mb must be 1 or more") }
        guard Self.deletionDeadlineSecondsRange.contains(deletionDeadlineSeconds) else {
            throw ValidationError("--deletion-deadline must be from 10 to 86400 seconds")
        }
        guard (0...RunExecutionLimits.maximumConcurrency).contains(workers) else {
            throw ValidationError("--workers must be from 0 to \(RunExecutionLimits.maximumConcurrency)")
        }
    }

    /// Less than some seconds no rewrite keeps; in more than a day nobody who asked for a deletion believes.
    private static let deletionDeadlineSecondsRange = 10...86_400

    private func grpcAddress() throws -> ListenAddress? { grpcListen == "off" ? nil : try ListenAddress(grpcListen) }

    private func tlsFiles() throws -> TLSFiles? {
        switch (
            tlsCertificate ?? EnvironmentDefault.text("SPANDREL_TLS_CERTIFICATE"), tlsKey ?? EnvironmentDefault.text("SPANDREL_TLS_KEY")
        ) {
        case (let certificate?, let key?): return TLSFiles(certificatePath: certificate, keyPath: key)
        case (nil, nil): return nil
        default: throw ValidationError("--tls-certificate and --tls-key go together")
        }
    }

    private func telemetryConfiguration() throws -> TelemetryConfiguration? {
        do {
            return try telemetry.configuration()
        } catch let error as TelemetryError {
            throw ValidationError(error.description)
        }
    }

    private func proxyNetworks() throws -> [IPNetwork] {
        try NetworkList.parse(trustedProxies, environment: "SPANDREL_TRUSTED_PROXIES")
    }

    func run() async throws {
        MemoryTuning.apply()
        DescriptorLimit.raise()
        logging.bootstrap()
        var edge = EdgeConfiguration()
        edge.tls = try tlsFiles().map { try CurrentTLSContext($0) }
        edge.trustedProxies = try proxyNetworks()
        edge.readsProxyHeader = readsProxyHeader
        let listen = try ListenAddress(listen)
        let telemetryConfiguration = try telemetryConfiguration()
        if let telemetryConfiguration, !telemetry.allowsSelf {
            try await onOwnThread { try OwnEndpoint.check(telemetryConfiguration, listeningOn: listen.port) }
        }
        try await Serve(
            dataDirectory: dataDirectory, listen: listen, grpcListen: try grpcAddress(), edge: edge, telemetry: telemetryConfiguration,
            accounts: Serve.AccountSettings(
                publicURL: accounts.publicURLText, smtp: try accounts.smtpConfiguration(), outbound: try accounts.outbound.policy(),
                openIDConnect: try identityProvider.configuration(publicURL: accounts.publicURLText)),
            databaseURL: databaseURL ?? EnvironmentDefault.text("SPANDREL_DATABASE_URL"),
            ingestMemoryByteCount: ingestMemoryMegabytes << 20, disk: try disk.limits(), workerConcurrency: workers,
            deletionDeadlineSeconds: deletionDeadlineSeconds, logger: Logger(label: "spandrel")
        ).run()
    }
}

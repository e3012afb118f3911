/// `spandrel serve`.

import ArgumentParser
import HTTPServer
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the server.",
        discussion: """
            Without a database URL it starts a PostgreSQL of its own under the data directory, reachable through a Unix socket only.
            On an empty data directory it makes a project and a key for it, and writes both to credentials.json there.
            """)

    @Option(name: .customLong("data-dir"), help: "Where spans, log and the private database lie. [SPANDREL_DATA_DIR]")
    var dataDirectory = EnvironmentDefault.text("SPANDREL_DATA_DIR", "./data")

    @Option(help: "Address and port for HTTP. [SPANDREL_LISTEN]")
    var listen = EnvironmentDefault.text("SPANDREL_LISTEN", "127.0.0.1:4318")

    @Option(
        name: .customLong("database-url"),
        help:
            "PostgreSQL to use instead of a private one: postgres://USER:PASSWORD@HOST/DATABASE. [SPANDREL_DATABASE_URL] (default: private)"
    )
    var databaseURL: String?

    @Option(name: .customLong("ingest-memory-mb"), help: "Memory for export requests in flight, MiB. [SPANDREL_INGEST_MEMORY_MB]")
    var ingestMemoryMegabytes = EnvironmentDefault.integer("SPANDREL_INGEST_MEMORY_MB", 512)

    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical. [SPANDREL_LOG_LEVEL]")
    var logLevel = EnvironmentDefault.text("SPANDREL_LOG_LEVEL", "info")

    @Option(name: .customLong("log-format"), help: "json or text, on standard error. [SPANDREL_LOG_FORMAT]")
    var logFormat = EnvironmentDefault.text("SPANDREL_LOG_FORMAT", "json")

    func validate() throws {
        _ = try ListenAddress(listen)
        guard Logger.Level(rawValue: logLevel) != nil else { throw ValidationError("\(logLevel) is no log level") }
        guard JSONLogHandler.Format(rawValue: logFormat) != nil else {
            throw ValidationError("\(logFormat) is no log format; use json or text")
        }
        guard ingestMemoryMegabytes >= 1 else { throw ValidationError("--ingest-memory-mb must be 1 or more") }
    }

    func run() async throws {
        MemoryTuning.apply()
        DescriptorLimit.raise()
        let level = Logger.Level(rawValue: logLevel) ?? .info
        let format = JSONLogHandler.Format(rawValue: logFormat) ?? .json
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level, format: format) }
        try await Serve(
            dataDirectory: dataDirectory, listen: try ListenAddress(listen),
            databaseURL: databaseURL ?? EnvironmentDefault.text("SPANDREL_DATABASE_URL"),
            ingestMemoryByteCount: ingestMemoryMegabytes << 20, logger: Logger(label: "spandrel")
        ).run()
    }
}

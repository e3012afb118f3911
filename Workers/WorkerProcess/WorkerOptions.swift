/// What every worker program is told: where work comes from, where spans go, and with what.

import Access
import ArgumentParser
import FileSystem
@preconcurrency import Glibc
import Logging
import ProcessSetup
import RunExecution
import ServiceLifecycle

package struct WorkerOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"), help: "The server's PostgreSQL: postgres://USER:PASSWORD@HOST/DATABASE. [SPANDREL_DATABASE_URL]")
    var databaseURL: String?

    @Option(help: "The server's URL, to send spans to. [SPANDREL_URL]")
    var server: String?

    @Option(
        name: .customLong("credential-file"),
        help: "File with the token that `spandrel worker create` showed, which only its owner can read. [SPANDREL_WORKER_CREDENTIAL_FILE]")
    var credentialFile: String?

    @Option(name: .customLong("master-key-file"), help: "A copy of the server's master.key. [SPANDREL_MASTER_KEY_FILE]")
    var masterKeyFile = EnvironmentDefault.text("SPANDREL_MASTER_KEY_FILE", "./master.key")

    @Option(help: "Tells workers apart in attempts and logs. [SPANDREL_WORKER_NAME] (default: host and process id)")
    var name: String?

    @OptionGroup var outbound: OutboundOptions

    @OptionGroup var logging: LoggingOptions

    package init() {}

    package func validate() throws {
        guard (1...Self.maximumNameLength).contains(workerName.count) else {
            throw ValidationError("--name must have 1 to \(Self.maximumNameLength) characters")
        }
    }

    /// As jobs take it.
    private static let maximumNameLength = 200
    /// Of a token and its line end, generously.
    private static let maximumCredentialByteCount = 1_024

    private var workerName: String {
        if let name = name ?? EnvironmentDefault.text("SPANDREL_WORKER_NAME") { return name }
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + "-\(getpid())"
    }

    /// Runs the program until it is asked to stop.
    ///
    /// - Parameters:
    ///   - program: its name, as PostgreSQL shows it.
    ///   - concurrency: calls of AI providers at a time.
    ///   - engine: makes the workers from what they work with, their name and their logger.
    /// Errors: `ValidationError` for what is missing, and those of `WorkerProcess.run`.
    package func run(
        _ program: String, concurrency: Int, engine: @escaping @Sendable (RunResources, String, Logger) throws -> [any Service]
    ) async throws {
        MemoryTuning.apply()
        DescriptorLimit.raise()
        guard let databaseURL = databaseURL ?? EnvironmentDefault.text("SPANDREL_DATABASE_URL") else {
            throw ValidationError("give --database-url: the PostgreSQL that the server uses")
        }
        guard let server = server ?? EnvironmentDefault.text("SPANDREL_URL") else {
            throw ValidationError("give --server: the URL that spans are sent to")
        }
        logging.bootstrap()
        try await WorkerProcess(
            program: program, databaseURL: databaseURL, server: server, token: try token(),
            masterKey: try MasterKeySource.find(path: masterKeyFile), concurrency: concurrency, name: workerName,
            outbound: try outbound.policy(), logger: Logger(label: "worker"), engine: engine
        ).run()
    }

    private func token() throws -> WorkerToken {
        let text: String
        if let path = credentialFile ?? EnvironmentDefault.text("SPANDREL_WORKER_CREDENTIAL_FILE") {
            guard let bytes = try PrivateFile.read(path, maximumByteCount: Self.maximumCredentialByteCount) else {
                throw ValidationError("\(path) does not exist: put the token there that `spandrel worker create` shows")
            }
            text = String(decoding: bytes, as: UTF8.self)
        } else if let value = EnvironmentDefault.text("SPANDREL_WORKER_CREDENTIAL") {
            text = value
        } else {
            throw ValidationError("give --credential-file or SPANDREL_WORKER_CREDENTIAL: `spandrel worker create` shows a token")
        }
        let trimmed = text.drop { $0.isWhitespace }.prefix { !$0.isWhitespace }
        guard let token = WorkerToken(trimmed) else {
            throw ValidationError("the credential is no worker's token (spdw_...): check that it was copied whole")
        }
        return token
    }
}

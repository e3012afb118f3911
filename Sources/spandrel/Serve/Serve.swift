/// The running server: what `build` put together, served until SIGTERM or SIGINT, then taken apart in the opposite order.

import Access
import Backup
import CurlClient
import FileSystem
import Glibc
import HTTPServer
import Logging
import NIOCore
import ServiceLifecycle
import SpanStore
import TelemetryExport
import UnixSignals

struct Serve {
    let dataDirectory: String
    let listen: ListenAddress
    /// Nil: no OTLP/gRPC.
    let grpcListen: ListenAddress?
    let edge: EdgeConfiguration
    /// Nil when the server's own traces and metrics go nowhere.
    let telemetry: TelemetryConfiguration?
    let accounts: AccountSettings
    /// Nil for a private PostgreSQL.
    let databaseURL: String?
    let ingestMemoryByteCount: Int
    let disk: DiskLimits
    /// Calls of AI providers that the server's own worker makes at a time; 0: it has none.
    let workerConcurrency: Int
    /// Within so many seconds the bytes of what is deleted are gone.
    let deletionDeadlineSeconds: Int
    let logger: Logger

    struct AccountSettings {
        /// Nil: where the server listens.
        let publicURL: String?
        /// Nil: mails go to the log.
        let smtp: SMTPConfiguration?
        /// Where URLs that users give may lead.
        let outbound: OutboundAddressPolicy
        /// Nil: nobody signs in elsewhere.
        let openIDConnect: OpenIDConnectConfiguration?
    }

    func run() async throws {
        let lock = try lockDataDirectory()
        defer { lock.release() }
        let parts = try await build()
        do {
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: parts.services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            await parts.close()
            throw CommandFailure(
                "\(listen.host):\(listen.port)\(grpcListen.map { " or \($0.host):\($0.port)" } ?? "") is in use by another program; choose another --listen"
                    + (grpcListen == nil ? "" : " or --grpc-listen"))
        } catch {
            await parts.close()
            throw error
        }
        await parts.close()
        logger.info("stopped")
    }

    /// Before anything in the directory is touched: another server's PostgreSQL and log are not ours to repair.
    private func lockDataDirectory() throws -> any DirectoryLock {
        let files = LocalFileSystem()
        if try !files.exists(dataDirectory) {
            try files.createDirectory(dataDirectory)
            // PostgreSQL's own account has to reach its folder below; what is beside it stays closed by its own mode.
            chmod(dataDirectory, 0o711)
        }
        do {
            let lock = try files.lockDirectory(dataDirectory)
            try RestoreMarker(fileSystem: files, dataDirectory: dataDirectory).requireNone()
            return lock
        } catch let error as FileSystemError {
            guard error.code == .locked else { throw error }
            throw CommandFailure("another spandrel server uses \(dataDirectory) (\(error)); stop it or choose another --data-dir")
        }
    }
}

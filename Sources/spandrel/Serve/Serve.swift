/// The running server: what `build` put together, served until SIGTERM or SIGINT, then taken apart in the opposite order.

import FileSystem
import Logging
import ServiceLifecycle

struct Serve {
    let dataDirectory: String
    let listen: ListenAddress
    /// Nil for a private PostgreSQL.
    let databaseURL: String?
    let ingestMemoryByteCount: Int
    let logger: Logger

    func run() async throws {
        let files = LocalFileSystem()
        try files.createDirectory(dataDirectory)
        // Before anything in it is touched: another server's PostgreSQL and log are not ours to repair.
        let lock: any DirectoryLock
        do {
            lock = try files.lockDirectory(dataDirectory)
        } catch let error as FileSystemError where error.code == .locked {
            throw CommandFailure("another spandrel server uses \(dataDirectory): \(error); stop it or choose another --data-dir")
        }
        defer { lock.release() }
        let parts = try await build()
        do {
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: parts.services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        } catch {
            await parts.close()
            throw error
        }
        await parts.close()
        logger.info("stopped")
    }
}

/// What a process does from time to time: a service that ends with its group.

import Logging
import ServiceLifecycle

/// Runs `body` every `interval` until the group shuts down; what it throws is logged and tried again next time.
package struct PeriodicDuty: Service {
    private let name: String
    private let interval: Duration
    private let logger: Logger
    private let body: @Sendable () async throws -> Void

    package init(name: String, interval: Duration, logger: Logger, body: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.interval = interval
        self.logger = logger
        self.body = body
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do { try await Task.sleep(for: interval) } catch { return }
                do {
                    try await body()
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("\(name) failed and will be tried again", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}

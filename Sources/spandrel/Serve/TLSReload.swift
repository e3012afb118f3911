/// SIGHUP: certificate and key are read again, as certificates are renewed while the server runs.

import HTTPServer
import Logging
import ServiceLifecycle
import UnixSignals

struct TLSReload: Service {
    let context: CurrentTLSContext
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            do throws(TLSError) {
                try context.reload()
                logger.info("certificate and key were read again")
            } catch {
                logger.error("certificate and key were not changed", metadata: ["error": "\(error)"])
            }
        }
    }
}

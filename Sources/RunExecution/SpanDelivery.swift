/// Spans of runs on their way to the store: taken from the outbox in PostgreSQL, where they were written together with the results, and
/// out of it only once they were taken in. A worker or a server may die in between; what comes twice has the same ids and is stored once.

import Logging
import Metastore
import TraceModel

/// Where spans are delivered: the server's own ingest, or its endpoint.
package protocol SpanDestination: Sendable {
    /// `body`: an OTLP export request in protobuf.
    func deliver(_ body: [UInt8], project: ProjectID) async -> SpanDeliveryResult
}

package enum SpanDeliveryResult: Sendable, Equatable {
    case delivered
    /// Later it may be taken; why not now.
    case later(String)
    /// Nobody has looked at it: there is no server at the moment.
    case unreachable(String)
    /// It will never be taken; why not.
    case refused(String)
}

package struct SpanDelivery: Sendable {
    private let outbox: SpanOutboxRepository
    private let destination: any SpanDestination
    private let logger: Logger

    package init(outbox: SpanOutboxRepository, destination: any SpanDestination, logger: Logger) {
        self.outbox = outbox
        self.destination = destination
        self.logger = logger
    }

    /// Delivers what there is, oldest first; false when the destination takes nothing now. Throws MetastoreError.
    package func deliverAll() async throws -> Bool {
        while !Task.isCancelled {
            let rows = try await outbox.lease(
                count: RunExecutionLimits.deliveryRowCount, seconds: Double(RunExecutionLimits.deliveryLeaseSeconds))
            if rows.isEmpty { return true }
            for (index, row) in rows.enumerated() {
                switch await destination.deliver(row.body, project: row.projectID) {
                case .delivered: break
                case .refused(let reason):
                    logger.error("spans of a run were refused", metadata: ["project": "\(row.projectID.uuid)", "reason": "\(reason)"])
                case .later(let reason):
                    logger.warning("spans of runs wait", metadata: ["reason": "\(reason)"])
                    // Those behind it come first the next time: one request that a server fails at holds up nothing else.
                    try await outbox.giveBack(rows[(index + 1)...].map(\.id))
                    return false
                case .unreachable(let reason):
                    logger.warning("spans of runs wait", metadata: ["reason": "\(reason)"])
                    try await outbox.giveBack(rows[index...].map(\.id))
                    return false
                }
                try await outbox.delete([row.id])
            }
        }
        return true
    }
}

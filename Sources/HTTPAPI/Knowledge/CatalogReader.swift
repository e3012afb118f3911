/// Reads the tables of somebody's PostgreSQL. A connection string is used once: it is neither stored nor logged, and no answer repeats any
/// of it.
///
/// Whoever may write to a knowledge base names a host here, so that what outbound requests must not reach this must not either: the name is
/// resolved once, its addresses are checked, and one of those is connected to.

import CurlClient
import HTTPServer
import HTTPTypes
import IPAddresses
import KnowledgeImport
import Synchronization

final class CatalogReader: Sendable {
    private let outbound: OutboundAddressPolicy
    private let readCount = Mutex(0)

    init(outbound: OutboundAddressPolicy) { self.outbound = outbound }

    /// Throws a 503 when as many are read already as may be at a time, a 422 for a host that may not be reached, `KnowledgeImportError`.
    func read(connectionString: String, schemas: [String]) async throws -> ImportedKnowledge {
        let hasBegun = readCount.withLock { count in
            guard count < APILimits.maximumCatalogReadCount else { return false }
            count += 1
            return true
        }
        guard hasBegun else {
            throw Problem(.serviceUnavailable, "other databases are being read; try again", kind: "busy", retryAfterSeconds: 5)
        }
        defer { readCount.withLock { $0 -= 1 } }
        return try await PostgreSQLCatalog.read(connectionString: connectionString, schemas: schemas) { host in
            try await self.addresses(of: host)
        }
    }

    /// Those of the host that may be reached, version 4 first. Throws a 422 when there are none.
    private func addresses(of host: String) async throws -> [String] {
        // A directory, or an abstract name, of a Unix socket: of this machine.
        let isSocket = host.hasPrefix("/") || host.hasPrefix("@")
        let found = isSocket ? [] : try await OwnThread.run { IPAddress.resolving(host) }
        let allowed = found.filter { outbound.refusal(of: $0) == nil }
        guard !allowed.isEmpty else {
            let message = found.isEmpty && !isSocket ? "names a host that is not known" : "names a host that may not be reached from here"
            throw Problem.unprocessable("connection_string", message)
        }
        return allowed.sorted { ($0.version4 == nil ? 1 : 0, $0.number) < ($1.version4 == nil ? 1 : 0, $1.number) }.map(\.description)
    }
}

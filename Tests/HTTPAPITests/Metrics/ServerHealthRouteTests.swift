import Access
import ByteCoding
import HTTPAPI
import HTTPTesting
import Metastore
import Testing

@Suite("The server's health over the API")
struct ServerHealthRouteTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }

    @Test("what came in, was refused and waits is told to the first organization's admins alone; PostgreSQL may be away")
    func health() async throws {
        let contract = try #require(Self.contract)
        let checks = [ReadinessCheck("disk") { "is full" }]
        try await TestInstallation.run(readinessChecks: checks) { installation, server in
            let key = try await installation.key([.admin], reachesOrganization: true)
            let client = RecordingClient(server, contract, key: key)
            let export = try await server.send(
                "POST", "/v1/traces",
                headers: [("authorization", "Bearer \(try await installation.key([.ingest]))"), ("content-type", "application/json")],
                body: Array(OTLPBodies.json([1, 2, 0]).utf8))
            #expect(export.status == 200)
            let health = try await client.send("getHealth", "/api/v1/health", expect: 200)
            #expect(health["status"]?.stringValue == "unavailable" && health["checks"]?["disk"]?.stringValue == "is full")
            #expect(health["ingest"]?["stored_spans"]?.integerValue == 2)
            #expect(health["ingest"]?["rejected_spans"]?["span_id_zero"]?.integerValue == 1)
            #expect(health["ingest"]?["spans_per_second"]?.doubleValue ?? 0 > 0)
            #expect(health["ingest"]?["acknowledgement_ms"]?["p99"]?.doubleValue ?? 0 > 0)
            #expect(health["memtables"]?["spans"]?.integerValue == 2 && health["disk"]?["free_bytes"]?.integerValue ?? 0 > 0)
            #expect(health["disk"]?["level"]?.stringValue == "normal" && health["disk"]?["refused_requests"]?.integerValue == 0)
            #expect(health["job_queues"]?.arrayValue?.isEmpty == true)
            try await RecordingClient(server, contract, key: try await installation.key([.admin])).send(
                "getHealth", "/api/v1/health", expect: 403)
            let stranger = try await Team.make(installation).strangerKey
            try await RecordingClient(server, contract, key: stranger).send("getHealth", "/api/v1/health", expect: 403)
        }
    }
}

import Access
import ByteCoding
import HTTPTesting
import Testing
import TraceModel

@Suite("Demo traces over the API")
struct DemoTracesRouteTests {
    private static let contract: Contract? = (try? OpenAPIFolder.assemble()).map { Contract($0) }

    @Test("a project is filled with the sample, and with another one the next time; a key of another project or scope cannot")
    func sample() async throws {
        let contract = try #require(Self.contract)
        try await TestInstallation.run { installation, server in
            let path = "/api/v1/projects/\(installation.first.projectID.uuid)/demo-traces"
            let client = RecordingClient(server, contract, key: try await installation.key([.ingest, .read]))
            let first = try await client.send("sendDemoTraces", path, body: "{}", expect: 201)
            #expect(first["trace_count"]?.integerValue == 40)
            let counted = try await client.send(
                "query", "/api/v1/query", body: #"{"aggregates":["count","count_distinct(trace_id)","sum(cost)"]}"#, expect: 200)
            #expect(counted["data"]?.arrayValue?.first?["count"] == first["span_count"])
            #expect(counted["data"]?.arrayValue?.first?["sum_cost"]?.doubleValue ?? 0 > 0)
            try await client.send("sendDemoTraces", path, expect: 201)
            let histogram = try await client.send("getTraceHistogram", "/api/v1/traces/histogram", expect: 200)
            #expect(histogram["trace_count"]?.integerValue == 80)
            let reader = RecordingClient(server, contract, key: try await installation.key([.read]))
            try await reader.send("sendDemoTraces", path, expect: 403)
            let stranger = RecordingClient(
                server, contract, key: try await installation.key([.ingest], of: try await installation.makeProject("Other")))
            try await stranger.send("sendDemoTraces", path, expect: 404)
        }
    }
}

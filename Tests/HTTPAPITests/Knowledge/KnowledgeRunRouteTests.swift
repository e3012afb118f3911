import Access
import HTTPTesting
import Testing

@Suite("Runs that are asked with the knowledge base, over HTTP")
struct KnowledgeRunRouteTests {
    @Test("a run that retrieves is started by whoever may also read the knowledge base: what is found goes to its targets")
    func permissions() async throws {
        try await KnowledgeRoutes.with { routes in
            try await routes.draft("secret", ["a": "not reviewed"])
            let suite = try await routes.client.send("createSuite", "/api/v1/suites", body: #"{"name":"suite"}"#, expect: 201)
            try await routes.client.send(
                "editTestCases", "/api/v1/suites/\(suite.text("id"))/test-cases", body: #"{"put":[\#(RunRoutes.testCase("a"))]}"#,
                expect: 200)
            let runner = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.run]))
            let reader = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.read, .run]))
            func start(_ client: RecordingClient, _ more: String, expect status: Int) async throws {
                let body = #"{"suite":"suite","targets":[\#(RunRoutes.httpTarget)]\#(more)}"#
                try await client.send("startRun", "/api/v1/runs", body: body, expect: status)
            }
            for source in [#"{"draft":"secret"}"#, #""active""#] {
                try await start(runner, #","retrieval":{"source":\#(source)}"#, expect: 403)
                try await start(reader, #","retrieval":{"source":\#(source)}"#, expect: 202)
            }
            try await start(runner, #","retrieval":{}"#, expect: 403)
            try await start(runner, "", expect: 202)
        }
    }
}

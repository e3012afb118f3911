import Access
import HTTPTesting
import Testing

@Suite("Tasks that are cancelled over HTTP")
struct TaskCancelRouteTests {
    @Test("a task of a run or of scoring is cancelled by whoever may start runs, not by who may only read tasks or write")
    func permissions() async throws {
        try await RunRoutes.with { routes in
            let run = try await routes.run(caseCount: 1)
            let scorers = #"{"scorers":[{"kind":"latency","maximum_ms":100}]}"#
            let task = try await routes.client.send("startBackfill", "/api/v1/scores/backfill", body: scorers, expect: 202)
            let ofRun = "/api/v1/tasks/\(run.split(separator: "/").last ?? "")/cancel",
                ofScoring = "/api/v1/tasks/\(task.text("id"))/cancel"
            for scopes: Set<Scope> in [[.read], [.read, .write, .admin]] {
                let other = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key(scopes))
                try await other.send("cancelTask", ofRun, expect: 403)
                try await other.send("cancelTask", ofScoring, expect: 403)
            }
            let runner = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.read, .run]))
            // By its own command.
            try await runner.send("cancelTask", ofRun, expect: 409)
            #expect(try await runner.send("cancelTask", ofScoring, expect: 200).text("state") == "cancelled")
        }
    }
}

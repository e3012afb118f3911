import Access
import HTTPTesting
import Testing

@Suite("A newer mapping and newer prices over HTTP")
struct ReapplicationRouteTests {
    @Test("who may change a project's settings orders one, one at a time, and ends it; others may not", arguments: ["mappings", "prices"])
    func orders(subject: String) async throws {
        let path = "/api/v1/\(subject)/reapply", operation = subject == "prices" ? "reapplyPrices" : "reapplyMapping"
        try await RunRoutes.with { routes in
            try await routes.client.send(operation, path, body: "{}", expect: 403)
            let owner = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.read, .admin]))
            let body = #"{"dry_run":true,"received_from":"2026-01-31","received_to":"2026-02-01"}"#
            let task = try await owner.send(operation, path, body: body, expect: 202)
            #expect(task.text("kind") == "reapplication" && task.text("state") == "queued")
            for other in ["/api/v1/mappings/reapply", "/api/v1/prices/reapply"] {
                let name = other.contains("prices") ? "reapplyPrices" : "reapplyMapping"
                try await owner.send(name, other, body: "{}", expect: 409)
            }
            let cancel = "/api/v1/tasks/\(task.text("id"))/cancel"
            try await routes.client.send("cancelTask", cancel, expect: 403)
            #expect(try await owner.send("cancelTask", cancel, expect: 200).text("state") == "cancelled")
            try await owner.send("cancelTask", cancel, expect: 409)
            try await owner.send(operation, path, body: "{}", expect: 202)
        }
    }

    @Test(
        "days and flags that mean nothing are refused by name",
        arguments: [
            #"{"received_from":"2026-02-30"}"#, #"{"received_from":"2026-01-01T00:00:00Z"}"#, #"{"received_to":5}"#, #"{"dry_run":"yes"}"#,
            #"{"received_from":"2026-02-02","received_to":"2026-02-01"}"#, #"{"received_from":"1969-12-31"}"#, #"{"since":"2026-02-01"}"#,
        ])
    func nonsense(body: String) async throws {
        try await RunRoutes.with { routes in
            let owner = RecordingClient(routes.server, routes.contract, key: try await routes.installation.key([.read, .admin]))
            try await owner.send("reapplyPrices", "/api/v1/prices/reapply", body: body, expect: 422)
        }
    }
}

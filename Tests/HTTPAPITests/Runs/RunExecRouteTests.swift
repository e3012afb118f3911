import ByteCoding
import HTTPTesting
import JobQueue
import Metastore
import Testing
import TraceModel

@Suite("Routes of cells that a command line does")
struct RunExecRouteTests {
    private func leases(_ cells: [JSONValue]) -> String {
        let list = cells.map { #"{"job":\#($0["job"]?.integerValue ?? 0),"lease":"\#($0.text("lease"))"}"# }
        return #"{"leases":[\#(list.joined(separator: ","))]}"#
    }

    private func output(_ cell: JSONValue, _ rest: String) -> String {
        #"{"job":\#(cell["job"]?.integerValue ?? 0),"lease":"\#(cell.text("lease"))",\#(rest)}"#
    }

    private func jobs(_ value: JSONValue, _ name: String) -> [Int64] { (value[name]?.arrayValue ?? []).compactMap(\.integerValue) }

    @Test("cells are leased with what a command needs, held, handed in and given back; workers find the answer, or why there is none")
    func life() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, run = try await routes.run(caseCount: 4, targets: RunRoutes.execTarget) + "/exec/"
            let leased = try await client.send("leaseExecCells", run + "lease", body: #"{"holder":"ci","capacity":3}"#, expect: 200)
            let cells = leased["cells"]?.arrayValue ?? []
            #expect(leased.text("run_state") == "running" && leased["lease_seconds"]?.integerValue == 15 && cells.count == 3)
            let first = try #require(cells.first), key = first.text("key")
            #expect(first["input"]?["variables"]?["input"]?.stringValue == "Capital of \(key)?")
            #expect(first["prompt"]?.arrayValue?.first?["content"]?.stringValue == "Capital of \(key)?")
            #expect(first["attempt"]?.integerValue == 1 && first["repetition"]?.integerValue == 1)

            let held = try await client.send("extendExecLeases", run + "extend", body: leases(cells), expect: 200)
            #expect(jobs(held, "held") == cells.compactMap { $0["job"]?.integerValue }.sorted() && held.text("run_state") == "running")
            let answers = [
                output(cells[0], #""text":"Pa\u0000ris","duration_nano":5000000,"started_at_unix_nano":"1795000000000000000""#),
                output(cells[1], #""error":{"message":"no\u0000module"},"exit_status":2"#),
            ]
            let body = #"{"outputs":[\#(answers.joined(separator: ","))]}"#
            #expect(jobs(try await client.send("submitExecOutputs", run + "outputs", body: body, expect: 200), "accepted").count == 2)
            #expect(jobs(try await client.send("submitExecOutputs", run + "outputs", body: body, expect: 200), "accepted").isEmpty)
            let given = try await client.send("releaseExecCells", run + "release", body: leases(cells), expect: 200)
            #expect(jobs(given, "released") == [cells[2]["job"]?.integerValue])
            let again = try await client.send("leaseExecCells", run + "lease", body: #"{"holder":"ci","capacity":100}"#, expect: 200)
            #expect(again["cells"]?.arrayValue?.count == 2)

            let checkpoints = try await routes.installation.metastore.runs.leaseCells(worker: "w", capacity: 9)
                .map { try JSONValue.parse($0.job.checkpoint ?? []) }
            #expect(checkpoints.count == 2)
            #expect(checkpoints.contains { $0.text("text") == "Pa\0ris" && $0["duration_nano"]?.integerValue == 5_000_000 })
            #expect(checkpoints.contains { $0["error"]?.text("message") == "no\u{fffd}module" && $0["error"]?["exit_status"] == .integer(2) })
        }
    }

    @Test("a run that is paused or over gives none and says so; a case whose variables make no prompt comes without one")
    func states() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client
            _ = try await routes.suite("other", cases: [#"{"key":"v","input":{"variables":{"country":"France"}}}"#])
            let made = try await client.send(
                "startRun", "/api/v1/runs", body: #"{"suite":"other","targets":[\#(RunRoutes.execTarget)]}"#, expect: 202)
            try await routes.installation.plan(made.text("id"))
            let run = "/api/v1/runs/\(made.text("id"))"
            try await client.send("pauseRun", run + "/pause", expect: 200)
            let paused = try await client.send("leaseExecCells", run + "/exec/lease", body: #"{"holder":"ci"}"#, expect: 200)
            #expect(paused.text("run_state") == "paused" && paused["cells"]?.arrayValue?.isEmpty == true)
            try await client.send("resumeRun", run + "/resume", expect: 200)
            let cells = try await client.send("leaseExecCells", run + "/exec/lease", body: #"{"holder":"ci"}"#, expect: 200)["cells"]?.arrayValue
            #expect(cells?.count == 1 && cells?.first?["prompt"] == nil)
            #expect(cells?.first?["input"]?["variables"]?["country"]?.stringValue == "France")
            try await client.send("cancelRun", run + "/cancel", expect: 200)
            let held = try await client.send("extendExecLeases", run + "/exec/extend", body: leases(cells ?? []), expect: 200)
            #expect(held.text("run_state") == "cancelled" && jobs(held, "held").isEmpty)
        }
    }

    @Test("what makes no sense is refused with its place, and another project's run is unknown")
    func refusals() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, run = try await routes.run(caseCount: 1, targets: RunRoutes.execTarget) + "/exec/"
            func field(_ operation: String, _ name: String, _ body: String) async throws -> String? {
                try await client.send(operation, run + name, body: body, expect: 422)["errors"]?.arrayValue?.first?["field"]?.stringValue
            }
            #expect(try await field("leaseExecCells", "lease", "{}") == "holder")
            #expect(try await field("leaseExecCells", "lease", #"{"holder":"ci","capacity":101}"#) == "capacity")
            #expect(try await field("extendExecLeases", "extend", #"{"leases":7}"#) == "leases")
            #expect(try await field("releaseExecCells", "release", #"{"leases":[{"job":1,"lease":"x"}]}"#) == "leases[0].lease")
            let lease = #""job":1,"lease":"01a1fe1c-0000-7000-8000-000000000000""#
            for (more, place) in [
                ("", "outputs[0]"), (#","text":"a","error":{"message":"b"}"#, "outputs[0]"), (#","error":{"message":""}"#, "outputs[0]"),
                (#","text":7"#, "outputs[0]"), (#","text":"a","txet":1"#, "outputs[0].txet"),
                (#","text":"a","duration_nano":-1"#, "outputs[0].duration_nano"),
            ] {
                #expect(try await field("submitExecOutputs", "outputs", #"{"outputs":[{\#(lease)\#(more)}]}"#) == place)
            }
            let many = Array(repeating: "{\(lease)}", count: 101).joined(separator: ",")
            #expect(try await field("extendExecLeases", "extend", #"{"leases":[\#(many)]}"#) == "leases")
            let stranger = try await routes.stranger()
            try await stranger.send("leaseExecCells", run + "lease", body: #"{"holder":"ci"}"#, expect: 404)
            try await stranger.send("extendExecLeases", run + "extend", body: #"{"leases":[]}"#, expect: 404)
            try await stranger.send("submitExecOutputs", run + "outputs", body: #"{"outputs":[]}"#, expect: 404)
            try await stranger.send("releaseExecCells", run + "release", body: #"{"leases":[]}"#, expect: 404)
        }
    }
}

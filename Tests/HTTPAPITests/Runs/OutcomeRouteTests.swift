import ByteCoding
import EvaluationModel
import HTTPTesting
import JobQueue
import Metastore
import Testing

@Suite("Routes of outcomes")
struct OutcomeRouteTests {
    private func keys(_ list: JSONValue) -> [String] { list.data.map { $0.text("key") } }

    @Test("outcomes are listed by time or key, filtered and paged, with their scores; one is shown with answer and attempts")
    func lists() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, run = try await routes.run(caseCount: 3), outcomes = run + "/outcomes"
            let score = Score(name: "exact", origin: .scorer(.exact), value: 1, passed: true, reason: "it is Paris")
            #expect(try await routes.installation.work(scores: [score]) == 3)
            #expect(keys(try await client.send("listOutcomes", outcomes + "?order=key", expect: 200)) == ["a", "b", "c"])
            var seen: [String] = [], cursor = ""
            repeat {
                let page = try await client.send("listOutcomes", outcomes + "?order=key&limit=2\(cursor)", expect: 200)
                seen += keys(page)
                cursor = page["next_cursor"]?.stringValue.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen == ["a", "b", "c"])
            let all = try await client.send("listOutcomes", outcomes, expect: 200).data
            #expect(all.count == 3 && all.allSatisfy { $0["scores"]?.arrayValue?.first?.text("name") == "exact" })
            #expect(try await client.send("listOutcomes", outcomes + "?result=failed", expect: 200).data.isEmpty)
            #expect(try await client.send("listOutcomes", outcomes + "?target=1", expect: 200).data.isEmpty)
            #expect(try await client.send("listOutcomes", outcomes + "?target=0&result=passed", expect: 200).data.count == 3)
            for order in ["key", "newest"] {
                #expect(keys(try await client.send("listOutcomes", outcomes + "?key=b&order=\(order)", expect: 200)) == ["b"])
            }
            #expect(try await client.send("listOutcomes", outcomes + "?key=nobody%27s", expect: 200).data.isEmpty)
            let one = try #require(all.first)
            let details = try await client.send("getOutcome", outcomes + "/" + one.text("id"), expect: 200)
            #expect(details["output"]?.text("text") == "Paris" && details["attempts"]?.arrayValue?.first?.text("worker") == "worker")
            #expect(details["duration_ms"]?.doubleValue == 5 && details["cost_usd"]?.doubleValue == 0.000_001)
            for wrong in ["?result=good", "?target=x", "?target=16", "?order=size", "?key=%00", "?cursor=x", "?superseded=maybe"] {
                try await client.send("listOutcomes", outcomes + wrong, expect: 400)
            }
            try await client.send("getOutcome", outcomes + "/nonsense", expect: 404)
            let stranger = try await routes.stranger()
            try await stranger.send("listOutcomes", outcomes, expect: 404)
            try await stranger.send("getOutcome", outcomes + "/" + one.text("id"), expect: 404)
        }
    }

    @Test("a run is compared with its baseline target by target, also while it is under way; without one it is told alone")
    func comparison() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, installation = routes.installation, before = try await routes.run(caseCount: 2)
            #expect(try await installation.work(.failed) == 2)
            let alone = try await client.send("compareRun", before + "/comparison", expect: 200)
            let own = try #require(alone["targets"]?.arrayValue?.first)
            #expect(alone["baseline_run_id"]?.isNull == true && own["baseline"]?.isNull == true)
            #expect(own.text("target") == "app" && own["failed"]?.integerValue == 2 && own["passed"]?.integerValue == 0)
            #expect(own["cost_usd"]?.doubleValue == 0.000_002 && own["mean_duration_ms"]?.doubleValue == 5)

            let id = before.split(separator: "/").last.map(String.init) ?? ""
            let runs = installation.metastore.runs, job = try #require(try await runs.leaseControl(worker: "concluder"))
            try await runs.conclude(try #require(RunID(uuid: id)), verdict: Array("{}".utf8), reason: "", by: job)
            try await runs.endControl(job, .succeeded)
            let body = #"{"suite":"suite","targets":[\#(RunRoutes.httpTarget)],"baseline":"\#(id)"}"#
            let after = try await client.send("startRun", "/api/v1/runs", body: body, expect: 202).text("id")
            let comparison = "/api/v1/runs/\(after)/comparison"
            let early = try await client.send("compareRun", comparison, expect: 200)["targets"]?.arrayValue?.first
            #expect(early?["mean_duration_ms"]?.isNull == true && early?["baseline"]?["only_in_baseline_count"]?.integerValue == 2)
            try await installation.plan(after)
            #expect(try await installation.work(.passed) == 2)
            let compared = try await client.send("compareRun", comparison, expect: 200)
            let beside = try #require(compared["targets"]?.arrayValue?.first?["baseline"])
            #expect(compared.text("baseline_run_id") == id)
            #expect(beside["improved_count"]?.integerValue == 2 && beside["regressed_count"]?.integerValue == 0)
            #expect(beside["improved"]?.arrayValue?.map { $0.text("key") }.sorted() == ["a", "b"])
            try await routes.stranger().send("compareRun", comparison, expect: 404)
        }
    }

    @Test("a case is done again: what came of it is kept and shown on request only")
    func requeue() async throws {
        try await RunRoutes.with { routes in
            let client = routes.client, run = try await routes.run(caseCount: 2, more: #","repetitions":2"#)
            _ = try await routes.installation.metastore.runs.leaseCells(worker: "slow", capacity: 1)
            #expect(try await routes.installation.work(.failed) == 3)
            let counted = try await client.send("listOutcomes", run + "/outcomes", expect: 200).data
            let key = try #require(Dictionary(grouping: counted) { $0.text("key") }.first { $0.value.count == 2 }?.key)
            let body = #"{"key":"\#(key)","repetition":2}"#
            let requeued = try await client.send("requeueTestCase", run + "/requeue", body: body, expect: 200)
            #expect(requeued["requeued"]?.integerValue == 1 && requeued["run"]?["counts"]?["failed"]?.integerValue == 2)
            #expect(try await client.send("listOutcomes", run + "/outcomes", expect: 200).data.count == 2)
            let all = try await client.send("listOutcomes", run + "/outcomes?superseded=true", expect: 200).data
            #expect(all.count == 3 && all.count { $0["superseded_at"]?.isNull == false } == 1)
            let nothing = try await client.send("requeueTestCase", run + "/requeue", body: #"{"key":"unknown"}"#, expect: 200)
            #expect(nothing["requeued"]?.integerValue == 0)
            try await client.send("requeueTestCase", run + "/requeue", body: "{}", expect: 422)
            try await client.send("requeueTestCase", run + "/requeue", body: #"{"key":"a","target":16}"#, expect: 422)
            try await client.send("cancelRun", run + "/cancel", expect: 200)
            let refused = try await client.send("requeueTestCase", run + "/requeue", body: body, expect: 409)
            #expect(refused.text("detail").contains("cancelled"))
            try await routes.stranger().send("requeueTestCase", run + "/requeue", body: body, expect: 404)
        }
    }
}

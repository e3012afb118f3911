import ByteCoding
import Testing

@testable import Dashboard

@Suite("The page of the server's health") struct HealthContentTests {
    private static let health = #"""
        {"status": "ok", "checks": {"postgres": "ok", "store": "ok", "disk": "ok"}, "uptime_seconds": 7500.2,
         "ingest": {"rate_seconds": 60, "spans_per_second": 1284.5, "bytes_per_second": 2202009.6, "requests_per_second": 0.25,
           "stored_spans": 48200112, "duplicate_requests": 1, "bytes_in_flight": 230686720, "maximum_bytes_in_flight": 268435456,
           "acknowledgement_ms": {"p50": 2, "p95": 5, "p99": 10}, "rejected_spans": {"span_id_zero": 812, "time_order": 0},
           "refused_requests": {"rate_limited": 3}},
         "quarantine": {"kept_spans": 812, "lost_spans": 0, "evicted_spans": 2, "expired_spans": 0, "replayed_spans": 5, "deleted_spans": 0,
           "damaged_records": 0},
         "wal": {"bytes_in_use": 268435456, "bytes": 1073741824, "queued_bytes": 0, "failed_groups": 0,
           "fdatasync_ms": {"p50": 1, "p95": 2.048, "p99": 4.096}},
         "memtables": {"count": 2, "waiting_to_be_sealed": 1, "spans": 120400, "bytes": 62914560},
         "segments": {"count": 212, "spans": 48079712, "bytes": 9126805504, "damaged": 0, "seal_failures": 0},
         "disk": {"free_bytes": null, "capacity_bytes": null, "level": "normal", "ballast_bytes": 0, "ballast_given_up": 0,
           "dropped_segments": 0, "refused_requests": 0},
         "postgres": {"connections": 9, "idle_connections": 7, "waiting": 0},
         "job_queues": [{"queue": "run_cells", "queued": 431, "leased": 32, "oldest_wait_seconds": 4}]}
        """#

    private func built(_ changes: [(String, String)] = []) throws -> BuiltContext {
        let text = changes.reduce(Self.health) { $0.replacing($1.0, with: $1.1) }
        let health = try Hostile.json(text)
        return BuiltContext { HealthContent(health: health).set(in: &$0) }
    }

    @Test("each figure is a member of the document, under its path")
    func figures() throws {
        let built = try built()
        let frame: Set<String> = ["title", "page", "page_url", "has_project", "project", "navigation"]
        #expect(try built.faults("health", besides: frame) == [])
        let document = try Hostile.json(Self.health)
        func check(_ metric: String, _ shown: Double?) {
            let member = metric.split(separator: ".").dropFirst().reduce(Optional(document)) { at, name in at?[String(name)] }
            #expect(member != nil && member?.doubleValue == shown, "\(metric)")
        }
        for figure in built.context["figures"].arrayValue ?? [] { check(figure.text("metric"), Double(figure.text("value"))) }
        for refused in built.context["refused"].arrayValue ?? [] { check(refused.text("metric"), refused.number("count")) }
        // The lines below figures are made of figures, too.
        let rows = (built.context["figures"].arrayValue ?? []) + (built.context["spaces"].arrayValue ?? [])
        let pieces = rows.flatMap { $0.list("more") }.filter { $0.flag("has_metric") }
        for piece in pieces { check(piece.text("metric"), Double(piece.text("value"))) }
        #expect(pieces.count > 12)
        #expect(built.texts("figures", "text") == ["1,285", "0.3", "5.0 ms", "2.0 ms", "48,200,112", "9"])
        #expect(
            built.texts("refused", "reason") == [
                "Spans: span id zero", "Requests: rate limited", "Spans kept in quarantine", "Spans gone from quarantine for newer ones",
                "Spans stored out of quarantine",
            ], "what never happened is left out")
        let spaces = (built.context["spaces"].arrayValue ?? []).map { space in space.list("more").map { $0.text("text") }.joined() }
        #expect(spaces[0] == "220 MiB of 256 MiB" && built.texts("spaces", "tone")[0] == "warn")
        #expect(spaces[2] == "60 MiB · 120,400 spans, 1 of the tables being sealed" && spaces.last == "–")
        #expect(built.context["uptime_text"] == .string("2 h 05 min"))
        #expect(built.texts("queues", "metric") == ["health.job_queues.run_cells"] && built.texts("queues", "running") == ["32"])
    }

    @Test("a disk that is nearly full says what gives way for it", arguments: [("saving", "warn"), ("refusing", "bad"), ("normal", "")])
    func fullDisk(level: String, tone: String) throws {
        let built = try built([("\"level\": \"normal\"", "\"level\": \"\(level)\"")])
        #expect(built.texts("spaces", "tone").last == tone)
        let space = try #require((built.context["spaces"].arrayValue ?? []).last)
        #expect(space.list("more").count == (tone.isEmpty ? 1 : 3))
    }

    @Test("what does not work is said first, and what cannot be asked is not made up")
    func failures() throws {
        let built = try built([
            (#""postgres": "ok""#, #""postgres": "does not answer""#), ("\"spans_per_second\": 1284.5", "\"spans_per_second\": null"),
            (#"[{"queue": "run_cells", "queued": 431, "leased": 32, "oldest_wait_seconds": 4}]"#, "null"),
        ])
        #expect(built.context["tone"] == .string("bad"))
        #expect(built.context["summary"] == .string("PostgreSQL: does not answer."))
        #expect(built.texts("checks", "tone") == ["bad", "good", "good"])
        #expect(built.texts("figures", "text")[0] == "–" && built.texts("figures", "value")[0] == "")
        #expect(built.context["has_queues"] == .bool(false) && built.context["no_queues_text"] == .string("PostgreSQL does not answer."))
    }
}

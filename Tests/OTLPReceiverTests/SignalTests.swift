import Access
import ByteCoding
import HTTPTesting
import Ingest
import Metastore
import SpanStore
import Testing
import TraceModel

/// What the other signals are answered: the same checks before anything is read, and the truth about what is not stored.
@Suite("Exporting log records and metrics over HTTP")
struct SignalTests {
    private static let event =
        #"{"eventName":"gen_ai.choice","timeUnixNano":"5","traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708"}"#
    private static let plain = #"{"body":{"stringValue":"started"}}"#

    private static func logs(_ records: String...) -> [UInt8] {
        Array(#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[\#(records.joined(separator: ","))]}]}]}"#.utf8)
    }

    private static let points = Array(#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":{"dataPoints":[{},{}]}}]}]}]}"#.utf8)

    @Test(
        "under every path: a full success is empty, a partial one counts by the signal's own name",
        arguments: ["", "/otel", "/api/public/otel"])
    func answers(prefix: String) async throws {
        try await TestInstallation.run { installation, server in
            let key = ("authorization", "Bearer \(try await installation.key([.ingest]))"), json = ("content-type", "application/json")
            func send(_ path: String, _ body: [UInt8], _ headers: (String, String)...) async throws -> HTTPAnswer {
                try await server.send("POST", prefix + path, headers: headers, body: body)
            }
            #expect(try await send("/v1/logs", Self.logs(Self.event), key, json).text == "{}")
            let partial = try await send("/v1/logs", Self.logs(Self.event, Self.plain), key, json)
            #expect(
                partial.status == 200
                    && partial.text.hasPrefix(#"{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"1 log record"#))
            let metrics = try await send("/v1/metrics", Self.points, key, json)
            #expect(
                metrics.status == 200
                    && metrics.text.hasPrefix(#"{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"2 data points"#))
            #expect(try await send("/v1/metrics", Array("{}".utf8), key, json).text == "{}")
            for path in ["/v1/logs", "/v1/metrics"] {
                #expect(try await send(path, [], key, ("content-type", "application/x-protobuf")).body.isEmpty)
                #expect(try await send(path, [], key, ("content-type", "text/plain")).status == 415)
                #expect(try await send(path, Array("{".utf8), key, json).status == 400)
                #expect(try await send(path, Array("{".utf8), json).status == 401)
                let reader = ("authorization", "Bearer \(try await installation.key([.read]))")
                #expect(try await send(path, Array("{".utf8), reader, json).status == 403)
            }
            #expect(installation.store.statistics.appendedEventCount == 2 && installation.store.statistics.appendedSpanCount == 0)
            #expect(try await installation.spanCount() == 0)
        }
    }

    @Test("the database being away, events are stored and judgements wait for it")
    func withoutDatabase() async throws {
        struct Away: EvaluationScoreKeeper {
            func keep(_ scores: [EvaluationScore], of project: ProjectID) async throws(IngestError) {
                throw IngestError(.unavailable, "the scores cannot be stored now", retryAfterSeconds: 2)
            }
        }
        try await TestInstallation.run(scores: Away()) { installation, server in
            let headers = [("authorization", "Bearer \(try await installation.key([.ingest]))"), ("content-type", "application/json")]
            let judgement =
                Self.event.replacing("gen_ai.choice", with: "gen_ai.evaluation.result").dropLast()
                + #","attributes":[{"key":"gen_ai.evaluation.name","value":{"stringValue":"n"}},"#
                + #"{"key":"gen_ai.evaluation.score.value","value":{"doubleValue":1}}]}"#
            let refused = try await server.send("POST", "/v1/logs", headers: headers, body: Self.logs(Self.event, String(judgement)))
            #expect(refused.status == 503 && refused.headers["retry-after"] == "2")
            #expect(try await server.send("POST", "/v1/logs", headers: headers, body: Self.logs(Self.event)).status == 200)
            #expect(installation.store.statistics.appendedEventCount == 1)
        }
    }
}

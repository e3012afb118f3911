import ByteCoding
import EvaluationModel
import FileSystem
import Foundation
import GenAIConventions
import Metastore
import MetastoreTesting
import OTLP
import PostgresClient
import PostgresTesting
import SpanStore
import Testing
import TraceModel
import TraceQuery

@testable import SpanScoring

/// A store and a metastore of their own, and a follower between them.
private final class Following {
    let directory: String
    let metastore: Metastore
    let connection: PostgresConnection
    let project: ProjectID
    let threads = ScanThreads()
    private(set) var store: SpanStore
    private(set) var follower: RuleFollower
    private var nextSpan: UInt64 = 1

    init() async throws {
        directory = NSTemporaryDirectory() + "spandrel-scoring-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let database = try await TestDatabase.make()
        metastore = try await Metastore.open(PostgresPool(database, maximumConnectionCount: 2, logger: TestServer.logger))
        connection = try await PostgresConnection.connect(database)
        let organization = try await metastore.organizations.create(name: "Acme")
        project = try await metastore.projects.create(name: "Shop", retentionDays: nil, in: organization.id).id
        store = try SpanStore.open(StoreConfiguration(root: directory + "/store"))
        follower = RuleFollower(store: store, threads: threads, ledger: metastore.scoreDecisions, logger: TestServer.logger)
    }

    func end() async throws {
        await store.close()
        await metastore.close()
        try FileManager.default.removeItem(atPath: directory)
    }

    /// As after a crash: what was in memory is gone.
    func restart() async throws {
        await store.close()
        store = try SpanStore.open(StoreConfiguration(root: directory + "/store"))
        follower = RuleFollower(store: store, threads: threads, ledger: metastore.scoreDecisions, logger: TestServer.logger)
    }

    func rule(_ name: String, _ filter: String = "{}", rate: Double = 1, cap: Int64? = nil) async throws -> ScoreRuleID {
        let new = NewScoreRule(
            name: name, filter: Array(filter.utf8), scorers: Array(#"[{"kind":"contains","name":"contains","all":["a"]}]"#.utf8),
            samplingRate: rate, isEnabled: true, dailyCapNanoUSD: cap, concurrency: 4)
        return try await metastore.scoreRules.create(
            new, in: project, at: await follower.newestPosition(of: project), audit: .system("test")
        ).id
    }

    func append(_ count: Int, name: String = "span", trace: UInt64? = nil, output: Bool = true) async throws {
        let now = UInt64(Date().timeIntervalSince1970 * 1e9)
        let records = (0..<count).map { _ -> SpanRecord in
            nextSpan += 1
            var span = SpanRecord(
                traceID: TraceID(high: 5, low: trace ?? nextSpan), spanID: SpanID(rawValue: nextSpan), name: name, startTimeUnixNano: now,
                endTimeUnixNano: now + 1000)
            if output { span.attributes = [KeyValue("gen_ai.completion", .string("an answer"))] }
            return span
        }
        try await append(records)
    }

    func append(_ records: [SpanRecord]) async throws {
        var batch = try ExportTraceRequestDecoder.decodeJSON(TracesDataJSONEncoder.encode(records), limits: OTLPLimits())
        let fields = AttributeMapping.current.apply(to: &batch)
        _ = try await store.append(AppendRequest(project: project, batch: batch, fields: fields, codec: .otlpJSON, reply: StoredReply()))
    }

    func counts(_ rule: ScoreRuleID) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for row in try await connection.query(
            "SELECT decision, count(*) AS n FROM score_decisions WHERE rule_id::text = $1 GROUP BY decision", [.text(rule.uuid)])
        {
            counts[try row.decode("decision")] = try row.decode("n", as: Int.self)
        }
        return counts
    }

    func jobCount() async throws -> Int {
        try await connection.query("SELECT count(*) AS n FROM jobs WHERE queue = 'score.spans'").only { row throws(PostgresError) in
            try row.decode("n")
        }
    }
}

@Suite("Rules that follow the store") struct RuleFollowerTests {
    @Test("each span that comes in is decided once by each rule, with its reason, whatever is sealed or restarted")
    func once() async throws {
        let following = try await Following()
        try await following.append(7)
        let all = try await following.rule("all"), named = try await following.rule("named", #"{"name": {"_eq": "chat"}}"#)
        try await following.append(3, name: "chat")
        try await following.append(2)
        try await following.follower.look()
        #expect(try await following.counts(all) == ["queued": 5])
        #expect(try await following.counts(named) == ["queued": 3, "not_matched": 2])
        #expect(try await following.jobCount() == 8)
        try await following.append(1, name: "chat")
        _ = try await following.store.seal()
        try await following.append(1, name: "chat", output: false)
        try await following.follower.look()
        try await following.follower.look()
        #expect(try await following.counts(all) == ["queued": 6, "skipped": 1])
        try await following.append(2, name: "chat")
        _ = try await following.store.seal()
        try await following.append(2)
        try await following.restart()
        try await following.append(1)
        try await following.follower.look()
        #expect(try await following.counts(all) == ["queued": 11, "skipped": 1])
        #expect(try await following.counts(named) == ["queued": 6, "not_matched": 5, "skipped": 1])
        let rule = try await following.metastore.scoreRules.find(named, in: following.project)
        #expect(rule?.today.queued == 6 && rule?.today.skipped == 1 && (rule?.today.notMatched ?? 0) >= 5)
        try await following.end()
    }

    @Test("a segment with both sides of the position is looked at whole, and decides nothing again")
    func wholeSegment() async throws {
        let following = try await Following()
        let rule = try await following.rule("all")
        try await following.append(4)
        try await following.follower.look()
        try await following.append(3)
        _ = try await following.store.seal()
        try await following.restart()
        try await following.follower.look()
        #expect(try await following.counts(rule) == ["queued": 7])
        #expect(try await following.jobCount() == 7)
        try await following.end()
    }

    @Test("a disabled rule decides nothing, and what came meanwhile is nobody's when it is enabled again")
    func disabled() async throws {
        let following = try await Following()
        let rule = try await following.rule("all")
        func set(_ isEnabled: Bool) async throws {
            var change = ScoreRuleChange()
            change.isEnabled = isEnabled
            _ = try await following.metastore.scoreRules.update(
                rule, in: following.project, change, at: await following.follower.newestPosition(of: following.project),
                audit: .system("test"))
        }
        try await set(false)
        try await following.append(3)
        try await following.follower.look()
        try await set(true)
        try await following.append(2)
        try await following.follower.look()
        #expect(try await following.counts(rule) == ["queued": 2])
        try await following.end()
    }

    @Test("of many spans that are passed over some are listed and all are counted")
    func manyPassedOver() async throws {
        let following = try await Following()
        let none = try await following.rule("none", #"{"name": {"_eq": "nothing"}}"#), out = try await following.rule("out", rate: 0)
        try await following.append(1_200)
        try await following.follower.look()
        #expect(try await following.counts(none) == ["not_matched": 500])
        #expect(try await following.counts(out) == ["sampled_out": 500])
        #expect(try await following.metastore.scoreRules.find(none, in: following.project)?.today.notMatched == 1_200)
        #expect(try await following.metastore.scoreRules.find(out, in: following.project)?.today.sampledOut == 1_200)
        try await following.end()
    }

    @Test("a span that did not match at first and comes in a fuller form is decided anew, once")
    func fullerForm() async throws {
        let following = try await Following()
        let rule = try await following.rule("done", #"{"status": {"_eq": "ok"}}"#)
        var span = SpanRecord(
            traceID: TraceID(high: 5, low: 900), spanID: SpanID(rawValue: 900), name: "chat", startTimeUnixNano: 1_000, endTimeUnixNano: 0)
        try await following.append([span])
        try await following.follower.look()
        #expect(try await following.counts(rule) == ["not_matched": 1])
        span.endTimeUnixNano = 5_000
        span.status = SpanRecord.Status(code: 1, message: "")
        span.attributes = [KeyValue("gen_ai.completion", .string("an answer"))]
        try await following.append([span])
        try await following.follower.look()
        #expect(try await following.counts(rule) == ["queued": 1])
        try await following.end()
    }
}

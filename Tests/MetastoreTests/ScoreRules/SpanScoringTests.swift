import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite("Scoring jobs in the database") struct SpanScoringTests {
    /// A project with backfills and rules, and what tests do with their spans.
    struct Scoring {
        let test: TestMetastore
        var backfills: ScoreBackfillRepository { test.metastore.scoreBackfills }
        var work: SpanScoringRepository { test.metastore.spanScoring }

        static func open() async throws -> Scoring { Scoring(test: try await TestMetastore.open()) }

        func backfill(cap: Int64? = nil, concurrency: Int = 8) async throws -> TaskID {
            let new = NewScoreBackfill(
                filter: Array("{}".utf8), scorers: Array("[]".utf8), samplingRate: 1, from: nil, to: nil, maximumSpanCount: 100,
                capNanoUSD: cap, concurrency: concurrency, node: .max)
            return try await backfills.create(new, in: test.project.id, audit: test.audit)
        }

        func rule(cap: Int64? = nil, concurrency: Int = 8) async throws -> ScoreRuleID {
            let new = NewScoreRule(
                name: "rule", filter: Array("{}".utf8), scorers: Array("[]".utf8), samplingRate: 1, isEnabled: true, dailyCapNanoUSD: cap,
                concurrency: concurrency)
            return try await test.metastore.scoreRules.create(
                new, in: test.project.id, at: StorePosition(node: 1, lsn: 5), audit: test.audit
            ).id
        }

        static func queued(_ number: UInt64) throws -> NewScoreDecision {
            var span = SpanRecord(
                traceID: TraceID(high: 1, low: number), spanID: SpanID(rawValue: number), name: "s", startTimeUnixNano: 1,
                endTimeUnixNano: 2)
            span.llm.outputKey = "o"
            span.attributes = [KeyValue("o", .string("text"))]
            let id = ScoreDecisionID.make()
            return NewScoreDecision(
                id: id, traceID: span.traceID, spanID: span.spanID, decision: .queued, reason: "it waits",
                payload: try ScoringPayload(span, scorers: []).encoded(decision: id.uuid))
        }

        func task(_ id: TaskID) async throws -> TaskRecord {
            guard let task = try await test.metastore.tasks.find(id, in: test.project.id) else {
                throw PostgresError(.decoding, "no task")
            }
            return task
        }

        func number(_ sql: String) async throws -> Int {
            try await test.connection.query(sql).only { row throws(PostgresError) in try row.decode("n") }
        }
    }

    private static let score = Score(name: "s", origin: .scorer(.contains), value: 1, passed: true, reason: "r")

    @Test("a backfill goes from its pages over its spans to its result; jobs and texts are gone, scores and events are there")
    func backfill() async throws {
        let scoring = try await Scoring.open(), id = try await scoring.backfill()
        #expect(try await scoring.backfills.unplanned(node: .max).map(\.id) == [id])
        #expect(try await scoring.backfills.unplanned(node: 1).isEmpty)
        let first = try Scoring.queued(1)
        #expect(try await scoring.backfills.record([first, try Scoring.queued(2)], of: id, next: "place"))
        #expect(try await scoring.backfills.unplanned(node: .max).first?.cursor == "place")
        // The page that was written before a crash comes again.
        let out = NewScoreDecision(traceID: TraceID(high: 1, low: 9), spanID: SpanID(rawValue: 9), decision: .sampledOut, reason: "r")
        #expect(try await scoring.backfills.record([try Scoring.queued(1), out], of: id, next: nil))
        #expect(try await scoring.backfills.unplanned(node: .max).isEmpty)
        let leased = try await scoring.work.lease(worker: "w", capacity: 10)
        #expect(leased.count == 2 && leased[0].source == .backfill(id) && leased[0].payload.text == "text")
        #expect(try await scoring.work.record(EndedSpan(leased[0], .scored([Self.score]), costNanoUSD: 7, spans: [1])))
        #expect(try await scoring.task(id).state == .running)
        #expect(try await scoring.work.record(EndedSpan(leased[1], .failed([], reason: "the judge was away"))))
        let task = try await scoring.task(id)
        #expect(task.state == .succeeded && task.progressDone == 3 && task.progressTotal == 3)
        let result = try JSONValue.parse(task.result ?? [])
        #expect(result["matched"] == .integer(3) && result["scored"] == .integer(1) && result["failed"] == .integer(1))
        #expect(try await scoring.number("SELECT count(*) AS n FROM jobs WHERE queue = 'score.spans'") == 0)
        #expect(try await scoring.number("SELECT count(*) AS n FROM scores WHERE outcome_id IS NULL AND trace_id IS NOT NULL") == 1)
        #expect(try await scoring.number("SELECT count(*) AS n FROM span_outbox") == 1)
        let events = try await scoring.test.metastore.tasks.events(of: id, after: 0, limit: 100)
        #expect(events.map(\.type) == ["task.running", "backfill.planned", "span.scored", "span.failed", "task.succeeded"])
        #expect(events.map(\.sequence) == [1, 2, 3, 4, 5])
        // Whoever lost the lease writes nothing.
        #expect(try await scoring.work.record(EndedSpan(leased[0], .scored([Self.score]))) == false)
    }

    @Test(
        "with a cap few spans are begun until costs are known, failures without a cost tell nothing of them, and no new day begins with all"
    )
    func firstCosts() async throws {
        let scoring = try await Scoring.open(), id = try await scoring.backfill(cap: 1_000, concurrency: 50)
        _ = try await scoring.backfills.record(try (1...40).map { try Scoring.queued($0) }, of: id, next: nil)
        var leased = try await scoring.work.lease(worker: "w", capacity: 50)
        #expect(leased.count == SpendingAllowance.firstConcurrency)
        for span in leased { _ = try await scoring.work.record(EndedSpan(span, .failed([], reason: "the judge was away"))) }
        leased = try await scoring.work.lease(worker: "w", capacity: 50)
        #expect(leased.count == SpendingAllowance.firstConcurrency)

        let other = try await Scoring.open(), rule = try await other.rule(cap: 1_000, concurrency: 50)
        var decisions = RuleDecisions(rule: rule)
        decisions.listed = try (1...40).map { try Scoring.queued($0) }
        try await other.test.metastore.scoreDecisions.record(
            [decisions], of: other.test.project.id, through: StorePosition(node: 1, lsn: 6))
        leased = try await other.work.lease(worker: "w", capacity: 50)
        #expect(leased.count == SpendingAllowance.firstConcurrency)
        for span in leased { _ = try await other.work.record(EndedSpan(span, .scored([Self.score]), costNanoUSD: 400)) }
        // The money of the day is spent. On the next one:
        try await other.test.connection.query("UPDATE score_rule_days SET day = day - 1")
        leased = try await other.work.lease(worker: "w", capacity: 50)
        #expect(leased.count == SpendingAllowance.firstConcurrency && leased.allSatisfy { !$0.isCapSpent })
    }

    @Test("a retry keeps the decision open and counts what the attempt cost; a released one counts nothing")
    func retries() async throws {
        let scoring = try await Scoring.open(), id = try await scoring.backfill()
        _ = try await scoring.backfills.record([try Scoring.queued(1)], of: id, next: nil)
        var span = try #require(try await scoring.work.lease(worker: "w", capacity: 1).first)
        #expect(try await scoring.work.record(EndedSpan(span, .released)))
        span = try #require(try await scoring.work.lease(worker: "w", capacity: 1).first)
        #expect(span.job.attempt == 1)
        #expect(
            try await scoring.work.record(EndedSpan(span, .retry(afterSeconds: 0, error: Array("{}".utf8)), costNanoUSD: 5)))
        span = try #require(try await scoring.work.lease(worker: "w", capacity: 1).first)
        #expect(span.job.attempt == 2)
        #expect(try await scoring.work.record(EndedSpan(span, .scored([Self.score]), costNanoUSD: 6)))
        let decision = try #require(
            try await scoring.test.metastore.scoreDecisions.list(
                in: scoring.test.project.id, ScoreDecisionFilter(taskID: id), page: PageRequest()
            ).items.first)
        #expect(decision.decision == .scored && decision.attemptCount == 2 && decision.costNanoUSD == 11)
        #expect(decision.reason == "s passed")
    }

    @Test("the nearer the cap the fewer at a time; once it is spent, whoever is leased is told")
    func caps() async throws {
        let scoring = try await Scoring.open(), rule = try await scoring.rule(cap: 100)
        var decisions = RuleDecisions(rule: rule)
        decisions.listed = try (1...20).map { try Scoring.queued($0) }
        try await scoring.test.metastore.scoreDecisions.record(
            [decisions], of: scoring.test.project.id, through: StorePosition(node: 1, lsn: 6))
        let first = try await scoring.work.lease(worker: "w", capacity: 1)
        #expect(try await scoring.work.record(EndedSpan(try #require(first.first), .scored([Self.score]), costNanoUSD: 40)))
        let second = try await scoring.work.lease(worker: "w", capacity: 8)
        #expect(second.count == 1 && !second[0].isCapSpent)
        #expect(try await scoring.work.record(EndedSpan(second[0], .scored([Self.score]), costNanoUSD: 60)))
        let spent = try await scoring.work.lease(worker: "w", capacity: 8)
        #expect(spent.count == SpendingAllowance.firstConcurrency && spent.allSatisfy(\.isCapSpent))
        #expect(try await scoring.work.record(EndedSpan(spent[0], .skipped(reason: SpanAdmission.capReason))))
        let today = try await scoring.test.metastore.scoreRules.find(rule, in: scoring.test.project.id)?.today
        #expect(today?.scored == 2 && today?.skipped == 1 && today?.costNanoUSD == 100 && today?.queued == 20)
    }

    @Test("a cancelled backfill and an archived rule leave nothing that waits")
    func ends() async throws {
        let scoring = try await Scoring.open(), id = try await scoring.backfill(), project = scoring.test.project.id
        _ = try await scoring.backfills.record([try Scoring.queued(1), try Scoring.queued(2)], of: id, next: "more")
        let leased = try await scoring.work.lease(worker: "w", capacity: 1)
        #expect(try await scoring.backfills.cancel(id, in: project, audit: scoring.test.audit) == .cancelled)
        #expect(try await scoring.backfills.cancel(id, in: project, audit: scoring.test.audit) == .ended)
        #expect(try await scoring.work.record(EndedSpan(leased[0], .scored([Self.score]))) == false)
        #expect(try await scoring.backfills.record([try Scoring.queued(3)], of: id, next: nil) == false)
        #expect(try await scoring.task(id).state == .cancelled)
        let rule = try await scoring.rule()
        var decisions = RuleDecisions(rule: rule)
        decisions.listed = [try Scoring.queued(1)]
        try await scoring.test.metastore.scoreDecisions.record([decisions], of: project, through: StorePosition(node: 1, lsn: 6))
        #expect(try await scoring.test.metastore.scoreRules.archive(rule, in: project, audit: scoring.test.audit)?.isEnabled == false)
        #expect(try await scoring.number("SELECT count(*) AS n FROM score_decisions WHERE decision <> 'skipped'") == 0)
        #expect(try await scoring.number("SELECT count(*) AS n FROM jobs WHERE queue = 'score.spans'") == 0)
        #expect(try await scoring.number("SELECT count(*) AS n FROM score_positions") == 0)
    }

    @Test("decisions, jobs and the position are written together; what was decided stays decided")
    func ledger() async throws {
        let scoring = try await Scoring.open(), rule = try await scoring.rule(), project = scoring.test.project.id
        let ledger = scoring.test.metastore.scoreDecisions
        func record(_ listed: [NewScoreDecision], lsn: UInt64) async throws {
            var decisions = RuleDecisions(rule: rule)
            decisions.listed = listed
            try await ledger.record([decisions], of: project, through: StorePosition(node: 1, lsn: lsn))
        }
        let missed = NewScoreDecision(traceID: TraceID(high: 1, low: 1), spanID: SpanID(rawValue: 1), decision: .notMatched, reason: "no")
        try await record([missed, try Scoring.queued(2), try Scoring.queued(2)], lsn: 9)
        try await record([missed, try Scoring.queued(2)], lsn: 8)
        let followed = try #require(try await ledger.enabledRules(node: 1).first)
        #expect(followed.position == StorePosition(node: 1, lsn: 9) && followed.rules.map(\.waitingCount) == [1])
        #expect(try await ledger.enabledRules(node: 2).first?.position == nil)
        try await record([try Scoring.queued(1)], lsn: 10)
        let page = try await ledger.list(in: project, ScoreDecisionFilter(ruleID: rule, decision: .queued), page: PageRequest(limit: 1))
        #expect(page.items.count == 1 && page.nextCursor != nil)
        #expect(
            try await ledger.list(in: project, ScoreDecisionFilter(traceID: TraceID(high: 1, low: 1)), page: PageRequest()).items.map(
                \.decision) == [.queued])
        #expect(try await scoring.number("SELECT count(*) AS n FROM jobs WHERE queue = 'score.spans'") == 2)
    }

    @Test("the ledger lets go of what is older than it is kept, but not of what waits")
    func sweeping() async throws {
        let scoring = try await Scoring.open(), rule = try await scoring.rule(), project = scoring.test.project.id
        // Ids begin with the time: one of 2020, one of now.
        for (number, id) in ["016f0000-0000-7000-8000-000000000001", ScoreDecisionID.make().uuid].enumerated() {
            for decision in ["queued", "scored"] {
                try await scoring.test.connection.query(
                    """
                    INSERT INTO score_decisions (id, project_id, rule_id, trace_id, span_id, decision, reason)
                    VALUES (overlay($1 placing $2 from 36 for 1)::uuid, $3, $4, decode(repeat('ab', 16), 'hex'), sha256($5)::bytea, $6, 'r')
                    """.replacing("sha256($5)::bytea", with: "substr(sha256($5::bytea), 1, 8)"),
                    [
                        .text(id), .text(decision == "queued" ? "2" : "3"), project.value, rule.value,
                        .bytes(Array("\(number)\(decision)".utf8)), .text(decision),
                    ])
            }
        }
        #expect(try await scoring.test.metastore.scoreDecisions.sweep() == false)
        #expect(try await scoring.number("SELECT count(*) AS n FROM score_decisions") == 3)
    }
}

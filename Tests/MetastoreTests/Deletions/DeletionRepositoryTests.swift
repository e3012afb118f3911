import ByteCoding
import EvaluationModel
import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite("Deletions in the database") struct DeletionRepositoryTests {
    private typealias Scoring = SpanScoringTests.Scoring

    private static let node: UInt64 = .max

    private static func counts(_ spans: Int64) -> DeletionCounts {
        var counts = DeletionCounts()
        counts.spanCount = spans
        counts.keptPayloadByteCount = 7
        return counts
    }

    private static func masked(
        _ test: TestMetastore, _ kind: DeletionRecord.Kind, _ subject: String, traces: [TraceID]
    ) async throws -> DeletionRecord {
        let deletions = test.metastore.deletions
        let made = try await deletions.create(NewDeletion(kind, subject, node: node), in: test.project.id, audit: test.audit)
        try await deletions.note(made.id, traces: traces, found: counts(3))
        let masked = try await deletions.recordMasked(
            made.id, traces: traces, counts: counts(3), maskedUnixNano: 99, throughLogFile: 4, deadlineSeconds: 60)
        return try #require(masked)
    }

    @Test("a deletion goes from its order over what was found and masked to done, with its task, once; the log names no user")
    func steps() async throws {
        let test = try await TestMetastore.open(), deletions = test.metastore.deletions, traces = [TraceID(high: 1, low: 2)]
        let made = try await deletions.create(
            NewDeletion(.user, "ada@example.org", node: Self.node), in: test.project.id, audit: test.audit)
        #expect(made.state == .running && made.requestedBy == test.audit.callerName && made.counts == nil && made.traceIDs.isEmpty)
        #expect(try await deletions.open(node: Self.node).map(\.id) == [made.id])
        #expect(try await deletions.open(node: 1).isEmpty)
        func task() async throws -> TaskRecord { try #require(try await test.metastore.tasks.find(made.id, in: test.project.id)) }
        #expect(try await task().state == .queued)
        for _ in 0..<2 { try await deletions.note(made.id, traces: traces, found: Self.counts(3)) }
        let running = try await task()
        #expect(running.state == .running && running.progressTotal == 2)
        #expect(try await deletions.find(made.id, in: test.project.id)?.found?.spanCount == 3)
        try await deletions.setProblem(made.id, "it hangs")
        #expect(try await deletions.find(made.id, in: test.project.id)?.problem == "it hangs")
        // Not before it is masked.
        try await deletions.recordDone(made.id)
        #expect(try await deletions.find(made.id, in: test.project.id)?.state == .running)
        let masked = try #require(
            try await deletions.recordMasked(
                made.id, traces: traces, counts: Self.counts(3), maskedUnixNano: 99, throughLogFile: 4, deadlineSeconds: 60))
        #expect(masked.state == .masked && masked.counts == Self.counts(3) && masked.traceIDs == traces && masked.problem.isEmpty)
        #expect(masked.maskedUnixNano == 99 && masked.throughLogFile == 4)
        #expect(try #require(masked.deadlineTimeUnixNano) - (try #require(masked.maskedTimeUnixNano)) == 60_000_000_000)
        let again = try await deletions.recordMasked(
            made.id, traces: [], counts: Self.counts(0), maskedUnixNano: 100, throughLogFile: 5, deadlineSeconds: 60)
        #expect(again == nil)
        for _ in 0..<2 { try await deletions.recordDone(made.id) }
        let done = try #require(try await deletions.find(made.id, in: test.project.id))
        #expect(done.state == .done && done.doneTimeUnixNano != nil && done.counts == Self.counts(3))
        #expect(try await task().state == .succeeded)
        #expect(try await deletions.open(node: Self.node).isEmpty)
        let entries = try await test.connection.query(
            "SELECT action, after::text AS after FROM audit_entries WHERE resource_kind = 'deletion' ORDER BY id"
        ).decoded { row throws(PostgresError) in (try row.decode("action", as: String.self), try row.decode("after", as: String.self)) }
        #expect(entries.map(\.0) == [test.audit.action, "finishDeletion"])
        #expect(entries.allSatisfy { !$0.1.contains("ada") } && entries[1].1.contains("\"spans\": 3"))
    }

    @Test("a project's deletions are listed newest first, page by page; another project's are none; too many at a time are refused")
    func lists() async throws {
        let test = try await TestMetastore.open(), deletions = test.metastore.deletions
        let other = try await test.metastore.projects.create(name: "Other", in: test.organization.id).id
        var made: [TaskID] = []
        for number in 0..<Int(MetastoreLimits.maximumRunningDeletionCount) {
            let new = NewDeletion(.session, "s\(number)", node: Self.node)
            made.append(try await deletions.create(new, in: test.project.id, audit: test.audit).id)
        }
        let more = await failure {
            try await deletions.create(NewDeletion(.session, "s", node: Self.node), in: test.project.id, audit: test.audit)
        }
        #expect(more?.code == .conflict)
        _ = try await deletions.create(NewDeletion(.project, "", node: Self.node), in: other, audit: test.audit)
        let first = try await deletions.list(in: test.project.id, page: PageRequest(limit: 60))
        let second = try await deletions.list(in: test.project.id, page: PageRequest(limit: 60, cursor: first.nextCursor))
        #expect((first.items + second.items).map(\.id) == made.reversed() && second.nextCursor == nil)
        #expect(try await deletions.find(made[0], in: other) == nil)
        #expect(await failure { try await deletions.list(in: other, page: PageRequest(cursor: "p1")) }?.code == .invalid)
    }

    @Test("what an earlier try deleted is counted once, whether or not its edit had happened")
    func interruptedCounts() {
        #expect(Self.counts(5).joined(withFound: nil).spanCount == 5)
        #expect(Self.counts(5).joined(withFound: Self.counts(5)).spanCount == 5, "it had not happened")
        #expect(Self.counts(6).joined(withFound: Self.counts(5)).spanCount == 6, "it had not, and one came in")
        #expect(Self.counts(0).joined(withFound: Self.counts(5)).spanCount == 5, "it had")
        #expect(Self.counts(1).joined(withFound: Self.counts(5)).spanCount == 6, "it had, and one came in")
    }

    @Test("of the traces scores, decisions and waiting jobs go, and a backfill that waited for them ends; others' stay")
    func scores() async throws {
        let scoring = try await Scoring.open(), test = scoring.test, id = try await scoring.backfill()
        let gone = TraceID(high: 1, low: 1), kept = TraceID(high: 1, low: 2)
        _ = try await scoring.backfills.record([try Scoring.queued(1), try Scoring.queued(2)], of: id, next: nil)
        for trace in [gone, kept] {
            _ = try await test.metastore.scores.send(
                NewScore(name: "n", source: .application, value: 1, subject: .trace(trace, nil), author: "a"), externalID: trace.hex,
                in: test.project.id, audit: test.audit)
        }
        try await test.connection.query(
            "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2), ($1, $3)",
            [test.project.id.value, .bytes([1] + Array(gone.hex.utf8)), .bytes([1] + Array(kept.hex.utf8))])
        let record = try await Self.masked(test, .trace, gone.hex, traces: [gone])
        let removed = try #require(record.removed)
        #expect(removed.scoreCount == 1 && removed.decisionCount == 1 && removed.jobCount == 1 && removed.copiedTextCount == 1)
        #expect(try await scoring.number("SELECT count(*) AS n FROM scores") == 1)
        #expect(try await scoring.number("SELECT count(*) AS n FROM score_decisions") == 1)
        #expect(try await scoring.number("SELECT count(*) AS n FROM jobs WHERE payload ->> 'trace_id' = '\(kept.hex)'") == 1)
        #expect(try await scoring.number("SELECT count(*) AS n FROM span_outbox") == 1)
        #expect(try await scoring.task(id).state == .running)
        _ = try await Self.masked(test, .project, "", traces: [])
        #expect(try await scoring.task(id).state == .succeeded)
        for table in ["scores", "score_decisions", "span_outbox"] {
            #expect(try await scoring.number("SELECT count(*) AS n FROM \(table)") == 0, "\(table)")
        }
        #expect(try await scoring.number("SELECT count(*) AS n FROM jobs WHERE queue = 'score.spans'") == 0)
    }

    @Test("features quote a deleted trace no longer, and are not called by what it said; a model's name stays")
    func features() async throws {
        let test = try await TestMetastore.open(), gone = TraceID(high: 7, low: 1), kept = TraceID(high: 7, low: 2)
        let project = test.project.id.value, analysis = TaskID.make(), feature = TaskID.make(), named = TaskID.make()
        try await test.connection.query(
            "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, 'feature_analysis')", [analysis.value, project])
        try await test.connection.query(
            """
            INSERT INTO feature_analyses (id, project_id, window_start, window_end, maximum_traces, spending_cap_nano_usd, filter)
            VALUES ($1, $2, '2026-01-01', '2026-01-02', 10, 1, '{}')
            """, [analysis.value, project])
        try await test.connection.query(
            """
            INSERT INTO feature_analysis_traces (analysis_id, position, trace_id, text, cost_nano_usd, is_error, duration_nano)
            VALUES ($1, 0, $2, 'my secret', 0, false, 1), ($1, 1, $3, 'other', 0, false, 1)
            """, [analysis.value, .bytes(gone.bytes), .bytes(kept.bytes)])
        for (id, isNamed) in [(feature, false), (named, true)] {
            try await test.connection.query(
                """
                INSERT INTO features (id, project_id, name, is_named, center, reach, embedding_model, first_window_start, last_window_end)
                VALUES ($1, $2, 'my secret', $3, '\\x00000000', 0, 'p/m', '2026-01-01', '2026-01-02')
                """, [id.value, project, .bool(isNamed)])
            try await test.connection.query(
                """
                INSERT INTO feature_windows (project_id, feature_id, analysis_id, trace_count, error_count, cost_nano_usd, duration_nano,
                    trend, examples, trace_ids)
                VALUES ($1, $2, $3, 2, 0, 0, 0, 'new', $4, $5)
                """,
                [
                    project, id.value, analysis.value,
                    .json(
                        Array(
                            #"[{"trace_id":"\#(gone.hex)","text":"my secret"},{"trace_id":"\#(kept.hex)","text":"other"}]"#.utf8)),
                    .bytes(gone.bytes + kept.bytes),
                ])
        }
        let record = try await Self.masked(test, .trace, gone.hex, traces: [gone])
        #expect(record.removed?.featureWindowCount == 2 && record.removed?.copiedTextCount == 1)
        let rows = try await test.connection.query(
            """
            SELECT f.name, w.examples::text AS examples, w.trace_ids, w.trace_count FROM features f
            JOIN feature_windows w ON w.feature_id = f.id ORDER BY f.is_named
            """)
        #expect(try rows.decoded { row throws(PostgresError) in try row.decode("name", as: String.self) } == ["Unnamed", "my secret"])
        for row in rows {
            #expect(try !row.decode("examples", as: String.self).contains("secret"))
            #expect(try FeatureBytes.traceIDs(row.decode("trace_ids")) == [kept])
            #expect(try row.decode("trace_count", as: Int.self) == 2)
        }
        let texts = try await test.connection.query("SELECT text FROM feature_analysis_traces ORDER BY position")
            .decoded { row throws(PostgresError) in try row.decode("text", as: String.self) }
        #expect(texts == ["(deleted)", "other"])
        let all = try await Self.masked(test, .project, "", traces: [])
        #expect(all.removed?.featureWindowCount == 2 && all.removed?.copiedTextCount == 1)
    }

    @Test("an archived project's telemetry is ordered to go in the same transaction")
    func archive() async throws {
        let test = try await TestMetastore.open()
        _ = try await test.metastore.projects.archive(
            test.project.id, in: test.organization.id, deleting: NewDeletion(.project, "", node: Self.node), audit: test.audit)
        let open = try await test.metastore.deletions.open(node: Self.node)
        #expect(open.map(\.projectID) == [test.project.id] && open.map(\.kind) == [.project])
    }
}

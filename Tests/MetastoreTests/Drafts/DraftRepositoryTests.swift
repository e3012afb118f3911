import EvaluationModel
import JobQueue
import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite("Drafts in the database") struct DraftRepositoryTests {
    private struct Drafts {
        let test: TestMetastore
        let suite: Suite
        var repository: DraftRepository { test.metastore.drafts }

        static func open() async throws -> Drafts {
            let test = try await TestMetastore.open()
            let suite = try await test.metastore.suites.create(name: "s", description: "", in: test.project.id, audit: test.audit)
            return Drafts(test: test, suite: suite)
        }

        static let sources = (1...2).map {
            DraftSource(
                TestCaseSource(traceID: TraceID(high: 1, low: $0), spanID: SpanID(rawValue: $0)), content: Array(#"{"messages":[]}"#.utf8))
        }

        func request(cap: Int64 = 1_000) async throws -> TaskID {
            let new = NewDraftRequest(
                instruction: "hard ones", model: nil, maximumDraftCount: 5, capNanoUSD: cap, sources: Self.sources)
            return try await repository.create(new, for: suite.id, in: test.project.id, audit: test.audit)
        }

        /// The next trace, gone through.
        func save(_ keys: [String], problem: String? = nil, cost: Int64 = 7, _ leased: LeasedDraftRequest) async throws -> Bool {
            let request = try #require(try await repository.proceed(leased))
            let (position, source) = try #require(request.next)
            let cases = keys.map { TestCaseContent(key: $0, input: .text("?")) }
            return try await repository.save(
                DraftedCases(cases: cases, problem: problem, costNanoUSD: cost, spans: [1]), at: position, of: source, leased)
        }

        func number(_ sql: String) async throws -> Int {
            try await test.connection.query(sql).only { row throws(PostgresError) in try row.decode("n") }
        }

        func task(_ id: TaskID) async throws -> TaskRecord {
            try #require(try await test.metastore.tasks.find(id, in: test.project.id))
        }

        func drafts(_ state: TestCaseDraft.State? = nil) async throws -> [TestCaseDraft] {
            try await repository.list(of: suite.id, state: state, page: PageRequest()).items
        }
    }

    @Test("a request is gone through trace by trace; what each brought is saved once, with its cost and span")
    func work() async throws {
        let drafts = try await Drafts.open(), id = try await drafts.request()
        let leased = try #require(try await drafts.repository.lease(worker: "w"))
        let first = try #require(try await drafts.repository.proceed(leased))
        #expect(leased.id == id && first.openSourceCount == 2 && first.nextDraftCount == 3 && !first.isCapSpent)
        #expect(try await drafts.save(["a", "b"], leased))
        let second = try #require(try await drafts.repository.proceed(leased))
        #expect(second.next?.position == 1 && second.nextDraftCount == 3 && second.costNanoUSD == 7 && second.draftCount == 2)
        #expect(try await drafts.repository.takenKeys(of: ["a", "x"], in: drafts.suite.id) == ["a"])
        #expect(try await drafts.save([], problem: "no case", leased))
        #expect(try await drafts.task(id).progressDone == 2)
        let last = try #require(try await drafts.repository.proceed(leased))
        #expect(last.next == nil && String(decoding: last.problems, as: UTF8.self).contains("no case"))
        try await drafts.repository.end(leased, .succeeded, result: Array(#"{"drafts":2}"#.utf8))
        #expect(try await drafts.task(id).state == .succeeded)
        #expect(try await drafts.drafts(.proposed).map(\.key) == ["b", "a"])
        #expect(try await drafts.number("SELECT count(*) AS n FROM span_outbox") == 2)
        #expect(try await drafts.repository.lease(worker: "w") == nil)
    }

    @Test("whoever lost the lease saves nothing, and the next one goes on where the last trace was saved")
    func lost() async throws {
        let drafts = try await Drafts.open()
        _ = try await drafts.request(cap: 7)
        let dead = try #require(try await drafts.repository.lease(worker: "dead"))
        #expect(try await drafts.save(["a"], dead))
        let request = try #require(try await drafts.repository.proceed(dead)), next = try #require(request.next)
        _ = try await drafts.test.connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 s'")
        _ = try await drafts.test.metastore.runs.rescue()
        let alive = try #require(try await drafts.repository.lease(worker: "alive"))
        let late = DraftedCases(cases: [TestCaseContent(key: "z", input: .text("?"))], problem: nil, costNanoUSD: 1, spans: nil)
        #expect(try await drafts.repository.save(late, at: next.position, of: next.source, dead) == false)
        #expect(try await drafts.repository.extendLease(dead) == false)
        let now = try #require(try await drafts.repository.proceed(alive))
        #expect(now.openSourceCount == 1 && now.isCapSpent && alive.job.attempt == 2)
        #expect(try await drafts.drafts().map(\.key) == ["a"])
    }

    @Test("a request that failed, was given back or was cancelled: its texts are forgotten when it ends, and not before")
    func ends() async throws {
        let drafts = try await Drafts.open(), texts = "SELECT count(*) AS n FROM draft_request_sources"
        let failed = try await drafts.request()
        let leased = try #require(try await drafts.repository.lease(worker: "w"))
        _ = try await drafts.repository.proceed(leased)
        try await drafts.repository.end(leased, .retry(afterSeconds: 0), message: "busy", costNanoUSD: 3, spans: [1])
        #expect(try await drafts.number(texts) == 2)
        let again = try #require(try await drafts.repository.lease(worker: "w"))
        #expect(try await drafts.repository.proceed(again)?.costNanoUSD == 3)
        try await drafts.repository.end(again, .failed, message: "no key")
        let task = try await drafts.task(failed)
        #expect(task.state == .failed && String(decoding: task.error ?? [], as: UTF8.self).contains("no key"))
        #expect(try await drafts.number(texts) == 0)

        let cancelled = try await drafts.request(), project = drafts.test.project.id
        let held = try #require(try await drafts.repository.lease(worker: "w"))
        #expect(try await drafts.repository.cancel(cancelled, in: project, audit: drafts.test.audit) == true)
        #expect(try await drafts.repository.proceed(held) == nil)
        #expect(try await drafts.number(texts) == 0)
        #expect(try await drafts.repository.cancel(cancelled, in: project, audit: drafts.test.audit) == false)
        #expect(try await drafts.repository.cancel(TaskID.make(), in: project, audit: drafts.test.audit) == nil)
    }

    @Test("an accepted draft is a version of the suite, a dropped one is nothing; each is decided once")
    func decisions() async throws {
        let drafts = try await Drafts.open(), project = drafts.test.project.id, suite = drafts.suite.id
        _ = try await drafts.request()
        let leased = try #require(try await drafts.repository.lease(worker: "w"))
        #expect(try await drafts.save(["a", "b", "c"], leased))
        let made = try await drafts.drafts()
        let (c, b, a) = (made[0].id, made[1].id, made[2].id)
        func accept(_ id: TestCaseDraftID, key: String) async throws -> DraftDecision {
            let content = TestCaseContent(key: key, input: .text("edited?"))
            return try await drafts.repository.accept(id, of: suite, in: project, as: content, audit: drafts.test.audit)
        }
        guard case .decided(let accepted, let edit?) = try await accept(a, key: "edited") else {
            Issue.record("it was not accepted")
            return
        }
        #expect(accepted.state == .accepted && accepted.key == "edited" && accepted.acceptedVersion == 1 && accepted.decidedBy != nil)
        #expect(edit.version?.source == .draft && edit.addedCount == 1)
        #expect(try await drafts.test.metastore.suites.cases(of: suite, version: 1, after: nil, limit: 9).map(\.key) == ["edited"])
        #expect(try await accept(b, key: "edited") == .keyIsTaken)
        #expect(try await accept(a, key: "again") == .wasDecided(.accepted))
        guard case .decided(let dropped, nil) = try await drafts.repository.drop(c, of: suite, in: project, audit: drafts.test.audit) else {
            Issue.record("it was not dropped")
            return
        }
        #expect(dropped.state == .dropped && dropped.acceptedVersion == nil)
        #expect(try await drafts.repository.drop(c, of: suite, in: project, audit: drafts.test.audit) == .wasDecided(.dropped))
        #expect(try await drafts.repository.drop(TestCaseDraftID.make(), of: suite, in: project, audit: drafts.test.audit) == .notFound)
        #expect(try await drafts.repository.drop(b, of: suite, in: ProjectID(high: 1, low: 1), audit: drafts.test.audit) == .notFound)
        #expect(try await drafts.drafts(.proposed).map(\.id) == [b])
    }
}

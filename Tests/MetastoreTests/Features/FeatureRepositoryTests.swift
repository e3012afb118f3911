import ByteCoding
import JobQueue
import PostgresClient
import Testing
import TraceModel

@testable import Metastore

@Suite struct FeatureRepositoryTests {
    private static let hour: Int64 = 3_600_000_000_000
    private static let start = 1_767_225_600_000_000_000 as Int64

    private static func order(_ window: Int64 = 0, maximum: Int = 100) -> FeatureAnalysisOrder {
        FeatureAnalysisOrder(
            windowStartUnixNano: start + window * 24 * hour, windowEndUnixNano: start + (window + 1) * 24 * hour,
            maximumTraceCount: maximum, spendingCapNanoUSD: 1_000, filter: Array("{}".utf8))
    }

    private static func traces(_ count: Int) -> [AnalyzedTrace] {
        (0..<count).map {
            AnalyzedTrace(
                traceID: TraceID(high: 7, low: UInt64($0)), text: "text \($0)", costNanoUSD: 10, isError: $0 == 0, durationNano: 5)
        }
    }

    private static func call(_ cost: Int64) -> PaidCall { PaidCall(costNanoUSD: cost, span: [1]) }

    private static func feature(
        _ traces: [AnalyzedTrace], id: FeatureID = .make(), isNew: Bool = true, name: String = "Ask", isNamed: Bool = true
    )
        -> AnalyzedFeature
    {
        AnalyzedFeature(
            id: id, isNew: isNew, name: name, description: "d", isNamed: isNamed, center: [0.6, 0.8], reach: 0.5, traces: traces,
            trend: isNew ? "new" : "steady", examples: Array(#"[{"trace_id":"00","text":"t"}]"#.utf8))
    }

    /// An analysis of the window with so many traces, in the hands of a worker.
    private static func leased(_ test: TestMetastore, window: Int64 = 0, traceCount: Int = 3) async throws -> LeasedAnalysis {
        let features = test.metastore.features
        let made = try await features.order(order(window), in: test.project.id, audit: test.audit)
        #expect(made.isNew)
        #expect(try await features.fill(made.analysis.id, with: traces(traceCount), windowTraceCount: traceCount + 1))
        let leased = try #require(try await features.lease(worker: "w"))
        #expect(leased.id == made.analysis.id)
        #expect(try await features.begin(leased)?.traceCount == traceCount)
        return leased
    }

    private static func state(_ test: TestMetastore, _ id: FeatureAnalysisID) async throws -> String {
        let analysis = try #require(try await test.metastore.features.findAnalysis(id, in: test.project.id))
        let task = try #require(try await test.metastore.tasks.find(id.task, in: test.project.id))
        return "\(analysis.state.rawValue) \(task.state.rawValue)"
    }

    private static func keptTexts(_ test: TestMetastore) async throws -> Int {
        try await test.connection.query("SELECT count(*) AS n FROM feature_analysis_traces").only { row throws(PostgresError) in
            try row.decode("n")
        }
    }

    @Test("a window is ordered once, and again after it was cancelled")
    func orders() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features
        let first = try await features.order(Self.order(), in: test.project.id, audit: test.audit)
        let again = try await features.order(Self.order(maximum: 50), in: test.project.id, audit: test.audit)
        #expect(first.isNew && !again.isNew && again.analysis == first.analysis && first.analysis.state == .collecting)
        #expect(try await features.collecting(limit: 5).map(\.id) == [first.analysis.id])
        let cancelled = try await features.cancelAnalysis(first.analysis.id, in: test.project.id, audit: test.audit)
        #expect(cancelled?.wasOpen == true && cancelled?.analysis.state == .cancelled)
        #expect(try await features.cancelAnalysis(first.analysis.id, in: test.project.id, audit: test.audit)?.wasOpen == false)
        #expect(try await Self.state(test, first.analysis.id) == "cancelled cancelled")
        #expect(try await !features.fill(first.analysis.id, with: Self.traces(1), windowTraceCount: 1), "too late")
        #expect(try await features.order(Self.order(), in: test.project.id, audit: test.audit).isNew)
        let page = try await features.listAnalyses(in: test.project.id, page: PageRequest(limit: 1))
        #expect(page.items.count == 1 && page.nextCursor != nil)
        let other = try await test.metastore.projects.create(name: "Other", in: test.organization.id)
        #expect(try await features.findAnalysis(first.analysis.id, in: other.id) == nil)
        #expect(try await features.cancelAnalysis(first.analysis.id, in: other.id, audit: test.audit) == nil)
    }

    @Test("vectors are kept with their cost and span, and a worker that lost its lease keeps nothing")
    func embeddings() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features
        let leased = try await Self.leased(test)
        let vectors: [[Float]] = [[1, 2], [-3.5, 1e-30]]
        #expect(try await features.save(vectors, at: [0, 1], model: "p/m", Self.call(7), of: leased) == 7)
        let traces = try await features.traces(of: leased.id, from: 0)
        #expect(traces.map(\.embedding) == [[1, 2], [-3.5, 1e-30], nil] && traces.map(\.trace) == Self.traces(3))
        #expect(try await features.traces(of: leased.id, from: 2).map(\.position) == [2])
        #expect(try await test.metastore.tasks.find(leased.id.task, in: test.project.id)?.progressDone == 2)
        // The worker is not heard of any more: another one goes on with what there is.
        try await test.connection.query("UPDATE jobs SET lease_expires_at = now() - interval '1 second'")
        #expect(try await features.rescue() == 1)
        let second = try #require(try await features.lease(worker: "v"))
        #expect(second.job.attempt == 2)
        #expect(try await features.begin(second)?.embeddingModel == "p/m")
        #expect(try await features.save([[1, 1]], at: [2], model: "p/m", Self.call(7), of: leased) == nil)
        #expect(try await features.extendLease(second))
        #expect(try await !features.extendLease(leased))
        #expect(try await features.save([[1, 1]], at: [2], model: "q/m", Self.call(5), of: second) == 12)
        #expect(try await features.save(Array(#"{"names":{}}"#.utf8), Self.call(1), of: second) == 13)
        let analysis = try #require(try await features.findAnalysis(second.id, in: test.project.id))
        #expect(analysis.embeddingModel == "p/m" && analysis.costNanoUSD == 13, "the first model stays")
        #expect(try await test.metastore.spanOutbox.backlog().count == 3)
    }

    @Test("one analysis of a project at a time")
    func oneAtATime() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features
        _ = try await Self.leased(test)
        let next = try await features.order(Self.order(1), in: test.project.id, audit: test.audit)
        #expect(try await features.fill(next.analysis.id, with: [], windowTraceCount: 0))
        #expect(try await features.lease(worker: "v") == nil)
    }

    @Test("a conclusion writes features and windows, ends task and job, and forgets what users said")
    func conclusion() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features, all = Self.traces(3)
        let leased = try await Self.leased(test), id = FeatureID.make()
        let found = Self.feature([all[1], all[0]], id: id)
        #expect(try await features.conclude(leased, model: "p/m", [found], span: [1], result: Array(#"{"feature_count":1}"#.utf8)))
        #expect(try await Self.state(test, leased.id) == "succeeded succeeded")
        #expect(try await Self.keptTexts(test) == 0)
        #expect(try await !features.conclude(leased, model: "p/m", [found], span: [1], result: Array("{}".utf8)), "once")
        let feature = try #require(try await features.find(id, in: test.project.id))
        #expect(feature.name == "Ask" && feature.isNamed && feature.newest?.traceCount == 2 && feature.newest?.analyzedTraceCount == 3)
        #expect(feature.newest?.errorCount == 1 && feature.newest?.costNanoUSD == 20 && feature.newest?.durationNano == 10)
        #expect(try await features.members(of: id, in: test.project.id)?.traceIDs == [all[1].traceID, all[0].traceID])
        #expect(try await features.lease(worker: "w") == nil)
    }

    @Test("the next window knows the features of the one before, their shares, and keeps names that were given")
    func nextWindow() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features, all = Self.traces(3)
        let named = FeatureID.make(), unnamed = FeatureID.make()
        let first = try await Self.leased(test)
        let found = [Self.feature(Array(all.prefix(2)), id: named), Self.feature([all[2]], id: unnamed, name: "text 2", isNamed: false)]
        #expect(try await features.conclude(first, model: "p/m", found, span: [1], result: Array("{}".utf8)))
        let renamed = try await features.update(
            named, in: test.project.id, FeatureChange(name: "Track an order", description: ""), audit: test.audit)
        #expect(renamed?.name == "Track an order" && renamed?.description == "")

        let second = try await Self.leased(test, window: 1)
        let analysis = try #require(try await features.findAnalysis(second.id, in: test.project.id))
        let known = try await features.known(to: analysis, model: "p/m")
        #expect(known.map(\.id) == [named, unnamed] && known.map(\.isNamed) == [true, false])
        #expect(known.map { $0.before?.count } == [2, 1] && known.map { $0.before?.traceCount } == [3, 3])
        #expect(known[0].center == [0.6, 0.8] && known[0].reach == 0.5)
        #expect(try await features.known(to: analysis, model: "q/m").isEmpty, "vectors of another model cannot be compared")
        let again = [
            Self.feature([], id: named, isNew: false, name: "Other name"), Self.feature(all, id: unnamed, isNew: false, name: "A name"),
        ]
        #expect(try await features.conclude(second, model: "p/m", again, span: [1], result: Array("{}".utf8)))
        let kept = try #require(try await features.find(named, in: test.project.id))
        #expect(kept.name == "Track an order" && kept.newest?.traceCount == 0 && kept.lastWindowEndUnixNano == Self.start + 24 * Self.hour)
        #expect(try await features.find(unnamed, in: test.project.id)?.name == "A name")
        let windows = try await features.windows(of: unnamed, in: test.project.id, limit: 10)
        #expect(windows.map(\.traceCount) == [3, 1] && windows.map(\.trend) == ["steady", "new"])
        #expect(try await features.members(of: unnamed, in: test.project.id, analysis: first.id)?.traceIDs.count == 1)
    }

    @Test("features are listed by the trend of their newest window, without archived ones")
    func lists() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features, all = Self.traces(3)
        let leased = try await Self.leased(test)
        let found = (0..<3).map { Self.feature([all[$0]], name: "f\($0)") }
        #expect(try await features.conclude(leased, model: "p/m", found, span: [1], result: Array("{}".utf8)))
        func names(_ trend: String? = nil, archived: Bool = false, cursor: String? = nil, limit: Int = 10) async throws -> [String] {
            try await features.list(
                in: test.project.id, trend: trend, includingArchived: archived, page: PageRequest(limit: limit, cursor: cursor)
            ).items.map(\.name)
        }
        #expect(try await names("new").count == 3)
        #expect(try await names("growing").isEmpty)
        let page = try await features.list(in: test.project.id, page: PageRequest(limit: 2))
        #expect(page.items.count == 2 && page.nextCursor != nil)
        _ = try await features.update(found[0].id, in: test.project.id, FeatureChange(isArchived: true), audit: test.audit)
        #expect(try await names().count == 2)
        #expect(try await names(archived: true).count == 3)
        let back = try await features.update(found[0].id, in: test.project.id, FeatureChange(isArchived: false), audit: test.audit)
        #expect(back?.archivedTimeUnixNano == nil)
        #expect(try await names().count == 3)
        let error = await failure {
            try await features.update(found[0].id, in: test.project.id, FeatureChange(name: " x"), audit: test.audit)
        }
        #expect(error?.code == .invalid && error?.field == "name")
        let other = try await test.metastore.projects.create(name: "Other", in: test.organization.id)
        #expect(try await features.find(found[0].id, in: other.id) == nil)
        #expect(try await features.members(of: found[0].id, in: other.id) == nil)
        #expect(try await features.update(found[0].id, in: other.id, FeatureChange(name: "x"), audit: test.audit) == nil)
    }

    @Test("an analysis that fails says why, ends its job and forgets what users said; one that is to be tried again keeps everything")
    func failures() async throws {
        let test = try await TestMetastore.open(), features = test.metastore.features
        let leased = try await Self.leased(test)
        try await features.giveBack(leased, .retry(afterSeconds: 0), message: "busy")
        let again = try #require(try await features.lease(worker: "w"))
        #expect(try await Self.keptTexts(test) == 3)
        try await features.fail(again, message: "the spending cap was reached")
        #expect(try await Self.state(test, leased.id) == "failed failed")
        #expect(try await Self.keptTexts(test) == 0)
        let task = try #require(try await test.metastore.tasks.find(leased.id.task, in: test.project.id))
        #expect(try JSONValue.parse(task.error ?? [])["message"]?.stringValue == "the spending cap was reached")
        // Its window may be tried again.
        #expect(try await features.order(Self.order(), in: test.project.id, audit: test.audit).isNew)
    }
}

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite("Outcomes are listed")
struct RunOutcomesTests {
    private static let targets =
        #"{"name": "a", "kind": "http", "url": "http://x/", "body": {}}, {"name": "b", "kind": "http", "url": "http://y/", "body": {}}"#

    /// 5 cases x 2 targets x 2 repetitions, all done but four: target 1 fails, `case-3` errors; `case-0` was requeued once at target 0.
    private func open() async throws -> (test: TestRuns, run: RunID) {
        let test = try await TestRuns.open(caseCount: 5)
        let run = try await test.start(try TestRuns.specification(#""repetitions": 2"#, targets: Self.targets)).id
        let score = Score(name: "s", origin: .scorer(.exact), value: 1, passed: true, reason: "equal", details: .object([]))
        for cell in try await test.runs.leaseCells(worker: "w", capacity: 20) where try test.key(cell) != "case-4" {
            let key = try test.key(cell)
            let result: CellResultKind = key == "case-3" ? .errored : cell.target == 1 ? .failed : .passed
            _ = try await test.runs.record(
                [EndedCell(cell, key: key, .outcome(TestRuns.outcome(result, scores: [score])))], of: run)
        }
        _ = try await test.runs.requeue(CellChoice(key: "case-0", target: 0), of: run, in: test.project, audit: test.audit)
        for cell in try await test.runs.leaseCells(worker: "w2", capacity: 20) {
            _ = try await test.runs.record([EndedCell(cell, key: "case-0", .outcome(TestRuns.outcome(.failed)))], of: run)
        }
        return (test, run)
    }

    /// All pages of a list.
    private func all(
        _ test: TestRuns, _ run: RunID, _ filter: OutcomeFilter = OutcomeFilter(), _ order: OutcomeOrder = .newest, limit: Int = 3
    ) async throws -> [OutcomeRecord] {
        var items: [OutcomeRecord] = [], cursor: String?
        repeat {
            let page = try await test.runs.outcomes(
                of: run, in: test.project, filter: filter, order: order, page: try PageRequest(limit: limit, cursor: cursor))
            #expect(page.items.count <= limit)
            items += page.items
            cursor = page.nextCursor
        } while cursor != nil
        return items
    }

    @Test("newest first or by key, target and repetition, in pages, with their scores")
    func orders() async throws {
        let (test, run) = try await open()
        let newest = try await all(test, run)
        #expect(newest.count == 16 && newest.map(\.id.uuid) == newest.map(\.id.uuid).sorted(by: >))
        #expect(newest.allSatisfy { $0.supersededTimeUnixNano == nil })
        for limit in [1, 3, 16, 500] {
            let byKey = try await all(test, run, OutcomeFilter(), .key, limit: limit)
            #expect(
                byKey.map { "\($0.key) \($0.target) \($0.repetition)" }
                    == (0..<4).flatMap { key in (0..<2).flatMap { target in (1...2).map { "case-\(key) \(target) \($0)" } } })
            #expect(Set(byKey.map(\.id)) == Set(newest.map(\.id)))
        }
        let scored = try #require(newest.first { $0.key == "case-1" })
        #expect(scored.scores.count == 1 && scored.scores[0].name == "s" && scored.scores[0].value == 1 && scored.scores[0].passed == true)
        #expect(scored.scores[0].source == .scorer && scored.scores[0].kind == "exact" && text(scored.scores[0].details) == "{}")
        #expect(scored.scores[0].outcomeID == scored.id && scored.scores[0].traceID == scored.traceID)
        #expect(scored.traceID == TraceID(high: 1, low: 2) && scored.spanID == SpanID(rawValue: 3) && scored.attemptCount == 1)
        #expect(text(scored.output) == #"{"text":"yes"}"# && scored.inputTokens == 7 && scored.outputTokens == 11)
    }

    @Test("filtered by result, by target, by both, and with those that were superseded")
    func filters() async throws {
        let (test, run) = try await open()
        for order in [OutcomeOrder.newest, .key] {
            #expect(try await all(test, run, OutcomeFilter(result: .errored), order).map(\.key) == Array(repeating: "case-3", count: 4))
            #expect(try await all(test, run, OutcomeFilter(result: .passed), order).count == 4)
            #expect(try await all(test, run, OutcomeFilter(target: 1), order).count == 8)
            #expect(try await all(test, run, OutcomeFilter(result: .failed, target: 0), order).map(\.key) == ["case-0", "case-0"])
            let everything = try await all(test, run, OutcomeFilter(includesSuperseded: true), order, limit: 2)
            #expect(everything.count == 18 && everything.count { $0.supersededTimeUnixNano != nil } == 2)
            #expect(try await all(test, run, OutcomeFilter(target: 7), order).isEmpty)
        }
    }

    @Test("a page goes on behind an outcome that was superseded meanwhile; a cursor of another order is refused")
    func cursors() async throws {
        let (test, run) = try await open()
        let page = try await test.runs.outcomes(of: run, in: test.project, order: .key, page: try PageRequest(limit: 3))
        #expect(page.items.last.map { "\($0.key) \($0.target) \($0.repetition)" } == "case-0 1 1")
        _ = try await test.runs.requeue(CellChoice(key: "case-0"), of: run, in: test.project, audit: test.audit)
        let next = try await test.runs.outcomes(
            of: run, in: test.project, order: .key, page: try PageRequest(limit: 1, cursor: page.nextCursor))
        #expect(next.items.map { "\($0.key) \($0.target) \($0.repetition)" } == ["case-1 0 1"])
        #expect(
            await failure {
                try await test.runs.outcomes(of: run, in: test.project, page: try PageRequest(limit: 1, cursor: page.nextCursor))
            }?.field == "cursor")
    }

    @Test("one outcome has its scores and the attempts that led to it; to another project there is none")
    func details() async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let run = try await test.start(try TestRuns.specification()).id
        let first = try await test.runs.leaseCells(worker: "one", capacity: 1)
        _ = try await test.runs.record(
            [EndedCell(first[0], key: "k", .retry(afterSeconds: 0, error: Array(#"{"code":429}"#.utf8)))], of: run)
        _ = try await test.runs.leaseCells(worker: "two", capacity: 1)
        try await test.loseLeases()
        try await test.record(try await test.runs.leaseCells(worker: "three", capacity: 1), .errored)
        let listed = try #require(try await all(test, run).first)
        let details = try #require(try await test.runs.outcome(listed.id, of: run, in: test.project))
        #expect(details.outcome == listed && listed.attemptCount == 3)
        #expect(details.attempts.map(\.number) == [1, 2, 3] && details.attempts.map(\.worker) == ["one", "two", "three"])
        #expect(details.attempts.map(\.result) == [.retried, .lost, .failed])
        #expect(details.attempts.map { text($0.error) } == [#"{"code":429}"#, nil, #"{"message":"it broke"}"#])
        let other = try await test.test.metastore.projects.create(name: "Other", in: test.test.organization.id).id
        #expect(try await test.runs.outcome(listed.id, of: run, in: other) == nil)
        #expect(try await test.runs.outcome(listed.id, of: .make(), in: test.project) == nil)
        #expect(try await test.runs.outcomes(of: run, in: other, page: try PageRequest()).items.isEmpty)
        #expect(try await test.runs.outcomes(of: run, in: other, order: .key, page: try PageRequest()).items.isEmpty)
    }
}

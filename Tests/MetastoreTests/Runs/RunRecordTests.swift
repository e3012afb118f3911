import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import Testing
import TraceModel

@testable import Metastore

@Suite("What workers report of cells")
struct RunRecordTests {
    @Test("an outcome is stored with its scores, counted, told in an event and sent on with its spans, all at once")
    func outcome() async throws {
        let test = try await TestRuns.open(caseCount: 3)
        let run = try await test.start(try TestRuns.specification())
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 2)
        let keys = try cells.map { try test.key($0) }
        let scores = [
            Score(name: "exact", origin: .scorer(.exact), value: 0, passed: false, reason: "not \"Paris\" but \"Rome\""),
            Score(name: "judge", origin: .scorer(.judge), error: ScoreError(.unavailable, "no answer")),
        ]
        let held = try await test.runs.record(
            [
                EndedCell(cells[0], key: keys[0], .outcome(TestRuns.outcome(.failed, cost: 2_000_000, scores: scores)), spans: [1, 2]),
                EndedCell(cells[1], key: keys[1], .outcome(TestRuns.outcome(.errored, cost: 1, output: nil)), spans: [3]),
            ], started: [cells[0]: keys[0], cells[1]: keys[1]], of: run.id)
        #expect(held == Set(cells.map(\.job.id)))
        let counts = try await test.find(run.id).counts
        #expect(
            counts
                == RunCounts(
                    cellCount: 3, passedCount: 0, failedCount: 1, erroredCount: 1, costNanoUSD: 2_000_001, inputTokens: 14, outputTokens: 22
                ))
        let events = try await test.events(of: run.id)
        #expect(events.map(\.type) == ["run.running", "case.started", "case.started", "case.finished", "case.finished"])
        let finished = try JSONValue.parse(events[3].data)
        #expect(finished["key"]?.stringValue == keys[0] && finished["result"]?.stringValue == "failed")
        #expect(finished["reason"]?.stringValue == "exact: not \"Paris\" but \"Rome\"" && finished["cost_usd"] == .double(0.002))
        #expect(try JSONValue.parse(events[4].data)["error"]?["message"]?.stringValue == "it broke")
        #expect(try await test.test.metastore.spanOutbox.lease(count: 9, seconds: 60).map(\.body) == [[1, 2, 3]])
        #expect(
            try await test.number("SELECT count(*) AS n FROM scores WHERE source = 'scorer' AND project_id = $1", [test.project.value]) == 2
        )
        #expect(try await test.problems(of: run.id).isEmpty)
        #expect(
            try await test.attempts(at: cells) == ["succeeded", "failed"])
    }

    @Test("what is reported again, late, or of another run counts for nothing and sends nothing")
    func voidReports() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        let run = try await test.start(try TestRuns.specification()), other = try await test.start(try TestRuns.specification())
        let cells = try await test.runs.leaseCells(worker: "dead", capacity: 4)
        let ours = cells.filter { $0.run == run.id }, theirs = cells.filter { $0.run == other.id }
        try #require(ours.count == 2 && theirs.count == 2)
        #expect(try await test.record(ours).count == 2)
        #expect(try await test.record(ours).isEmpty)
        // A cell of the other run, reported to this one.
        let wrong = EndedCell(theirs[0], key: "case-0", .outcome(TestRuns.outcome()), spans: [1])
        #expect(try await test.runs.record([wrong], of: run.id).isEmpty)
        try await test.loseLeases()
        let again = try await test.runs.leaseCells(worker: "alive", capacity: 4)
        #expect(Set(again.map(\.job.id)) == Set(theirs.map(\.job.id)) && again.allSatisfy { $0.job.attempt == 2 })
        let late = theirs.map { EndedCell($0, key: "case-0", .outcome(TestRuns.outcome(.failed)), spans: [1]) }
        #expect(try await test.runs.record(late, of: other.id).isEmpty)
        #expect(try await test.record(again).count == 2)
        #expect(try await test.find(other.id).counts.passedCount == 2)
        #expect(try await test.find(other.id).counts.failedCount == 0)
        #expect(try await test.test.metastore.spanOutbox.backlog().count == 0)
        #expect(try await test.runs.record(late, of: .make()).isEmpty, "there is no such run")
        for id in [run.id, other.id] { #expect(try await test.problems(of: id).isEmpty) }
    }

    @Test("a retry comes back with its checkpoint, a released cell at once, and neither counts")
    func retries() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        let run = try await test.start(try TestRuns.specification())
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 2)
        #expect(try await test.runs.saveCheckpoint(Array(#"{"text":"Paris"}"#.utf8), of: cells[0]))
        let held = try await test.runs.record(
            [
                EndedCell(cells[0], key: "k", .retry(afterSeconds: 0, error: Array(#"{"message":"429"}"#.utf8))),
                EndedCell(cells[1], key: "l", .released),
            ], of: run.id)
        #expect(held.count == 2)
        let again = try await test.runs.leaseCells(worker: "w", capacity: 2).sorted { $0.job.id < $1.job.id }
        #expect(again.map(\.job.attempt) == [2, 1] && text(again[0].job.checkpoint) == #"{"text":"Paris"}"#)
        #expect(try await test.find(run.id).counts.doneCount == 0)
        #expect(try await test.runs.saveCheckpoint(Array("{}".utf8), of: cells[0]) == false)
        try await test.record(again)
        #expect(try await test.problems(of: run.id).isEmpty)
        #expect(try await test.controlSteps(of: run.id) == ["conclude"])
    }

    @Test("the conclusion is ordered once, with the last outcome; looks at the results so far at every fiftieth, but not within ten")
    func orders() async throws {
        let test = try await TestRuns.open(caseCount: 35)
        let run = try await test.start(try TestRuns.specification(#""concurrency": 100"#))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 100)
        var steps: [Int] = []
        for end in [9, 10, 19, 21, 34, 35] {
            try await test.record(Array(cells[(steps.isEmpty ? 0 : [9, 10, 19, 21, 34][steps.count - 1])..<end]))
            steps.append(try await test.controlSteps(of: run.id).count)
        }
        #expect(steps == [0, 1, 1, 2, 3, 4])
        #expect(try await test.controlSteps(of: run.id) == ["review", "review", "review", "conclude"])
        _ = try await test.runs.rescue()
        #expect(try await test.controlSteps(of: run.id).count == 4)
    }

    @Test("a run is concluded once: its verdict stands, its task is done, open cells are cancelled; a failed one has its reason")
    func conclusion() async throws {
        let test = try await TestRuns.open(caseCount: 3)
        let run = try await test.start(try TestRuns.specification())
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 2)
        try await test.record([cells[0]])
        try await test.runs.conclude(run.id, verdict: Array(#"{"result":"fail"}"#.utf8), reason: "decided early")
        try await test.runs.conclude(run.id, verdict: Array(#"{"result":"pass"}"#.utf8), reason: "")
        try await test.runs.fail(run.id, reason: "late")
        let finished = try await test.find(run.id)
        #expect(finished.state == .finished && text(finished.verdict) == #"{"result":"fail"}"# && finished.stateReason == "decided early")
        let events = try await test.events(of: run.id)
        #expect(events.map(\.type) == ["run.running", "case.finished", "run.finished"])
        #expect(text(events.last?.data) == #"{"state":"finished","reason":"decided early","verdict":{"result":"fail"}}"#)
        #expect(try await test.record([cells[1]]).isEmpty)
        #expect(try await test.test.metastore.tasks.find(run.id.task, in: test.project)?.state == .succeeded)
        #expect(try await test.problems(of: run.id).isEmpty)
        let other = try await test.start(try TestRuns.specification())
        try await test.runs.fail(other.id, reason: "the credential is gone")
        #expect(try await test.find(other.id).stateReason == "the credential is gone")
        let task = try await test.test.metastore.tasks.find(other.id.task, in: test.project)
        #expect(task?.state == .failed && text(task?.error)?.contains("the credential is gone") == true)
        #expect(try await test.problems(of: other.id).isEmpty)
    }

    @Test("what is recorded is in the tallies by target and case, in the order of the plan, without what was superseded")
    func tallies() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        let run = try await test.start(try TestRuns.specification(#""repetitions": 2"#))
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 4)
        let first = try test.key(cells[0]), second = try test.key(cells[1])
        func score(_ name: String, _ value: Double?) -> Score {
            Score(name: name, origin: .scorer(.numeric), value: value, passed: true, reason: "r")
        }
        // The second case is done first: the order is that of the plan.
        for index in [1, 0, 3, 2] {
            let scores = [score("a", Double(index)), score("b", index == 0 ? nil : .infinity), score("c", 1e-200)]
            _ = try await test.runs.record(
                [
                    EndedCell(
                        cells[index], key: try test.key(cells[index]),
                        .outcome(TestRuns.outcome(index == 3 ? .failed : .passed, cost: 10, scores: scores)))
                ], of: run.id)
        }
        #expect(
            try await test.runs.tallies(of: run.id) == [
                StoredTally(
                    target: 0, key: first, passedCount: 2, failedCount: 0, erroredCount: 0, costNanoUSD: 20, durationNano: 10_000_000),
                StoredTally(
                    target: 0, key: second, passedCount: 1, failedCount: 1, erroredCount: 0, costNanoUSD: 20, durationNano: 10_000_000),
            ])
        let sums = try await test.runs.scoreTallies(of: run.id)
        func sum(_ key: String, _ name: String) -> StoredScoreTally? { sums.first { $0.key == key && $0.name == name } }
        #expect(sum(first, "a") == StoredScoreTally(target: 0, key: first, name: "a", count: 2, sum: 2, sumOfSquares: 4))
        #expect(sum(second, "a") == StoredScoreTally(target: 0, key: second, name: "a", count: 2, sum: 4, sumOfSquares: 10))
        #expect(sum(first, "b")?.count == 1 && sum(second, "b")?.sumOfSquares.isFinite == true)
        #expect(sum(first, "c")?.sumOfSquares == 0)
        _ = try await test.runs.requeue(CellChoice(key: second, repetition: 2), of: run.id, in: test.project, audit: test.audit)
        #expect(try await test.runs.tallies(of: run.id).map(\.failedCount) == [0, 0])
    }

    @Test("large outputs, and scores as no row can hold them, are stored all the same: one must not cost the others")
    func hostileResults() async throws {
        let test = try await TestRuns.open(caseCount: 8)
        let run = try await test.start(try TestRuns.specification())
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 8)
        let large = #"{"text":"\#(String(repeating: "x", count: 5 << 20))\u0000"}"#
        let scores = [
            Score(name: "a\nb", origin: .scorer(.contains), value: .nan, reason: "it said \0"),
            Score(name: String(repeating: "n", count: 200), origin: .scorer(.judge), value: -.infinity, label: "\0", reason: "r"),
            Score(name: "", origin: .scorer(.exact), error: ScoreError(.limit, "")),
        ]
        let held = try await test.runs.record(
            try cells.map { EndedCell($0, key: try test.key($0), .outcome(TestRuns.outcome(scores: scores, output: large))) }, of: run.id)
        #expect(held.count == 8)
        #expect(try await test.problems(of: run.id).isEmpty)
        #expect(try await test.number("SELECT count(*) AS n FROM scores") == 24)
        let page = try await test.runs.outcomes(of: run.id, in: test.project, page: try PageRequest(limit: 1))
        let stored = try #require(page.items.first)
        #expect(text(stored.output) == large)
        #expect(stored.scores.map(\.name) == ["a b", "exact", String(repeating: "n", count: 100)])
        #expect(stored.scores[0].value == nil && stored.scores[0].error != nil && stored.scores[0].reason == "it said \u{fffd}")
        #expect(stored.scores[1].error == "the scorer failed" && stored.scores[2].value == -1e150 && stored.scores[2].label == "\u{fffd}")
    }
}

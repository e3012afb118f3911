import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import Testing

@testable import Metastore

@Suite("Runs are planned")
struct RunPlanTests {
    private static let two =
        #"{"name": "a", "kind": "http", "url": "http://x/", "body": {}}, {"name": "b", "kind": "http", "url": "http://y/", "body": {}}"#

    @Test("cells are cases x targets x repetitions, repetition by repetition, each in the same random order, of this run alone")
    func order() async throws {
        let test = try await TestRuns.open(caseCount: 10)
        let specification = try TestRuns.specification(#""repetitions": 3, "concurrency": 100"#, targets: Self.two)
        let run = try await test.start(specification)
        #expect(run.state == .running && run.counts.cellCount == 60 && run.startTimeUnixNano != nil)
        #expect(try await test.test.metastore.tasks.find(run.id.task, in: test.project)?.progressTotal == 60)
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 100)
        #expect(cells.map(\.repetition) == (1...3).flatMap { Array(repeating: $0, count: 20) })
        #expect(cells.map(\.target) == Array(repeating: [0, 1], count: 30).flatMap(\.self))
        let keys = try cells.map { try test.key($0) }
        #expect(Array(keys[..<20]) == Array(keys[20..<40]) && Array(keys[..<20]) == Array(keys[40...]))
        #expect(Set(keys).count == 10 && keys[0] == keys[1])
        // 1 in 3,628,800 runs has its cases in order; another run, in another order, one in as many.
        let second = try await test.start(specification)
        let others = try await test.runs.leaseCells(worker: "w", capacity: 100).map { try test.key($0) }
        #expect(second.id != run.id && others.count == 60 && others != keys)
    }

    @Test("tags and split choose among the cases of the version that was asked for")
    func choice() async throws {
        let test = try await TestRuns.open(caseCount: 2)
        func edit(_ puts: [TestCaseContent]) async throws {
            _ = try await test.test.metastore.suites.edit(
                test.suite, in: test.project, SuiteEdit(puts: puts, source: .api), audit: test.audit)
        }
        try await edit([
            TestRuns.testCase(3, tags: ["x"]), TestRuns.testCase(4, tags: ["x", "y"], split: "dev"),
            TestRuns.testCase(5, tags: ["y", "z", "x"], split: "test"),
        ])
        try await edit([TestRuns.testCase(4, "other")])
        func keys(_ more: String, version: Int) async throws -> [String] {
            let specification = try TestRuns.specification(more)
            let run = try await test.runs.create(
                NewRun(suite: test.suite, suiteVersion: version, specification: specification), in: test.project, audit: test.audit
            ).run
            try await test.plan(run.id, specification)
            return try await test.runs.leaseCells(worker: "w", capacity: 100).map { try test.key($0) }.sorted()
        }
        #expect(try await keys("", version: 1) == ["case-0", "case-1"])
        #expect(try await keys("", version: 2).count == 5)
        #expect(try await keys(#""tags": ["x"]"#, version: 2) == ["case-3", "case-4", "case-5"])
        #expect(try await keys(#""tags": ["x", "y"]"#, version: 2) == ["case-4", "case-5"])
        #expect(try await keys(#""tags": ["x", "y"], "split": "dev""#, version: 2) == ["case-4"])
        #expect(try await keys(#""tags": ["x", "y"]"#, version: 3) == ["case-5"])
    }

    @Test("a worker gets the content of the version, whatever the suite became since")
    func frozen() async throws {
        let test = try await TestRuns.open(caseCount: 1)
        let run = try await test.start(try TestRuns.specification())
        _ = try await test.test.metastore.suites.edit(
            test.suite, in: test.project, SuiteEdit(puts: [TestRuns.testCase(0, "changed")], source: .api), audit: test.audit)
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 1)
        #expect(text(cells.first?.content) == String(decoding: TestRuns.testCase(0).json.bytes, as: UTF8.self))
        #expect(cells.first?.run == run.id && cells.first?.job.attempt == 1)
    }

    @Test("cells of exec targets wait in a queue of their own")
    func exec() async throws {
        let test = try await TestRuns.open(caseCount: 3)
        let specification = try TestRuns.specification(targets: TestRuns.execTarget + ", " + Self.two)
        let run = try await test.start(specification)
        #expect(run.counts.cellCount == 9 && run.execGroup != nil)
        let cells = try await test.runs.leaseCells(worker: "w", capacity: 100)
        #expect(cells.count == 6 && Set(cells.map(\.target)) == [1, 2])
        let theirs = try await test.runs.leaseExecCells(of: run.id, in: test.project, holder: "cli", capacity: 100)
        #expect(theirs?.count == 3 && Set(theirs?.map(\.target) ?? []) == [0] && theirs?.first?.run == run.id)
    }

    @Test("a run of no cases, or of too many cells, fails with the reason and leaves nothing to do")
    func impossible() async throws {
        let test = try await TestRuns.open(caseCount: 126)
        let none = try await test.start(try TestRuns.specification(#""tags": ["nowhere"]"#))
        #expect(none.state == .failed && none.stateReason == "no case of the suite was chosen")
        // 126 x 1,000 x 8 = 1,008,000.
        let targets = (0..<8).map { #"{"name": "\#($0)", "kind": "http", "url": "http://x/", "body": {}}"# }.joined(separator: ",")
        let many = try await test.start(try TestRuns.specification(#""repetitions": 1000"#, targets: targets))
        #expect(many.state == .failed && many.stateReason == "1008000 cells; at most 1000000 are allowed")
        let task = try await test.test.metastore.tasks.find(many.id.task, in: test.project)
        #expect(task?.state == .failed && text(task?.error)?.contains("1008000 cells") == true)
        #expect(try await test.number("SELECT count(*) AS n FROM jobs WHERE queue = 'run.cells'") == 0)
        #expect(try await test.events(of: many.id).map(\.type) == ["run.failed"])
    }

    @Test("planned twice, as after the death of a planner, a run has its cells once; a cancelled one has none")
    func twice() async throws {
        let test = try await TestRuns.open(caseCount: 3)
        let specification = try TestRuns.specification()
        let run = try await test.start(specification)
        try await test.runs.plan(run.id, specification)
        #expect(try await test.number("SELECT count(*) AS n FROM jobs WHERE queue = 'run.cells'") == 3)
        let other = try await test.runs.create(NewRun(suite: test.suite, specification: specification), in: test.project, audit: test.audit)
            .run
        _ = try await test.runs.command(.cancel, other.id, in: test.project, audit: test.audit)
        try await test.plan(other.id, specification)
        #expect(try await test.find(other.id).state == .cancelled)
        #expect(try await test.number("SELECT count(*) AS n FROM jobs WHERE queue = 'run.cells'") == 3)
    }
}

import EvaluationModel
import JobQueue
import PostgresClient
import PostgresTesting
import SeededRandom
import Testing

@testable import Metastore

/// Workers that die, commands that come at any moment: in the end everything has happened exactly once.
@Suite("Runs through thick and thin")
struct RunRandomTests {
    private static let targets =
        #"{"name": "a", "kind": "http", "url": "http://x/", "body": {}}, {"name": "e", "kind": "exec"}"#

    @Test(
        "workers with kills, pauses, other concurrencies, cases again, a spending cap: each run is concluded once, its counters are its rows"
    )
    func everything() async throws {
        let seed = TestSeed.value
        let test = try await TestRuns.open(caseCount: 30, connections: 8)
        let plain = try await test.start(try TestRuns.specification(#""repetitions": 2, "concurrency": 7"#, targets: Self.targets)).id
        let capped = try await test.start(try TestRuns.specification(#""repetitions": 3, "spending_cap_usd": 0.00005"#)).id
        let concluded = Shared<[RunID: Int]>([:]), steps = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: seed &+ UInt64(number))
                    while try await !isOver(test, [plain, capped]) {
                        steps.change { $0 += 1 }
                        try await work(test, "w\(number)", concluded, &random)
                    }
                }
            }
            group.addTask {
                var random = SeededGenerator(seed: seed &+ 100)
                while try await !isOver(test, [plain, capped]) { try await exec(test, plain, &random) }
            }
            group.addTask {
                var random = SeededGenerator(seed: seed &+ 200)
                for _ in 0..<60 {
                    guard try await !isOver(test, [plain, capped]) else { break }
                    try await disturb(test, Bool.random(using: &random) ? plain : capped, &random)
                }
                // Whatever was paused goes on.
                for run in [plain, capped] {
                    _ = try await test.runs.command(.resume, run, in: test.project, audit: test.audit)
                }
            }
            try await group.waitForAll()
        }
        for run in [plain, capped] {
            #expect(try await test.problems(of: run) == [], "seed \(seed)")
            #expect(concluded.value[run] == 1, "seed \(seed)")
            let events = try await test.events(of: run).map(\.type)
            #expect(events.count { $0 == "run.finished" } == 1 && events.last == "run.finished", "seed \(seed)")
            let record = try await test.find(run)
            #expect(record.state == .finished, "seed \(seed)")
            let finished = events.count { $0 == "case.finished" }, requeued = events.count { $0 == "case.requeued" }
            #expect(finished - requeued == record.counts.doneCount, "seed \(seed)")
        }
        let record = try await test.find(plain)
        #expect(record.counts.doneCount == 120 && record.counts.cellCount == 120, "seed \(seed)")
        let cost = try await test.find(capped).counts
        #expect(cost.doneCount == cost.cellCount || cost.costNanoUSD >= 50_000, "seed \(seed)")
        #expect(try await test.number("SELECT count(*) AS n FROM jobs WHERE state IN ('queued', 'leased')") == 0, "seed \(seed)")
    }

    private func isOver(_ test: TestRuns, _ runs: [RunID]) async throws -> Bool {
        for run in runs where try await !test.find(run).state.isFinal { return false }
        // Orders that are left over are done, too.
        return try await test.number("SELECT count(*) AS n FROM jobs WHERE queue = 'run.control' AND state IN ('queued', 'leased')") == 0
    }

    /// One turn of a worker: control jobs and cells, each of which it may die over.
    private func work(
        _ test: TestRuns, _ name: String, _ concluded: Shared<[RunID: Int]>, _ random: inout SeededGenerator
    ) async throws {
        if let job = try await test.runs.leaseControl(worker: name) {
            if Int.random(in: 0..<3, using: &random) > 0 {
                if job.step == .conclude, let run = try await test.runs.find(job.run), !run.state.isFinal {
                    try await test.runs.conclude(job.run, verdict: Array(#"{"by":"\#(name)"}"#.utf8), reason: "", by: job)
                    if text(try await test.find(job.run).verdict) == #"{"by":"\#(name)"}"# {
                        concluded.change { $0[job.run, default: 0] += 1 }
                    }
                }
                if Int.random(in: 0..<3, using: &random) > 0 { try await test.runs.endControl(job, .succeeded) }
            }
        }
        let cells = try await test.runs.leaseCells(worker: name, capacity: Int.random(in: 1...6, using: &random))
        let fate = Int.random(in: 0..<10, using: &random)
        if fate == 0 || cells.isEmpty {
            // It dies, or has nothing to do; somebody looks after the dead.
            try await expireSomeLeases(test)
            _ = try await test.runs.rescue()
            return
        }
        for run in Set(cells.map(\.run)) {
            let ended = try cells.filter { $0.run == run }.map { cell in
                let key = try test.key(cell)
                return switch Int.random(in: 0..<8, using: &random) {
                case 0: EndedCell(cell, key: key, .released)
                case 1: EndedCell(cell, key: key, .retry(afterSeconds: 0, error: Array("{}".utf8)))
                default:
                    EndedCell(
                        cell, key: key,
                        .outcome(
                            TestRuns.outcome(
                                [.passed, .failed, .errored][Int.random(in: 0..<3, using: &random)],
                                cost: Int64.random(in: 0...2_000, using: &random))))
                }
            }
            _ = try await test.runs.record(ended, of: run)
            // What is said twice counts once.
            if fate == 1 { #expect(try await test.runs.record(ended, of: run).isEmpty) }
        }
    }

    private func exec(_ test: TestRuns, _ run: RunID, _ random: inout SeededGenerator) async throws {
        let cells =
            try await test.runs.leaseExecCells(
                of: run, in: test.project, holder: "ci", capacity: Int.random(in: 1...4, using: &random)) ?? []
        switch Int.random(in: 0..<6, using: &random) {
        case 0: break
        case 1:
            _ = try await test.runs.releaseExecCells(
                Dictionary(uniqueKeysWithValues: cells.map { ($0.job.id, $0.job.lease) }), of: run, in: test.project)
        default:
            _ = try await test.runs.submitOutputs(
                cells.map { ExecOutput($0.job.id, $0.job.lease, checkpoint: Array("{}".utf8)) }, of: run, in: test.project)
        }
    }

    private func disturb(_ test: TestRuns, _ run: RunID, _ random: inout SeededGenerator) async throws {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: _ = try await test.runs.command(.pause, run, in: test.project, audit: test.audit)
        case 1, 2: _ = try await test.runs.command(.resume, run, in: test.project, audit: test.audit)
        case 3:
            _ = try await test.runs.setConcurrency(Int.random(in: 1...12, using: &random), of: run, in: test.project, audit: test.audit)
        default:
            let choice = CellChoice(
                key: "case-\(Int.random(in: 0..<30, using: &random))", repetition: Bool.random(using: &random) ? nil : 1)
            _ = try await test.runs.requeue(choice, of: run, in: test.project, audit: test.audit)
        }
    }

    private func expireSomeLeases(_ test: TestRuns) async throws {
        _ = try await test.test.connection.query(
            """
            WITH leased AS (SELECT id FROM jobs WHERE state = 'leased' ORDER BY id FOR UPDATE SKIP LOCKED)
            UPDATE jobs SET lease_expires_at = now() - interval '1 second' FROM leased WHERE jobs.id = leased.id
            """)
    }
}

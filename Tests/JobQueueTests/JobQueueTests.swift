import Metastore
import MetastoreTesting
import PostgresClient
import PostgresTesting
import SeededRandom
import Testing

@testable import JobQueue

/// A queue in a database of its own, with one group.
private struct TestQueue {
    let queue = JobQueue("test")
    let pool: PostgresPool
    let group = TestQueue.makeGroup()

    static func makeGroup() -> PostgresUUID {
        let id = TaskID.make()
        return PostgresUUID(high: id.high, low: id.low)
    }

    static func open(concurrency: Int = 100) async throws -> TestQueue {
        let pool = PostgresPool(
            try await TestDatabase.make(), maximumConnectionCount: 8, logger: TestServer.logger)
        _ = try await Metastore.open(pool)
        let test = TestQueue(pool: pool)
        try await test.add(test.group, concurrency)
        return test
    }

    func add(_ group: PostgresUUID, _ concurrency: Int) async throws {
        try await pool.withTransaction { connection throws(PostgresError) in
            try await queue.addGroup(group, concurrency: concurrency, on: connection)
        }
    }

    func enqueue(_ count: Int, in other: PostgresUUID? = nil) async throws {
        try await pool.withTransaction { connection throws(PostgresError) in
            _ = try await queue.enqueue((0..<count).map { Array(#"{"n":\#($0)}"#.utf8) }, in: other ?? group, on: connection)
        }
    }

    func lease(_ capacity: Int, worker: String = "w") async throws -> [LeasedJob] {
        try await pool.withTransaction { connection throws(PostgresError) in
            try await queue.lease(worker: worker, capacity: capacity, on: connection)
        }
    }

    func end(_ jobs: [LeasedJob], _ result: EndedAttempt.Result) async throws -> Set<JobID> {
        try await pool.withTransaction { connection throws(PostgresError) in
            try await JobQueue.end(
                jobs.map { EndedAttempt($0.id, result, error: Array(#"{"why":"test"}"#.utf8)) },
                leases: Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0.lease) }), on: connection)
        }
    }

    func run<T: Sendable>(_ body: (PostgresConnection) async throws(PostgresError) -> T) async throws -> T {
        try await pool.withTransaction(body)
    }

    func counts() async throws -> JobCounts {
        try await run { connection throws(PostgresError) in try await queue.counts(of: group, on: connection) }
    }

    /// The time of all leases is over.
    func expireLeases() async throws {
        try await pool.query(
            """
            WITH leased AS (SELECT id FROM jobs WHERE state = 'leased' ORDER BY id FOR UPDATE)
            UPDATE jobs SET lease_expires_at = now() - interval '1 second' FROM leased WHERE jobs.id = leased.id
            """)
    }

    func attempts() async throws -> [String] {
        try await pool.query("SELECT job_id - (SELECT min(id) FROM jobs) AS n, number, result FROM job_attempts ORDER BY 1, 2").decoded {
            row throws(PostgresError) in
            "\(try row.decode("n", as: Int.self)).\(try row.decode("number", as: Int.self)) \(try row.decode("result", as: String.self))"
        }
    }
}

@Suite("The job queue")
struct JobQueueTests {
    @Test("jobs are leased in the order they were enqueued, each to one worker")
    func order() async throws {
        let test = try await TestQueue.open()
        try await test.enqueue(5)
        let first = try await test.lease(3), second = try await test.lease(3)
        #expect(first.map { String(decoding: $0.payload, as: UTF8.self) } == [#"{"n":0}"#, #"{"n":1}"#, #"{"n":2}"#])
        #expect(second.count == 2 && Set(first.map(\.id)).isDisjoint(with: second.map(\.id)))
        #expect(try await test.lease(3).isEmpty)
        #expect(try await test.end(first, .succeeded) == Set(first.map(\.id)))
        #expect(try await test.counts() == JobCounts(queued: 0, leased: 2))
    }

    @Test("no more jobs of a group are leased at a time than its concurrency allows, and groups take turns")
    func concurrency() async throws {
        let test = try await TestQueue.open(concurrency: 4), other = TestQueue.makeGroup()
        try await test.add(other, 100)
        try await test.enqueue(20)
        try await test.enqueue(20, in: other)
        let jobs = try await test.lease(10)
        #expect(jobs.filter { $0.group == test.group }.count == 4 && jobs.filter { $0.group == other }.count == 6)
        #expect(try await test.lease(1).first?.group == other, "the first group is at its limit")
        _ = try await test.end([jobs.first { $0.group == test.group }!], .succeeded)
        #expect(try await test.lease(1).first?.group == test.group, "the other group had the last turn")
        try await test.run { connection throws(PostgresError) in try await test.queue.setConcurrency(1, of: other, on: connection) }
        #expect(try await test.lease(9).isEmpty, "both are at their limits now")
    }

    @Test("a paused group gives nothing until it goes on")
    func pause() async throws {
        let test = try await TestQueue.open()
        try await test.enqueue(2)
        try await test.run { connection throws(PostgresError) in try await test.queue.setPaused(true, test.group, on: connection) }
        #expect(try await test.lease(2).isEmpty)
        try await test.run { connection throws(PostgresError) in try await test.queue.setPaused(false, test.group, on: connection) }
        #expect(try await test.lease(2).count == 2)
    }

    @Test("a retry comes back after its delay with its checkpoint; a released job at once and uncounted; attempts are kept")
    func retries() async throws {
        let test = try await TestQueue.open()
        try await test.enqueue(2)
        let jobs = try await test.lease(2)
        #expect(
            try await test.run { connection throws(PostgresError) in
                try await JobQueue.save(Array(#"{"done":1}"#.utf8), of: jobs[0], on: connection)
            })
        #expect(try await test.end([jobs[0]], .retry(afterSeconds: 600)).count == 1)
        #expect(try await test.end([jobs[1]], .released).count == 1)
        let again = try await test.lease(2)
        #expect(again.map(\.id) == [jobs[1].id] && again[0].attempt == 1)
        try await test.pool.query("UPDATE jobs SET run_after = now() WHERE state = 'queued'")
        let retried = try await test.lease(2)
        #expect(retried.map(\.id) == [jobs[0].id] && retried[0].attempt == 2)
        #expect(retried[0].checkpoint.map { String(decoding: $0, as: UTF8.self) } == #"{"done":1}"#)
        _ = try await test.end(retried, .failed)
        _ = try await test.end(again, .succeeded)
        #expect(try await test.attempts() == ["0.1 retried", "0.2 failed", "1.1 succeeded"])
    }

    @Test("a heartbeat keeps a lease; the jobs of a worker that is not heard of go to another, and what it still reports is void")
    func rescue() async throws {
        let test = try await TestQueue.open()
        try await test.enqueue(2)
        let lost = try await test.lease(2, worker: "dead")
        try await test.expireLeases()
        // One of them is still heard of.
        #expect(
            try await test.run { connection throws(PostgresError) in try await JobQueue.extend([lost[0]], on: connection) } == [lost[0].id])
        #expect(try await test.run { connection throws(PostgresError) in try await JobQueue.rescue(on: connection) } == 1)
        let again = try await test.lease(2, worker: "alive")
        #expect(again.map(\.id) == [lost[1].id] && again[0].attempt == 2)
        #expect(try await test.end(lost, .succeeded) == [lost[0].id])
        #expect(try await test.run { connection throws(PostgresError) in try await JobQueue.extend(lost, on: connection) } == [])
        #expect(
            try await test.run { connection throws(PostgresError) in try await JobQueue.save([0x7b, 0x7d], of: lost[1], on: connection) }
                == false)
        #expect(try await test.end(again, .succeeded) == [lost[1].id])
        #expect(try await test.attempts() == ["0.1 succeeded", "1.1 lost", "1.2 succeeded"])
    }

    @Test("a job that goes on in another group takes its checkpoint along; only who holds it can hand it on")
    func moves() async throws {
        let test = try await TestQueue.open(), second = JobQueue("second"), next = TestQueue.makeGroup()
        try await test.run { connection throws(PostgresError) in try await second.addGroup(next, concurrency: 10, on: connection) }
        try await test.enqueue(3)
        let jobs = try await test.lease(2)
        func move(_ jobs: [LeasedJob], from group: PostgresUUID, _ checkpoint: String = #"{"stage":1}"#) async throws -> Set<JobID> {
            try await test.run { connection throws(PostgresError) in
                try await second.move(
                    jobs.map { MovedJob($0.id, $0.lease, checkpoint: Array(checkpoint.utf8)) }, from: group, to: next, on: connection)
            }
        }
        func lease() async throws -> [LeasedJob] {
            try await test.run { connection throws(PostgresError) in try await second.lease(worker: "v", capacity: 9, on: connection) }
        }
        #expect(try await move(jobs, from: next).isEmpty, "they are not there")
        #expect(try await move([jobs[1]], from: test.group) == [jobs[1].id])
        #expect(try await move(jobs, from: test.group, #"{"stage":2}"#) == [jobs[0].id], "the other one is not held any more")
        #expect(try await test.counts() == JobCounts(queued: 1, leased: 0))
        let again = try await lease()
        #expect(again.map(\.id) == jobs.map(\.id) && again.allSatisfy { $0.attempt == 2 && $0.group == next })
        #expect(again.map { String(decoding: $0.checkpoint ?? [], as: UTF8.self) } == [#"{"stage":2}"#, #"{"stage":1}"#])
        #expect(try await test.end(again, .succeeded).count == 2)
        let attempts = try await test.run { connection throws(PostgresError) in try await JobQueue.attempts(at: jobs[0].id, on: connection)
        }
        #expect(
            attempts.map(\.number) == [1, 2] && attempts.map(\.worker) == ["w", "v"] && attempts.map(\.result) == [.succeeded, .succeeded])
    }

    @Test("jobs of one group are leased by its name, within its concurrency, and none of another queue or while it is paused")
    func oneGroup() async throws {
        let test = try await TestQueue.open(concurrency: 3), other = TestQueue.makeGroup()
        try await test.add(other, 100)
        try await test.enqueue(9)
        try await test.enqueue(2, in: other)
        func lease(_ queue: JobQueue, _ capacity: Int, from group: PostgresUUID? = nil) async throws -> [LeasedJob] {
            try await test.run { connection throws(PostgresError) in
                try await queue.lease(from: group ?? test.group, worker: "w", capacity: capacity, on: connection)
            }
        }
        #expect(try await lease(JobQueue("second"), 9).isEmpty)
        #expect(try await lease(test.queue, 0).isEmpty)
        let jobs = try await lease(test.queue, 2)
        #expect(jobs.map(\.id) == jobs.map(\.id).sorted() && jobs.count == 2 && jobs.allSatisfy { $0.group == test.group })
        #expect(try await lease(test.queue, 9).count == 1)
        try await test.run { connection throws(PostgresError) in try await test.queue.setPaused(true, other, on: connection) }
        #expect(try await lease(test.queue, 9, from: other).isEmpty)
        let leases = Dictionary(uniqueKeysWithValues: jobs.map { ($0.id, $0.lease) })
        #expect(
            try await test.run { connection throws(PostgresError) in try await JobQueue.extend(leases, on: connection) } == Set(leases.keys)
        )
    }

    @Test("what is cancelled is given to nobody, and who works on it learns so")
    func cancellation() async throws {
        let test = try await TestQueue.open()
        try await test.enqueue(3)
        let leased = try await test.lease(1)
        #expect(try await test.run { connection throws(PostgresError) in try await test.queue.cancelAll(test.group, on: connection) } == 3)
        #expect(try await test.lease(3).isEmpty)
        #expect(try await test.run { connection throws(PostgresError) in try await JobQueue.extend(leased, on: connection) } == [])
        #expect(try await test.end(leased, .succeeded) == [])
        #expect(try await test.attempts() == ["0.1 cancelled"])
    }

    @Test("of jobs that are deleted nothing is left, and those of others stay")
    func deletion() async throws {
        let test = try await TestQueue.open()
        try await test.enqueue(4)
        _ = try await test.end(try await test.lease(1), .succeeded)
        let leased = try await test.lease(1)
        #expect(try await test.run { connection throws(PostgresError) in try await test.queue.deleteAll(test.group, on: connection) } == 3)
        #expect(try await test.lease(3).isEmpty)
        #expect(try await test.end(leased, .succeeded) == [])
        #expect(try await test.attempts() == ["0.1 succeeded"])
    }

    @Test("a group's open jobs are found by their index, however many jobs there ever were")
    func openJobsPlan() async throws {
        let test = try await TestQueue.open()
        let plan = try await test.run { connection throws(PostgresError) in
            // The table is small: only what cannot use an index is read as a whole now.
            try await connection.query("SET LOCAL enable_seqscan = off")
            return try await connection.query("EXPLAIN \(JobQueue.openJobs)", [.uuid(test.group)]).map { row throws(PostgresError) in
                try row.decode("\"QUERY PLAN\"", as: String.self)
            }
        }.joined(separator: "\n")
        #expect(
            plan.contains("jobs_group_id_queued_idx") && plan.contains("jobs_group_id_leased_idx") && !plan.contains("Seq Scan"), "\(plan)")
    }

    @Test("with many workers, some of which die, every job succeeds exactly once and the concurrency is never exceeded")
    func manyWorkers() async throws {
        let test = try await TestQueue.open(concurrency: 12), jobCount = 300
        try await test.enqueue(jobCount)
        let done = Shared<[JobID: Int]>([:]), highest = Shared(0)
        let seed = TestSeed.value
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    var random = SeededGenerator(seed: seed &+ UInt64(number))
                    while true {
                        let jobs = try await test.lease(Int.random(in: 1...8, using: &random), worker: "w\(number)")
                        let counts = try await test.counts()
                        highest.change { $0 = max($0, counts.leased) }
                        if jobs.isEmpty && counts.isDrained { return }
                        switch Int.random(in: 0..<6, using: &random) {
                        case 0:
                            // Dies; somebody finds out.
                            try await test.expireLeases()
                            _ = try await test.run { connection throws(PostgresError) in try await JobQueue.rescue(on: connection) }
                        case 1: _ = try await test.end(jobs, .retry(afterSeconds: 0))
                        case 2: _ = try await test.end(jobs, .released)
                        default:
                            let ended = try await test.end(jobs, .succeeded)
                            done.change { for id in ended { $0[id, default: 0] += 1 } }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(done.value.count == jobCount && done.value.values.allSatisfy { $0 == 1 }, "seed \(seed)")
        #expect((1...12).contains(highest.value), "seed \(seed)")
    }
}

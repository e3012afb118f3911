/// Cells in the hands of workers: leased, held, taken back.

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient

extension RunRepository {
    /// Cells for a worker, of whichever runs have some. Errors: `unavailable`.
    package func leaseCells(worker: String, capacity: Int) async throws(MetastoreError) -> [LeasedCell] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let jobs = try await Self.cells.lease(worker: worker, capacity: capacity, on: connection)
                return try await Self.cells(of: jobs, run: { RunID(high: $0.group.high, low: $0.group.low) }, on: connection)
            }
        }
    }

    static func cells(
        of jobs: [LeasedJob], run: (LeasedJob) -> RunID, on connection: PostgresConnection
    ) async throws(PostgresError) -> [LeasedCell] {
        var read: [(job: LeasedJob, caseVersion: TestCaseVersionID, target: Int, repetition: Int)] = []
        for job in jobs {
            let payload = try? JSONValue.parse(job.payload)
            guard let id = payload?["case"]?.stringValue.flatMap({ TestCaseVersionID(uuid: $0) }),
                let target = payload?["target"]?.integerValue, let repetition = payload?["repetition"]?.integerValue
            else { throw PostgresError(.decoding, "job \(job.id.number) is no cell of a run") }
            read.append((job, id, Int(target), Int(repetition)))
        }
        let rows = try await connection.query(
            "SELECT id, content FROM test_case_versions WHERE id = ANY ($1)", [.uuids(Array(Set(read.map(\.caseVersion.bits))))])
        var contents: [TestCaseVersionID: [UInt8]] = [:]
        for row in rows { contents[try row.decode("id")] = try row.decode("content", as: PostgresJSON.self).bytes }
        return read.compactMap { cell in
            contents[cell.caseVersion].map {
                LeasedCell(
                    job: cell.job, run: run(cell.job), target: cell.target, caseVersion: cell.caseVersion, repetition: cell.repetition,
                    content: $0)
            }
        }
    }

    /// The heartbeat. Answers with the cells that are still held; work on all others is to be given up. Errors: `unavailable`.
    package func extendLeases(_ cells: [LeasedCell]) async throws(MetastoreError) -> Set<JobID> {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await JobQueue.extend(cells.map(\.job), on: connection)
            }
        }
    }

    /// Keeps what the target answered, so that a next attempt only scores. Errors: `unavailable`.
    package func saveCheckpoint(_ checkpoint: [UInt8], of cell: LeasedCell) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                try await JobQueue.save(checkpoint, of: cell.job, on: connection)
            }
        }
    }

    /// Takes back the cells and control jobs of workers that are not heard of, and orders the conclusions that became due thereby.
    /// Errors: `unavailable`.
    package func rescue() async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            let count = try await pool.withTransaction { connection throws(PostgresError) in
                let count = try await JobQueue.rescue(on: connection)
                if count > 0 { for queue in [Self.cells, Self.control, Self.exec] { try await queue.announce(on: connection) } }
                return count
            }
            // In transactions of their own: whoever holds jobs must not wait for runs.
            try await orderDueConclusions()
            return count
        }
    }
}

extension LeasedCell: Hashable {
    package static func == (a: LeasedCell, b: LeasedCell) -> Bool { a.job.id == b.job.id && a.job.lease == b.job.lease }
    package func hash(into hasher: inout Hasher) { hasher.combine(job.id) }
}

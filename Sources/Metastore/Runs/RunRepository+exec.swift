/// Cells that the command line does beside the code under test: it leases them from the server, runs its command for each and returns
/// the outputs, which then wait in the run's other group for a worker to score them.
///
///     run.exec --leaseExecCells--> command line --submitOutputs--> run.cells --leaseCells--> worker --record--> outcome

import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

/// What the command answered to a cell.
package struct ExecOutput: Sendable {
    package let job: JobID
    package let lease: JobLease
    /// JSON text: becomes the cell's checkpoint, which the worker finds there instead of calling a target.
    package let checkpoint: [UInt8]

    package init(_ job: JobID, _ lease: JobLease, checkpoint: [UInt8]) {
        self.job = job
        self.lease = lease
        self.checkpoint = checkpoint
    }
}

extension RunRepository {
    /// Cells of the run's exec targets for whoever holds them now (a name of 1 to 200 characters); none while the run is paused or has
    /// none left. nil if the project has no such run. Errors: `invalid` (holder), `unavailable`.
    package func leaseExecCells(
        of id: RunID, in project: ProjectID, holder: String, capacity: Int
    ) async throws(MetastoreError) -> [LeasedCell]? {
        guard let run = try await find(id, in: project) else { return nil }
        guard let group = run.execGroup, !run.state.isFinal else { return [] }
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let jobs = try await Self.exec.lease(from: group, worker: holder, capacity: capacity, on: connection)
                return try await Self.cells(of: jobs, run: { _ in id }, on: connection)
            }
        }
    }

    /// The heartbeat of a command line. Answers with the cells that are still held; work on all others is to be given up. nil if the
    /// project has no such run. Errors: `unavailable`.
    package func extendExecLeases(
        _ leases: [JobID: JobLease], of id: RunID, in project: ProjectID
    ) async throws(MetastoreError) -> Set<JobID>? {
        guard try await find(id, in: project) != nil else { return nil }
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in try await JobQueue.extend(leases, on: connection) }
        }
    }

    /// Takes in what the command answered; answers with the cells that were still held, of all others it counts for nothing. nil if
    /// the project has no such run. Errors: `invalid` (a checkpoint that is no JSON, or all together are too large), `unavailable`.
    package func submitOutputs(_ outputs: [ExecOutput], of id: RunID, in project: ProjectID) async throws(MetastoreError) -> Set<JobID>? {
        try await withExecGroup(of: id, in: project) { run, group, connection throws(PostgresError) in
            guard !run.state.isFinal else { return [] }
            return try await Self.cells.move(
                outputs.map { MovedJob($0.job, $0.lease, checkpoint: $0.checkpoint) }, from: group, to: id.bits, on: connection)
        }
    }

    /// Gives cells back that the command line does not do after all: others may at once. Answers with those that were still held. nil
    /// if the project has no such run. Errors: `unavailable`.
    package func releaseExecCells(
        _ leases: [JobID: JobLease], of id: RunID, in project: ProjectID
    ) async throws(MetastoreError) -> Set<JobID>? {
        try await withExecGroup(of: id, in: project) { _, _, connection throws(PostgresError) in
            let released = try await JobQueue.end(leases.keys.map { EndedAttempt($0, .released) }, leases: leases, on: connection)
            if !released.isEmpty { try await Self.exec.announce(on: connection) }
            return released
        }
    }

    /// The run's row is held meanwhile: a run that ends cancels what is in its groups, and nothing may slip in behind that.
    private func withExecGroup(
        of id: RunID, in project: ProjectID,
        _ body: (RunRecord, PostgresUUID, PostgresConnection) async throws(PostgresError) -> Set<JobID>
    ) async throws(MetastoreError) -> Set<JobID>? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), run.projectID == project else { return nil }
                guard let group = run.execGroup else { return [] }
                return try await body(run, group, connection)
            }
        }
    }
}

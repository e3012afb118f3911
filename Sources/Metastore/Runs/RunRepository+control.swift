/// Work on runs as a whole: their plans, reviews and conclusions are jobs, too.

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

/// Work on a run as a whole.
package struct RunControlJob: Sendable {
    package enum Step: String, Sendable {
        /// Makes the cells.
        case plan
        /// Looks whether the results so far decide already.
        case review
        /// All is done: the verdict.
        case conclude
    }

    package let job: LeasedJob
    package let run: RunID
    package let step: Step
}

extension RunRepository {
    @discardableResult
    static func enqueue(
        _ step: RunControlJob.Step, of run: RunID, on connection: PostgresConnection
    ) async throws(PostgresError) -> JobID {
        let payload = #"{"run":"\#(run.uuid)","step":"\#(step.rawValue)"}"#
        let jobs = try await control.enqueue([Array(payload.utf8)], in: controlGroup, on: connection)
        guard let job = jobs.first else { throw PostgresError(.decoding, "a job was enqueued and has no number") }
        return job
    }

    /// The next plan, review or conclusion; nil while there is none. Errors: `unavailable`.
    package func leaseControl(worker: String) async throws(MetastoreError) -> RunControlJob? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let job = try await Self.control.lease(worker: worker, capacity: 1, on: connection).first else { return nil }
                let payload = try? JSONValue.parse(job.payload)
                guard let run = payload?["run"]?.stringValue.flatMap({ RunID(uuid: $0) }),
                    let step = payload?["step"]?.stringValue.flatMap(RunControlJob.Step.init)
                else { throw PostgresError(.decoding, "job \(job.id.number) is no control job of a run") }
                return RunControlJob(job: job, run: run, step: step)
            }
        }
    }

    /// The heartbeat; false when the job is not held any more. Errors: `unavailable`.
    package func extendLease(of job: RunControlJob) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await !JobQueue.extend([job.job], on: connection).isEmpty
            }
        }
    }

    /// Errors: `unavailable`.
    package func endControl(_ job: RunControlJob, _ result: EndedAttempt.Result, error: [UInt8]? = nil) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                _ = try await JobQueue.end(
                    [EndedAttempt(job.job.id, result, error: error)], leases: [job.job.id: job.job.lease], on: connection)
            }
        }
    }

    /// The run, whichever project it is of: for workers. Errors: `unavailable`.
    package func find(_ id: RunID) async throws(MetastoreError) -> RunRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM runs WHERE id = $1", [id.value]).first.map(Self.run)
        }
    }
}

/// What became of each attempt at a job: kept for people, who ask why it took three.

import PostgresClient

package struct JobAttempt: Sendable, Equatable {
    package enum Result: String, Sendable, Equatable {
        case succeeded, failed, retried
        /// Its worker was not heard of any more.
        case lost
        case released, cancelled
    }

    /// From 1.
    package let number: Int
    package let worker: String
    package let startTimeUnixNano: Int64
    package let finishTimeUnixNano: Int64
    package let result: Result
    /// JSON text of an object.
    package let error: [UInt8]?
}

extension JobQueue {
    /// The attempts that have ended, in their order.
    package static func attempts(at job: JobID, on connection: PostgresConnection) async throws(PostgresError) -> [JobAttempt] {
        try await connection.query(
            """
            SELECT number, worker, started_at, finished_at, result, error FROM job_attempts WHERE job_id = $1 ORDER BY number
            """, [.integer(job.number)]
        ).decoded { row throws(PostgresError) in
            let name: String = try row.decode("result")
            guard let result = JobAttempt.Result(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no end of an attempt") }
            return JobAttempt(
                number: try row.decode("number"), worker: try row.decode("worker"), startTimeUnixNano: try row.unixNano("started_at"),
                finishTimeUnixNano: try row.unixNano("finished_at"), result: result,
                error: try row.decodeIfPresent("error", as: PostgresJSON.self)?.bytes)
        }
    }
}

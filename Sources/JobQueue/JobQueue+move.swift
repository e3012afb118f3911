/// Work in two stages: who did the first hands its jobs on to another queue, with what came of it as their checkpoint.

import PostgresClient

/// A job that goes on elsewhere.
package struct MovedJob: Sendable {
    package let job: JobID
    package let lease: JobLease
    /// JSON text: what the next stage begins with.
    package let checkpoint: [UInt8]

    package init(_ job: JobID, _ lease: JobLease, checkpoint: [UInt8]) {
        self.job = job
        self.lease = lease
        self.checkpoint = checkpoint
    }
}

extension JobQueue {
    /// Ends the attempts at jobs of `source` and queues these at once in `group` of this queue; their attempts go on being counted.
    /// Answers with the jobs whose lease was still held: of all others nothing changes. A job is to be named once.
    package func move(
        _ jobs: [MovedJob], from source: PostgresUUID, to group: PostgresUUID, on connection: PostgresConnection
    ) async throws(PostgresError) -> Set<JobID> {
        let moved = try await Self.held(
            """
            WITH moved AS (
                SELECT jobs.id, jobs.attempt_count, jobs.worker, jobs.leased_at, given.checkpoint
                FROM unnest($1::bigint[], $2::uuid[], $3::text[]) AS given (id, lease_id, checkpoint)
                JOIN jobs ON jobs.id = given.id AND jobs.lease_id = given.lease_id AND jobs.group_id = $4
                ORDER BY jobs.id FOR UPDATE OF jobs),
            logged AS (INSERT INTO job_attempts (job_id, number, worker, started_at, result)
                       SELECT id, attempt_count, worker, leased_at, 'succeeded' FROM moved)
            UPDATE jobs SET state = 'queued', \(Self.noLease), queue = $5, group_id = $6, checkpoint = moved.checkpoint::json,
                run_after = clock_timestamp()
            FROM moved WHERE jobs.id = moved.id RETURNING jobs.id
            """,
            [
                .integers(jobs.map(\.job.number)), .uuids(jobs.map(\.lease.id)),
                .texts(jobs.map { String(decoding: $0.checkpoint, as: UTF8.self) }), .uuid(source), .text(name), .uuid(group),
            ], on: connection)
        if !moved.isEmpty { try await announce(on: connection) }
        return moved
    }
}

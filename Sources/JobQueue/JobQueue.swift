/// Jobs in PostgreSQL: enqueued in the transaction of whatever they are about, leased by workers with `FOR UPDATE SKIP LOCKED`, held
/// by heartbeats, taken back from workers that died.
///
///     enqueue --> queued --lease--> leased --end--> succeeded | failed
///                   ^                 |
///                   +-- retry, released, rescue (the lease ran out)
///
/// Every job belongs to a group, which limits how many of its jobs are leased at a time and can be paused. All functions
/// run on a connection of the caller's, so that a job and what it is about change together. Times are the database's: clocks of
/// workers do not matter. Jobs are locked in the order of their ids, so that nobody waits in a circle. Every function throws what
/// PostgreSQL said.

import PostgresClient

package struct JobQueue: Sendable {
    /// The channel on which PostgreSQL tells that there is work; the payload is the queue's name.
    package static let channel = "spandrel_jobs"

    package let name: String

    package init(_ name: String) { self.name = name }

    // MARK: - Producers

    package func addGroup(_ id: PostgresUUID, concurrency: Int, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            "INSERT INTO job_groups (id, queue, concurrency) VALUES ($1, $2, $3)", [.uuid(id), .text(name), .integer(Int64(concurrency))])
    }

    /// In the order given. `payloads`: JSON texts of objects. Answers with the jobs, in that order.
    @discardableResult
    package func enqueue(
        _ payloads: [[UInt8]], in group: PostgresUUID, on connection: PostgresConnection
    ) async throws(PostgresError) -> [JobID] {
        let jobs = try await connection.query(
            """
            INSERT INTO jobs (queue, group_id, payload)
            SELECT $1, $2, payload::json FROM unnest($3::text[]) WITH ORDINALITY AS given (payload, position) ORDER BY position
            RETURNING id
            """,
            [.text(name), .uuid(group), .texts(payloads.map { String(decoding: $0, as: UTF8.self) })]
        ).decoded { row throws(PostgresError) in JobID(try row.decode("id")) }
        try await announce(on: connection)
        return jobs.sorted()
    }

    /// Tells waiting workers, once the transaction is committed.
    package func announce(on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query("SELECT pg_notify($1, $2)", [.text(Self.channel), .text(name)])
    }

    // MARK: - Groups

    package func setPaused(_ isPaused: Bool, _ group: PostgresUUID, on connection: PostgresConnection) async throws(PostgresError) {
        let changed = try await connection.query(
            "UPDATE job_groups SET is_paused = $2 WHERE id = $1 AND is_paused <> $2", [.uuid(group), .bool(isPaused)])
        if !isPaused, changed.affectedRowCount > 0 { try await announce(on: connection) }
    }

    package func setConcurrency(_ count: Int, of group: PostgresUUID, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query(
            "UPDATE job_groups SET concurrency = $2 WHERE id = $1 AND concurrency <> $2", [.uuid(group), .integer(Int64(count))])
    }

    /// Nobody works on the group's open jobs any more; workers learn of it by their next heartbeat. Answers with how many those were.
    @discardableResult
    package func cancelAll(_ group: PostgresUUID, on connection: PostgresConnection) async throws(PostgresError) -> Int {
        try await connection.query(
            """
            WITH open AS (\(Self.openJobs)),
            logged AS (INSERT INTO job_attempts (job_id, number, worker, started_at, result)
                       SELECT id, attempt_count, worker, leased_at, 'cancelled' FROM open WHERE state = 'leased')
            UPDATE jobs SET state = 'cancelled', \(Self.noLease) FROM open WHERE jobs.id = open.id
            """, [.uuid(group)]
        ).affectedRowCount
    }

    /// As `cancelAll`, where nothing is to be left of the jobs: their payloads and attempts go, too.
    @discardableResult
    package func deleteAll(_ group: PostgresUUID, on connection: PostgresConnection) async throws(PostgresError) -> Int {
        try await connection.query(
            "WITH open AS (\(Self.openJobs)) DELETE FROM jobs USING open WHERE jobs.id = open.id", [.uuid(group)]
        ).affectedRowCount
    }

    /// The open jobs of group $1, held. Each state has an index; one condition for both would read every job there ever was.
    static let openJobs = """
        SELECT id, state, attempt_count, worker, leased_at FROM jobs
        WHERE id = ANY (ARRAY(SELECT id FROM jobs WHERE group_id = $1 AND state = 'queued'
                              UNION ALL SELECT id FROM jobs WHERE group_id = $1 AND state = 'leased'))
            AND state IN ('queued', 'leased') ORDER BY id FOR UPDATE
        """

    package func counts(of group: PostgresUUID, on connection: PostgresConnection) async throws(PostgresError) -> JobCounts {
        let row = try await connection.query(
            """
            SELECT (SELECT count(*) FROM jobs WHERE group_id = $1 AND state = 'queued') AS queued,
                   (SELECT count(*) FROM jobs WHERE group_id = $1 AND state = 'leased') AS leased
            """, [.uuid(group)]
        ).only { row throws(PostgresError) in row }
        return JobCounts(queued: try row.decode("queued"), leased: try row.decode("leased"))
    }

    // MARK: - Workers

    /// Up to `capacity` jobs, of groups in turns and of each no more than its concurrency leaves; none while all are busy or paused. Only
    /// groups with queued jobs are looked at, from one to the next in the index of those, however many there ever were.
    package func lease(worker: String, capacity: Int, on connection: PostgresConnection) async throws(PostgresError) -> [LeasedJob] {
        let groups = try await connection.query(
            """
            WITH RECURSIVE waiting (group_id) AS (
                (SELECT group_id FROM jobs WHERE state = 'queued' ORDER BY group_id LIMIT 1)
                UNION ALL
                SELECT (SELECT group_id FROM jobs WHERE state = 'queued' AND group_id > waiting.group_id ORDER BY group_id LIMIT 1)
                FROM waiting WHERE group_id IS NOT NULL)
            SELECT id, gen_random_uuid() AS lease_id FROM job_groups
            WHERE id = ANY (ARRAY(SELECT group_id FROM waiting)) AND queue = $1 AND NOT is_paused
                AND EXISTS (SELECT 1 FROM jobs WHERE group_id = job_groups.id AND state = 'queued' AND run_after <= now())
            ORDER BY leased_at NULLS FIRST LIMIT \(JobLimits.groupsPerLease) FOR NO KEY UPDATE SKIP LOCKED
            """, [.text(name)]
        ).decoded { row throws(PostgresError) in
            (group: try row.decode("id", as: PostgresUUID.self), lease: JobLease(id: try row.decode("lease_id")))
        }
        var left = min(capacity, JobLimits.maximumLeaseCount), leased: [LeasedJob] = []
        for (index, (group, lease)) in groups.enumerated() where left > 0 {
            // An equal share of what is left; what a group does not take is there for the next.
            let share = max(1, left / (groups.count - index))
            let jobs = try await Self.lease(share, of: group, lease, worker: worker, on: connection)
            leased += jobs
            left -= jobs.count
        }
        return leased
    }

    /// Up to `capacity` jobs of one group, no more than its concurrency leaves; none while it is paused. Waits for its turn.
    package func lease(
        from group: PostgresUUID, worker: String, capacity: Int, on connection: PostgresConnection
    ) async throws(PostgresError) -> [LeasedJob] {
        let lease = try await connection.query(
            """
            SELECT gen_random_uuid() AS lease_id FROM job_groups WHERE id = $1 AND queue = $2 AND NOT is_paused FOR NO KEY UPDATE
            """, [.uuid(group), .text(name)]
        ).first.map { row throws(PostgresError) in JobLease(id: try row.decode("lease_id")) }
        guard let lease, capacity > 0 else { return [] }
        return try await Self.lease(min(capacity, JobLimits.maximumLeaseCount), of: group, lease, worker: worker, on: connection)
    }

    /// From a group whose row is held by the transaction.
    private static func lease(
        _ count: Int, of group: PostgresUUID, _ lease: JobLease, worker: String, on connection: PostgresConnection
    ) async throws(PostgresError) -> [LeasedJob] {
        try await connection.query(leaseStatement, [.uuid(group), .integer(Int64(count)), .uuid(lease.id), .text(worker)]).decoded {
            row throws(PostgresError) in
            LeasedJob(
                id: JobID(try row.decode("id")), lease: lease, group: group,
                payload: try row.decode("payload", as: PostgresJSON.self).bytes,
                checkpoint: try row.decodeIfPresent("checkpoint", as: PostgresJSON.self)?.bytes,
                attempt: try row.decode("attempt_count"))
        }.sorted { $0.id < $1.id }
    }

    /// $1 group, $2 how many, $3 lease, $4 worker. The commit does not wait for the disk: a lease that a crash takes back is held by nobody,
    /// and what its holder brings then counts for nothing, as after any other loss. The chosen jobs are an array so that they are looked
    /// up one by one: of a join with a LIMIT that it cannot see the planner expects a tenth of the table, and reads all of it.
    private static let leaseStatement = """
        WITH turn AS (UPDATE job_groups SET leased_at = clock_timestamp() WHERE id = $1
            RETURNING concurrency, set_config('synchronous_commit', 'off', true)),
        next AS (
            SELECT id FROM jobs WHERE group_id = $1 AND state = 'queued' AND run_after <= now() ORDER BY id
            LIMIT greatest(0, least($2, (SELECT concurrency FROM turn)
                - (SELECT count(*) FROM jobs WHERE group_id = $1 AND state = 'leased')))
            FOR UPDATE SKIP LOCKED)
        UPDATE jobs SET state = 'leased', attempt_count = attempt_count + 1, lease_id = $3, worker = $4, leased_at = clock_timestamp(),
            lease_expires_at = clock_timestamp() + make_interval(secs => \(JobLimits.leaseSeconds))
        WHERE id = ANY (ARRAY(SELECT id FROM next)) RETURNING id, payload, checkpoint, attempt_count
        """

    /// The heartbeat: extends the leases that are still held and answers with those jobs; the work on all others is void.
    package static func extend(_ jobs: [LeasedJob], on connection: PostgresConnection) async throws(PostgresError) -> Set<JobID> {
        try await extend(Dictionary(jobs.map { ($0.id, $0.lease) }, uniquingKeysWith: { first, _ in first }), on: connection)
    }

    /// As above, for holders that keep only the numbers of their jobs.
    package static func extend(
        _ leases: [JobID: JobLease], on connection: PostgresConnection
    ) async throws(PostgresError) -> Set<JobID> {
        try await held(
            """
            WITH held AS (
                SELECT jobs.id FROM unnest($1::bigint[], $2::uuid[]) AS given (id, lease_id)
                JOIN jobs ON jobs.id = given.id AND jobs.lease_id = given.lease_id ORDER BY jobs.id FOR UPDATE OF jobs)
            UPDATE jobs SET lease_expires_at = clock_timestamp() + make_interval(secs => \(JobLimits.leaseSeconds))
            FROM held WHERE jobs.id = held.id RETURNING jobs.id
            """, [.integers(leases.map(\.key.number)), .uuids(leases.map(\.value.id))], on: connection)
    }

    /// Keeps what an attempt has done, for the next one. False: the lease is not held any more.
    package static func save(_ checkpoint: [UInt8], of job: LeasedJob, on connection: PostgresConnection) async throws(PostgresError)
        -> Bool
    {
        try await connection.query(
            "UPDATE jobs SET checkpoint = $3 WHERE id = $1 AND lease_id = $2",
            [.integer(job.id.number), .uuid(job.lease.id), .json(checkpoint)]
        ).affectedRowCount == 1
    }

    /// Ends attempts, and answers with the jobs whose lease was still held: what was done for all others must not count.
    package static func end(
        _ attempts: [EndedAttempt], leases: [JobID: JobLease], on connection: PostgresConnection
    ) async throws(PostgresError) -> Set<JobID> {
        let held = attempts.compactMap { attempt in leases[attempt.job].map { (attempt: attempt, lease: $0) } }
        return try await Self.held(
            """
            WITH ended AS (
                SELECT jobs.id, jobs.attempt_count, jobs.worker, jobs.leased_at, given.state, given.result, given.delay,
                    nullif(given.error, '')::json AS error
                FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::text[])
                    AS given (id, lease_id, state, result, delay, error)
                JOIN jobs ON jobs.id = given.id AND jobs.lease_id = given.lease_id
                ORDER BY jobs.id FOR UPDATE OF jobs),
            logged AS (INSERT INTO job_attempts (job_id, number, worker, started_at, result, error)
                       SELECT id, attempt_count, worker, leased_at, result, error FROM ended WHERE result <> 'released')
            UPDATE jobs SET state = ended.state, \(noLease),
                attempt_count = jobs.attempt_count - (ended.result = 'released')::integer,
                run_after = CASE WHEN ended.state = 'queued' THEN clock_timestamp() + make_interval(secs => ended.delay)
                    ELSE jobs.run_after END
            FROM ended WHERE jobs.id = ended.id RETURNING jobs.id
            """,
            [
                .integers(held.map(\.attempt.job.number)), .uuids(held.map(\.lease.id)), .texts(held.map(\.attempt.result.state)),
                .texts(held.map(\.attempt.result.name)), .doubles(held.map(\.attempt.result.delaySeconds)),
                .texts(held.map { String(decoding: $0.attempt.error ?? [], as: UTF8.self) }),
            ], on: connection)
    }

    /// Takes jobs back whose worker has not been heard of; answers with how many.
    package static func rescue(on connection: PostgresConnection) async throws(PostgresError) -> Int {
        try await connection.query(
            """
            WITH lost AS (SELECT id, attempt_count, worker, leased_at FROM jobs
                          WHERE state = 'leased' AND lease_expires_at < clock_timestamp()
                          LIMIT \(JobLimits.rescueBatchCount) FOR UPDATE SKIP LOCKED),
            logged AS (INSERT INTO job_attempts (job_id, number, worker, started_at, result)
                       SELECT id, attempt_count, worker, leased_at, 'lost' FROM lost)
            UPDATE jobs SET state = 'queued', \(noLease) FROM lost WHERE jobs.id = lost.id
            """
        ).affectedRowCount
    }

    static let noLease = "lease_id = NULL, worker = NULL, leased_at = NULL, lease_expires_at = NULL"

    static func held(
        _ statement: String, _ parameters: [PostgresValue], on connection: PostgresConnection
    ) async throws(PostgresError) -> Set<JobID> {
        Set(try await connection.query(statement, parameters).decoded { row throws(PostgresError) in JobID(try row.decode("id")) })
    }
}

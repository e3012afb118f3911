import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

/// Runs: made, listed, commanded. What workers do with them is in the files beside. A run is three things that change in one
/// transaction: its row, its task with the events, and the job group of its cells. The row is locked first, so that changes of one run
/// happen one after the other; who leases, extends or rescues jobs without it waits for nothing while holding them.
package struct RunRepository: Sendable {
    let pool: PostgresPool

    /// Cells that workers do, and the plans and conclusions of runs; cells that the command line does are in `exec`.
    static let cells = JobQueue("run.cells"), control = JobQueue("run.control"), exec = JobQueue("run.exec")
    /// Made by the migration.
    static let controlGroup = PostgresUUID(high: 0x0000_0000_0000_7000, low: 0x8000_0000_0000_0001)

    static let columns = """
        id, project_id, suite_id, suite_version, name, state, state_reason, specification, concurrency, spending_cap_nano_usd,
        exec_group_id, baseline_run_id, cell_count, passed_count, failed_count, errored_count, cost_nano_usd, input_tokens, output_tokens,
        verdict, created_at, started_at, finished_at
        """

    /// A queued run, and the job that plans it; the run an earlier request with the same key made, `isNew` false. Errors: `notFound`
    /// (suite, baseline), `conflict` (the key was used for another request), `invalid` (the suite has no such version, name;
    /// the knowledge base no such revision or draft), `unavailable`.
    package func create(
        _ new: NewRun, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> (run: RunRecord, isNew: Bool) {
        let made = try await pool.audited(audit) { connection throws(PostgresError) -> (Creation, AuditedChange?) in
            // Requests with one key go one after the other.
            let suite = try await connection.query(
                "SELECT current_version, archived_at IS NOT NULL AS is_archived FROM suites WHERE id = $1 AND project_id = $2 FOR UPDATE",
                [new.suite.value, project.value]
            ).first.map { row throws(PostgresError) in
                (version: try row.decode("current_version", as: Int.self), isArchived: try row.decode("is_archived", as: Bool.self))
            }
            guard let suite else { return (.noSuite, nil) }
            if let (key, hash) = new.idempotency {
                let known = try await connection.query(
                    "SELECT \(Self.columns), request_hash = $3 AS is_same FROM runs WHERE project_id = $1 AND idempotency_key = $2",
                    [project.value, .text(key), .bytes(hash)]
                ).first
                if let known { return (try known.decode("is_same") ? .known(try Self.run(known)) : .keyInUse, nil) }
            }
            guard !suite.isArchived else { return (.noSuite, nil) }
            let version = new.suiteVersion ?? suite.version
            guard version >= 1, version <= suite.version else { return (.noVersion, nil) }
            var resolved = new
            guard let specification = try await Self.resolved(new.specification, in: project, on: connection) else {
                return (.noKnowledge, nil)
            }
            resolved.specification = specification
            let row = try await Self.insert(resolved, version: version, in: project, on: connection)
            let run = try Self.run(row)
            return (
                .made(run),
                AuditedChange(project: project, resourceKind: "run", resourceID: run.id.uuid, after: try AuditSnapshot.of(row))
            )
        }
        switch made {
        case .made(let run): return (run, true)
        case .known(let run): return (run, false)
        case .noSuite: throw MetastoreError(.notFound, "there is no such suite", field: "suite")
        case .noVersion: throw MetastoreError(.invalid, "the suite has no such version, or no case yet", field: "suite_version")
        case .noKnowledge:
            throw MetastoreError(.invalid, "the project has no such revision or draft of its knowledge base", field: "retrieval.source")
        case .keyInUse:
            throw MetastoreError(.conflict, "this idempotency key was used for another request", field: "idempotency_key")
        }
    }

    private enum Creation: Sendable { case made(RunRecord), known(RunRecord), noSuite, noVersion, noKnowledge, keyInUse }

    private static func insert(
        _ new: NewRun, version: Int, in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) -> PostgresRow {
        let id = RunID.make(), specification = new.specification
        try await connection.query("INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, 'run')", [id.value, project.value])
        try await cells.addGroup(id.bits, concurrency: specification.concurrency, on: connection)
        var execGroup: PostgresUUID?
        if specification.targets.contains(where: { $0.kind == .exec }) {
            let group = TaskID.make().bits
            try await exec.addGroup(group, concurrency: specification.concurrency, on: connection)
            execGroup = group
        }
        let row = try await connection.query(
            """
            INSERT INTO runs (id, project_id, suite_id, suite_version, name, specification, metadata, concurrency, exec_group_id,
                spending_cap_nano_usd, baseline_run_id, idempotency_key, request_hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING \(columns), \(AuditSnapshot.column("runs"))
            """,
            [
                id.value, project.value, new.suite.value, .integer(Int64(version)), .text(specification.name),
                .json(specification.json.bytes), .json(JSONValue.object(specification.metadata).bytes),
                .integer(Int64(specification.concurrency)), .optional(execGroup) { .uuid($0) },
                .optional(specification.spendingCap) { .integer($0.nanoUSD) }, .optional(new.baseline) { $0.value },
                .optional(new.idempotency) { .text($0.key) }, .optional(new.idempotency) { .bytes($0.requestHash) },
            ]
        ).only { row throws(PostgresError) in row }
        try await enqueue(.plan, of: id, on: connection)
        return row
    }

    /// nil if the project has no such run. Errors: `unavailable`.
    package func find(_ id: RunID, in project: ProjectID) async throws(MetastoreError) -> RunRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM runs WHERE id = $1 AND project_id = $2", [id.value, project.value])
                .first.map(Self.run)
        }
    }

    /// Newest first, of one suite if one is given. Errors: `invalid` (cursor), `unavailable`.
    package func list(in project: ProjectID, suite: SuiteID? = nil, page: PageRequest) async throws(MetastoreError) -> Page<RunRecord> {
        let start = try PagedList.runs.start(page, RunID.self)
        let runs = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM runs WHERE project_id = $1 AND id < $2 AND ($3::uuid IS NULL OR suite_id = $3)
                ORDER BY id DESC LIMIT $4
                """, [project.value, start.value, .optional(suite) { $0.value }, .integer(Int64(page.limit + 1))]
            ).decoded(Self.run)
        }
        return PagedList.runs.page(runs, page, id: \.id)
    }

    /// The newest finished run of a suite whose `metadata.branch` is this; nil if there is none. Errors: `unavailable`.
    package func newest(of suite: SuiteID, branch: String, in project: ProjectID) async throws(MetastoreError) -> RunRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.columns) FROM runs WHERE project_id = $1 AND suite_id = $2 AND state = 'finished'
                    AND metadata ->> 'branch' = $3 ORDER BY id DESC LIMIT 1
                """, [project.value, suite.value, .text(branch)]
            ).first.map(Self.run)
        }
    }

    /// `text`: the id of a run, or the branch of which the newest finished run is meant. nil: there is none; a branch without one has no
    /// baseline yet: its first run has nothing to be compared with, and says so in its verdict. Errors: `invalid` (baseline),
    /// `unavailable`.
    package func baseline(_ text: String?, of suite: SuiteID, in project: ProjectID) async throws(MetastoreError) -> RunID? {
        guard let text else { return nil }
        if let id = RunID(uuid: text) {
            guard let run = try await find(id, in: project), run.suiteID == suite else {
                throw MetastoreError(.invalid, "the suite has no such run", field: "baseline")
            }
            guard run.state == .finished else { throw MetastoreError(.invalid, "the run has not finished", field: "baseline") }
            return id
        }
        return try await newest(of: suite, branch: text, in: project)?.id
    }

    // MARK: - Commands

    package enum CommandResult: Sendable, Equatable {
        case done(RunRecord)
        /// Not possible in the state it is in.
        case refused(RunRecord)
    }

    /// Pauses, resumes or cancels. nil if the project has no such run. Errors: `unavailable`.
    package func command(
        _ command: RunState.Command, _ id: RunID, in project: ProjectID, reason: String = "", audit: AuditDraft
    ) async throws(MetastoreError) -> CommandResult? {
        try await change(id, in: project, command, audit) { run, connection throws(PostgresError) in
            guard let state = run.state.after(command), state != run.state else { return }
            try await Self.move(run, to: state, reason: reason, on: connection)
        }
    }

    /// Calls at a time from now on. nil if the project has no such run. Errors: `invalid`, `unavailable`.
    package func setConcurrency(
        _ count: Int, of id: RunID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> CommandResult? {
        try await change(id, in: project, .changeConcurrency, audit) { run, connection throws(PostgresError) in
            let changed = try await connection.query(
                "UPDATE runs SET concurrency = $2 WHERE id = $1 RETURNING \(Self.columns)", [run.id.value, .integer(Int64(count))]
            ).only(Self.run)
            try await Self.arrange(changed, as: changed.state, on: connection)
            try await Self.cells.announce(on: connection)
            if changed.execGroup != nil { try await Self.exec.announce(on: connection) }
        }
    }

    private func change(
        _ id: RunID, in project: ProjectID, _ command: RunState.Command, _ audit: AuditDraft,
        _ body: (RunRecord, PostgresConnection) async throws(PostgresError) -> Void
    ) async throws(MetastoreError) -> CommandResult? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (CommandResult?, AuditedChange?) in
            guard let run = try await Self.locked(id, on: connection), run.projectID == project else { return (nil, nil) }
            guard run.state.after(command) != nil else { return (.refused(run), nil) }
            let before = try await connection.lockedSnapshot("runs", where: "id = $1", [id.value])
            try await body(run, connection)
            let after = try await connection.lockedSnapshot("runs", where: "id = $1", [id.value])
            guard before != after, let changed = try await Self.locked(id, on: connection) else { return (.done(run), nil) }
            return (
                .done(changed), AuditedChange(project: project, resourceKind: "run", resourceID: id.uuid, before: before, after: after)
            )
        }
    }

    // MARK: - Inside of transactions

    /// The run, its row held until the transaction ends. Everything that changes a run begins with this.
    static func locked(_ id: RunID, on connection: PostgresConnection) async throws(PostgresError) -> RunRecord? {
        try await connection.query("SELECT \(columns) FROM runs WHERE id = $1 FOR NO KEY UPDATE", [id.value]).first.map(run)
    }

    /// Brings run, task and jobs into another state and says so in an event.
    static func move(
        _ run: RunRecord, to state: RunState, reason: String, verdict: [UInt8]? = nil, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            """
            UPDATE runs SET state = $2, state_reason = left($3, 1000), verdict = $4,
                started_at = coalesce(started_at, CASE WHEN $2 = 'running' THEN greatest(now(), created_at) END),
                finished_at = CASE WHEN $5 THEN greatest(now(), created_at, started_at) END
            WHERE id = $1
            """, [run.id.value, .text(state.rawValue), .text(reason), .optional(verdict) { .json($0) }, .bool(state.isFinal)])
        var data = JSONWriter()
        data.beginObject()
        data.member("state", state.rawValue)
        if !reason.isEmpty { data.member("reason", reason) }
        if let verdict { data.member("verdict", raw: verdict) }
        data.endObject()
        try await TaskRepository.append([TaskEventDraft("run.\(state.rawValue)", data.bytes)], to: run.id.task, on: connection)
        if state.isFinal {
            try await cells.cancelAll(run.id.bits, on: connection)
            if let group = run.execGroup { try await exec.cancelAll(group, on: connection) }
        } else {
            try await arrange(run, as: state, on: connection)
        }
        let change =
            switch state {
            case .running where run.state == .queued: "state = 'running', started_at = greatest(now(), created_at)"
            case .finished: "state = 'succeeded', started_at = coalesce(started_at, created_at), finished_at = greatest(now(), created_at)"
            case .failed: "state = 'failed', error = jsonb_build_object('message', $2::text), finished_at = greatest(now(), created_at)"
            case .cancelled: "state = 'cancelled', finished_at = greatest(now(), created_at)"
            default: "state = state"
            }
        try await connection.query(
            "UPDATE tasks SET \(change), updated_at = greatest(now(), updated_at) WHERE id = $1 AND $2::text IS NOT NULL",
            [run.id.value, .text(reason)])
    }

    static func run(_ row: PostgresRow) throws(PostgresError) -> RunRecord {
        let name: String = try row.decode("state")
        guard let state = RunState(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no state of a run") }
        return RunRecord(
            id: try row.decode("id"), projectID: try row.decode("project_id"), suiteID: try row.decode("suite_id"),
            suiteVersion: try row.decode("suite_version"), name: try row.decode("name"), state: state,
            stateReason: try row.decode("state_reason"), specification: try row.decode("specification", as: PostgresJSON.self).bytes,
            concurrency: try row.decode("concurrency"), spendingCapNanoUSD: try row.decodeIfPresent("spending_cap_nano_usd"),
            baselineRunID: try row.decodeIfPresent("baseline_run_id"),
            counts: RunCounts(
                cellCount: try row.decode("cell_count"), passedCount: try row.decode("passed_count"),
                failedCount: try row.decode("failed_count"), erroredCount: try row.decode("errored_count"),
                costNanoUSD: try row.decode("cost_nano_usd"), inputTokens: try row.decode("input_tokens"),
                outputTokens: try row.decode("output_tokens")),
            verdict: try row.decodeIfPresent("verdict", as: PostgresJSON.self)?.bytes,
            createdTimeUnixNano: try row.unixNano("created_at"), startTimeUnixNano: try row.unixNanoIfPresent("started_at"),
            finishTimeUnixNano: try row.unixNanoIfPresent("finished_at"), execGroup: try row.decodeIfPresent("exec_group_id"))
    }
}

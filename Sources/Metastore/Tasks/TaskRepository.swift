import PostgresClient
import TraceModel

/// Tasks only ever go forward; a step a task cannot take is `conflict`, one of a task that is not there `notFound`. Every change of state is
/// an event `task.STATE`; progress alone is announced but makes none, as only the last is of interest.
package struct TaskRepository: Sendable {
    let pool: PostgresPool

    static let columns = """
        id, project_id, kind, state, progress_done, progress_total, result, error, created_at, started_at, updated_at, finished_at
        """

    /// A new queued task. Errors: `invalid` (kind), `notFound` (project), `unavailable`.
    package func create(kind: String, project: ProjectID?) async throws(MetastoreError) -> TaskRecord {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, $3) RETURNING \(Self.columns)",
                [TaskID.make().value, .optional(project) { $0.value }, .text(kind)]
            ).only(Self.task)
        }
    }

    /// nil if the project has no such task; tasks of the whole installation belong to no project. Errors: `unavailable`.
    package func find(_ id: TaskID, in project: ProjectID?) async throws(MetastoreError) -> TaskRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM tasks WHERE id = $1 AND project_id IS NOT DISTINCT FROM $2",
                [id.value, .optional(project) { $0.value }]
            ).first.map(Self.task)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(in project: ProjectID, page: PageRequest) async throws(MetastoreError) -> Page<TaskRecord> {
        let start = try PagedList.tasks.start(page, TaskID.self)
        let tasks = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.columns) FROM tasks WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                [project.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.task)
        }
        return PagedList.tasks.page(tasks, page, id: \.id)
    }

    @discardableResult
    package func start(_ id: TaskID) async throws(MetastoreError) -> TaskRecord { try await change(id, .start) }

    /// `total`: nil leaves it as it is.
    @discardableResult
    package func reportProgress(_ id: TaskID, done: Int64, total: Int64? = nil) async throws(MetastoreError) -> TaskRecord {
        try await change(id, .progress(done: done, total: total))
    }

    /// `result`: JSON text.
    @discardableResult
    package func succeed(_ id: TaskID, result: [UInt8]?) async throws(MetastoreError) -> TaskRecord {
        try await change(id, .succeed(result: result))
    }

    /// `error`: JSON text of an object.
    @discardableResult
    package func fail(_ id: TaskID, error: [UInt8]) async throws(MetastoreError) -> TaskRecord { try await change(id, .fail(error: error)) }

    @discardableResult
    package func cancel(_ id: TaskID) async throws(MetastoreError) -> TaskRecord { try await change(id, .cancel) }

    private func change(_ id: TaskID, _ step: Step) async throws(MetastoreError) -> TaskRecord {
        let task = try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in try await Self.take(step, id, on: connection) }
        }
        if let task { return task }
        let isThere = try await translatingErrors { () throws(PostgresError) in
            try await !pool.query("SELECT 1 FROM tasks WHERE id = $1", [id.value]).isEmpty
        }
        throw isThere
            ? MetastoreError(.conflict, "the task is not in a state which allows this", field: "state")
            : MetastoreError(.notFound, "there is no such task", field: "id")
    }

    // MARK: - Inside of transactions

    enum Step {
        case start
        case progress(done: Int64, total: Int64?)
        case succeed(result: [UInt8]?)
        case fail(error: [UInt8])
        case cancel
    }

    /// Takes the step together with whatever else the transaction does; nil for a task that cannot take it, or is not there.
    @discardableResult
    static func take(_ step: Step, _ id: TaskID, on connection: PostgresConnection) async throws(PostgresError) -> TaskRecord? {
        // A clock set back must not make a finished task look finished before it began.
        let finish = "finished_at = greatest(now(), created_at)"
        return switch step {
        case .start:
            try await change(
                id, "state = 'running', started_at = greatest(now(), created_at)", [], from: "state = 'queued'", on: connection)
        case .progress(let done, let total):
            try await change(
                id, "progress_done = $2, progress_total = coalesce($3, progress_total)",
                [.integer(done), .optional(total) { .integer($0) }], from: "state = 'running'", isStep: false, on: connection)
        case .succeed(let result):
            try await change(
                id, "state = 'succeeded', result = $2, \(finish)", [.optional(result) { .json($0) }], from: "state = 'running'",
                on: connection)
        case .fail(let error):
            try await change(
                id, "state = 'failed', error = $2, \(finish)", [.json(error)], from: "state IN ('queued', 'running')", on: connection)
        case .cancel:
            try await change(id, "state = 'cancelled', \(finish)", [], from: "state IN ('queued', 'running')", on: connection)
        }
    }

    private static func change(
        _ id: TaskID, _ assignments: String, _ parameters: [PostgresValue], from condition: String, isStep: Bool = true,
        on connection: PostgresConnection
    ) async throws(PostgresError) -> TaskRecord? {
        // In one statement: a task that has ended takes no more events.
        let changed = try await connection.query(
            """
            WITH changed AS (
                UPDATE tasks SET \(assignments), updated_at = greatest(now(), updated_at),
                    last_event_sequence = last_event_sequence + \(isStep ? 1 : 0)
                WHERE id = $1 AND \(condition) RETURNING \(columns), last_event_sequence),
            written AS (
                INSERT INTO task_events (task_id, sequence, type, data)
                SELECT id, last_event_sequence, 'task.' || state, \(eventData) FROM changed WHERE \(isStep))
            SELECT * FROM changed
            """, [id.value] + parameters)
        guard let row = changed.first else { return nil }
        try await announce(id, sequence: try row.decode("last_event_sequence"), on: connection)
        return try task(row)
    }

    /// What the event of a new state says.
    private static let eventData = """
        CASE WHEN result IS NOT NULL THEN json_build_object('state', state, 'result', result)
            WHEN error IS NOT NULL THEN json_build_object('state', state, 'error', error) ELSE json_build_object('state', state) END
        """

    static func task(_ row: PostgresRow) throws(PostgresError) -> TaskRecord {
        let name = try row.decode("state", as: String.self)
        guard let state = TaskRecord.State(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no state of a task") }
        return TaskRecord(
            id: try row.decode("id"), projectID: try row.decodeIfPresent("project_id"), kind: try row.decode("kind"), state: state,
            progressDone: try row.decode("progress_done"), progressTotal: try row.decodeIfPresent("progress_total"),
            result: try row.decodeIfPresent("result", as: PostgresJSON.self)?.bytes,
            error: try row.decodeIfPresent("error", as: PostgresJSON.self)?.bytes, createdTimeUnixNano: try row.unixNano("created_at"),
            startTimeUnixNano: try row.unixNanoIfPresent("started_at"), updateTimeUnixNano: try row.unixNano("updated_at"),
            finishTimeUnixNano: try row.unixNanoIfPresent("finished_at"))
    }
}

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
    package func start(_ id: TaskID) async throws(MetastoreError) -> TaskRecord {
        try await change(id, "state = 'running', started_at = greatest(now(), created_at)", [], from: "state = 'queued'")
    }

    /// `total`: nil leaves it as it is.
    @discardableResult
    package func reportProgress(_ id: TaskID, done: Int64, total: Int64? = nil) async throws(MetastoreError) -> TaskRecord {
        try await change(
            id, "progress_done = $2, progress_total = coalesce($3, progress_total)",
            [.integer(done), .optional(total) { .integer($0) }], from: "state = 'running'", isStep: false)
    }

    /// `result`: JSON text.
    @discardableResult
    package func succeed(_ id: TaskID, result: [UInt8]?) async throws(MetastoreError) -> TaskRecord {
        try await change(
            id, "state = 'succeeded', result = $2, \(Self.finish)", [.optional(result) { .json($0) }], from: "state = 'running'")
    }

    /// `error`: JSON text of an object.
    @discardableResult
    package func fail(_ id: TaskID, error: [UInt8]) async throws(MetastoreError) -> TaskRecord {
        try await change(id, "state = 'failed', error = $2, \(Self.finish)", [.json(error)], from: "state IN ('queued', 'running')")
    }

    @discardableResult
    package func cancel(_ id: TaskID) async throws(MetastoreError) -> TaskRecord {
        try await change(id, "state = 'cancelled', \(Self.finish)", [], from: "state IN ('queued', 'running')")
    }

    /// A clock set back must not make a finished task look finished before it began.
    private static let finish = "finished_at = greatest(now(), created_at)"

    private func change(
        _ id: TaskID, _ assignments: String, _ parameters: [PostgresValue], from condition: String, isStep: Bool = true
    ) async throws(MetastoreError) -> TaskRecord {
        let task = try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) -> TaskRecord? in
                // In one statement: a task that has ended takes no more events.
                let changed = try await connection.query(
                    """
                    WITH changed AS (
                        UPDATE tasks SET \(assignments), updated_at = greatest(now(), updated_at),
                            last_event_sequence = last_event_sequence + \(isStep ? 1 : 0)
                        WHERE id = $1 AND \(condition) RETURNING \(Self.columns), last_event_sequence),
                    written AS (
                        INSERT INTO task_events (task_id, sequence, type, data)
                        SELECT id, last_event_sequence, 'task.' || state, \(Self.eventData) FROM changed WHERE \(isStep))
                    SELECT * FROM changed
                    """, [id.value] + parameters)
                guard let row = changed.first else { return nil }
                try await Self.announce(id, sequence: try row.decode("last_event_sequence"), on: connection)
                return try Self.task(row)
            }
        }
        if let task { return task }
        let isThere = try await translatingErrors { () throws(PostgresError) in
            try await !pool.query("SELECT 1 FROM tasks WHERE id = $1", [id.value]).isEmpty
        }
        throw isThere
            ? MetastoreError(.conflict, "the task is not in a state which allows this", field: "state")
            : MetastoreError(.notFound, "there is no such task", field: "id")
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

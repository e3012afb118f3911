/// What happens to a task, numbered from 1 without gaps: appended in the transaction of what happened, announced when it commits,
/// read from any number on.

import PostgresClient

package struct TaskEvent: Sendable, Equatable {
    package let sequence: Int64
    /// `run.started`, `case.finished`, ...
    package let type: String
    /// JSON text of an object.
    package let data: [UInt8]
    package let timeUnixNano: Int64
}

package struct TaskEventDraft: Sendable, Equatable {
    package let type: String
    package let data: [UInt8]

    /// `data`: JSON text of an object.
    package init(_ type: String, _ data: [UInt8]) {
        self.type = type
        self.data = data
    }
}

extension TaskRepository {
    /// The channel on which PostgreSQL tells of new events; the payload is `TASK:SEQUENCE` of the last one.
    package static let eventChannel = "spandrel_events"

    /// Whoever appends holds the task's row until its transaction ends: events of one task go one after the other, which is what
    /// leaves no gap.
    static func append(
        _ events: [TaskEventDraft], to task: TaskID, progressDone: Int? = nil, on connection: PostgresConnection
    ) async throws(PostgresError) {
        guard !events.isEmpty else { return }
        let last = try await connection.query(
            """
            WITH next AS (
                UPDATE tasks SET last_event_sequence = last_event_sequence + cardinality($2::text[]),
                    progress_done = coalesce($4, progress_done), updated_at = greatest(now(), updated_at)
                WHERE id = $1 RETURNING last_event_sequence),
            written AS (
                INSERT INTO task_events (task_id, sequence, type, data)
                SELECT $1, next.last_event_sequence - cardinality($2::text[]) + given.number, given.type, given.data::json
                FROM next, unnest($2::text[], $3::text[]) WITH ORDINALITY AS given (type, data, number))
            SELECT last_event_sequence FROM next
            """,
            [
                task.value, .texts(events.map(\.type)), .texts(events.map { String(decoding: $0.data, as: UTF8.self) }),
                .optional(progressDone) { .integer(Int64($0)) },
            ]
        ).only { row throws(PostgresError) in try row.decode("last_event_sequence", as: Int64.self) }
        try await announce(task, sequence: last, on: connection)
    }

    /// Tells when the transaction commits that the task has changed, and which event is its last.
    static func announce(_ task: TaskID, sequence: Int64, on connection: PostgresConnection) async throws(PostgresError) {
        try await connection.query("SELECT pg_notify($1, $2)", [.text(eventChannel), .text("\(task.uuid):\(sequence)")])
    }

    /// In order, from the one after `sequence` on. Errors: `unavailable`.
    package func events(of task: TaskID, after sequence: Int64, limit: Int) async throws(MetastoreError) -> [TaskEvent] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT sequence, type, data, created_at FROM task_events WHERE task_id = $1 AND sequence > $2
                ORDER BY sequence LIMIT $3
                """, [task.value, .integer(sequence), .integer(Int64(limit))]
            ).decoded { row throws(PostgresError) in
                TaskEvent(
                    sequence: try row.decode("sequence"), type: try row.decode("type"),
                    data: try row.decode("data", as: PostgresJSON.self).bytes, timeUnixNano: try row.unixNano("created_at"))
            }
        }
    }
}

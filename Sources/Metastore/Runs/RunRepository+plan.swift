/// A run's cells: each case, for each target, as often as it is to be repeated.

import EvaluationModel
import JobQueue
import PostgresClient

extension RunRepository {
    /// Makes the cells of a queued run, all or none, in an order that is a random sample of the cases at every moment: repetition by
    /// repetition, the cases of each by a hash with the run's id. More than there may be fails the run. Errors: `unavailable`.
    package func plan(_ id: RunID, _ specification: RunSpecification) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), run.state == .queued else { return }
                let targets = specification.targets.indices.filter { specification.targets[$0].kind != .exec }
                let execTargets = specification.targets.indices.filter { specification.targets[$0].kind == .exec }
                let caseCount = try await connection.query(
                    "SELECT count(*) AS count FROM test_case_versions v WHERE \(Self.isChosen)", Self.choice(run, specification)
                ).only { row throws(PostgresError) in try row.decode("count", as: Int.self) }
                let cellCount = caseCount * specification.repetitions * specification.targets.count
                guard cellCount <= RunLimits.maximumCellCount else {
                    let reason = "\(cellCount) cells; at most \(RunLimits.maximumCellCount) are allowed"
                    return try await Self.move(run, to: .failed, reason: reason, on: connection)
                }
                guard cellCount > 0 else {
                    return try await Self.move(run, to: .failed, reason: "no case of the suite was chosen", on: connection)
                }
                try await Self.addCells(run, specification, targets, queue: Self.cells, group: id.bits, on: connection)
                if let group = run.execGroup {
                    try await Self.addCells(run, specification, execTargets, queue: Self.exec, group: group, on: connection)
                }
                try await connection.query("UPDATE runs SET cell_count = $2 WHERE id = $1", [id.value, .integer(Int64(cellCount))])
                try await connection.query("UPDATE tasks SET progress_total = $2 WHERE id = $1", [id.value, .integer(Int64(cellCount))])
                try await Self.move(run, to: .running, reason: "", on: connection)
            }
        }
    }

    /// $1 suite, $2 version, $3 tags, $4 split.
    static let isChosen = """
        v.suite_id = $1 AND v.introduced_in <= $2 AND (v.removed_in IS NULL OR v.removed_in > $2) AND v.tags @> $3
            AND ($4::text IS NULL OR v.split = $4)
        """

    static func choice(_ run: RunRecord, _ specification: RunSpecification) -> [PostgresValue] {
        [
            run.suiteID.value, .integer(Int64(run.suiteVersion)), .texts(specification.tags), .optional(specification.split) { .text($0) },
        ]
    }

    private static func addCells(
        _ run: RunRecord, _ specification: RunSpecification, _ targets: [Int], queue: JobQueue, group: PostgresUUID,
        on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            """
            INSERT INTO jobs (queue, group_id, payload)
            SELECT $5, $6, json_build_object('case', v.id, 'target', t.target, 'repetition', r.repetition)
            FROM test_case_versions v, unnest($7::bigint[]) AS t (target), generate_series(1, $8) AS r (repetition)
            WHERE \(isChosen) ORDER BY r.repetition, md5(v.id::text || $9), t.target
            """,
            choice(run, specification) + [
                .text(queue.name), .uuid(group), .integers(targets.map(Int64.init)), .integer(Int64(specification.repetitions)),
                .text(run.id.uuid),
            ])
        try await queue.announce(on: connection)
    }
}

/// One case again, while its run goes on: what came of it so far is kept and no longer counts.

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

/// Which cells of a run are to be done again: those of a case, of one target or all, of one repetition or all.
package struct CellChoice: Sendable, Equatable {
    package var key: String
    package var target: Int?
    /// From 1.
    package var repetition: Int?

    package init(key: String, target: Int? = nil, repetition: Int? = nil) {
        self.key = key
        self.target = target
        self.repetition = repetition
    }
}

package enum RequeueResult: Sendable, Equatable {
    /// `cellCount`: cells that had an outcome and are to be done again. Cells without one are about to be done anyway.
    case requeued(RunRecord, cellCount: Int)
    /// The run has ended or is being concluded just now, or its money is spent.
    case refused(RunRecord)
}

extension RunRepository {
    /// Supersedes the counted outcomes of the chosen cells and queues those cells behind all others, each with new attempts. What they
    /// cost stays spent. nil if the project has no such run. Errors: `unavailable`.
    package func requeue(
        _ choice: CellChoice, of id: RunID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> RequeueResult? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (RequeueResult?, AuditedChange?) in
            guard let run = try await Self.locked(id, on: connection), run.projectID == project else { return (nil, nil) }
            guard run.state.after(.requeue) != nil, try await !Self.arrange(run, as: run.state, on: connection),
                try await Self.withdrawConclusion(of: id, on: connection)
            else { return (.refused(run), nil) }
            let before = try await connection.lockedSnapshot("runs", where: "id = $1", [id.value])
            let cells = try await Self.supersede(choice, of: run, on: connection)
            guard !cells.isEmpty else {
                // What was withdrawn is due as before.
                try await Self.orderDueConclusion(of: id, on: connection)
                return (.requeued(run, cellCount: 0), nil)
            }
            try await Self.voidReviews(of: id, on: connection)
            try await Self.enqueue(cells, of: run, on: connection)
            let changed = try await Self.discount(cells, of: id, on: connection)
            try await TaskRepository.append(
                cells.map { RunEvents.caseRequeued(key: choice.key, target: $0.target, repetition: $0.repetition) }, to: id.task,
                progressDone: changed.counts.doneCount, on: connection)
            try await Self.arrange(changed, as: changed.state, on: connection)
            let after = try await connection.lockedSnapshot("runs", where: "id = $1", [id.value])
            return (
                .requeued(changed, cellCount: cells.count),
                AuditedChange(project: project, resourceKind: "run", resourceID: id.uuid, before: before, after: after)
            )
        }
    }

    private struct SupersededCell: Sendable {
        let target: Int
        let caseVersion: TestCaseVersionID
        let repetition: Int
        let result: CellResultKind
    }

    private static func supersede(
        _ choice: CellChoice, of run: RunRecord, on connection: PostgresConnection
    ) async throws(PostgresError) -> [SupersededCell] {
        let cells = try await connection.query(
            """
            UPDATE outcomes o SET superseded_at = greatest(now(), o.created_at)
            FROM test_case_versions v JOIN test_cases c ON c.id = v.test_case_id
            WHERE c.suite_id = $2 AND c.key = $3 AND o.run_id = $1 AND ($4::bigint IS NULL OR o.target = $4) AND o.test_case_version_id = v.id
                AND ($5::bigint IS NULL OR o.repetition = $5) AND o.superseded_at IS NULL
            RETURNING o.target, o.test_case_version_id, o.repetition, o.result
            """,
            [
                run.id.value, run.suiteID.value, .text(choice.key), .optional(choice.target) { .integer(Int64($0)) },
                .optional(choice.repetition) { .integer(Int64($0)) },
            ]
        ).decoded { row throws(PostgresError) in
            let name: String = try row.decode("result")
            guard let result = CellResultKind(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no result of a cell") }
            return SupersededCell(
                target: try row.decode("target"), caseVersion: try row.decode("test_case_version_id"),
                repetition: try row.decode("repetition"), result: result)
        }
        return cells.sorted { ($0.repetition, $0.target) < ($1.repetition, $1.target) }
    }

    private static func enqueue(
        _ cells: [SupersededCell], of run: RunRecord, on connection: PostgresConnection
    ) async throws(PostgresError) {
        let targets = (try? JSONValue.parse(run.specification))?["targets"]?.arrayValue ?? []
        func isExec(_ cell: SupersededCell) -> Bool {
            targets.indices.contains(cell.target) && targets[cell.target]["kind"]?.stringValue == "exec"
        }
        func payloads(_ cells: [SupersededCell]) -> [[UInt8]] {
            cells.map {
                Array(#"{"case":"\#($0.caseVersion.uuid)","target":\#($0.target),"repetition":\#($0.repetition)}"#.utf8)
            }
        }
        let ours = cells.filter { !isExec($0) }, theirs = cells.filter(isExec)
        if !ours.isEmpty { try await Self.cells.enqueue(payloads(ours), in: run.id.bits, on: connection) }
        if let group = run.execGroup, !theirs.isEmpty { try await exec.enqueue(payloads(theirs), in: group, on: connection) }
    }

    private static func discount(
        _ cells: [SupersededCell], of run: RunID, on connection: PostgresConnection
    ) async throws(PostgresError) -> RunRecord {
        func number(_ kind: CellResultKind) -> PostgresValue { .integer(Int64(cells.count { $0.result == kind })) }
        return try await connection.query(
            """
            UPDATE runs SET passed_count = passed_count - $2, failed_count = failed_count - $3, errored_count = errored_count - $4
            WHERE id = $1 RETURNING \(columns)
            """, [run.value, number(.passed), number(.failed), number(.errored)]
        ).only(Self.run)
    }
}

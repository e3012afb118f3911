/// Drafts of test cases: asked for, listed, decided. Whoever decides holds the suite's row first, and then the draft's. The workers' part
/// is in `+work`.
///
///     request --a worker asks a model, source by source--> proposed --a person--> accepted (a version of the suite) | dropped

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

package struct DraftRepository: Sendable {
    let pool: PostgresPool

    /// The kind of a request's task.
    package static let kind = "test_case_drafts"
    static let queue = JobQueue("suites.draft")

    /// A queued task, and the job for it. The suite is one that was found. Errors: `invalid` (each member by its name), `unavailable`.
    package func create(
        _ new: NewDraftRequest, for suite: SuiteID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> TaskID {
        let id = TaskID.make()
        return try await pool.audited(audit) { connection throws(PostgresError) -> (TaskID, AuditedChange?) in
            try await connection.query(
                "INSERT INTO tasks (id, project_id, kind, progress_total) VALUES ($1, $2, $3, $4)",
                [id.value, project.value, .text(Self.kind), .integer(Int64(new.sources.count))])
            let row = try await connection.query(
                """
                INSERT INTO draft_requests (id, suite_id, instruction, model, maximum_draft_count, cap_nano_usd, source_count)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING \(AuditSnapshot.column("draft_requests"))
                """,
                [
                    id.value, suite.value, .text(new.instruction), .optional(new.model) { .text($0) },
                    .integer(Int64(new.maximumDraftCount)), .integer(new.capNanoUSD), .integer(Int64(new.sources.count)),
                ]
            ).only { row throws(PostgresError) in row }
            for (position, source) in new.sources.enumerated() {
                try await connection.query(
                    "INSERT INTO draft_request_sources (request_id, position, source, content) VALUES ($1, $2, $3, $4)",
                    [id.value, .integer(Int64(position)), .json(source.origin.json.bytes), .json(source.content)])
            }
            try await Self.queue.addGroup(id.bits, concurrency: 1, on: connection)
            try await Self.queue.enqueue([Array("{}".utf8)], in: id.bits, on: connection)
            let after = try AuditSnapshot.of(row)
            return (id, AuditedChange(project: project, resourceKind: "draft_request", resourceID: id.uuid, after: after))
        }
    }

    /// Ends a request that is under way: no further call is made, and what its sources say is forgotten; drafts stay. False: it has
    /// ended. nil if the project has no such request. Errors: `unavailable`.
    package func cancel(_ id: TaskID, in project: ProjectID, audit: AuditDraft) async throws(MetastoreError) -> Bool? {
        try await pool.audited(audit) { connection throws(PostgresError) -> (Bool?, AuditedChange?) in
            guard let request = try await Self.locked(id, on: connection), request.projectID == project else { return (nil, nil) }
            guard try await TaskRepository.take(.cancel, id, on: connection) != nil else { return (false, nil) }
            try await Self.queue.cancelAll(id.bits, on: connection)
            try await connection.query("DELETE FROM draft_request_sources WHERE request_id = $1", [id.value])
            return (true, AuditedChange(project: project, resourceKind: "draft_request", resourceID: id.uuid))
        }
    }

    /// Of a suite that was found, newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(
        of suite: SuiteID, state: TestCaseDraft.State? = nil, page: PageRequest
    ) async throws(MetastoreError) -> Page<TestCaseDraft> {
        let start = try PagedList.drafts.start(page, TestCaseDraftID.self)
        let drafts = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(TestCaseDraft.columns) FROM test_case_drafts
                WHERE suite_id = $1 AND id < $2 AND ($3::text IS NULL OR state = $3) ORDER BY id DESC LIMIT $4
                """, [suite.value, start.value, .optional(state?.rawValue) { .text($0) }, .integer(Int64(page.limit + 1))]
            ).decoded(TestCaseDraft.init)
        }
        return PagedList.drafts.page(drafts, page, id: \.id)
    }

    /// nil if the suite has no such draft. Errors: `unavailable`.
    package func find(_ id: TestCaseDraftID, of suite: SuiteID) async throws(MetastoreError) -> TestCaseDraft? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(TestCaseDraft.columns) FROM test_case_drafts WHERE id = $1 AND suite_id = $2", [id.value, suite.value]
            ).first.map(TestCaseDraft.init)
        }
    }

    /// The case becomes one of the suite, as a version of its own; it never takes the place of another. Errors: `unavailable`.
    package func accept(
        _ id: TestCaseDraftID, of suite: SuiteID, in project: ProjectID, as content: TestCaseContent, audit: AuditDraft
    ) async throws(MetastoreError) -> DraftDecision {
        try await decide(id, of: suite, in: project, audit) { current, connection throws(PostgresError) in
            let rows = try await connection.query(
                """
                SELECT 1 FROM test_cases c JOIN test_case_versions v ON v.test_case_id = c.id AND v.removed_in IS NULL
                WHERE c.suite_id = $1 AND c.key = $2
                """, [suite.value, .text(content.key)])
            guard rows.isEmpty else { return nil }
            let edit = SuiteEdit(puts: [content], source: .draft)
            let (result, _) = try await SuiteRepository.apply(edit, to: suite, at: current, on: connection)
            try await connection.query(
                """
                UPDATE test_case_drafts SET state = 'accepted', key = $2, content = $3, accepted_version = $4, decided_by = left($5, 400),
                    decided_at = greatest(now(), created_at)
                WHERE id = $1
                """,
                [
                    id.value, .text(content.key), .json(content.json.bytes), .integer(Int64(result.newestVersion)),
                    .text(audit.callerName),
                ])
            return .some(result)
        }
    }

    /// Nothing becomes of the draft. Errors: `unavailable`.
    package func drop(
        _ id: TestCaseDraftID, of suite: SuiteID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> DraftDecision {
        try await decide(id, of: suite, in: project, audit) { _, connection throws(PostgresError) in
            try await connection.query(
                """
                UPDATE test_case_drafts SET state = 'dropped', decided_by = left($2, 400), decided_at = greatest(now(), created_at)
                WHERE id = $1
                """, [id.value, .text(audit.callerName)])
            return .some(nil)
        }
    }

    /// `body`: with the suite's newest version; the outer nil: the key is taken.
    private func decide(
        _ id: TestCaseDraftID, of suite: SuiteID, in project: ProjectID, _ audit: AuditDraft,
        _ body: (Int, PostgresConnection) async throws(PostgresError) -> SuiteEditResult??
    ) async throws(MetastoreError) -> DraftDecision {
        try await pool.audited(audit) { connection throws(PostgresError) -> (DraftDecision, AuditedChange?) in
            let current = try await connection.query(
                "SELECT current_version FROM suites WHERE id = $1 AND project_id = $2 FOR UPDATE", [suite.value, project.value]
            ).first.map { row throws(PostgresError) in try row.decode("current_version", as: Int.self) }
            let condition = "id = $1 AND suite_id = $2", parameters = [id.value, suite.value]
            guard let current, let before = try await connection.lockedSnapshot("test_case_drafts", where: condition, parameters),
                let draft = try await Self.draft(id, on: connection)
            else { return (.notFound, nil) }
            guard draft.state == .proposed else { return (.wasDecided(draft.state), nil) }
            guard let edit = try await body(current, connection) else { return (.keyIsTaken, nil) }
            guard let decided = try await Self.draft(id, on: connection) else { return (.notFound, nil) }
            let after = try await connection.lockedSnapshot("test_case_drafts", where: condition, parameters)
            return (
                .decided(decided, edit: edit),
                AuditedChange(project: project, resourceKind: "test_case_draft", resourceID: id.uuid, before: before, after: after)
            )
        }
    }

    private static func draft(_ id: TestCaseDraftID, on connection: PostgresConnection) async throws(PostgresError) -> TestCaseDraft? {
        try await connection.query("SELECT \(TestCaseDraft.columns) FROM test_case_drafts WHERE id = $1", [id.value])
            .first.map(TestCaseDraft.init)
    }
}

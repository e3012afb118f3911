/// Drafts: made, found, described, discarded. What is in them is changed in `+edit` and read in `+changes`; `+steps` submits and reviews,
/// `+rebase` puts them against what became active meanwhile. Every step is one audited transaction that holds the draft's row from its
/// beginning on, and an event of the draft's task.

import ByteCoding
import KnowledgeModel
import PostgresClient
import TraceModel

package struct KnowledgeDraftRepository: Sendable {
    let pool: PostgresPool

    /// The kind of a draft's task.
    package static let kind = "knowledge_draft"

    /// Against what is active. Errors: `invalid` (name, description), `conflict` (name), `notFound` (project), `unavailable`.
    package func create(
        name: String, description: String = "", in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeDraft {
        let id = KnowledgeDraftID.make()
        return try await pool.audited(audit) { connection throws(PostgresError) -> (KnowledgeDraft, AuditedChange?) in
            try await KnowledgeRepository.makeBase(of: project, on: connection)
            let active = try await KnowledgeRepository.activeRevision(in: project, on: connection)
            try await connection.query(
                "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, $3)", [id.value, project.value, .text(Self.kind)])
            let row = try await connection.query(
                """
                INSERT INTO knowledge_drafts (id, project_id, name, description, base_revision, created_by)
                VALUES ($1, $2, $3, $4, $5, left($6, 400)) RETURNING \(KnowledgeDraft.columns), \(AuditSnapshot.column("knowledge_drafts"))
                """,
                [
                    id.value, project.value, .text(name), .text(description), .integer(Int64(active)), .text(audit.callerName),
                ]
            ).only { row throws(PostgresError) in row }
            try await TaskRepository.take(.start, id.task, on: connection)
            let draft = try KnowledgeDraft(row)
            return (draft, Self.change(draft, before: nil, after: try AuditSnapshot.of(row)))
        }
    }

    /// nil if the project has no such draft. Errors: `unavailable`.
    package func find(_ id: KnowledgeDraftID, in project: ProjectID) async throws(MetastoreError) -> KnowledgeDraft? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(KnowledgeDraft.columns) FROM knowledge_drafts WHERE id = $1 AND project_id = $2", [id.value, project.value]
            ).first.map(KnowledgeDraft.init)
        }
    }

    /// The one of this name that has not ended, else the last that had it; nil if none ever did. Errors: `unavailable`.
    package func find(name: String, in project: ProjectID) async throws(MetastoreError) -> KnowledgeDraft? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(KnowledgeDraft.columns) FROM knowledge_drafts WHERE project_id = $1 AND name = $2
                ORDER BY state IN ('promoted', 'discarded'), id DESC LIMIT 1
                """, [project.value, .text(name)]
            ).first.map(KnowledgeDraft.init)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func list(
        in project: ProjectID, includingEnded: Bool = false, page: PageRequest
    ) async throws(MetastoreError) -> Page<KnowledgeDraft> {
        let start = try PagedList.knowledgeDrafts.start(page, KnowledgeDraftID.self)
        let drafts = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(KnowledgeDraft.columns) FROM knowledge_drafts
                WHERE project_id = $1 AND id < $2 AND ($3 OR state NOT IN ('promoted', 'discarded')) ORDER BY id DESC LIMIT $4
                """, [project.value, start.value, .bool(includingEnded), .integer(Int64(page.limit + 1))]
            ).decoded(KnowledgeDraft.init)
        }
        return PagedList.knowledgeDrafts.page(drafts, page, id: \.id)
    }

    /// What is nil stays as it is; nil if the project has no such draft. Errors: as `create`, `conflict` (state) also for a
    /// draft that has ended, and for another name of one that is being promoted: the run of its gate finds it by its name.
    package func update(
        _ id: KnowledgeDraftID, in project: ProjectID, name: String?, description: String?, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeDraft? {
        try await step(id, in: project, audit) { draft, connection throws(PostgresError) in
            if draft.state == .promoted || draft.state == .discarded {
                return .refused(MetastoreError(.conflict, "the draft is \(draft.state.rawValue)", field: "state"))
            }
            if draft.state == .promoting, let name, name != draft.name {
                return .refused(
                    MetastoreError(.conflict, "the draft is being promoted, and keeps its name until that ends", field: "state"))
            }
            try await connection.query(
                """
                UPDATE knowledge_drafts SET name = coalesce($2, name), description = coalesce($3, description),
                    updated_at = greatest(now(), updated_at)
                WHERE id = $1
                """, [id.value, .optional(name) { .text($0) }, .optional(description) { .text($0) }])
            return .done([])
        }
    }

    // MARK: - Inside of transactions

    /// What a step came to, inside of its transaction.
    enum Step: Sendable {
        /// With the events to append to the draft's task.
        case done([TaskEventDraft])
        /// There is nothing to do: nothing is logged.
        case unchanged
        /// Nothing was done, and the transaction's caller is told why.
        case refused(MetastoreError)
    }

    /// Takes a step of a draft whose row it holds; nil if the project has no such draft.
    func step(
        _ id: KnowledgeDraftID, in project: ProjectID, _ audit: AuditDraft,
        _ body: (KnowledgeDraft, PostgresConnection) async throws(PostgresError) -> Step
    ) async throws(MetastoreError) -> KnowledgeDraft? {
        let done = try await pool.audited(audit) {
            connection throws(PostgresError) -> (Result<KnowledgeDraft, MetastoreError>?, AuditedChange?) in
            guard let (draft, before) = try await Self.locked(id, in: project, on: connection) else { return (nil, nil) }
            switch try await body(draft, connection) {
            case .refused(let error): return (.failure(error), nil)
            case .unchanged: return (.success(draft), nil)
            case .done(let events):
                try await TaskRepository.append(events, to: id.task, on: connection)
                guard let (changed, after) = try await Self.locked(id, in: project, on: connection) else { return (nil, nil) }
                return (.success(changed), Self.change(changed, before: before, after: after))
            }
        }
        return try done?.get()
    }

    /// The draft, its row held until the transaction ends, and as the audit log has it.
    static func locked(
        _ id: KnowledgeDraftID, in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) -> (KnowledgeDraft, PostgresJSON)? {
        try await connection.query(
            """
            SELECT \(KnowledgeDraft.columns), \(AuditSnapshot.column("knowledge_drafts")) FROM knowledge_drafts
            WHERE id = $1 AND project_id = $2 FOR NO KEY UPDATE
            """, [id.value, project.value]
        ).first.map { row throws(PostgresError) in (try KnowledgeDraft(row), try AuditSnapshot.of(row)) }
    }

    static func change(_ draft: KnowledgeDraft, before: PostgresJSON?, after: PostgresJSON?) -> AuditedChange {
        AuditedChange(project: draft.projectID, resourceKind: "knowledge_draft", resourceID: draft.id.uuid, before: before, after: after)
    }

    /// `draft.NAME` with members of an object.
    static func event(_ name: String, _ members: KeyValuePairs<String, JSONValue> = [:]) -> TaskEventDraft {
        TaskEventDraft("draft.\(name)", JSONValue.object(members.map { JSONMember(key: $0.key, value: $0.value) }).bytes)
    }
}

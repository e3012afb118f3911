/// Entries of a draft put and taken out. An entry put as the base has it is no change, and one taken out that the base has not is none
/// either: rows are what the draft says otherwise than its base.

import ByteCoding
import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeDraftRepository {
    /// nil if the project has no such draft. With nothing to change, nothing is logged and the draft's version stays. Errors: `conflict`
    /// (field `state`: the draft is not open; `hash`: an entry is not what was expected), `invalid` (key: one stands twice, or is none;
    /// entries: too many), `unavailable`.
    package func edit(
        _ id: KnowledgeDraftID, in project: ProjectID, _ edit: KnowledgeEdit, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeEditResult? {
        let prepared = try PreparedEdit(edit)
        let result = try await pool.audited(audit) {
            connection throws(PostgresError) -> (Result<KnowledgeEditResult, MetastoreError>?, AuditedChange?) in
            guard let (draft, _) = try await Self.locked(id, in: project, on: connection) else { return (nil, nil) }
            switch try await Self.make(prepared, of: draft, audit, on: connection) {
            case .failure(let refusal): return (.failure(refusal), nil)
            case .success(let (result, change)): return (.success(result), change)
            }
        }
        return try result?.get()
    }

    /// What of an edit is made before its transaction begins: the JSON of every entry at once, which an upload's budget
    /// (`KnowledgeImportLimits.maximumExpandedByteCount`) and a request's length bound.
    struct PreparedEdit: Sendable {
        let edit: KnowledgeEdit
        let contents: [FrozenKnowledgeContent]

        /// Errors: `invalid` (key, entries).
        init(_ edit: KnowledgeEdit) throws(MetastoreError) {
            try KnowledgeDraftRepository.check(edit)
            self.edit = edit
            contents = edit.puts.map { FrozenKnowledgeContent($0.content) }
        }
    }

    // MARK: - Inside of transactions

    /// Of a draft whose row is held. Answers with what it did, and with what the audit log is told; a refused edit has changed nothing.
    static func make(
        _ prepared: PreparedEdit, of draft: KnowledgeDraft, _ audit: AuditDraft, on connection: PostgresConnection
    ) async throws(PostgresError) -> Result<(KnowledgeEditResult, AuditedChange?), MetastoreError> {
        let edit = prepared.edit
        if let refusal = try await refusal(of: edit, draft, on: connection) { return .failure(refusal) }
        let removals = try await removals(of: edit, draft, on: connection)
        if let refusal = try await refusal(ofSize: edit, removals, draft, on: connection) { return .failure(refusal) }
        return .success(try await apply(edit, prepared.contents, removals, to: draft, audit, on: connection))
    }

    /// Why the edit cannot be made of the draft as it is; nil: it can.
    private static func refusal(
        of edit: KnowledgeEdit, _ draft: KnowledgeDraft, on connection: PostgresConnection
    ) async throws(PostgresError) -> MetastoreError? {
        if let refusal = draft.life().refusal(of: .edit(by: .key(""))) { return refusal }
        let expected = edit.expectations.filter { $0.value != .any }.sorted { $0.key < $1.key }
        for chunk in expected.chunks(byteCount: { $0.key.utf8.count }) {
            let present = try await connection.query(
                "SELECT e.key, k.hash FROM \(KnowledgeView.entries) WHERE e.project_id = $1 AND e.key = ANY ($4)",
                draft.view.parameters + [.texts(chunk.map(\.key))]
            ).decoded { row throws(PostgresError) in
                (EntryKey(try row.decode("key")), try row.decode("hash", as: KnowledgeHash.self))
            }
            let hashes = Dictionary(present, uniquingKeysWith: { first, _ in first })
            for (key, expectation) in chunk {
                if let refusal = expectation.refusal(of: hashes[EntryKey(key)], key: key) { return refusal }
            }
        }
        return nil
    }

    /// Why the edit would leave too much in the draft; nil: it would not.
    private static func refusal(
        ofSize edit: KnowledgeEdit, _ removals: [String], _ draft: KnowledgeDraft, on connection: PostgresConnection
    ) async throws(PostgresError) -> MetastoreError? {
        guard !edit.puts.isEmpty else { return nil }
        let before = try await connection.query(
            """
            SELECT coalesce((SELECT entry_count FROM knowledge_revisions WHERE project_id = $1 AND number = $2), 0)
                + count(*) FILTER (WHERE base_content_id IS NULL) - count(*) FILTER (WHERE content_id IS NULL) AS n
            FROM knowledge_draft_changes WHERE draft_id = $3
            """, draft.view.parameters
        ).only { row throws(PostgresError) in try row.decode("n", as: Int.self) }
        guard before + edit.puts.count > KnowledgeLimits.maximumEntryCount else { return nil }
        var after = before + edit.puts.count
        for chunk in (edit.puts.map(\.key) + removals).chunks(byteCount: { $0.utf8.count }) {
            after -= try await connection.query(
                "SELECT count(*) AS n FROM \(KnowledgeView.entries) WHERE e.project_id = $1 AND e.key = ANY ($4)",
                draft.view.parameters + [.texts(Array(chunk))]
            ).only { row throws(PostgresError) in try row.decode("n", as: Int.self) }
        }
        guard after > KnowledgeLimits.maximumEntryCount else { return nil }
        let message = "the draft would have \(after) entries, and may have \(KnowledgeLimits.maximumEntryCount)"
        return MetastoreError(.invalid, message, field: "entries")
    }

    /// On an open draft whose row is held.
    private static func apply(
        _ edit: KnowledgeEdit, _ frozen: [FrozenKnowledgeContent], _ removals: [String], to draft: KnowledgeDraft, _ audit: AuditDraft,
        on connection: PostgresConnection
    ) async throws(PostgresError) -> (KnowledgeEditResult, AuditedChange?) {
        try await FrozenKnowledgeContent.store(frozen, in: draft.projectID, on: connection)
        let keys = edit.puts.map(\.key)
        try await makeEntries(keys, in: draft.projectID, on: connection)
        var changes = zip(keys, frozen).map { Change(key: $0, hash: $1.hash) }
        changes += removals.map { Change(key: $0, hash: "") }
        var result = KnowledgeEditResult()
        result.draftVersion = draft.version
        for chunk in changes.chunks(byteCount: { $0.key.utf8.count + $0.hash.utf8.count }) {
            try await apply(chunk, of: edit, to: draft, audit, &result, on: connection)
        }
        result.unchangedCount = changes.count - result.addedCount - result.changedCount - result.removedCount
        guard result.hasChanges else { return (result, nil) }
        if let user = audit.user { try await addAuthor(user, to: draft.id, on: connection) }
        try await connection.query(
            "UPDATE knowledge_drafts SET version = version + 1, updated_at = greatest(now(), updated_at) WHERE id = $1", [draft.id.value])
        result.draftVersion += 1
        let summary = summary(of: edit, result)
        try await TaskRepository.append([TaskEventDraft("draft.changed", summary)], to: draft.id.task, on: connection)
        return (result, change(draft, before: nil, after: PostgresJSON(bytes: summary)))
    }

    /// They do not review it.
    static func addAuthor(
        _ user: UserID, to draft: KnowledgeDraftID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            "INSERT INTO knowledge_draft_authors (draft_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", [draft.value, user.value])
    }

    private struct Change {
        let key: String
        /// Of what the entry is to say; empty: it is to go.
        let hash: String
    }

    private static func makeEntries(
        _ keys: [String], in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        // In the order of keys, as everybody does, so that nobody waits in a circle.
        for chunk in keys.map(EntryKey.init).sorted().map(\.text).chunks(byteCount: { $0.utf8.count }) {
            try await connection.query(
                """
                INSERT INTO knowledge_entries (id, project_id, key)
                SELECT given.id, $1, given.key FROM unnest($2::uuid[], $3::text[]) WITH ORDINALITY AS given (id, key, position)
                ORDER BY given.position ON CONFLICT (project_id, key) DO NOTHING
                """, [project.value, .ids(chunk.map { _ in KnowledgeEntryID.make() }), .texts(Array(chunk))])
        }
    }

    /// Those that are named, and those that are replaced by nothing.
    private static func removals(
        of edit: KnowledgeEdit, _ draft: KnowledgeDraft, on connection: PostgresConnection
    ) async throws(PostgresError) -> [String] {
        let condition: String, parameter: String
        switch edit.replaces {
        case .none: return edit.removals
        case .document(let name): (condition, parameter) = ("k.document = $4", name)
        case .prefix(let prefix): (condition, parameter) = ("starts_with(e.key, $4)", prefix)
        }
        let there = try await connection.query(
            "SELECT e.key FROM \(KnowledgeView.entries) WHERE e.project_id = $1 AND \(condition)",
            draft.view.parameters + [.text(parameter)]
        ).decoded { row throws(PostgresError) in EntryKey(try row.decode("key")) }
        let gone = Set(there).subtracting(edit.kept).union(edit.removals.map(EntryKey.init))
        return gone.subtracting(edit.puts.map { EntryKey($0.key) }).sorted().map(\.text)
    }

    private static func apply(
        _ changes: ArraySlice<Change>, of edit: KnowledgeEdit, to draft: KnowledgeDraft, _ audit: AuditDraft,
        _ result: inout KnowledgeEditResult, on connection: PostgresConnection
    ) async throws(PostgresError) {
        let row = try await connection.query(
            """
            WITH given AS MATERIALIZED (
                SELECT e.id AS entry_id, k.id AS content_id, v.content_id AS base_id,
                    CASE WHEN g.entry_id IS NULL THEN v.content_id ELSE g.content_id END AS present_id
                FROM unnest($4::text[], $5::text[]) AS wanted (key, hash)
                JOIN knowledge_entries e ON e.project_id = $1 AND e.key = wanted.key
                LEFT JOIN knowledge_contents k ON k.project_id = $1 AND k.hash = decode(wanted.hash, 'hex')
                LEFT JOIN knowledge_draft_changes g ON g.draft_id = $3 AND g.entry_id = e.id
                LEFT JOIN knowledge_entry_versions v
                    ON v.entry_id = e.id AND v.introduced_in <= $2 AND (v.removed_in IS NULL OR v.removed_in > $2)),
            undone AS (
                DELETE FROM knowledge_draft_changes c USING given
                WHERE c.draft_id = $3 AND c.entry_id = given.entry_id AND given.content_id IS NOT DISTINCT FROM given.base_id),
            made AS (
                INSERT INTO knowledge_draft_changes (draft_id, project_id, entry_id, content_id, base_content_id, author, author_user_id,
                    source_trace_id, source_span_id)
                SELECT $3, $1, entry_id, content_id, base_id, left($6, 400), $7, $8, $9 FROM given
                WHERE content_id IS DISTINCT FROM base_id AND content_id IS DISTINCT FROM present_id
                ON CONFLICT (draft_id, entry_id) DO UPDATE SET content_id = excluded.content_id, author = excluded.author,
                    author_user_id = excluded.author_user_id, source_trace_id = excluded.source_trace_id,
                    source_span_id = excluded.source_span_id, updated_at = excluded.updated_at)
            SELECT count(*) FILTER (WHERE present_id IS NULL AND content_id IS NOT NULL) AS added,
                count(*) FILTER (WHERE present_id <> content_id) AS changed,
                count(*) FILTER (WHERE present_id IS NOT NULL AND content_id IS NULL) AS removed
            FROM given
            """,
            [
                draft.projectID.value, .integer(Int64(draft.baseRevision)), draft.id.value, .texts(changes.map(\.key)),
                .texts(changes.map(\.hash)), .text(audit.callerName), .optional(audit.user) { $0.value },
            ] + KnowledgeOrigin.parameters(edit.origin)
        ).only { row throws(PostgresError) in row }
        result.addedCount += try row.decode("added", as: Int.self)
        result.changedCount += try row.decode("changed", as: Int.self)
        result.removedCount += try row.decode("removed", as: Int.self)
    }

    // MARK: - What an edit is

    private static func check(_ edit: KnowledgeEdit) throws(MetastoreError) {
        guard edit.puts.count <= KnowledgeLimits.maximumEntryCount else {
            throw MetastoreError(.invalid, "entries must be at most \(KnowledgeLimits.maximumEntryCount)", field: "entries")
        }
        var seen: Set<EntryKey> = []
        for key in edit.puts.map(\.key) + edit.removals where !seen.insert(EntryKey(key)).inserted {
            throw MetastoreError(.invalid, "\(key) stands twice in one edit", field: "key")
        }
    }

    private static let maximumNamedKeyCount = 20

    /// For the log and for whoever follows: the numbers, and the first of the keys.
    private static func summary(of edit: KnowledgeEdit, _ result: KnowledgeEditResult) -> [UInt8] {
        func member(_ key: String, _ count: Int) -> JSONMember { JSONMember(key: key, value: .integer(Int64(count))) }
        let keys = (edit.puts.lazy.map(\.key) + edit.removals.lazy).prefix(maximumNamedKeyCount)
        return JSONValue.object([
            member("version", result.draftVersion), member("added", result.addedCount), member("changed", result.changedCount),
            member("removed", result.removedCount), JSONMember(key: "keys", value: .array(keys.map(JSONValue.string))),
        ]).bytes
    }
}

extension KnowledgeDraft {
    package var view: KnowledgeView {
        KnowledgeView(projectID: projectID, revision: baseRevision, draft: KnowledgeView.DraftVersion(id: id, version: version))
    }
}

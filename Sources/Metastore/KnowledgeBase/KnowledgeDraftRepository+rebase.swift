/// Three-way rebase: base, what the draft says (ours), what is active now (theirs). Only entries that both changed are looked at.

import ByteCoding
import ContentReading
import KnowledgeModel
import PostgresClient
import TraceModel

extension KnowledgeDraftRepository {
    /// Entries that are read at a time, with three contents each.
    private static let pageCount = 16

    /// Onto the active revision, which must be `expected` if that is given: resolutions are of what somebody saw. Resolutions of entries
    /// that only one side changed are passed over. The draft is open afterwards. nil if the project has no such draft. Errors: `conflict`
    /// (field: `KnowledgeDraftRefusal.Reason`; `active_revision`: another is active than expected; `entries`: those that both sides changed
    /// have more than `maximumByteCount`), `unavailable`.
    package func rebase(
        _ id: KnowledgeDraftID, in project: ProjectID, onto expected: Int? = nil, resolutions: [String: KnowledgeResolution] = [:],
        maximumByteCount: Int = MetastoreLimits.maximumRebasedByteCount, audit: AuditDraft
    ) async throws(MetastoreError) -> KnowledgeRebase? {
        let done = try await pool.audited(audit) {
            connection throws(PostgresError) -> (Result<KnowledgeRebase, MetastoreError>?, AuditedChange?) in
            guard let (draft, before) = try await Self.locked(id, in: project, on: connection) else { return (nil, nil) }
            let active = try await KnowledgeRepository.activeRevision(in: project, on: connection)
            var life = draft.life()
            if let refusal = life.take(.rebase(by: audit.actor, onto: active)) { return (.failure(refusal), nil) }
            guard (expected ?? active) == active else {
                let message = "revision \(active) is active by now; look at the conflicts again"
                return (.failure(MetastoreError(.conflict, message, field: "active_revision")), nil)
            }
            let merge = try await Self.merge(draft, onto: active, resolutions, maximumByteCount, on: connection)
            guard merge.byteCount <= maximumByteCount else {
                let message =
                    "the entries that the draft and revision \(active) both changed have more than \(maximumByteCount) bytes in their versions, "
                    + "too many for one rebase: put some of them back to what revision \(draft.baseRevision) says, rebase, "
                    + "and change those in another draft"
                return (.failure(MetastoreError(.conflict, message, field: "entries")), nil)
            }
            guard merge.conflictCount == 0 else {
                return (.success(.conflicts(merge.conflicts, count: merge.conflictCount, onto: active)), nil)
            }
            try await life.save(as: id, on: connection)
            try await Self.write(merge.entries, of: draft, base: active, audit, on: connection)
            let event = Self.event("rebased", ["base_revision": .integer(Int64(active)), "merged": .integer(Int64(merge.entries.count))])
            try await TaskRepository.append([event], to: id.task, on: connection)
            guard let (rebased, after) = try await Self.locked(id, in: project, on: connection) else { return (nil, nil) }
            return (
                .success(.rebased(rebased, mergedCount: merge.entries.count)), Self.change(rebased, before: before, after: after)
            )
        }
        return try done?.get()
    }

    // MARK: - Inside of the transaction

    private struct MergedEntry {
        let key: String
        /// nil: it is to go.
        let content: FrozenKnowledgeContent?
        /// Somebody wrote it just now.
        let isWritten: Bool
    }

    private struct Merge {
        var entries: [MergedEntry] = []
        var conflicts: [KnowledgeConflict] = []
        var conflictCount = 0
        /// Of everything that was read for it.
        var byteCount = 0
    }

    /// Ends early beyond `maximumByteCount`.
    private static func merge(
        _ draft: KnowledgeDraft, onto active: Int, _ resolutions: [String: KnowledgeResolution], _ maximumByteCount: Int,
        on connection: PostgresConnection
    ) async throws(PostgresError) -> Merge {
        var merge = Merge(), last = ""
        while true {
            let rows = try await connection.query(
                """
                SELECT e.key, b.content AS base, o.content AS ours, t.content AS theirs
                FROM knowledge_draft_changes c JOIN knowledge_entries e ON e.id = c.entry_id
                LEFT JOIN knowledge_entry_versions v
                    ON v.entry_id = c.entry_id AND v.introduced_in <= $2 AND (v.removed_in IS NULL OR v.removed_in > $2)
                LEFT JOIN knowledge_contents b ON b.id = c.base_content_id LEFT JOIN knowledge_contents o ON o.id = c.content_id
                LEFT JOIN knowledge_contents t ON t.id = v.content_id
                WHERE c.draft_id = $1 AND v.content_id IS DISTINCT FROM c.base_content_id AND e.key > $3 ORDER BY e.key LIMIT \(pageCount)
                """, [draft.id.value, .integer(Int64(active)), .text(last)])
            for row in rows {
                let key: String = try row.decode("key")
                try add(key, resolutions[key], to: &merge, row)
                guard merge.byteCount <= maximumByteCount else { return merge }
                last = key
            }
            if rows.count < pageCount { return merge }
        }
    }

    private static func add(
        _ key: String, _ resolution: KnowledgeResolution?, to merge: inout Merge, _ row: PostgresRow
    ) throws(PostgresError) {
        let base = try content("base", of: row, &merge.byteCount), ours = try content("ours", of: row, &merge.byteCount)
        let theirs = try content("theirs", of: row, &merge.byteCount)
        func append(_ content: KnowledgeContent?, isWritten: Bool = false) {
            merge.entries.append(MergedEntry(key: key, content: content.map(FrozenKnowledgeContent.init), isWritten: isWritten))
        }
        switch resolution {
        case .ours: append(ours)
        case .theirs: append(theirs)
        case .content(let content): append(content, isWritten: true)
        case nil:
            switch KnowledgeMerge.merge(base: base, ours: ours, theirs: theirs) {
            case .merged(let content): append(content)
            case .conflict(let paths):
                merge.conflictCount += 1
                guard merge.conflicts.count < MetastoreLimits.maximumPageItemCount else { return }
                merge.conflicts.append(
                    KnowledgeConflict(
                        key: key, paths: paths.filter { !$0.isEmpty }, base: base?.hash, ours: ours?.hash, theirs: theirs?.hash))
            }
        }
    }

    private static func content(
        _ column: String, of row: PostgresRow, _ byteCount: inout Int
    ) throws(PostgresError) -> KnowledgeContent? {
        guard let json = try row.decodeIfPresent(column, as: PostgresJSON.self) else { return nil }
        byteCount += json.bytes.count
        do { return try KnowledgeContent(json: JSONValue.parse(json.bytes)) } catch {
            throw PostgresError(.decoding, "a stored content cannot be read: \(error)")
        }
    }

    /// Of a draft that is against `base` by now.
    private static func write(
        _ entries: [MergedEntry], of draft: KnowledgeDraft, base: Int, _ audit: AuditDraft, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await FrozenKnowledgeContent.store(entries.compactMap(\.content), in: draft.projectID, on: connection)
        for chunk in entries.chunks(byteCount: { $0.key.utf8.count }) {
            try await connection.query(
                """
                WITH given AS MATERIALIZED (
                    SELECT e.id AS entry_id, k.id AS content_id, v.content_id AS base_id, wanted.written = 1 AS is_written
                    FROM unnest($4::text[], $5::text[], $6::bigint[]) AS wanted (key, hash, written)
                    JOIN knowledge_entries e ON e.project_id = $1 AND e.key = wanted.key
                    LEFT JOIN knowledge_contents k ON k.project_id = $1 AND k.hash = decode(wanted.hash, 'hex')
                    LEFT JOIN knowledge_entry_versions v
                        ON v.entry_id = e.id AND v.introduced_in <= $2 AND (v.removed_in IS NULL OR v.removed_in > $2)),
                undone AS (
                    DELETE FROM knowledge_draft_changes c USING given
                    WHERE c.draft_id = $3 AND c.entry_id = given.entry_id AND given.content_id IS NOT DISTINCT FROM given.base_id)
                UPDATE knowledge_draft_changes c SET content_id = given.content_id, base_content_id = given.base_id, updated_at = now(),
                    author = CASE WHEN given.is_written THEN left($7, 400) ELSE c.author END,
                    author_user_id = CASE WHEN given.is_written THEN $8 ELSE c.author_user_id END
                FROM given
                WHERE c.draft_id = $3 AND c.entry_id = given.entry_id AND given.content_id IS DISTINCT FROM given.base_id
                """,
                [
                    draft.projectID.value, .integer(Int64(base)), draft.id.value, .texts(chunk.map(\.key)),
                    .texts(chunk.map { $0.content?.hash ?? "" }), .integers(chunk.map { $0.isWritten ? 1 : 0 }), .text(audit.callerName),
                    .optional(audit.user) { $0.value },
                ])
        }
        if let user = audit.user, entries.contains(where: \.isWritten) { try await addAuthor(user, to: draft.id, on: connection) }
    }
}

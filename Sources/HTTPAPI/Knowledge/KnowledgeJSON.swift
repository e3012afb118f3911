/// What a knowledge base's things look like as JSON.

import ByteCoding
import KnowledgeImport
import KnowledgeModel
import Metastore
import TraceModel

extension JSONWriter {
    mutating func knowledgeRevision(_ revision: KnowledgeRevision) {
        beginObject()
        member("revision", revision.number)
        member("draft_id", revision.draftID?.uuid)
        member("draft_name", revision.draftName)
        member("restored_revision", revision.restoredRevision)
        member("message", revision.message)
        member("entry_count", revision.entryCount)
        member("embedding_model", revision.embeddingModel)
        member("promoted_by", revision.promotedBy)
        member("promoted_at", unixNano: revision.createdTimeUnixNano)
        endObject()
    }

    /// With its content, if it was read.
    mutating func knowledgeEntry(_ entry: StoredKnowledgeEntry) {
        beginObject()
        member("key", entry.key)
        member("kind", entry.kind.rawValue)
        member("title", entry.title)
        member("tags", entry.tags)
        member("hash", entry.hash.hex)
        member("author", entry.author)
        member("source", entry.origin)
        member("introduced_in", entry.introducedIn)
        if let content = entry.content { member("content", raw: content) }
        endObject()
    }

    mutating func knowledgeEntryEvent(_ event: KnowledgeEntryEvent) {
        beginObject()
        member("revision", event.revision)
        member("change", event.change.rawValue)
        member("kind", event.content?.kind.rawValue)
        member("title", event.content?.title)
        if let content = event.content { member("tags", content.tags) } else { key("tags"); null() }
        member("hash", event.content?.hash.hex)
        member("author", event.author)
        member("source", event.origin)
        member("draft_name", event.draftName)
        member("restored_revision", event.restoredRevision)
        member("message", event.message)
        member("promoted_by", event.promotedBy)
        member("promoted_at", unixNano: event.createdTimeUnixNano)
        endObject()
    }

    mutating func knowledgeDraft(_ draft: KnowledgeDraft) {
        beginObject()
        knowledgeDraftMembers(draft)
        endObject()
    }

    mutating func knowledgeDraftMembers(_ draft: KnowledgeDraft) {
        member("id", draft.id.uuid)
        member("name", draft.name)
        member("description", draft.description)
        member("state", draft.state.rawValue)
        member("version", draft.version)
        member("base_revision", draft.baseRevision)
        member("promoted_revision", draft.promotedRevision)
        member("created_by", draft.createdBy)
        member("submitted_by", draft.submittedBy)
        member("created_at", unixNano: draft.createdTimeUnixNano)
        member("updated_at", unixNano: draft.updateTimeUnixNano)
    }

    mutating func knowledgeReview(_ review: KnowledgeReview) {
        beginObject()
        member("draft_version", review.draftVersion)
        member("user_id", review.userID.uuid)
        member("reviewer", review.reviewer)
        member("decision", review.decision.rawValue)
        member("comment", review.comment)
        member("created_at", unixNano: review.createdTimeUnixNano)
        endObject()
    }

    // MARK: Differences

    /// What changed, without its contents. `change`: who changed it, of a draft.
    mutating func knowledgeChange(_ entry: ChangedKnowledgeEntry, _ change: KnowledgeDraftChange? = nil) {
        beginObject()
        knowledgeChangeMembers(entry, change)
        endObject()
    }

    /// The same with the fields and the lines that differ.
    mutating func knowledgeDifference(
        _ entry: ChangedKnowledgeEntry, _ change: KnowledgeDraftChange? = nil, _ difference: KnowledgeDifference
    ) {
        beginObject()
        knowledgeChangeMembers(entry, change)
        key("fields")
        beginArray()
        for field in difference.fields {
            beginObject()
            member("path", field.path)
            if let old = field.old { member("old", old) }
            if let new = field.new { member("new", new) }
            endObject()
        }
        endArray()
        member("text", difference.unified)
        endObject()
    }

    private mutating func knowledgeChangeMembers(_ entry: ChangedKnowledgeEntry, _ change: KnowledgeDraftChange?) {
        member("key", entry.key)
        member("change", KnowledgeChange(from: entry.before?.hash, to: entry.after?.hash)?.rawValue)
        member("before", entry.before)
        member("after", entry.after)
        guard let change else { return }
        member("author", change.author)
        member("source", change.origin)
        member("updated_at", unixNano: change.updateTimeUnixNano)
    }

    private mutating func member(_ name: String, _ side: ChangedKnowledgeEntry.Side?) {
        key(name)
        guard let side else { return null() }
        beginObject()
        member("hash", side.hash.hex)
        member("kind", side.kind.rawValue)
        member("title", side.title)
        endObject()
    }

    private mutating func member(_ name: String, _ origin: KnowledgeOrigin?) {
        key(name)
        guard let origin else { return null() }
        beginObject()
        member("trace_id", origin.traceID.hex)
        member("span_id", origin.spanID?.hex)
        endObject()
    }

    // MARK: Imports

    mutating func knowledgeImport(_ result: KnowledgeEditResult, _ imported: ImportedKnowledge) {
        beginObject()
        member("draft_version", result.draftVersion)
        member("added_count", result.addedCount)
        member("changed_count", result.changedCount)
        member("unchanged_count", result.unchangedCount)
        key("problems")
        beginArray()
        for problem in imported.problems { importProblem(problem) }
        endArray()
        member("omitted_problem_count", imported.omittedProblemCount)
        endObject()
    }

    private mutating func importProblem(_ problem: ImportProblem) {
        beginObject()
        member("severity", problem.severity.rawValue)
        member("line", problem.place.line)
        member("column", problem.place.column)
        member("message", problem.message)
        endObject()
    }
}

extension ChangedKnowledgeEntry {
    /// Of contents that were asked for; made on a thread of its own, as long texts take their time. Throws `MetastoreError` (`internal`).
    func difference() async throws -> KnowledgeDifference {
        let (old, new) = (try before?.decoded(key), try after?.decoded(key))
        return try await OwnThread.run { KnowledgeDifference(from: old, to: new) }
    }
}

extension ChangedKnowledgeEntry.Side {
    fileprivate func decoded(_ key: String) throws(MetastoreError) -> KnowledgeContent {
        do { return try KnowledgeContent(json: JSONValue.parse(content ?? [])) } catch {
            throw MetastoreError(.internal, "the stored content of \(key) cannot be read: \(error)")
        }
    }
}

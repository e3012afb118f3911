/// A state of a whole knowledge base, and what the base is set to.

import PostgresClient
import TraceModel

package struct KnowledgeRevision: Sendable, Equatable {
    package let number: Int
    /// The draft it was promoted from; nil: it is an earlier revision again.
    package let draftID: KnowledgeDraftID?
    package let draftName: String?
    /// The revision that was gone back to.
    package let restoredRevision: Int?
    package let message: String
    package let entryCount: Int
    /// As provider/model; nil: it is found by words alone.
    package let embeddingModel: String?
    package let promotedBy: String
    package let createdTimeUnixNano: Int64

    static let columns = """
        r.number, r.draft_id, d.name AS draft_name, r.restored_revision, r.message, r.entry_count, r.embedding_model, r.promoted_by,
        r.created_at
        """
    static let tables = "knowledge_revisions r LEFT JOIN knowledge_drafts d ON d.id = r.draft_id"

    init(_ row: PostgresRow) throws(PostgresError) {
        number = try row.decode("number")
        draftID = try row.decodeIfPresent("draft_id")
        draftName = try row.decodeIfPresent("draft_name")
        restoredRevision = try row.decodeIfPresent("restored_revision")
        message = try row.decode("message")
        entryCount = try row.decode("entry_count")
        embeddingModel = try row.decodeIfPresent("embedding_model")
        promotedBy = try row.decode("promoted_by")
        createdTimeUnixNano = try row.unixNano("created_at")
    }
}

package struct KnowledgeSettings: Sendable, Equatable {
    /// How many people must approve a draft; counts for drafts that are submitted from then on.
    package var requiredApprovals: Int
    /// JSON text: the run that a promotion must pass, as POST /api/v1/runs takes it; nil: none.
    package var gate: [UInt8]?

    package init(requiredApprovals: Int = 0, gate: [UInt8]? = nil) {
        self.requiredApprovals = requiredApprovals
        self.gate = gate
    }
}

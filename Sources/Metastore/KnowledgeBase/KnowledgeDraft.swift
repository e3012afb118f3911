/// Named changes against a revision. A draft is also a task of the same id, whose events are its steps.

import KnowledgeModel
import PostgresClient
import TraceModel

package struct KnowledgeDraftID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

    package var task: TaskID { TaskID(high: high, low: low) }
}

package struct KnowledgeDraft: Sendable, Equatable {
    package let id: KnowledgeDraftID
    package let projectID: ProjectID
    /// Another draft may have it once this one has ended.
    package let name: String
    package let description: String
    /// Against what its changes are; 0: against nothing.
    package let baseRevision: Int
    package let state: KnowledgeDraftLife.StateName
    /// Grows with every change of an entry or of the base, and when the draft goes back to open.
    package let version: Int
    package let createdBy: String
    package let submittedBy: String?
    package let submittedByUserID: UserID?
    package let promotedRevision: Int?
    package let createdTimeUnixNano: Int64
    package let updateTimeUnixNano: Int64

    static let columns = """
        id, project_id, name, description, base_revision, state, version, created_by, submitted_by, submitted_by_user_id,
        promoted_revision, created_at, updated_at
        """

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        name = try row.decode("name")
        description = try row.decode("description")
        baseRevision = try row.decode("base_revision")
        let name: String = try row.decode("state")
        guard let state = KnowledgeDraftLife.StateName(rawValue: name) else {
            throw PostgresError(.decoding, "\(name) is no state of a draft")
        }
        self.state = state
        version = try row.decode("version")
        createdBy = try row.decode("created_by")
        submittedBy = try row.decodeIfPresent("submitted_by")
        submittedByUserID = try row.decodeIfPresent("submitted_by_user_id")
        promotedRevision = try row.decodeIfPresent("promoted_revision")
        createdTimeUnixNano = try row.unixNano("created_at")
        updateTimeUnixNano = try row.unixNano("updated_at")
    }
}

/// A person's word on a draft.
package struct KnowledgeReview: Sendable, Equatable {
    package enum Decision: String, Sendable, Equatable {
        case approve
        case requestChanges = "request_changes"
    }

    package let draftVersion: Int
    package let userID: UserID
    package let reviewer: String
    package let decision: Decision
    package let comment: String
    package let createdTimeUnixNano: Int64

    static let columns = "draft_version, user_id, reviewer, decision, comment, created_at"

    init(_ row: PostgresRow) throws(PostgresError) {
        draftVersion = try row.decode("draft_version")
        userID = try row.decode("user_id")
        reviewer = try row.decode("reviewer")
        let name: String = try row.decode("decision")
        guard let decision = Decision(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no decision") }
        self.decision = decision
        comment = try row.decode("comment")
        createdTimeUnixNano = try row.unixNano("created_at")
    }
}

/// How much a draft changes.
package struct KnowledgeChangeCounts: Sendable, Equatable {
    package var added = 0
    package var changed = 0
    package var removed = 0

    package init(added: Int = 0, changed: Int = 0, removed: Int = 0) {
        self.added = added
        self.changed = changed
        self.removed = removed
    }
}

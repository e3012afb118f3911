/// Which state of a knowledge base is read: the active one, an earlier one, a draft's. It is resolved once, to numbers; whoever reads by
/// them never sees half of one revision and half of the next, however many statements that takes.

import PostgresClient
import TraceModel

package enum KnowledgeSource: Sendable, Equatable {
    case active
    case revision(Int)
    case draft(KnowledgeDraftID)
}

package struct KnowledgeView: Sendable, Equatable {
    package let projectID: ProjectID
    /// The revision; of a draft, its base. 0: nothing was ever promoted.
    package let revision: Int
    /// nil: the revision as it is.
    package let draft: DraftVersion?

    /// A draft, and which of its versions was found. It may be edited meanwhile: each statement sees it whole, two may see two versions.
    package struct DraftVersion: Sendable, Equatable {
        package let id: KnowledgeDraftID
        package let version: Int

        package init(id: KnowledgeDraftID, version: Int) {
            self.id = id
            self.version = version
        }
    }

    package init(projectID: ProjectID, revision: Int, draft: DraftVersion? = nil) {
        self.projectID = projectID
        self.revision = revision
        self.draft = draft
    }

    // MARK: - In statements

    /// $1 project, $2 revision, $3 draft: what a statement over `entries` begins its parameters with.
    var parameters: [PostgresValue] {
        [projectID.value, .integer(Int64(revision)), .optional(draft) { $0.id.value }]
    }

    /// What a draft's changes are against is read with them: a rebase between two statements changes both.
    static let base = "coalesce((SELECT base_revision FROM knowledge_drafts WHERE id = $3), $2)"

    /// The entries `e` that the view has, with what each says, `k`; `g` is the draft's change, if it has one, `v` the revision's version.
    /// The condition `e.project_id = $1` is the statement's.
    static let entries = """
        knowledge_entries e
        LEFT JOIN knowledge_draft_changes g ON g.draft_id = $3 AND g.entry_id = e.id
        LEFT JOIN knowledge_entry_versions v
            ON v.entry_id = e.id AND v.introduced_in <= \(base) AND (v.removed_in IS NULL OR v.removed_in > \(base))
        JOIN knowledge_contents k ON k.id = CASE WHEN g.entry_id IS NULL THEN v.content_id ELSE g.content_id END
        """

    /// The contents of a view. Its parameters are where they stand in the statement.
    static func contents(project: String, revision: String, draft: String) -> String {
        """
        SELECT v.content_id FROM knowledge_entry_versions v
        WHERE v.project_id = \(project)::uuid AND v.introduced_in <= \(revision)::integer
            AND (v.removed_in IS NULL OR v.removed_in > \(revision)::integer)
            AND NOT EXISTS (SELECT FROM knowledge_draft_changes g WHERE g.draft_id = \(draft)::uuid AND g.entry_id = v.entry_id)
        UNION ALL SELECT content_id FROM knowledge_draft_changes WHERE draft_id = \(draft)::uuid AND content_id IS NOT NULL
        """
    }
}

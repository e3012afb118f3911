/// A document on its way into a draft: read by a worker into entries. It is also a task, of the same id; its bytes
/// are deleted when it ends.

import JobQueue
import PostgresClient
import TraceModel

package struct NewKnowledgeUpload: Sendable {
    package enum Format: String, Sendable, Equatable, CaseIterable {
        case openAPI = "openapi"
        case markdownZIP = "markdown_zip"
    }

    package var format: Format
    /// The name that its entries go by: see `KnowledgeEdit.Replacement.document`.
    package var document: String
    /// At most 32 MiB.
    package var body: [UInt8]

    package init(format: Format, document: String, body: [UInt8]) {
        self.format = format
        self.document = document
        self.body = body
    }
}

package struct KnowledgeUpload: Sendable, Equatable {
    package let id: TaskID
    package let projectID: ProjectID
    package let draftID: KnowledgeDraftID
    package let format: NewKnowledgeUpload.Format
    package let document: String
    package let author: String
    package let authorUserID: UserID?
    package let byteCount: Int

    static let columns = "u.id, d.project_id, u.draft_id, u.format, u.document, u.author, u.author_user_id, u.byte_count"
    static let tables = "knowledge_uploads u JOIN knowledge_drafts d ON d.id = u.draft_id"

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        draftID = try row.decode("draft_id")
        let name: String = try row.decode("format")
        guard let format = NewKnowledgeUpload.Format(rawValue: name) else {
            throw PostgresError(.decoding, "\(name) is no format of an upload")
        }
        self.format = format
        document = try row.decode("document")
        author = try row.decode("author")
        authorUserID = try row.decodeIfPresent("author_user_id")
        byteCount = try row.decode("byte_count")
    }

    /// Its edit is made in the name of whoever uploaded it.
    var audit: AuditDraft {
        AuditDraft(caller: authorUserID.map(AuditDraft.Caller.user) ?? .system, callerName: author, action: "uploadKnowledge")
    }
}

/// An upload in the hands of a worker.
package struct LeasedKnowledgeUpload: Sendable {
    package let job: LeasedJob

    package init(job: LeasedJob) { self.job = job }

    package var id: TaskID { TaskID(high: job.group.high, low: job.group.low) }
}

/// What an upload came to.
package enum KnowledgeUploadEnd: Sendable, Equatable {
    case edited(KnowledgeEditResult)
    /// The draft takes no edits any more, or not this one: the task has failed and says why.
    case refused(String)
    /// It is not the worker's any more, or has ended.
    case lost
}

/// A promotion: a draft, or an earlier revision, on its way to be the active revision. It is also a task, of the same id.
///
///     building --> gate --> publishing --> ended
///         |____________________^

import JobQueue
import PostgresClient
import TraceModel

package struct KnowledgePromotion: Sendable, Equatable {
    package enum Phase: String, Sendable, Equatable, CaseIterable {
        case building, gate, publishing, ended
    }

    /// What becomes active.
    package enum Origin: Sendable, Equatable {
        case draft(KnowledgeDraftID)
        case revision(Int)
    }

    package let id: TaskID
    package let projectID: ProjectID
    package let origin: Origin
    /// What was active when it was asked for; something else by the time it would publish makes it fail.
    package let baseRevision: Int
    package let phase: Phase
    /// As provider/model; nil: it is not chosen yet, or the project has none.
    package let embeddingModel: String?
    /// Of the gate.
    package let runID: RunID?
    package let costNanoUSD: Int64
    package let message: String
    package let requestedBy: String
    package let createdTimeUnixNano: Int64
    /// What would become active.
    package let view: KnowledgeView

    static let columns = """
        p.id, p.project_id, p.draft_id, p.restored_revision, p.base_revision, p.phase, p.embedding_model, p.run_id, p.cost_nano_usd,
        p.message, p.requested_by, p.created_at, d.version AS draft_version
        """
    static let tables = "knowledge_promotions p LEFT JOIN knowledge_drafts d ON d.id = p.draft_id"

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.decode("id")
        projectID = try row.decode("project_id")
        baseRevision = try row.decode("base_revision")
        if let draft = try row.decodeIfPresent("draft_id", as: KnowledgeDraftID.self) {
            origin = .draft(draft)
            view = KnowledgeView(
                projectID: projectID, revision: baseRevision,
                draft: KnowledgeView.DraftVersion(id: draft, version: try row.decode("draft_version")))
        } else {
            let revision: Int = try row.decode("restored_revision")
            origin = .revision(revision)
            view = KnowledgeView(projectID: projectID, revision: revision)
        }
        let name: String = try row.decode("phase")
        guard let phase = Phase(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no phase of a promotion") }
        self.phase = phase
        embeddingModel = try row.decodeIfPresent("embedding_model")
        runID = try row.decodeIfPresent("run_id")
        costNanoUSD = try row.decode("cost_nano_usd")
        message = try row.decode("message")
        requestedBy = try row.decode("requested_by")
        createdTimeUnixNano = try row.unixNano("created_at")
    }
}

/// A promotion in the hands of a worker.
package struct LeasedKnowledgePromotion: Sendable {
    package let job: LeasedJob

    package init(job: LeasedJob) { self.job = job }

    package var id: TaskID { TaskID(high: job.group.high, low: job.group.low) }
}

/// A chunk that has no vector of a model yet.
package struct UnembeddedKnowledgeChunk: Sendable, Equatable {
    /// `KnowledgeChunk.embeddedHash`.
    package let hash: [UInt8]
    /// `KnowledgeChunk.embeddedText`.
    package let text: String
    package let tokenCount: Int
}

/// What one call for vectors brought.
package struct KnowledgeEmbeddings: Sendable {
    /// By the hash of their text; of length one, all of the same dimension.
    package var vectors: [(hash: [UInt8], vector: [Float])]
    package var costNanoUSD: Int64
    /// An OTLP export request in protobuf.
    package var spans: [UInt8]?

    package init(vectors: [(hash: [UInt8], vector: [Float])], costNanoUSD: Int64, spans: [UInt8]?) {
        self.vectors = vectors
        self.costNanoUSD = costNanoUSD
        self.spans = spans
    }
}

/// What an attempt to publish came to.
package enum KnowledgePublication: Sendable, Equatable {
    case published(KnowledgeRevision)
    /// Something else became active meanwhile: the promotion has failed, and its draft is approved as before.
    case superseded(active: Int)
    /// The promotion is not the worker's any more, or has ended.
    case lost
}

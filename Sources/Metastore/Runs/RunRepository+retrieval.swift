/// Which state of the knowledge base a run is asked with: found in the transaction that makes the run, and written into its specification.
/// A revision never changes; of a draft the version is kept, so that a cell which would see another one can tell.

import EvaluationModel
import PostgresClient
import TraceModel

extension RunRepository {
    /// The specification with its retrieval's view; as it is for a run without retrieval. nil: the project has no such revision or draft.
    static func resolved(
        _ specification: RunSpecification, in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) -> RunSpecification? {
        guard let retrieval = specification.retrieval else { return specification }
        let view: RunRetrieval.View?
        switch retrieval.source {
        case .active:
            view = RunRetrieval.View(revision: try await KnowledgeRepository.activeRevision(in: project, on: connection))
        case .revision(let number):
            let isThere = try await !connection.query(
                "SELECT 1 FROM knowledge_revisions WHERE project_id = $1 AND number = $2", [project.value, .integer(Int64(number))]
            ).isEmpty
            view = isThere ? RunRetrieval.View(revision: number) : nil
        case .draft(let name):
            // As `KnowledgeDraftRepository.find(name:)` chooses among those that had it, but what a discarded one said may go at any time.
            view = try await connection.query(
                """
                SELECT id, base_revision, version FROM knowledge_drafts WHERE project_id = $1 AND name = $2 AND state <> 'discarded'
                ORDER BY state = 'promoted', id DESC LIMIT 1
                """, [project.value, .text(name)]
            ).first.map { row throws(PostgresError) in
                RunRetrieval.View(
                    revision: try row.decode("base_revision"), draftID: try row.decode("id", as: KnowledgeDraftID.self).uuid,
                    draftVersion: try row.decode("version"))
            }
        }
        guard let view else { return nil }
        var resolved = specification
        resolved.retrieval?.view = view
        return resolved
    }
}

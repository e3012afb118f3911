/// Scores that come with an id of their sender's, which sends them again when it does not know whether they arrived.

import PostgresClient
import TraceModel

/// What became of a score that was sent under an id.
package enum SentScore: Sendable, Equatable {
    case created(ScoreRecord)
    /// The same was there.
    case repeated(ScoreRecord)
    /// Another one was there under this id. A score is never changed.
    case conflict(ScoreRecord)
}

extension ScoreRepository {
    /// Stores a score once, however often it is sent. `new` judges a trace or a span of one. Errors: `invalid` (the id, name, reason, a
    /// score that says nothing), `unavailable`.
    package func send(
        _ new: NewScore, externalID: String, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> SentScore {
        var trace: TraceID?, span: SpanID?
        if case .trace(let traceID, let spanID) = new.subject { (trace, span) = (traceID, spanID) }
        let parameters: [PostgresValue] = [
            ScoreID.make().value, project.value, .text(new.name), .text(new.source.rawValue), .optional(new.value) { .double($0) },
            .optional(new.passed) { .bool($0) }, .optional(new.label) { .text($0) }, .text(new.reason),
            .optional(trace) { .bytes($0.bytes) }, .optional(span) { .bytes($0.bytes) }, .text(new.author), .text(externalID),
        ]
        return try await pool.audited(audit) { connection throws(PostgresError) -> (SentScore, AuditedChange?) in
            let row = try await connection.query(
                """
                INSERT INTO scores (id, project_id, name, source, value, passed, label, reason, trace_id, span_id, author, external_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, left($11, 400), $12)
                ON CONFLICT (project_id, external_id) WHERE external_id IS NOT NULL DO NOTHING
                RETURNING \(Self.columns), \(AuditSnapshot.column("scores"))
                """, parameters
            ).first
            guard let row else {
                let there = try await connection.query(
                    "SELECT \(Self.columns) FROM scores WHERE project_id = $1 AND external_id = $2", [project.value, .text(externalID)]
                ).only(ScoreRecord.init)
                return (there.says(new, of: trace, span) ? .repeated(there) : .conflict(there), nil)
            }
            let score = try ScoreRecord(row)
            return (
                .created(score),
                AuditedChange(project: project, resourceKind: "score", resourceID: score.id.uuid, after: try AuditSnapshot.of(row))
            )
        }
    }
}

extension ScoreRecord {
    fileprivate func says(_ new: NewScore, of trace: TraceID?, _ span: SpanID?) -> Bool {
        (name, value, passed, label, reason) == (new.name, new.value, new.passed, new.label, new.reason) && traceID == trace
            && spanID == span
    }
}

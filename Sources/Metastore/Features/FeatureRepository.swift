import PostgresClient
import TraceModel

/// What users try to do: features as people read and change them. How they come about is in the files beside: `+analyses` (orders),
/// `+collection` (the server's part), `+work` and `+conclusion` (the workers'), `+schedule`.
///
///     order -> collecting --server reads the traces--> ready, a job --worker embeds, groups, names--> succeeded
package struct FeatureRepository: Sendable {
    let pool: PostgresPool

    private static let columns = """
        f.id, f.project_id, f.name, f.description, f.is_named, f.first_window_start, f.last_window_end, f.created_at, f.archived_at
        """
    private static let windowColumns = """
        w.analysis_id, a.window_start, a.window_end, w.trace_count, a.trace_count AS analyzed_trace_count, w.error_count,
        w.cost_nano_usd, w.duration_nano, w.trend, w.examples
        """
    private static let select = """
        SELECT \(columns), n.* FROM features f LEFT JOIN LATERAL (
            SELECT \(windowColumns) FROM feature_windows w JOIN feature_analyses a ON a.id = w.analysis_id
            WHERE w.feature_id = f.id ORDER BY a.window_start DESC, a.id DESC LIMIT 1) n ON true
        """

    /// Newest first. `trend`: only those whose newest window says so. Errors: `invalid` (cursor), `unavailable`.
    package func list(
        in project: ProjectID, trend: String? = nil, includingArchived: Bool = false, page: PageRequest
    ) async throws(MetastoreError) -> Page<Feature> {
        let start = try PagedList.features.start(page, FeatureID.self)
        let features = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                \(Self.select) WHERE f.project_id = $1 AND f.id < $2 AND ($3 OR f.archived_at IS NULL)
                    AND ($4::text IS NULL OR n.trend = $4) ORDER BY f.id DESC LIMIT $5
                """,
                [
                    project.value, start.value, .bool(includingArchived), .optional(trend) { .text($0) },
                    .integer(Int64(page.limit + 1)),
                ]
            ).decoded(Self.feature)
        }
        return PagedList.features.page(features, page, id: \.id)
    }

    /// nil if the project has no such feature. Errors: `unavailable`.
    package func find(_ id: FeatureID, in project: ProjectID) async throws(MetastoreError) -> Feature? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("\(Self.select) WHERE f.id = $1 AND f.project_id = $2", [id.value, project.value]).first.map(Self.feature)
        }
    }

    /// A feature's windows, the newest first. Errors: `unavailable`.
    package func windows(of id: FeatureID, in project: ProjectID, limit: Int) async throws(MetastoreError) -> [FeatureWindow] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.windowColumns) FROM feature_windows w JOIN feature_analyses a ON a.id = w.analysis_id
                WHERE w.feature_id = $1 AND w.project_id = $2 ORDER BY a.window_start DESC, a.id DESC LIMIT $3
                """, [id.value, project.value, .integer(Int64(limit))]
            ).decoded { row throws(PostgresError) in try Self.window(row) }
        }
    }

    /// The traces of a feature in the window of an analysis, by default the newest; nil if there is none. Errors: `unavailable`.
    package func members(
        of id: FeatureID, in project: ProjectID, analysis: FeatureAnalysisID? = nil
    ) async throws(MetastoreError) -> FeatureMembers? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.windowColumns), w.trace_ids FROM feature_windows w JOIN feature_analyses a ON a.id = w.analysis_id
                WHERE w.feature_id = $1 AND w.project_id = $2 AND ($3::uuid IS NULL OR a.id = $3)
                ORDER BY a.window_start DESC, a.id DESC LIMIT 1
                """, [id.value, project.value, .optional(analysis) { $0.value }]
            ).first.map { row throws(PostgresError) in
                FeatureMembers(window: try Self.window(row), traceIDs: FeatureBytes.traceIDs(try row.decode("trace_ids")))
            }
        }
    }

    /// nil if the project has no such feature. Errors: `invalid` (name, description), `unavailable`.
    package func update(
        _ id: FeatureID, in project: ProjectID, _ change: FeatureChange, audit: AuditDraft
    ) async throws(MetastoreError) -> Feature? {
        let isChanged = try await pool.audited(audit) { connection throws(PostgresError) -> (Bool, AuditedChange?) in
            let condition = "id = $1 AND project_id = $2"
            guard let before = try await connection.shownFeature(condition, [id.value, project.value]) else { return (false, nil) }
            try await connection.query(
                """
                UPDATE features SET name = coalesce($3, name), is_named = is_named OR $3 IS NOT NULL,
                    description = coalesce($4, description),
                    archived_at = CASE WHEN $5 THEN coalesce(archived_at, greatest(now(), created_at)) WHEN NOT $5 THEN NULL
                        ELSE archived_at END
                WHERE \(condition)
                """,
                [
                    id.value, project.value, .optional(change.name) { .text($0) }, .optional(change.description) { .text($0) },
                    .optional(change.isArchived) { .bool($0) },
                ])
            return (
                true,
                AuditedChange(
                    project: project, resourceKind: "feature", resourceID: id.uuid, before: before,
                    after: try await connection.shownFeature(condition, [id.value, project.value]))
            )
        }
        return isChanged ? try await find(id, in: project) : nil
    }

    // MARK: - Rows

    private static func feature(_ row: PostgresRow) throws(PostgresError) -> Feature {
        Feature(
            id: try row.decode("id"), projectID: try row.decode("project_id"), name: try row.decode("name"),
            description: try row.decode("description"), isNamed: try row.decode("is_named"),
            firstWindowStartUnixNano: try row.unixNano("first_window_start"), lastWindowEndUnixNano: try row.unixNano("last_window_end"),
            createdTimeUnixNano: try row.unixNano("created_at"), archivedTimeUnixNano: try row.unixNanoIfPresent("archived_at"),
            newest: try row.decodeIfPresent("analysis_id", as: FeatureAnalysisID.self) == nil ? nil : try window(row))
    }

    private static func window(_ row: PostgresRow) throws(PostgresError) -> FeatureWindow {
        FeatureWindow(
            analysisID: try row.decode("analysis_id"), startUnixNano: try row.unixNano("window_start"),
            endUnixNano: try row.unixNano("window_end"), traceCount: try row.decode("trace_count"),
            analyzedTraceCount: try row.decode("analyzed_trace_count"), errorCount: try row.decode("error_count"),
            costNanoUSD: try row.decode("cost_nano_usd"), durationNano: try row.decode("duration_nano"), trend: try row.decode("trend"),
            examples: try row.decode("examples", as: PostgresJSON.self).bytes)
    }
}

extension PostgresConnection {
    /// A feature's row for the audit log, locked; without its vector, which says nothing to people.
    fileprivate func shownFeature(_ condition: String, _ parameters: [PostgresValue]) async throws(PostgresError) -> PostgresJSON? {
        try await query("SELECT to_jsonb(features) - 'center' AS audit FROM features WHERE \(condition) FOR UPDATE", parameters)
            .first.map(AuditSnapshot.of)
    }
}

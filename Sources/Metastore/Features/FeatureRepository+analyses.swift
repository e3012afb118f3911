/// Analyses as they are ordered, read and cancelled.

import JobQueue
import PostgresClient
import TraceModel

extension FeatureRepository {
    /// The jobs of workers; the group of a project has its id, and one job at a time: an analysis has to know the features that the one
    /// before it found.
    static let queue = JobQueue("features.analyze")

    static let analysisColumns = """
        id, project_id, window_start, window_end, maximum_traces, spending_cap_nano_usd, filter, state, window_trace_count, trace_count,
        cost_nano_usd, embedding_model, created_at, finished_at
        """

    /// Orders an analysis, which the server begins with; the one that was made for this window before, `isNew` false, unless it failed or
    /// was cancelled. Errors: `invalid` (each member by its name), `notFound` (project), `unavailable`.
    package func order(
        _ order: FeatureAnalysisOrder, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> (analysis: FeatureAnalysisRecord, isNew: Bool) {
        let made = try await pool.audited(audit) { connection throws(PostgresError) -> ((FeatureAnalysisRecord, Bool)?, AuditedChange?) in
            // Orders of one project go one after the other.
            let rows = try await connection.query("SELECT 1 FROM projects WHERE id = $1 FOR NO KEY UPDATE", [project.value])
            guard !rows.isEmpty else { return (nil, nil) }
            if let known = try await Self.analysis(of: order, in: project, on: connection) { return ((known, false), nil) }
            let (analysis, after) = try await Self.insert(order, in: project, on: connection)
            return (
                (analysis, true),
                AuditedChange(project: project, resourceKind: "feature_analysis", resourceID: analysis.id.uuid, after: after)
            )
        }
        guard let made else { throw MetastoreError(.notFound, "there is no such project", field: "project_id") }
        return made
    }

    static func analysis(
        of order: FeatureAnalysisOrder, in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) -> FeatureAnalysisRecord? {
        try await connection.query(
            """
            SELECT \(analysisColumns) FROM feature_analyses WHERE project_id = $1 AND window_start = $2 AND window_end = $3
                AND state IN ('collecting', 'ready', 'succeeded')
            """,
            [project.value, .timestamp(unixNano: order.windowStartUnixNano), .timestamp(unixNano: order.windowEndUnixNano)]
        ).first.map(analysis)
    }

    static func insert(
        _ order: FeatureAnalysisOrder, in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) -> (FeatureAnalysisRecord, PostgresJSON) {
        let id = FeatureAnalysisID.make()
        try await connection.query(
            "INSERT INTO tasks (id, project_id, kind) VALUES ($1, $2, 'feature_analysis')", [id.value, project.value])
        let row = try await connection.query(
            """
            INSERT INTO feature_analyses (id, project_id, window_start, window_end, maximum_traces, spending_cap_nano_usd, filter)
            VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING \(analysisColumns), \(AuditSnapshot.column("feature_analyses"))
            """,
            [
                id.value, project.value, .timestamp(unixNano: order.windowStartUnixNano), .timestamp(unixNano: order.windowEndUnixNano),
                .integer(Int64(order.maximumTraceCount)), .integer(order.spendingCapNanoUSD), .json(order.filter),
            ]
        ).only { row throws(PostgresError) in row }
        return (try analysis(row), try AuditSnapshot.of(row))
    }

    /// nil if the project has no such analysis. Errors: `unavailable`.
    package func findAnalysis(_ id: FeatureAnalysisID, in project: ProjectID) async throws(MetastoreError) -> FeatureAnalysisRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.analysisColumns) FROM feature_analyses WHERE id = $1 AND project_id = $2", [id.value, project.value]
            ).first.map(Self.analysis)
        }
    }

    /// Newest first. Errors: `invalid` (cursor), `unavailable`.
    package func listAnalyses(in project: ProjectID, page: PageRequest) async throws(MetastoreError) -> Page<FeatureAnalysisRecord> {
        let start = try PagedList.featureAnalyses.start(page, FeatureAnalysisID.self)
        let analyses = try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.analysisColumns) FROM feature_analyses WHERE project_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                [project.value, start.value, .integer(Int64(page.limit + 1))]
            ).decoded(Self.analysis)
        }
        return PagedList.featureAnalyses.page(analyses, page, id: \.id)
    }

    /// Ends an analysis that is under way; one that has ended stays as it is. nil if the project has no such analysis. Errors:
    /// `unavailable`.
    package func cancelAnalysis(
        _ id: FeatureAnalysisID, in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> (analysis: FeatureAnalysisRecord, wasOpen: Bool)? {
        let ended = try await pool.audited(audit) { connection throws(PostgresError) -> (Bool?, AuditedChange?) in
            guard let analysis = try await Self.locked(id, on: connection), analysis.projectID == project else { return (nil, nil) }
            guard !analysis.state.isFinal else { return (false, nil) }
            let before = try await connection.lockedSnapshot("feature_analyses", where: "id = $1", [id.value])
            try await Self.end(id, as: .cancelled, .cancel, on: connection)
            return (
                true,
                AuditedChange(
                    project: project, resourceKind: "feature_analysis", resourceID: id.uuid, before: before,
                    after: try await connection.lockedSnapshot("feature_analyses", where: "id = $1", [id.value]))
            )
        }
        guard let ended, let analysis = try await findAnalysis(id, in: project) else { return nil }
        return (analysis, ended)
    }

    // MARK: - Inside of transactions

    /// The analysis, its row held until the transaction ends. Everything that changes an analysis begins with this.
    static func locked(_ id: FeatureAnalysisID, on connection: PostgresConnection) async throws(PostgresError) -> FeatureAnalysisRecord? {
        try await connection.query("SELECT \(analysisColumns) FROM feature_analyses WHERE id = $1 FOR NO KEY UPDATE", [id.value])
            .first.map(analysis)
    }

    /// Ends a held analysis that is under way, and its task; what users said is forgotten.
    static func end(
        _ id: FeatureAnalysisID, as state: FeatureAnalysisRecord.State, _ step: TaskRepository.Step, on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query("DELETE FROM feature_analysis_traces WHERE analysis_id = $1", [id.value])
        try await connection.query(
            "UPDATE feature_analyses SET state = $2, finished_at = greatest(now(), created_at) WHERE id = $1",
            [id.value, .text(state.rawValue)])
        try await TaskRepository.take(step, id.task, on: connection)
    }

    static func analysis(_ row: PostgresRow) throws(PostgresError) -> FeatureAnalysisRecord {
        let name: String = try row.decode("state")
        guard let state = FeatureAnalysisRecord.State(rawValue: name) else {
            throw PostgresError(.decoding, "\(name) is no state of an analysis")
        }
        return FeatureAnalysisRecord(
            id: try row.decode("id"), projectID: try row.decode("project_id"),
            order: FeatureAnalysisOrder(
                windowStartUnixNano: try row.unixNano("window_start"), windowEndUnixNano: try row.unixNano("window_end"),
                maximumTraceCount: try row.decode("maximum_traces"), spendingCapNanoUSD: try row.decode("spending_cap_nano_usd"),
                filter: try row.decode("filter", as: PostgresJSON.self).bytes), state: state,
            windowTraceCount: try row.decode("window_trace_count"), traceCount: try row.decode("trace_count"),
            costNanoUSD: try row.decode("cost_nano_usd"), embeddingModel: try row.decodeIfPresent("embedding_model"),
            createdTimeUnixNano: try row.unixNano("created_at"), finishTimeUnixNano: try row.unixNanoIfPresent("finished_at"))
    }
}

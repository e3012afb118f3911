/// A suite changed by making a new version of it: by an edit, or by the file that it is kept in.

import EvaluationModel
import PostgresClient
import TraceModel

extension SuiteRepository {
    /// All of the edit as one new version, or nothing: what is the same as before costs no row. nil if the project has no such
    /// suite. Errors: `conflict` (the suite has another version than expected, or a key stands twice in `puts`), `invalid`,
    /// `unavailable`.
    package func edit(
        _ id: SuiteID, in project: ProjectID, _ edit: SuiteEdit, audit: AuditDraft
    ) async throws(MetastoreError) -> SuiteEditResult? {
        let done = try await pool.audited(audit) { connection throws(PostgresError) -> (EditOutcome, AuditedChange?) in
            let current = try await connection.query(
                "SELECT current_version FROM suites WHERE id = $1 AND project_id = $2 FOR UPDATE", [id.value, project.value]
            ).first.map { row throws(PostgresError) in try row.decode("current_version", as: Int.self) }
            guard let current else { return (.noSuite, nil) }
            guard (edit.expectedVersion ?? current) == current else { return (.otherVersion(current), nil) }
            let (result, after) = try await Self.apply(edit, to: id, at: current, on: connection)
            return (
                .edited(result),
                after.map { AuditedChange(project: project, resourceKind: "suite", resourceID: id.uuid, after: $0) }
            )
        }
        switch done {
        case .noSuite: return nil
        case .edited(let result): return result
        case .otherVersion(let number):
            throw MetastoreError(.conflict, "the suite is at version \(number) by now; read it again", field: "version")
        }
    }

    private enum EditOutcome: Sendable {
        case noSuite
        case otherVersion(Int)
        case edited(SuiteEditResult)
    }

    /// What the edit would do to the suite as it is now. nil if the project has no such suite. Errors: `unavailable`.
    package func preview(_ edit: SuiteEdit, of id: SuiteID, in project: ProjectID) async throws(MetastoreError) -> SuiteEditResult? {
        guard let suite = try await find(id, in: project) else { return nil }
        return try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                var result = SuiteEditResult(newestVersion: suite.currentVersion)
                for chunk in edit.puts.chunks(byteCount: { $0.key.utf8.count }) {
                    let row = try await connection.query(
                        """
                        SELECT count(*) FILTER (WHERE v.id IS NULL) AS added,
                            count(*) FILTER (WHERE v.content_hash <> uuid_send(given.hash)) AS changed
                        FROM unnest($2::text[], $3::uuid[]) AS given (key, hash)
                        LEFT JOIN (test_cases c JOIN test_case_versions v ON v.test_case_id = c.id AND v.removed_in IS NULL)
                            ON c.suite_id = $1 AND c.key = given.key
                        """, [id.value, .texts(chunk.map(\.key)), .uuids(chunk.map(\.hash))]
                    ).only { row throws(PostgresError) in row }
                    result.addedCount += try row.decode("added", as: Int.self)
                    result.changedCount += try row.decode("changed", as: Int.self)
                }
                guard edit.replacesAll || !edit.removals.isEmpty else { return result }
                result.removedCount = try await connection.query(
                    """
                    SELECT count(*) AS removed FROM test_case_versions v JOIN test_cases c ON c.id = v.test_case_id
                    WHERE c.suite_id = $1 AND v.removed_in IS NULL AND \(Self.isRemoved(edit, keys: "$2"))
                    """, [id.value, Self.removedKeys(edit)]
                ).only { row throws(PostgresError) in try row.decode("removed", as: Int.self) }
                return result
            }
        }
    }

    /// The suite of this name as a file has it, made if it is not there: its description, and its cases as one new version; the same
    /// again changes nothing. Errors: `conflict` (the suite is archived), `invalid` (name, description), `unavailable`.
    package func sync(
        name: String, description: String?, cases: [FrozenTestCase], in project: ProjectID, audit: AuditDraft
    ) async throws(MetastoreError) -> (suite: Suite, result: SuiteEditResult) {
        let edit = SuiteEdit(frozen: cases, replacesAll: true, source: .file)
        let done = try await pool.audited(audit) { connection throws(PostgresError) -> ((Suite, SuiteEditResult)?, AuditedChange?) in
            let isNew =
                try await connection.query(
                    """
                    INSERT INTO suites (id, project_id, name, description) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (project_id, name) DO NOTHING
                    """, [SuiteID.make().value, project.value, .text(name), .text(description ?? "")]
                ).affectedRowCount > 0
            let found = try await connection.query(
                """
                SELECT \(Self.columns), \(AuditSnapshot.column("suites")) FROM suites WHERE project_id = $1 AND name = $2 FOR UPDATE
                """, [project.value, .text(name)]
            ).only { row throws(PostgresError) in row }
            let before = try Self.suite(found), id = before.id
            guard before.archivedTimeUnixNano == nil else { return (nil, nil) }
            try await connection.query(
                "UPDATE suites SET description = $2 WHERE id = $1 AND description <> $2",
                [id.value, .text(description ?? before.description)])
            let (result, _) = try await Self.apply(edit, to: id, at: before.currentVersion, on: connection)
            let row = try await connection.query(
                "SELECT \(Self.columns), \(AuditSnapshot.column("suites")) FROM suites WHERE id = $1", [id.value]
            ).only { row throws(PostgresError) in row }
            let suite = try Self.suite(row)
            guard isNew || suite != before else { return ((suite, result), nil) }
            return (
                (suite, result),
                AuditedChange(
                    project: project, resourceKind: "suite", resourceID: id.uuid, before: isNew ? nil : try AuditSnapshot.of(found),
                    after: try AuditSnapshot.of(row))
            )
        }
        guard let done else { throw MetastoreError(.conflict, "the suite of this name is archived", field: "name") }
        return done
    }

    // MARK: - Inside of transactions

    /// On a suite whose row is held. Answers with the version it made as the audit log has it, nil when there was nothing to change.
    static func apply(
        _ edit: SuiteEdit, to id: SuiteID, at current: Int, on connection: PostgresConnection
    ) async throws(PostgresError) -> (SuiteEditResult, PostgresJSON?) {
        var result = SuiteEditResult(newestVersion: current)
        let next = current + 1
        for chunk in edit.puts.chunks(byteCount: { $0.content.count }) {
            let (added, changed) = try await put(chunk, into: id, version: next, on: connection)
            result.addedCount += added
            result.changedCount += changed
        }
        result.removedCount = try await remove(edit, from: id, version: next, on: connection)
        guard result.addedCount + result.changedCount + result.removedCount > 0 else { return (result, nil) }
        let row = try await connection.query(
            """
            INSERT INTO suite_versions (suite_id, number, source, message, case_count)
            SELECT $1, $2, $3, $4, count(*) FROM test_case_versions WHERE suite_id = $1 AND removed_in IS NULL
            RETURNING \(versionColumns), \(AuditSnapshot.column("suite_versions"))
            """, [id.value, .integer(Int64(next)), .text(edit.source.rawValue), .text(edit.message)]
        ).only { row throws(PostgresError) in row }
        try await connection.query("UPDATE suites SET current_version = $2 WHERE id = $1", [id.value, .integer(Int64(next))])
        result.version = try version(row)
        result.newestVersion = next
        return (result, try AuditSnapshot.of(row))
    }

    private static func put(
        _ cases: ArraySlice<FrozenTestCase>, into suite: SuiteID, version: Int, on connection: PostgresConnection
    ) async throws(PostgresError) -> (added: Int, changed: Int) {
        let keys = PostgresValue.texts(cases.map(\.key))
        let hashes = PostgresValue.uuids(cases.map(\.hash))
        try await connection.query(
            """
            INSERT INTO test_cases (id, suite_id, key) SELECT given.id, $1, given.key FROM unnest($2::uuid[], $3::text[]) AS given (id, key)
            ON CONFLICT (suite_id, key) DO NOTHING
            """, [suite.value, .uuids(cases.map { _ in TestCaseID.make().bits }), keys])
        // Those that are there with another content end with the version before.
        let ended = try await connection.query(
            """
            UPDATE test_case_versions v SET removed_in = $4
            FROM unnest($2::text[], $3::uuid[]) AS given (key, hash) JOIN test_cases c ON c.suite_id = $1 AND c.key = given.key
            WHERE v.test_case_id = c.id AND v.removed_in IS NULL AND v.content_hash <> uuid_send(given.hash)
            """, [suite.value, keys, hashes, .integer(Int64(version))]
        ).affectedRowCount
        let begun = try await connection.query(
            """
            INSERT INTO test_case_versions (id, suite_id, test_case_id, introduced_in, content, content_hash, tags, split,
                source_trace_id, source_span_id)
            SELECT given.id, $1, c.id, $6, given.content::json, uuid_send(given.hash),
                ARRAY(SELECT json_array_elements_text(given.tags::json)), given.split,
                nullif(decode(given.trace_id, 'hex'), ''), nullif(decode(given.span_id, 'hex'), '')
            FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $7::text[], $8::text[], $9::text[], $10::text[])
                AS given (id, key, content, hash, tags, split, trace_id, span_id)
            JOIN test_cases c ON c.suite_id = $1 AND c.key = given.key
            WHERE NOT EXISTS (SELECT 1 FROM test_case_versions v WHERE v.test_case_id = c.id AND v.removed_in IS NULL)
            """,
            [
                suite.value, .uuids(cases.map { _ in TestCaseVersionID.make().bits }), keys,
                .texts(cases.map { String(decoding: $0.content, as: UTF8.self) }), hashes, .integer(Int64(version)),
                .texts(cases.map(\.tags)), .texts(cases.map(\.split)), .texts(cases.map(\.sourceTraceID)),
                .texts(cases.map(\.sourceSpanID)),
            ]
        ).affectedRowCount
        return (begun - ended, ended)
    }

    private static func remove(
        _ edit: SuiteEdit, from suite: SuiteID, version: Int, on connection: PostgresConnection
    ) async throws(PostgresError) -> Int {
        guard edit.replacesAll || !edit.removals.isEmpty else { return 0 }
        return try await connection.query(
            """
            UPDATE test_case_versions v SET removed_in = $3 FROM test_cases c
            WHERE c.suite_id = $1 AND v.test_case_id = c.id AND v.removed_in IS NULL AND v.introduced_in < $3
                AND \(isRemoved(edit, keys: "$2"))
            """,
            [suite.value, removedKeys(edit), .integer(Int64(version))]
        ).affectedRowCount
    }

    private static func isRemoved(_ edit: SuiteEdit, keys: String) -> String {
        "\(edit.replacesAll ? "NOT " : "")EXISTS (SELECT 1 FROM unnest(\(keys)::text[]) AS given (key) WHERE given.key = c.key)"
    }

    private static func removedKeys(_ edit: SuiteEdit) -> PostgresValue {
        .texts(edit.replacesAll ? edit.puts.map(\.key) : edit.removals)
    }
}

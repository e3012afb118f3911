/// A suite's cases: read in any version, changed by making a new one.

import ByteCoding
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
            var result = SuiteEditResult()
            let next = current + 1
            for chunk in edit.puts.chunks(byteCount: { $0.json.bytes.count }) {
                let (added, changed) = try await Self.put(chunk, into: id, version: next, on: connection)
                result.addedCount += added
                result.changedCount += changed
            }
            result.removedCount = try await Self.remove(edit, from: id, version: next, on: connection)
            guard result.addedCount + result.changedCount + result.removedCount > 0 else { return (.edited(result), nil) }
            let row = try await connection.query(
                """
                INSERT INTO suite_versions (suite_id, number, source, message, case_count)
                SELECT $1, $2, $3, $4, count(*) FROM test_case_versions WHERE suite_id = $1 AND removed_in IS NULL
                RETURNING \(Self.versionColumns), \(AuditSnapshot.column("suite_versions"))
                """, [id.value, .integer(Int64(next)), .text(edit.source.rawValue), .text(edit.message)]
            ).only { row throws(PostgresError) in row }
            try await connection.query("UPDATE suites SET current_version = $2 WHERE id = $1", [id.value, .integer(Int64(next))])
            result.version = try Self.version(row)
            return (
                .edited(result),
                AuditedChange(project: project, resourceKind: "suite", resourceID: id.uuid, after: try AuditSnapshot.of(row))
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

    private static func put(
        _ cases: ArraySlice<TestCaseContent>, into suite: SuiteID, version: Int, on connection: PostgresConnection
    ) async throws(PostgresError) -> (added: Int, changed: Int) {
        let keys = PostgresValue.texts(cases.map(\.key))
        let hashes = PostgresValue.uuids(cases.map { PostgresUUID(high: $0.contentHash.high, low: $0.contentHash.low) })
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
                .texts(cases.map { String(decoding: $0.json.bytes, as: UTF8.self) }), hashes, .integer(Int64(version)),
                .texts(cases.map { String(decoding: JSONValue.array($0.tags.map(JSONValue.string)).bytes, as: UTF8.self) }),
                .texts(cases.map { $0.split ?? "" }), .texts(cases.map { $0.source?.traceID.hex ?? "" }),
                .texts(cases.map { $0.source?.spanID?.hex ?? "" }),
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
                AND \(edit.replacesAll ? "NOT " : "")EXISTS (SELECT 1 FROM unnest($2::text[]) AS given (key) WHERE given.key = c.key)
            """,
            [suite.value, .texts(edit.replacesAll ? edit.puts.map(\.key) : edit.removals), .integer(Int64(version))]
        ).affectedRowCount
    }

    /// The cases of a version in the order of their keys' bytes. `after`: the last key seen. Errors: `unavailable`.
    package func cases(
        of suite: SuiteID, version: Int, after key: String?, limit: Int
    ) async throws(MetastoreError) -> [StoredTestCase] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.caseColumns) FROM test_case_versions v JOIN test_cases c ON c.id = v.test_case_id
                WHERE v.suite_id = $1 AND v.introduced_in <= $2 AND (v.removed_in IS NULL OR v.removed_in > $2)
                    AND c.suite_id = $1 AND c.key > $3 ORDER BY c.key LIMIT $4
                """, [suite.value, .integer(Int64(version)), .text(key ?? ""), .integer(Int64(limit))]
            ).decoded(Self.storedCase)
        }
    }

    /// Newest first, from the one before `number` on. Errors: `unavailable`.
    package func versions(of suite: SuiteID, before number: Int?, limit: Int) async throws(MetastoreError) -> [SuiteVersion] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                "SELECT \(Self.versionColumns) FROM suite_versions WHERE suite_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
                [suite.value, .integer(Int64(number ?? Int(Int32.max))), .integer(Int64(limit))]
            ).decoded(Self.version)
        }
    }

    /// A case in every form it had, newest first; empty if there is none of this key. Errors: `unavailable`.
    package func history(of key: String, in suite: SuiteID) async throws(MetastoreError) -> [StoredTestCase] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT \(Self.caseColumns) FROM test_case_versions v JOIN test_cases c ON c.id = v.test_case_id
                WHERE c.suite_id = $1 AND c.key = $2 ORDER BY v.introduced_in DESC LIMIT \(MetastoreLimits.maximumPageItemCount)
                """, [suite.value, .text(key)]
            ).decoded(Self.storedCase)
        }
    }

    private static let caseColumns = "c.id AS test_case_id, c.key, v.id, v.introduced_in, v.removed_in, v.content"
    private static let versionColumns = "suite_id, number, source, message, case_count, created_at"

    private static func storedCase(_ row: PostgresRow) throws(PostgresError) -> StoredTestCase {
        StoredTestCase(
            id: try row.decode("test_case_id"), versionID: try row.decode("id"), introducedIn: try row.decode("introduced_in"),
            removedIn: try row.decodeIfPresent("removed_in"), key: try row.decode("key"),
            content: try row.decode("content", as: PostgresJSON.self).bytes)
    }

    private static func version(_ row: PostgresRow) throws(PostgresError) -> SuiteVersion {
        let name: String = try row.decode("source")
        guard let source = SuiteVersion.Source(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no source of a version") }
        return SuiteVersion(
            suiteID: try row.decode("suite_id"), number: try row.decode("number"), source: source, message: try row.decode("message"),
            caseCount: try row.decode("case_count"), createdTimeUnixNano: try row.unixNano("created_at"))
    }
}

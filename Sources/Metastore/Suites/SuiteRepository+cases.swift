/// A suite's cases and versions, read.

import EvaluationModel
import PostgresClient
import TraceModel

extension SuiteRepository {
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
    static let versionColumns = "suite_id, number, source, message, case_count, created_at"

    private static func storedCase(_ row: PostgresRow) throws(PostgresError) -> StoredTestCase {
        StoredTestCase(
            id: try row.decode("test_case_id"), versionID: try row.decode("id"), introducedIn: try row.decode("introduced_in"),
            removedIn: try row.decodeIfPresent("removed_in"), key: try row.decode("key"),
            content: try row.decode("content", as: PostgresJSON.self).bytes)
    }

    static func version(_ row: PostgresRow) throws(PostgresError) -> SuiteVersion {
        let name: String = try row.decode("source")
        guard let source = SuiteVersion.Source(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no source of a version") }
        return SuiteVersion(
            suiteID: try row.decode("suite_id"), number: try row.decode("number"), source: source, message: try row.decode("message"),
            caseCount: try row.decode("case_count"), createdTimeUnixNano: try row.unixNano("created_at"))
    }
}

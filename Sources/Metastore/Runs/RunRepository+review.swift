/// What is read of a run to judge it before its end, and of a baseline to compare with.

import EvaluationModel
import PostgresClient

/// The counted outcome of a cell, as the statistics see it.
package struct StoredResult: Sendable, Equatable {
    package let key: String
    /// From 1.
    package let repetition: Int
    package let result: CellResultKind
    package let costNanoUSD: Int64
    package var scores: [String: Double]
}

extension RunRepository {
    /// The keys of the run's cases in the order in which its cells were made. Errors: `unavailable`.
    package func caseOrder(of run: RunRecord, _ specification: RunSpecification) async throws(MetastoreError) -> [String] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT c.key FROM test_case_versions v JOIN test_cases c ON c.id = v.test_case_id WHERE \(Self.isChosen)
                ORDER BY md5(v.id::text || $5)
                """, Self.choice(run, specification) + [.text(run.id.uuid)]
            ).decoded { row throws(PostgresError) in try row.decode("key") }
        }
    }

    /// Of one target. Errors: `unavailable`.
    package func results(of run: RunID, target: Int) async throws(MetastoreError) -> [StoredResult] {
        try await translatingErrors { () throws(PostgresError) in
            var places: [OutcomeID: Int] = [:]
            var results = try await pool.query(
                """
                SELECT o.id, c.key, o.repetition, o.result, o.cost_nano_usd FROM outcomes o
                JOIN test_case_versions v ON v.id = o.test_case_version_id JOIN test_cases c ON c.id = v.test_case_id
                WHERE o.run_id = $1 AND o.target = $2 AND o.superseded_at IS NULL ORDER BY o.id
                """, [run.value, .integer(Int64(target))]
            ).enumerated().map { index, row throws(PostgresError) in
                places[try row.decode("id")] = index
                let name: String = try row.decode("result")
                guard let kind = CellResultKind(rawValue: name) else { throw PostgresError(.decoding, "\(name) is no result of a cell") }
                return StoredResult(
                    key: try row.decode("key"), repetition: try row.decode("repetition"), result: kind,
                    costNanoUSD: try row.decode("cost_nano_usd"), scores: [:])
            }
            let scores = try await pool.query(
                """
                SELECT s.outcome_id, s.name, s.value FROM outcomes o JOIN scores s ON s.outcome_id = o.id
                WHERE o.run_id = $1 AND o.target = $2 AND o.superseded_at IS NULL AND s.value IS NOT NULL
                """, [run.value, .integer(Int64(target))])
            for row in scores {
                guard let place = places[try row.decode("outcome_id")] else { continue }
                results[place].scores[try row.decode("name")] = try row.decode("value", as: Double.self)
            }
            return results
        }
    }

    /// JSON text of what a target answered to a case; nil when there is no counted answer. Errors: `unavailable`.
    package func output(of run: RunID, target: String, key: String, repetition: Int) async throws(MetastoreError) -> [UInt8]? {
        try await translatingErrors { () throws(PostgresError) in
            // The repetition of the same number if the baseline had as many, else its first.
            try await pool.query(
                """
                SELECT o.output FROM runs r JOIN test_cases c ON c.suite_id = r.suite_id JOIN test_case_versions v ON v.test_case_id = c.id
                JOIN outcomes o ON o.run_id = r.id AND o.test_case_version_id = v.id
                WHERE r.id = $1 AND c.key = $3 AND o.superseded_at IS NULL AND o.output IS NOT NULL
                    AND (r.specification -> 'targets' -> o.target::integer ->> 'name' = $2
                        OR json_array_length(r.specification -> 'targets') = 1)
                ORDER BY o.repetition = $4 DESC, o.repetition LIMIT 1
                """, [run.value, .text(target), .text(key), .integer(Int64(repetition))]
            ).first.flatMap { row throws(PostgresError) in try row.decodeIfPresent("output", as: PostgresJSON.self)?.bytes }
        }
    }
}

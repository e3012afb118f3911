/// Scores: of a run's outcomes, and of stored traces.

import ByteCoding
import EvaluationModel
import PostgresClient
import TraceModel

package struct ScoreID: EntityID {
    package let high: UInt64
    package let low: UInt64
    package init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }
}

package struct ScoreRepository: Sendable {
    let pool: PostgresPool

    /// Those of a run's outcomes, which carry the trace of what they judge.
    static func insert(
        _ scores: [(score: Score, outcome: NewOutcome)], in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        guard !scores.isEmpty else { return }
        func texts(_ value: (Score) -> String?) -> PostgresValue { .texts(scores.map { value($0.score) ?? "" }) }
        try await connection.query(
            """
            INSERT INTO scores (id, project_id, name, source, value, passed, label, reason, error, kind, model, details, outcome_id,
                trace_id, span_id, cost_nano_usd)
            SELECT id, $1, left(name, 100), 'scorer', nullif(value, 'NaN'), nullif(passed, -1)::integer::boolean, nullif(left(label, 200), ''),
                reason, nullif(left(error, 5000), ''), kind, nullif(left(model, 400), ''), nullif(details, '')::json,
                outcome_id, uuid_send(trace_id), decode(span_id, 'hex'), cost
            FROM unnest($2::uuid[], $3::text[], $4::float8[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::uuid[], $13::uuid[], $14::text[], $15::bigint[])
                AS given (id, name, value, passed, label, reason, error, kind, model, details, outcome_id, trace_id, span_id, cost)
            """,
            [
                project.value, .uuids(scores.map { _ in ScoreID.make().bits }), texts(\.name), .doubles(scores.map { $0.score.value ?? .nan }),
                .integers(scores.map { $0.score.passed.map { $0 ? 1 : 0 } ?? -1 }), texts(\.label), texts(\.reason),
                texts { $0.error?.message }, texts(\.origin.name), texts { $0.usage?.model },
                texts { $0.details.map { String(decoding: $0.bytes, as: UTF8.self) } }, .uuids(scores.map(\.outcome.id.bits)),
                .uuids(scores.map { PostgresUUID(high: $0.outcome.traceID.high, low: $0.outcome.traceID.low) }),
                .texts(scores.map(\.outcome.spanID.hex)), .integers(scores.map { $0.score.usage?.cost?.nanoUSD ?? 0 }),
            ])
    }
}

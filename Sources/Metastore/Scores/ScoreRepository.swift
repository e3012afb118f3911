/// Scores of a run's outcomes, written with them.

import ByteCoding
import EvaluationModel
import PostgresClient
import TraceModel

package struct ScoreRepository: Sendable {
    let pool: PostgresPool

    /// Those of a run's outcomes, which carry the trace of what they judge. They are made to fit, as one that cannot be stored would
    /// cost all results it came with: see `StorableScore`.
    static func insert(
        _ scores: [(score: Score, outcome: NewOutcome)], in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        guard !scores.isEmpty else { return }
        let scores = scores.map { (score: StorableScore($0.score), outcome: $0.outcome) }
        func texts(_ value: (StorableScore) -> String?) -> PostgresValue { .texts(scores.map { value($0.score) ?? "" }) }
        try await connection.query(
            """
            INSERT INTO scores (id, project_id, name, source, value, passed, label, reason, error, kind, model, details, outcome_id,
                trace_id, span_id, cost_nano_usd)
            SELECT id, $1, name, 'scorer', nullif(value, 'NaN'), nullif(passed, -1)::integer::boolean, nullif(left(label, 200), ''),
                reason, nullif(left(error, 5000), ''), kind, nullif(left(model, 400), ''), nullif(details, '')::json,
                outcome_id, uuid_send(trace_id), decode(span_id, 'hex'), cost
            FROM unnest($2::uuid[], $3::text[], $4::float8[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::uuid[], $13::uuid[], $14::text[], $15::bigint[])
                AS given (id, name, value, passed, label, reason, error, kind, model, details, outcome_id, trace_id, span_id, cost)
            """,
            [
                project.value, .uuids(scores.map { _ in ScoreID.make().bits }), texts(\.name),
                .doubles(scores.map { $0.score.value ?? .nan }),
                .integers(scores.map { $0.score.passed.map { $0 ? 1 : 0 } ?? -1 }), texts(\.label), texts(\.reason), texts(\.error),
                texts(\.kind), texts(\.model), texts(\.details), .uuids(scores.map(\.outcome.id.bits)),
                .uuids(scores.map { PostgresUUID(high: $0.outcome.traceID.high, low: $0.outcome.traceID.low) }),
                .texts(scores.map(\.outcome.spanID.hex)), .integers(scores.map(\.score.costNanoUSD)),
            ])
    }

    static let columns = """
        id, project_id, name, source, value, passed, label, reason, error, kind, model, details, outcome_id, trace_id, span_id, author,
        cost_nano_usd, created_at
        """

    /// Those of some outcomes, in the order of their names.
    static func scores(
        of outcomes: [OutcomeID], on connection: PostgresConnection
    ) async throws(PostgresError) -> [OutcomeID: [ScoreRecord]] {
        let scores = try await connection.query(
            "SELECT \(columns) FROM scores WHERE outcome_id = ANY ($1) ORDER BY name, id", [.uuids(outcomes.map(\.bits))]
        ).decoded(ScoreRecord.init)
        return Dictionary(grouping: scores) { $0.outcomeID ?? OutcomeID(high: 0, low: 0) }
    }
}

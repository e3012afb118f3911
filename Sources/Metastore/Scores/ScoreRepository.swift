/// Scores of a run's outcomes and of stored spans, written with what came of them.

import ByteCoding
import EvaluationModel
import PostgresClient
import TraceModel

/// What a scorer judged: an outcome, with the trace of its call, or a span alone.
struct ScoreSubject: Sendable {
    var outcome: OutcomeID?
    var traceID: TraceID
    var spanID: SpanID
}

package struct ScoreRepository: Sendable {
    let pool: PostgresPool

    /// They are made to fit, as one that cannot be stored would cost all results it came with: see `StorableScore`.
    static func insert(
        _ scores: [(score: Score, subject: ScoreSubject)], in project: ProjectID, on connection: PostgresConnection
    ) async throws(PostgresError) {
        guard !scores.isEmpty else { return }
        let scores = scores.map { (score: StorableScore($0.score), subject: $0.subject) }
        func texts(_ value: (StorableScore) -> String?) -> PostgresValue { .texts(scores.map { value($0.score) ?? "" }) }
        try await connection.query(
            """
            INSERT INTO scores (id, project_id, name, source, value, passed, label, reason, error, kind, model, details, outcome_id,
                trace_id, span_id, cost_nano_usd)
            SELECT id, $1, name, 'scorer', nullif(value, 'NaN'), nullif(passed, -1)::integer::boolean, nullif(left(label, 200), ''),
                reason, nullif(left(error, 5000), ''), kind, nullif(left(model, 400), ''), nullif(details, '')::json,
                nullif(outcome_id, '00000000-0000-0000-0000-000000000000'), uuid_send(trace_id), decode(span_id, 'hex'), cost
            FROM unnest($2::uuid[], $3::text[], $4::float8[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::uuid[], $13::uuid[], $14::text[], $15::bigint[])
                AS given (id, name, value, passed, label, reason, error, kind, model, details, outcome_id, trace_id, span_id, cost)
            """,
            [
                project.value, .uuids(scores.map { _ in ScoreID.make().bits }), texts(\.name),
                .doubles(scores.map { $0.score.value ?? .nan }),
                .integers(scores.map { $0.score.passed.map { $0 ? 1 : 0 } ?? -1 }), texts(\.label), texts(\.reason), texts(\.error),
                texts(\.kind), texts(\.model), texts(\.details),
                .uuids(scores.map { $0.subject.outcome?.bits ?? PostgresUUID(high: 0, low: 0) }),
                .uuids(scores.map { PostgresUUID(high: $0.subject.traceID.high, low: $0.subject.traceID.low) }),
                .texts(scores.map(\.subject.spanID.hex)), .integers(scores.map(\.score.costNanoUSD)),
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

/// Scores that come with telemetry, as events of the spans they judge: each once, however often its request is sent.

import Crypto
import PostgresClient
import TraceModel

/// A score as an event reports it.
package struct ReportedScore: Sendable, Equatable {
    package var name: String
    package var value: Double?
    package var label: String?
    package var reason: String
    package var error: String?
    package var traceID: TraceID
    package var spanID: SpanID
    package var timeUnixNano: UInt64
    package var author: String

    package init(
        name: String, value: Double?, label: String?, reason: String, error: String?, traceID: TraceID, spanID: SpanID,
        timeUnixNano: UInt64,
        author: String
    ) {
        self.name = name
        self.value = value
        self.label = label
        self.reason = reason
        self.error = error
        self.traceID = traceID
        self.spanID = spanID
        self.timeUnixNano = timeUnixNano
        self.author = author
    }

    /// Follows from what is reported: the event's time, and a hash of everything in place of chance.
    func id(in project: ProjectID) -> ScoreID {
        var hash = SHA256()
        for number in [project.high, project.low, traceID.high, traceID.low, spanID.rawValue, timeUnixNano, value?.bitPattern ?? .max] {
            withUnsafeBytes(of: number.bigEndian) { hash.update(bufferPointer: $0) }
        }
        for text in [name, label, reason, error] {
            let bytes = text.map { Array($0.utf8) }
            withUnsafeBytes(of: Int64(bytes?.count ?? -1).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: bytes ?? [])
        }
        let random = hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let bits = UUIDv7.make(unixNano: Int64(clamping: timeUnixNano), random: random)
        return ScoreID(high: bits.high, low: bits.low)
    }
}

extension ScoreRepository {
    /// Those that are there already stay as they are. They are made to fit, as an event cannot be sent back: see `StorableScore`.
    /// Errors: `unavailable`.
    package func keep(_ reported: [ReportedScore], in project: ProjectID) async throws(MetastoreError) {
        let limit = MetastoreLimits.maximumScoreMagnitude
        func texts(_ value: (ReportedScore) -> String?) -> PostgresValue { .texts(reported.map { value($0)?.withoutNUL ?? "" }) }
        let parameters: [PostgresValue] = [
            project.value, .uuids(reported.map { $0.id(in: project).bits }), .texts(reported.map { StorableScore.name($0.name) }),
            .doubles(reported.map { $0.value.map { min(max($0, -limit), limit) } ?? .nan }), texts(\.label), texts(\.reason),
            texts(\.error),
            .uuids(reported.map { PostgresUUID(high: $0.traceID.high, low: $0.traceID.low) }), .texts(reported.map(\.spanID.hex)),
            texts(\.author),
        ]
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                INSERT INTO scores (id, project_id, name, source, value, label, reason, error, trace_id, span_id, author)
                SELECT id, $1, name, 'application', nullif(value, 'NaN'), nullif(left(label, 200), ''), left(reason, 20000),
                    nullif(left(error, 5000), ''), uuid_send(trace_id), decode(span_id, 'hex'), left(author, 400)
                FROM unnest($2::uuid[], $3::text[], $4::float8[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[])
                    AS given (id, name, value, label, reason, error, trace_id, span_id, author)
                ON CONFLICT (id) DO NOTHING
                """, parameters)
        }
    }
}

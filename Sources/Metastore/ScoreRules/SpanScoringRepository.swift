/// Scoring jobs in the hands of workers: leased with what they belong to, held, and ended with all that came of them in one transaction.

import ByteCoding
import ContentReading
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

package enum ScoreSource: Hashable, Sendable {
    case rule(ScoreRuleID)
    case backfill(TaskID)
}

/// A span that a worker is to score.
package struct LeasedSpan: Sendable {
    package let job: LeasedJob
    package let source: ScoreSource
    package let projectID: ProjectID
    /// JSON text: what the scorers are now.
    package let scorers: [UInt8]
    package let isCapSpent: Bool
    package let decision: ScoreDecisionID
    package let payload: ScoringPayload
}

/// How a worker's attempt at a span ended.
package struct EndedSpan: Sendable {
    package enum Ending: Sendable {
        case scored([Score])
        /// A scorer could not do its work.
        case failed([Score], reason: String)
        case skipped(reason: String)
        /// `error`: JSON text of an object.
        case retry(afterSeconds: Double, error: [UInt8])
        case released
    }

    package let span: LeasedSpan
    package let ending: Ending
    /// Of this attempt.
    package let costNanoUSD: Int64
    /// An OTLP export request in protobuf: the calls that were made.
    package let spans: [UInt8]?

    package init(_ span: LeasedSpan, _ ending: Ending, costNanoUSD: Int64 = 0, spans: [UInt8]? = nil) {
        self.span = span
        self.ending = ending
        self.costNanoUSD = costNanoUSD
        self.spans = spans
    }
}

package struct SpanScoringRepository: Sendable {
    let pool: PostgresPool

    /// Spans for a worker, of rules and backfills in turns. Errors: `unavailable`.
    package func lease(worker: String, capacity: Int) async throws(MetastoreError) -> [LeasedSpan] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let jobs = try await ScoreRuleRepository.jobs.lease(worker: worker, capacity: capacity, on: connection)
                guard !jobs.isEmpty else { return [] }
                let rows = try await connection.query(
                    """
                    SELECT r.id, r.project_id, r.scorers, true AS is_rule,
                        coalesce(r.daily_cap_nano_usd <= coalesce(d.cost_nano_usd, 0), false) AS is_cap_spent
                    FROM \(ScoreRuleRepository.tables) WHERE r.id = ANY ($1)
                    UNION ALL
                    SELECT id, project_id, scorers, false, coalesce(cap_nano_usd <= cost_nano_usd, false) FROM score_backfills
                    WHERE id = ANY ($1)
                    """, [.uuids(Array(Set(jobs.map(\.group))))])
                var sources: [PostgresUUID: PostgresRow] = [:]
                for row in rows { sources[try row.decode("id")] = row }
                var leased: [LeasedSpan] = []
                for job in jobs {
                    guard let row = sources[job.group] else { continue }
                    let payload = try? JSONValue.parse(job.payload)
                    guard let payload, let decision = payload["decision"]?.stringValue.flatMap({ ScoreDecisionID(uuid: $0) }),
                        let span = ScoringPayload(json: payload)
                    else { throw PostgresError(.decoding, "job \(job.id.number) is no span to score") }
                    let isRule: Bool = try row.decode("is_rule")
                    leased.append(
                        LeasedSpan(
                            job: job,
                            source: isRule
                                ? .rule(ScoreRuleID(high: job.group.high, low: job.group.low))
                                : .backfill(TaskID(high: job.group.high, low: job.group.low)),
                            projectID: try row.decode("project_id"), scorers: try row.decode("scorers", as: PostgresJSON.self).bytes,
                            isCapSpent: try row.decode("is_cap_spent"), decision: decision, payload: span))
                }
                return leased
            }
        }
    }

    /// The heartbeat. Answers with the spans that are still held. Errors: `unavailable`.
    package func extendLeases(_ spans: [LeasedSpan]) async throws(MetastoreError) -> Set<JobID> {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await JobQueue.extend(spans.map(\.job), on: connection)
            }
        }
    }

    /// Scores, cost, decision, counters, the calls' spans and the end of the job: all, or nothing when the lease is somebody else's (false).
    /// Errors: `unavailable`.
    package func record(_ ended: EndedSpan) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                // Whoever archives or cancels holds the source first, and then the jobs: so does this.
                switch ended.span.source {
                case .backfill(let id): _ = try await ScoreBackfillRepository.locked(id, on: connection)
                case .rule(let id): try await connection.query("SELECT 1 FROM score_rules WHERE id = $1 FOR KEY SHARE", [id.value])
                }
                let job = ended.span.job
                let held = try await JobQueue.end(
                    [EndedAttempt(job.id, ended.ending.attempt, error: ended.ending.error)], leases: [job.id: job.lease], on: connection)
                guard !held.isEmpty else { return false }
                if case .released = ended.ending { return true }
                try await Self.write(ended, on: connection)
                if let spans = ended.spans {
                    try await connection.query(
                        "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2)", [ended.span.projectID.value, .bytes(spans)])
                }
                return true
            }
        }
    }

    private static func write(_ ended: EndedSpan, on connection: PostgresConnection) async throws(PostgresError) {
        let span = ended.span
        var counts = ScoringCounts(), decision = ScoreDecision.queued, reason: String?
        counts.costNanoUSD = ended.costNanoUSD
        switch ended.ending {
        case .scored(let scores):
            decision = .scored
            reason = scores.summary
            counts.scored = 1
        case .failed(_, let why):
            decision = .failed
            reason = why
            counts.failed = 1
        case .skipped(let why):
            decision = .skipped
            reason = why
            counts.skipped = 1
        case .retry, .released: break
        }
        let scores = ended.ending.scores
        if !scores.isEmpty {
            let subject = ScoreSubject(traceID: span.payload.traceID, spanID: span.payload.spanID)
            try await ScoreRepository.insert(scores.map { ($0, subject) }, in: span.projectID, on: connection)
        }
        try await connection.query(
            """
            UPDATE score_decisions SET decision = $2, reason = coalesce(left($3, 2000), reason), attempt_count = $4,
                cost_nano_usd = cost_nano_usd + $5, updated_at = now()
            WHERE id = $1
            """,
            [
                span.decision.value, .text(decision.rawValue), .optional(reason) { .text($0.withoutNUL) },
                .integer(Int64(span.job.attempt)), .integer(ended.costNanoUSD),
            ])
        // What people and models said is kept no longer than it takes.
        if decision.isFinal { try await connection.query("DELETE FROM jobs WHERE id = $1", [.integer(span.job.id.number)]) }
        switch span.source {
        case .rule(let id):
            try await ScoreRuleRepository.add(counts, to: id, on: connection)
            if let rule = try await ScoreRuleRepository.rule(id, on: connection), rule.dailyCapNanoUSD != nil {
                try await ScoreRuleRepository.jobs.setConcurrency(
                    ScoreRuleRepository.allowance(rule).carefulConcurrency, of: id.bits, on: connection)
            }
        case .backfill(let id):
            if decision.isFinal { counts.queued = -1 }
            try await ScoreBackfillRepository.count(counts, of: id, on: connection)
            if let backfill = try await ScoreBackfillRepository.locked(id, on: connection), backfill.capNanoUSD != nil {
                try await ScoreRuleRepository.jobs.setConcurrency(
                    backfill.allowance.carefulConcurrency, of: id.bits, on: connection)
            }
            if decision.isFinal {
                try await TaskRepository.append([Self.event(ended, decision, reason ?? "")], to: id, on: connection)
                try await ScoreBackfillRepository.endIfDone(id, on: connection)
            }
        }
    }

    private static func event(_ ended: EndedSpan, _ decision: ScoreDecision, _ reason: String) -> TaskEventDraft {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("trace_id", ended.span.payload.traceID.hex)
        writer.member("span_id", ended.span.payload.spanID.hex)
        writer.member("decision", decision.rawValue)
        writer.member("reason", String(reason.prefix(200)))
        writer.member("cost_usd", Double(ended.costNanoUSD) / 1e9)
        writer.endObject()
        return TaskEventDraft("span.\(decision.rawValue)", writer.bytes)
    }
}

extension [Score] {
    /// `polite passed, latency failed`.
    fileprivate var summary: String {
        let words = map { score in
            switch score.passed {
            case true?: "\(score.name) passed"
            case false?: "\(score.name) failed"
            case nil: score.value.map { "\(score.name) \($0.shortText)" } ?? score.name
            }
        }
        return words.isEmpty ? "scored" : words.joined(separator: ", ")
    }
}

extension EndedSpan.Ending {
    fileprivate var scores: [Score] {
        switch self {
        case .scored(let scores), .failed(let scores, _): scores
        case .skipped, .retry, .released: []
        }
    }

    fileprivate var attempt: EndedAttempt.Result {
        switch self {
        case .scored, .skipped: .succeeded
        case .failed: .failed
        case .retry(let seconds, _): .retry(afterSeconds: seconds)
        case .released: .released
        }
    }

    fileprivate var error: [UInt8]? { if case .retry(_, let error) = self { error } else { nil } }
}

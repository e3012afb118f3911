/// What came of cells: outcomes, scores, counters, events and spans in one transaction.

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

extension RunRepository {
    /// What came of cells of one run, with the spans that tell of it, in one transaction: outcomes, scores, counters, events, and the
    /// order to conclude once it is due. Only cells of this run that are still held count; answers with those.
    /// `started`: events of cells that were begun, with their keys. The spans of all together have at most
    /// `PostgresLimits.maximumParameterByteCount` bytes. Errors: `unavailable`, `invalid` (spans or one output too large).
    package func record(
        _ ended: [EndedCell], started: [LeasedCell: String] = [:], of id: RunID
    ) async throws(MetastoreError) -> Set<JobID> {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), !run.state.isFinal else { return [] }
                let ended = ended.filter { $0.cell.run == id }
                let held = try await JobQueue.end(
                    ended.map { EndedAttempt($0.cell.job.id, $0.ending.result, error: $0.ending.error) },
                    leases: Dictionary(ended.map { ($0.cell.job.id, $0.cell.job.lease) }, uniquingKeysWith: { first, _ in first }),
                    on: connection)
                let counted = ended.compactMap { cell -> (EndedCell, NewOutcome)? in
                    guard held.contains(cell.cell.job.id), case .outcome(let outcome) = cell.ending else { return nil }
                    return (cell, outcome)
                }
                try await Self.insertOutcomes(counted, of: run, on: connection)
                let spent = ended.filter { held.contains($0.cell.job.id) }.map(\.ending.spent)
                let changed = try await Self.count(counted.map(\.1), spent, of: id, on: connection)
                var events = started.filter { $0.key.run == id }.sorted { $0.key.job.id < $1.key.job.id }
                    .map { RunEvents.caseStarted($0.key, key: $0.value) }
                events += counted.map { RunEvents.caseFinished($0.0, $0.1) }
                try await TaskRepository.append(events, to: id.task, progressDone: changed.counts.doneCount, on: connection)
                let spans = counted.flatMap(\.0.spans)
                if !spans.isEmpty {
                    try await connection.query(
                        "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2)", [run.projectID.value, .bytes(spans)])
                }
                if !held.isEmpty { try await Self.goOn(from: run, to: changed, on: connection) }
                return held
            }
        }
    }

    private static func insertOutcomes(
        _ counted: [(cell: EndedCell, outcome: NewOutcome)], of run: RunRecord, on connection: PostgresConnection
    ) async throws(PostgresError) {
        for chunk in counted.chunks(byteCount: { $0.outcome.byteCount }) {
            try await insertOutcomes(chunk, of: run, on: connection)
            try await ScoreRepository.insert(
                chunk.flatMap { _, outcome in
                    outcome.scores.map { ($0, ScoreSubject(outcome: outcome.id, traceID: outcome.traceID, spanID: outcome.spanID)) }
                }, in: run.projectID, on: connection)
        }
    }

    private static func insertOutcomes(
        _ counted: ArraySlice<(cell: EndedCell, outcome: NewOutcome)>, of run: RunRecord, on connection: PostgresConnection
    ) async throws(PostgresError) {
        func texts(_ value: (EndedCell, NewOutcome) -> [UInt8]?) -> PostgresValue {
            .texts(counted.map { String(decoding: value($0.cell, $0.outcome) ?? [], as: UTF8.self) })
        }
        func integers(_ value: (EndedCell, NewOutcome) -> Int64) -> PostgresValue {
            .integers(counted.map { value($0.cell, $0.outcome) })
        }
        try await connection.query(
            """
            INSERT INTO outcomes (id, run_id, target, test_case_version_id, repetition, job_id, result, output, error, trace_id, span_id,
                duration_nano, first_token_nano, input_tokens, output_tokens, cost_nano_usd, attempt_count)
            SELECT id, $1, target, case_version, repetition, job_id, result, nullif(output, '')::json, nullif(error, '')::json,
                uuid_send(trace_id), decode(span_id, 'hex'), duration, nullif(first_token, -1), input, output_tokens, cost, attempt
            FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::uuid[],
                $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[])
                AS given (id, target, case_version, repetition, job_id, result, output, error, trace_id, span_id, duration, first_token,
                    input, output_tokens, cost, attempt)
            """,
            [
                run.id.value, .uuids(counted.map(\.outcome.id.bits)), integers { cell, _ in Int64(cell.cell.target) },
                .uuids(counted.map(\.cell.cell.caseVersion.bits)), integers { cell, _ in Int64(cell.cell.repetition) },
                integers { cell, _ in cell.cell.job.id.number }, .texts(counted.map(\.outcome.result.rawValue)),
                texts { $1.output }, texts { $1.error },
                .uuids(counted.map { PostgresUUID(high: $0.outcome.traceID.high, low: $0.outcome.traceID.low) }),
                .texts(counted.map(\.outcome.spanID.hex)), integers { $1.durationNano }, integers { $1.firstTokenNano ?? -1 },
                integers { $1.inputTokens }, integers { $1.outputTokens }, integers { $1.costNanoUSD },
                integers { cell, _ in Int64(cell.cell.job.attempt) },
            ])
    }

    /// `spent`: besides what the outcomes cost.
    private static func count(
        _ outcomes: [NewOutcome], _ spent: [CellSpending], of run: RunID, on connection: PostgresConnection
    ) async throws(PostgresError) -> RunRecord {
        func number(_ kind: CellResultKind) -> PostgresValue { .integer(Int64(outcomes.count { $0.result == kind })) }
        return try await connection.query(
            """
            UPDATE runs SET passed_count = passed_count + $2, failed_count = failed_count + $3, errored_count = errored_count + $4,
                cost_nano_usd = cost_nano_usd + $5, input_tokens = input_tokens + $6, output_tokens = output_tokens + $7
            WHERE id = $1 RETURNING \(columns)
            """,
            [
                run.value, number(.passed), number(.failed), number(.errored),
                .integer(spent.reduce(outcomes.reduce(0) { $0 + $1.costNanoUSD }) { $0 + $1.costNanoUSD }),
                .integer(spent.reduce(outcomes.reduce(0) { $0 + $1.inputTokens }) { $0 + $1.inputTokens }),
                .integer(spent.reduce(outcomes.reduce(0) { $0 + $1.outputTokens }) { $0 + $1.outputTokens }),
            ]
        ).only(Self.run)
    }

    /// After cells have ended: the conclusion when it is due, else a look now and then whether the run is decided already: at every
    /// fiftieth of the cells, but no more often than every ten.
    private static func goOn(from run: RunRecord, to changed: RunRecord, on connection: PostgresConnection) async throws(PostgresError) {
        if changed.spendingCapNanoUSD != nil { try await arrange(changed, as: changed.state, on: connection) }
        if try await orderDueConclusion(of: run.id, on: connection) { return }
        let step = max(10, changed.counts.cellCount / 50)
        guard changed.counts.doneCount < changed.counts.cellCount, run.counts.doneCount / step != changed.counts.doneCount / step else {
            return
        }
        try await enqueue(.review, of: run.id, on: connection)
    }
}

extension NewOutcome {
    /// About what it takes to send it.
    fileprivate var byteCount: Int {
        (output?.count ?? 0) + (error?.count ?? 0)
            + scores.reduce(0) { $0 + $1.reason.utf8.count + ($1.details == nil ? 0 : TestCaseLimits.maximumDetailByteCount) }
    }
}

extension EndedCell.Ending {
    fileprivate var result: EndedAttempt.Result {
        switch self {
        case .outcome(let outcome): outcome.result == .errored ? .failed : .succeeded
        case .retry(let seconds, _, _): .retry(afterSeconds: seconds)
        case .released: .released
        }
    }

    fileprivate var error: [UInt8]? {
        switch self {
        case .outcome(let outcome): outcome.error
        case .retry(_, let error, _): error
        case .released: nil
        }
    }

    /// On an attempt that left no outcome.
    fileprivate var spent: CellSpending {
        if case .retry(_, _, let spent) = self { spent } else { CellSpending() }
    }
}

/// What workers do with runs: plan them, lease cells, record what came of them, conclude.

import ByteCoding
import EvaluationModel
import JobQueue
import PostgresClient
import TraceModel

/// Work on a run as a whole.
package struct RunControlJob: Sendable {
    package enum Step: String, Sendable {
        /// Makes the cells.
        case plan
        /// Looks whether the results so far decide already.
        case review
        /// All is done: the verdict.
        case conclude
    }

    package let job: LeasedJob
    package let run: RunID
    package let step: Step
}

extension RunRepository {
    // MARK: - Control

    static func enqueue(_ step: RunControlJob.Step, of run: RunID, on connection: PostgresConnection) async throws(PostgresError) {
        let payload = #"{"run":"\#(run.uuid)","step":"\#(step.rawValue)"}"#
        try await control.enqueue([Array(payload.utf8)], in: controlGroup, on: connection)
    }

    /// The next plan, review or conclusion; nil while there is none. Errors: `unavailable`.
    package func leaseControl(worker: String) async throws(MetastoreError) -> RunControlJob? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let job = try await Self.control.lease(worker: worker, capacity: 1, on: connection).first else { return nil }
                let payload = try? JSONValue.parse(job.payload)
                guard let run = payload?["run"]?.stringValue.flatMap({ RunID(uuid: $0) }),
                    let step = payload?["step"]?.stringValue.flatMap(RunControlJob.Step.init)
                else { throw PostgresError(.decoding, "job \(job.id.number) is no control job of a run") }
                return RunControlJob(job: job, run: run, step: step)
            }
        }
    }

    /// Errors: `unavailable`.
    package func endControl(_ job: RunControlJob, _ result: EndedAttempt.Result, error: [UInt8]? = nil) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                _ = try await JobQueue.end(
                    [EndedAttempt(job.job.id, result, error: error)], leases: [job.job.id: job.job.lease], on: connection)
            }
        }
    }

    /// The run, whichever project it is of: for workers. Errors: `unavailable`.
    package func find(_ id: RunID) async throws(MetastoreError) -> RunRecord? {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query("SELECT \(Self.columns) FROM runs WHERE id = $1", [id.value]).first.map(Self.run)
        }
    }

    /// Makes the cells of a queued run, all or none, in an order that is a random sample of the cases at every moment: repetition by
    /// repetition, the cases of each by a hash with the run's id. More than there may be fails the run. Errors: `unavailable`.
    package func plan(_ id: RunID, _ specification: RunSpecification) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), run.state == .queued else { return }
                let targets = specification.targets.indices.filter { specification.targets[$0].kind != .exec }
                let execTargets = specification.targets.indices.filter { specification.targets[$0].kind == .exec }
                let caseCount = try await connection.query(
                    "SELECT count(*) AS count FROM test_case_versions v WHERE \(Self.isChosen)", Self.choice(run, specification)
                ).only { row throws(PostgresError) in try row.decode("count", as: Int.self) }
                let cellCount = caseCount * specification.repetitions * specification.targets.count
                guard cellCount <= RunLimits.maximumCellCount else {
                    let reason = "\(cellCount) cells; at most \(RunLimits.maximumCellCount) are allowed"
                    return try await Self.move(run, to: .failed, reason: reason, on: connection)
                }
                guard cellCount > 0 else {
                    return try await Self.move(run, to: .failed, reason: "no case of the suite was chosen", on: connection)
                }
                try await Self.addCells(run, specification, targets, queue: Self.cells, group: id.bits, on: connection)
                for group in try await Self.execGroup(of: id, on: connection) {
                    try await Self.addCells(run, specification, execTargets, queue: Self.exec, group: group, on: connection)
                }
                try await connection.query("UPDATE runs SET cell_count = $2 WHERE id = $1", [id.value, .integer(Int64(cellCount))])
                try await connection.query("UPDATE tasks SET progress_total = $2 WHERE id = $1", [id.value, .integer(Int64(cellCount))])
                try await Self.move(run, to: .running, reason: "", on: connection)
                try await Self.limitSpending(of: id, on: connection)
            }
        }
    }

    /// $1 suite, $2 version, $3 tags, $4 split.
    static let isChosen = """
        v.suite_id = $1 AND v.introduced_in <= $2 AND (v.removed_in IS NULL OR v.removed_in > $2) AND v.tags @> $3
            AND ($4::text IS NULL OR v.split = $4)
        """

    static func choice(_ run: RunRecord, _ specification: RunSpecification) -> [PostgresValue] {
        [
            run.suiteID.value, .integer(Int64(run.suiteVersion)), .texts(specification.tags), .optional(specification.split) { .text($0) },
        ]
    }

    private static func addCells(
        _ run: RunRecord, _ specification: RunSpecification, _ targets: [Int], queue: JobQueue, group: PostgresUUID,
        on connection: PostgresConnection
    ) async throws(PostgresError) {
        try await connection.query(
            """
            INSERT INTO jobs (queue, group_id, payload)
            SELECT $5, $6, json_build_object('case', v.id, 'target', t.target, 'repetition', r.repetition)
            FROM test_case_versions v, unnest($7::bigint[]) AS t (target), generate_series(1, $8) AS r (repetition)
            WHERE \(isChosen) ORDER BY r.repetition, md5(v.id::text || $9), t.target
            """,
            choice(run, specification) + [
                .text(queue.name), .uuid(group), .integers(targets.map(Int64.init)), .integer(Int64(specification.repetitions)),
                .text(run.id.uuid),
            ])
        try await queue.announce(on: connection)
    }

    // MARK: - Cells

    /// Cells for a worker, of whichever runs have some. Errors: `unavailable`.
    package func leaseCells(worker: String, capacity: Int) async throws(MetastoreError) -> [LeasedCell] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let jobs = try await Self.cells.lease(worker: worker, capacity: capacity, on: connection)
                return try await Self.cells(of: jobs, run: { RunID(high: $0.group.high, low: $0.group.low) }, on: connection)
            }
        }
    }

    private static func cells(
        of jobs: [LeasedJob], run: (LeasedJob) -> RunID, on connection: PostgresConnection
    ) async throws(PostgresError) -> [LeasedCell] {
        var read: [(job: LeasedJob, caseVersion: TestCaseVersionID, target: Int, repetition: Int)] = []
        for job in jobs {
            let payload = try? JSONValue.parse(job.payload)
            guard let id = payload?["case"]?.stringValue.flatMap({ TestCaseVersionID(uuid: $0) }),
                let target = payload?["target"]?.integerValue, let repetition = payload?["repetition"]?.integerValue
            else { throw PostgresError(.decoding, "job \(job.id.number) is no cell of a run") }
            read.append((job, id, Int(target), Int(repetition)))
        }
        let rows = try await connection.query(
            "SELECT id, content FROM test_case_versions WHERE id = ANY ($1)", [.uuids(Array(Set(read.map(\.caseVersion.bits))))])
        var contents: [TestCaseVersionID: [UInt8]] = [:]
        for row in rows { contents[try row.decode("id")] = try row.decode("content", as: PostgresJSON.self).bytes }
        return read.compactMap { cell in
            contents[cell.caseVersion].map {
                LeasedCell(
                    job: cell.job, run: run(cell.job), target: cell.target, caseVersion: cell.caseVersion, repetition: cell.repetition,
                    content: $0)
            }
        }
    }

    /// The heartbeat. Answers with the cells that are still held; work on all others is to be given up. Errors: `unavailable`.
    package func extendLeases(_ cells: [LeasedCell]) async throws(MetastoreError) -> Set<JobID> {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                try await JobQueue.extend(cells.map(\.job), on: connection)
            }
        }
    }

    /// Keeps what the target answered, so that a next attempt only scores. Errors: `unavailable`.
    package func saveCheckpoint(_ checkpoint: [UInt8], of cell: LeasedCell) async throws(MetastoreError) -> Bool {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withConnection { connection throws(PostgresError) in
                try await JobQueue.save(checkpoint, of: cell.job, on: connection)
            }
        }
    }

    /// Takes back the cells and control jobs of workers that are not heard of. Errors: `unavailable`.
    package func rescue() async throws(MetastoreError) -> Int {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                let count = try await JobQueue.rescue(on: connection)
                if count > 0 {
                    try await Self.cells.announce(on: connection)
                    try await Self.control.announce(on: connection)
                }
                return count
            }
        }
    }

    // MARK: - Results

    /// What came of cells of one run, with the spans that tell of it, in one transaction: outcomes, scores, counters, events, and the
    /// order to conclude once all is done. Only cells that are still held count; answers with those.
    /// `started`: events of cells that were begun. `spans`: an OTLP request in protobuf. Errors: `unavailable`.
    package func record(
        _ ended: [EndedCell], started: [LeasedCell: String] = [:], spans: [UInt8]? = nil, of id: RunID
    ) async throws(MetastoreError) -> Set<JobID> {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), !run.state.isFinal else { return [] }
                let held = try await JobQueue.end(
                    ended.map { EndedAttempt($0.cell.job.id, $0.ending.result, error: $0.ending.error) },
                    leases: Dictionary(ended.map { ($0.cell.job.id, $0.cell.job.lease) }, uniquingKeysWith: { first, _ in first }),
                    on: connection)
                let counted = ended.compactMap { cell -> (EndedCell, NewOutcome)? in
                    guard held.contains(cell.cell.job.id), case .outcome(let outcome) = cell.ending else { return nil }
                    return (cell, outcome)
                }
                try await Self.insertOutcomes(counted, of: run, on: connection)
                let counts = try await Self.count(counted.map(\.1), of: id, on: connection)
                var events = started.map { RunEvents.caseStarted($0.key, key: $0.value) }
                events += counted.map { RunEvents.caseFinished($0.0, $0.1) }
                try await TaskRepository.append(events, to: id.task, progressDone: counts.doneCount, on: connection)
                if let spans, !counted.isEmpty {
                    try await connection.query(
                        "INSERT INTO span_outbox (project_id, body) VALUES ($1, $2)", [run.projectID.value, .bytes(spans)])
                }
                if !counted.isEmpty { try await Self.goOn(run, counts, on: connection) }
                return held
            }
        }
    }

    private static func insertOutcomes(
        _ counted: [(cell: EndedCell, outcome: NewOutcome)], of run: RunRecord, on connection: PostgresConnection
    ) async throws(PostgresError) {
        guard !counted.isEmpty else { return }
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
        try await ScoreRepository.insert(
            counted.flatMap { pair in pair.outcome.scores.map { ($0, pair.outcome) } }, in: run.projectID, on: connection)
    }

    private static func count(
        _ outcomes: [NewOutcome], of run: RunID, on connection: PostgresConnection
    ) async throws(PostgresError) -> RunCounts {
        func number(_ kind: CellResultKind) -> PostgresValue { .integer(Int64(outcomes.count { $0.result == kind })) }
        return try await connection.query(
            """
            UPDATE runs SET passed_count = passed_count + $2, failed_count = failed_count + $3, errored_count = errored_count + $4,
                cost_nano_usd = cost_nano_usd + $5, input_tokens = input_tokens + $6, output_tokens = output_tokens + $7
            WHERE id = $1 RETURNING \(columns)
            """,
            [
                run.value, number(.passed), number(.failed), number(.errored), .integer(outcomes.reduce(0) { $0 + $1.costNanoUSD }),
                .integer(outcomes.reduce(0) { $0 + $1.inputTokens }), .integer(outcomes.reduce(0) { $0 + $1.outputTokens }),
            ]
        ).only(Self.run).counts
    }

    /// After results: conclude when all is done or the money is spent, else look now and then whether it is decided already.
    private static func goOn(_ run: RunRecord, _ counts: RunCounts, on connection: PostgresConnection) async throws(PostgresError) {
        if counts.doneCount >= counts.cellCount { return try await enqueue(.conclude, of: run.id, on: connection) }
        if try await limitSpending(of: run.id, on: connection) {
            // What is under way ends; nothing further is begun. The conclusion waits for it.
            let left = try await cells.counts(of: run.id.bits, on: connection)
            if left.leased == 0 { return try await enqueue(.conclude, of: run.id, on: connection) }
        }
        // At each doubling by a tenth of the outcomes: often enough to save calls, seldom enough to cost nothing.
        let step = max(10, counts.cellCount / 50), before = run.counts.doneCount
        if before / step != counts.doneCount / step { try await enqueue(.review, of: run.id, on: connection) }
    }

    /// Holds the calls at a time to what the rest of the money allows, at the mean cost so far; true when nothing is left. Before the
    /// first costs are known, few are begun.
    @discardableResult
    private static func limitSpending(of run: RunID, on connection: PostgresConnection) async throws(PostgresError) -> Bool {
        let row = try await connection.query(
            """
            SELECT concurrency, spending_cap_nano_usd - cost_nano_usd AS left_nano_usd, cost_nano_usd,
                passed_count + failed_count + errored_count AS done FROM runs WHERE id = $1 AND spending_cap_nano_usd IS NOT NULL
            """, [run.value]
        ).first
        guard let row else { return false }
        let left: Int64 = try row.decode("left_nano_usd"), cost: Int64 = try row.decode("cost_nano_usd")
        let done: Int64 = try row.decode("done"), concurrency: Int = try row.decode("concurrency")
        if left <= 0 {
            try await cells.setPaused(true, run.bits, on: connection)
            return true
        }
        let affordable = done == 0 ? 4 : cost == 0 ? Int64(concurrency) : left / max(1, cost / done)
        try await cells.setConcurrency(Int(min(Int64(concurrency), max(1, affordable))), of: run.bits, on: connection)
        return false
    }

    // MARK: - Conclusion

    /// Errors: `unavailable`.
    package func tallies(of run: RunID) async throws(MetastoreError) -> [StoredTally] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT o.target::bigint AS target, c.key, count(*) FILTER (WHERE result = 'passed') AS passed,
                    count(*) FILTER (WHERE result = 'failed') AS failed, count(*) FILTER (WHERE result = 'errored') AS errored,
                    sum(cost_nano_usd)::bigint AS cost, sum(duration_nano)::bigint AS duration
                FROM outcomes o JOIN test_case_versions v ON v.id = o.test_case_version_id JOIN test_cases c ON c.id = v.test_case_id
                WHERE o.run_id = $1 AND o.superseded_at IS NULL GROUP BY o.target, c.key ORDER BY o.target, min(o.id)
                """, [run.value]
            ).decoded { row throws(PostgresError) in
                StoredTally(
                    target: try row.decode("target"), key: try row.decode("key"), passedCount: try row.decode("passed"),
                    failedCount: try row.decode("failed"), erroredCount: try row.decode("errored"), costNanoUSD: try row.decode("cost"),
                    durationNano: try row.decode("duration"))
            }
        }
    }

    /// Errors: `unavailable`.
    package func scoreTallies(of run: RunID) async throws(MetastoreError) -> [StoredScoreTally] {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.query(
                """
                SELECT o.target::bigint AS target, c.key, s.name, count(*) AS count, sum(s.value) AS sum, sum(s.value * s.value) AS squares
                FROM outcomes o JOIN scores s ON s.outcome_id = o.id JOIN test_case_versions v ON v.id = o.test_case_version_id
                JOIN test_cases c ON c.id = v.test_case_id
                WHERE o.run_id = $1 AND o.superseded_at IS NULL AND s.value IS NOT NULL GROUP BY o.target, c.key, s.name
                """, [run.value]
            ).decoded { row throws(PostgresError) in
                StoredScoreTally(
                    target: try row.decode("target"), key: try row.decode("key"), name: try row.decode("name"),
                    count: try row.decode("count"), sum: try row.decode("sum"), sumOfSquares: try row.decode("squares"))
            }
        }
    }

    /// Ends the run with its verdict (JSON text); cells that are open are cancelled. Nothing if it has ended already. Errors:
    /// `unavailable`.
    package func conclude(_ id: RunID, verdict: [UInt8], reason: String) async throws(MetastoreError) {
        try await end(id, .conclude, reason: reason, verdict: verdict)
    }

    /// Ends a run that cannot go on. Errors: `unavailable`.
    package func fail(_ id: RunID, reason: String) async throws(MetastoreError) {
        try await end(id, .fail, reason: reason, verdict: nil)
    }

    private func end(_ id: RunID, _ command: RunState.Command, reason: String, verdict: [UInt8]?) async throws(MetastoreError) {
        try await translatingErrors { () throws(PostgresError) in
            try await pool.withTransaction { connection throws(PostgresError) in
                guard let run = try await Self.locked(id, on: connection), let state = run.state.after(command) else { return }
                try await Self.move(run, to: state, reason: reason, verdict: verdict, on: connection)
            }
        }
    }
}

extension LeasedCell: Hashable {
    package static func == (a: LeasedCell, b: LeasedCell) -> Bool { a.job.id == b.job.id && a.job.lease == b.job.lease }
    package func hash(into hasher: inout Hasher) { hasher.combine(job.id) }
}

extension EndedCell.Ending {
    fileprivate var result: EndedAttempt.Result {
        switch self {
        case .outcome(let outcome): outcome.result == .errored ? .failed : .succeeded
        case .retry(let seconds, _): .retry(afterSeconds: seconds)
        case .released: .released
        }
    }

    fileprivate var error: [UInt8]? {
        switch self {
        case .outcome(let outcome): outcome.error
        case .retry(_, let error): error
        case .released: nil
        }
    }
}

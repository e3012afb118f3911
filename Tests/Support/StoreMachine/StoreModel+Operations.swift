import SpanStore
import TraceModel

/// What retention by bytes, a full disk, a reapplication, a backup and a start make of what is there.
extension StoreModel {
    /// `projects`: those of which rows may have gone where nobody heard which.
    mutating func noteDrops(_ outcome: Outcome, within projects: Set<ProjectID>) {
        switch outcome {
        case .dropped(let gone, let perhaps):
            for (rows, isGone) in [(gone, true), (perhaps, false)] {
                for row in rows {
                    let key = RowKey(request: row.request, ordinal: row.ordinal)
                    change(key) { if isGone { $0.maximumCount = max(0, $0.maximumCount - row.count) } }
                    for key in [key] + replaced(by: key) {
                        change(key) {
                            $0.mustBeThere = false
                            $0.isTouched = true
                        }
                    }
                }
            }
        case .failed:
            for project in projects {
                changeRows(of: project) {
                    $0.mustBeThere = false
                    $0.isTouched = true
                }
            }
        // Before anybody said what was to go, nothing was done.
        case .done, .unheard, .appended, .deleted, .backedUp: break
        }
    }

    /// Versions of a span that may be nowhere else because this one counted more.
    private func replaced(by key: RowKey) -> [RowKey] {
        guard let known = sent[key.request], !known.request.isEvents, known.request.records.indices.contains(key.ordinal) else { return [] }
        let record = known.request.records[key.ordinal]
        let identity = Identity(project: known.request.project, trace: record.traceID, span: record.spanID)
        return (versions[identity] ?? []).filter {
            (sent[$0.request]?.request.records[$0.ordinal].endTimeUnixNano ?? 0) < record.endTimeUnixNano
        }
    }

    /// What a step said that it may take away, before it ended without a word.
    package mutating func noteIntent(_ outcome: Outcome) { noteDrops(outcome, within: []) }

    /// A start maps anew what it reads from the log, and keeps the costs.
    mutating func noteReplay() {
        for project in Workload.projects {
            changeRows(of: project) { row in
                if row.mayBeInLog { row.fields.formUnion(row.fields.map(\.replayed)) }
            }
        }
    }

    mutating func noteReapplication(_ subject: FieldRevision.Subject, _ project: ProjectID, _ prices: Int, _ outcome: Outcome) {
        if outcome == .done { noteSeal(project) }
        changeRows(of: project) { row in
            let after = Set(row.fields.flatMap { Self.revised($0, subject, prices) })
            if outcome == .done, !row.mayBeInLog { row.fields = after } else { row.fields.formUnion(after) }
        }
    }

    /// What a row's columns may be afterwards.
    private static func revised(_ state: FieldOracle.State, _ subject: FieldRevision.Subject, _ prices: Int) -> [FieldOracle.State] {
        switch subject {
        case .prices: [FieldOracle.State(state.mapping, prices: prices)]
        // A row that a replay mapped may lie in a segment that is of the older mapping all the same.
        case .mapping:
            [FieldOracle.State(.current, prices: prices)] + (state.mapping == .current ? [state] : [])
        }
    }

    mutating func noteBackup(_ numbers: [Int], _ outcome: Outcome, now: UInt64) throws {
        guard case .backedUp(let answers, let failure) = outcome else { return try noteAppend(numbers, .unheard, now: now) }
        if failure == nil { noteSeal(nil) }
        try noteAppend(numbers, .appended(answers), now: now)
    }

    /// What a backup holds that is taken now, while these requests come in.
    package func takenBeside(_ numbers: [Int], now: UInt64) throws -> StoreModel {
        var taken = self
        taken.beside = numbers
        taken.noteSeal(nil)
        try taken.note(Step(number: -1, action: .append(numbers, atOnce: true), nowUnixNano: now), .unheard)
        // A restored store replays nothing.
        for project in Workload.projects { taken.changeRows(of: project) { $0.mayBeInLog = false } }
        return taken
    }

    /// Of the requests that came in beside a backup each is there whole or not at all.
    func checkWhole(_ found: [FoundRow], of project: ProjectID) throws {
        let there = Set(found.compactMap(\.key))
        for number in beside where sent[number]?.request.project == project {
            guard let request = sent[number]?.request else { continue }
            // A span that has other versions may be hidden behind one of them.
            let counted = request.records.indices.filter { ordinal in
                let record = request.records[ordinal]
                let identity = Identity(project: project, trace: record.traceID, span: record.spanID)
                return request.isEvents || (versions[identity] ?? []).count == 1
            }
            let count = counted.count { there.contains(RowKey(request: number, ordinal: $0)) }
            guard count == 0 || count == counted.count else {
                throw Violation("of request \(number), which came in beside it, \(count) of \(counted.count) rows are there")
            }
        }
    }

    func checkFields(_ fields: SpanRecord.LLM, _ known: Sent, _ ordinal: Int) throws {
        let states = known.rows[ordinal].fields
        let expected = states.map { workload.oracle.fields(of: known.request, ordinal: ordinal, in: $0) }
        guard expected.contains(fields) else {
            throw Violation(
                "mapped columns of row \(ordinal) of request \(known.request.number) are\n  \(fields), where \(states) make\n  \(expected)")
        }
    }

    /// A request whose repetition the store must know as one: the last that was stored, if that is not long ago.
    func repeatedRequest(nowUnixNano now: UInt64) -> Int? {
        sent.values.filter { known in
            guard known.isStored, let first = known.firstAttemptUnixNano, now >= first else { return false }
            return max(now, latestClock) <= first + RecentRequest.windowNanoseconds && known.rows.contains { $0.mustBeThere }
        }.map(\.request.number).max()
    }
}

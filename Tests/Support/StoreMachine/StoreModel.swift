import SpanStore
import TraceModel

/// What a store must hold, may hold and must not hold, after what its callers heard. A plain value, told of every step.
///
/// Of each row of each request: whether it must be there, and how often it may be at most. What nobody heard of may be there or not; what
/// was deleted must not, whether or not anybody heard that it had been stored.
package struct StoreModel: Sendable {
    struct RowKey: Hashable {
        var request: Int
        var ordinal: Int
    }

    struct Row: Sendable {
        var mustBeThere = false
        var maximumCount = 0
        /// On which the copies may have been received.
        var days: ClosedRange<Int32>?
        /// Something may have taken it since it was stored last.
        var isTouched = false
        /// By what its mapped columns may have been worked out.
        var fields: Set<FieldOracle.State> = []
        /// Else it lies in segments alone.
        var mayBeInLog = true
    }

    struct Identity: Hashable {
        var project: ProjectID
        var trace: TraceID
        var span: SpanID
    }

    /// A request that was sent at least once.
    struct Sent: Sendable {
        var request: Workload.Request
        var rows: [Row]
        /// When it may first have been stored, of the copies within one window.
        var firstAttemptUnixNano: UInt64?
        /// Of its entry; nil where it is not known, or where its receipt may be gone.
        var lsn: UInt64?
        /// Entries of the log that somebody was told of.
        var entries: Set<UInt64> = []
        var isStored = false
    }

    package let workload: Workload
    var sent: [Int: Sent] = [:]
    /// Of a backup: requests that came in while it was taken.
    var beside: [Int] = []
    /// By span: the rows of all its versions.
    private(set) var versions: [Identity: [RowKey]] = [:]
    private(set) var latestClock: UInt64 = 0
    /// Faults by chance let reads fail now.
    private var readsMayFail = false
    /// Whether everything known as stored lies in segments, for all anybody can tell.
    private var isSealed: [ProjectID: Bool] = [:]
    /// Projects that were without a retention at some time: days of theirs may lie together with younger ones, and go with these.
    private var mayHaveDaysTogether: Set<ProjectID> = []

    package init(workload: Workload) { self.workload = workload }

    // MARK: Steps

    /// Throws a `Violation` where what was heard cannot be.
    package mutating func note(_ step: Step, _ outcome: Outcome) throws {
        latestClock = max(latestClock, step.nowUnixNano)
        switch step.action {
        case .append(let numbers, _): try noteAppend(numbers, outcome, now: step.nowUnixNano)
        case .seal(let project):
            guard outcome == .done else { return }
            noteSeal(project)
        case .delete(let selection, let project):
            try noteDeletion(selection, project, outcome, readsMayFail: readsMayFail || step.fault != nil)
        case .rates(let rates): readsMayFail = rates.read > 0
        case .sweep(let kept):
            noteDrops(outcome, within: Set(kept.filter { $0.byteCount != nil }.map(\.project)))
            noteSweep(Dictionary(uniqueKeysWithValues: kept.map { ($0.project, $0.days) }), outcome, now: step.nowUnixNano)
        case .look: noteDrops(outcome, within: Set(Workload.projects))
        case .reapply(let subject, let project, let prices): noteReapplication(subject, project, prices, outcome)
        case .backUp(let numbers): try noteBackup(numbers, outcome, now: step.nowUnixNano)
        case .end, .reopen, .flip:
            isSealed = [:]
            noteReplay()
        case .maintain: forgetOldReceipts(now: step.nowUnixNano)
        case .query, .check, .compact, .room, .restore: break
        }
        if outcome == .unheard { isSealed = [:] }
    }

    mutating func noteAppend(_ numbers: [Int], _ outcome: Outcome, now: UInt64) throws {
        var answers: [Int: AppendAnswer] = [:]
        if case .appended(let all) = outcome { for answer in all { answers[answer.request] = answer } }
        for number in numbers {
            begin(number)
            guard let answer = answers[number] else {
                attempt(number, days: day(now)...day(latestClock), now: now, isCertain: false)
                continue
            }
            if let stored = answer.stored {
                try acknowledge(number, stored, now: now)
            } else if !["busy", "limit", "closed", "invalid"].contains(answer.reason) {
                attempt(number, days: day(now)...day(latestClock), now: now, isCertain: false)
            }
        }
    }

    private mutating func begin(_ number: Int) {
        guard sent[number] == nil else { return }
        let request = workload.request(number)
        sent[number] = Sent(request: request, rows: request.records.map { _ in Row() })
        guard !request.isEvents else { return }
        for (ordinal, record) in request.records.enumerated() {
            versions[Identity(project: request.project, trace: record.traceID, span: record.spanID), default: []]
                .append(RowKey(request: number, ordinal: ordinal))
        }
    }

    private mutating func acknowledge(_ number: Int, _ stored: AppendAnswer.Stored, now: UInt64) throws {
        guard let known = sent[number] else { return }
        let window = RecentRequest.windowNanoseconds
        if stored.isDuplicate {
            guard known.firstAttemptUnixNano != nil else { throw Violation("request \(number) is called a repetition and was sent once") }
            for ordinal in known.rows.indices where !known.rows[ordinal].isTouched && known.rows[ordinal].maximumCount > 0 {
                sent[number]?.rows[ordinal].mustBeThere = true
            }
            sent[number]?.isStored = true
            sent[number]?.entries.insert(stored.lsn)
            return
        }
        if known.isStored, let first = known.firstAttemptUnixNano, latestClock <= first + window {
            throw Violation("request \(number) was stored within the last 15 minutes and is stored again")
        }
        let received = day(stored.receivedUnixNano)
        attempt(number, days: received...received, now: min(now, stored.receivedUnixNano), isCertain: true)
        sent[number]?.isStored = true
        sent[number]?.lsn = stored.lsn
        sent[number]?.entries.insert(stored.lsn)
        isSealed[known.request.project] = false
    }

    private mutating func attempt(_ number: Int, days: ClosedRange<Int32>, now: UInt64, isCertain: Bool) {
        guard let known = sent[number] else { return }
        let isSameWindow = known.firstAttemptUnixNano.map { latestClock <= $0 + RecentRequest.windowNanoseconds } ?? true
        for ordinal in known.rows.indices {
            var row = known.rows[ordinal]
            row.maximumCount = isSameWindow ? max(1, row.maximumCount) : row.maximumCount + 1
            // Copies that are gone play no part; one that may be there keeps its days.
            row.days = row.days.map { min($0.lowerBound, days.lowerBound)...max($0.upperBound, days.upperBound) } ?? days
            row.fields.insert(workload.sent)
            row.mayBeInLog = true
            if isCertain {
                row.mustBeThere = true
                row.isTouched = false
                if known.rows[ordinal].maximumCount == 0 {
                    row.days = days
                    row.fields = [workload.sent]
                }
            }
            sent[number]?.rows[ordinal] = row
        }
        if !isSameWindow || known.firstAttemptUnixNano == nil {
            sent[number]?.firstAttemptUnixNano = now
            // Of this window nothing is known as stored yet.
            sent[number]?.isStored = false
        }
    }

    private mutating func noteDeletion(
        _ selection: DeletionSelection, _ project: ProjectID, _ outcome: Outcome, readsMayFail: Bool
    ) throws {
        let reach = DeletionReach(selection, project, in: self)
        if case .deleted(let spans, let events) = outcome {
            try reach.check(spanCount: spans, eventCount: events, in: self, readsMayFail: readsMayFail)
        } else if case .failed = outcome {
            // What is refused for what it is has done nothing, but nobody needs that here.
        }
        let isCertain: Bool
        if case .deleted = outcome { isCertain = true } else { isCertain = false }
        for key in reach.certain {
            change(key) {
                $0.mustBeThere = false
                $0.isTouched = true
                if isCertain { $0.maximumCount = 0 }
            }
        }
        for key in reach.possible {
            change(key) {
                $0.mustBeThere = false
                $0.isTouched = true
            }
        }
        if selection == .project {
            for number in sent.keys where sent[number]?.request.project == project {
                sent[number]?.lsn = nil
                // What is sent again may be stored again.
                sent[number]?.isStored = false
            }
        }
        if isCertain { noteSeal(project) }
    }

    private mutating func noteSweep(_ days: [ProjectID: Int], _ outcome: Outcome, now: UInt64) {
        // Days of a project lie together up to a tenth of what is kept: of the few days that histories keep, none do.
        mayHaveDaysTogether.formUnion(Workload.projects.filter { days[$0].map { $0 <= 0 || $0 >= 10 } ?? true })
        let isDone =
            switch outcome {
            case .done, .dropped: true
            default: false
            }
        for (project, kept) in days where kept > 0 {
            let firstKept = day(now) - Int32(kept)
            for (number, known) in sent where known.request.project == project {
                sent[number]?.lsn = nil
                for ordinal in known.rows.indices {
                    guard let days = known.rows[ordinal].days, days.lowerBound < firstKept else { continue }
                    sent[number]?.rows[ordinal].mustBeThere = false
                    sent[number]?.rows[ordinal].isTouched = true
                    let isGone =
                        isDone && days.lowerBound == days.upperBound && isSealed[project] == true
                        && !mayHaveDaysTogether.contains(project)
                    if isGone { sent[number]?.rows[ordinal].maximumCount = 0 }
                }
            }
        }
    }

    /// `project`: nil for all.
    mutating func noteSeal(_ project: ProjectID?) {
        for other in Workload.projects where project == nil || other == project {
            isSealed[other] = true
            changeRows(of: other) { if $0.mustBeThere { $0.mayBeInLog = false } }
        }
    }

    /// Receipts go by age; a day earlier than they do, for those of which only the day is sure.
    private mutating func forgetOldReceipts(now: UInt64) {
        for (number, known) in sent where known.lsn != nil {
            let oldest = known.rows.compactMap(\.days?.lowerBound).min() ?? 0
            if oldest + Int32(ReceiptLimits().maximumAgeDays) <= day(now) + 1 { sent[number]?.lsn = nil }
        }
    }

    mutating func change(_ key: RowKey, _ body: (inout Row) -> Void) {
        guard var row = sent[key.request]?.rows[key.ordinal] else { return }
        body(&row)
        sent[key.request]?.rows[key.ordinal] = row
    }

    mutating func changeRows(of project: ProjectID, _ body: (inout Row) -> Void) {
        for (number, known) in sent where known.request.project == project {
            for ordinal in known.rows.indices { change(RowKey(request: number, ordinal: ordinal), body) }
        }
    }

    private func day(_ unixNano: UInt64) -> Int32 { CalendarDay.daysSince1970(unixNano: unixNano) }

    // MARK: What is there

    func row(_ key: RowKey) -> Row? {
        guard let known = sent[key.request], known.rows.indices.contains(key.ordinal) else { return nil }
        return known.rows[key.ordinal]
    }

    func rows(of project: ProjectID) -> [(key: RowKey, row: Row, record: SpanRecord, isEvent: Bool)] {
        sent.values.filter { $0.request.project == project }.sorted { $0.request.number < $1.request.number }.flatMap { known in
            known.rows.indices.map {
                (RowKey(request: known.request.number, ordinal: $0), known.rows[$0], known.request.records[$0], known.request.isEvents)
            }
        }
    }

    /// Compares what a store holds of a project.
    ///
    /// - Parameters:
    ///   - isDamaged: rows may be missing, and none may be wrong.
    ///   - lost: entries of the log whose rows may be missing all the same.
    func check(_ found: [FoundRow], of project: ProjectID, isDamaged: Bool, lost: ClosedRange<UInt64>? = nil) throws {
        var counts: [RowKey: Int] = [:]
        for row in found {
            guard let request = row.record.number(Workload.requestKey), let ordinal = row.record.number(Workload.ordinalKey),
                let known = sent[request], known.request.records.indices.contains(ordinal), known.request.project == project
            else { throw Violation("a row is there that nobody sent: \(row.record)") }
            guard known.request.isEvents == row.isEvent else { throw Violation("row \(ordinal) of request \(request) is of another kind") }
            let expected = known.request.records[ordinal].comparable, record = row.record.comparable
            guard record == expected else {
                throw Violation("row \(ordinal) of request \(request) is another:\n  is   \(record)\n  sent \(expected)")
            }
            try checkFields(row.record.llm, known, ordinal)
            counts[RowKey(request: request, ordinal: ordinal), default: 0] += 1
        }
        for (key, count) in counts {
            let maximum = self.row(key)?.maximumCount ?? 0
            guard count <= maximum else {
                throw Violation(
                    maximum == 0
                        ? "row \(key.ordinal) of request \(key.request) is back after it was deleted"
                        : "row \(key.ordinal) of request \(key.request) is there \(count) times, \(maximum) at most are expected")
            }
        }
        if isDamaged { return }
        for (key, row, record, isEvent) in rows(of: project) where row.mustBeThere && counts[key] == nil {
            if let lost, sent[key.request]?.entries.contains(where: { lost.contains($0) }) ?? false { continue }
            let identity = Identity(project: project, trace: record.traceID, span: record.spanID)
            // A version that counts more may have taken its place.
            let isReplaced =
                !isEvent
                && (versions[identity] ?? []).contains { other in
                    counts[other] != nil && other != key
                        && (sent[other.request]?.request.records[other.ordinal].endTimeUnixNano ?? 0) > record.endTimeUnixNano
                }
            if !isReplaced { throw Violation("row \(key.ordinal) of request \(key.request) is lost: \(row)") }
        }
    }

    /// Requests whose receipt must be there.
    func receipts(of project: ProjectID) -> [(request: Int, lsn: UInt64, rowCount: Int)] {
        sent.values.compactMap { known in
            guard known.request.project == project, let lsn = known.lsn else { return nil }
            return (known.request.number, lsn, known.request.records.count)
        }
    }
}

/// A row of the store that answers may show: a span, or an event record.
package struct FoundRow: Sendable {
    package var record: SpanRecord
    package var isEvent: Bool

    /// Nil of one that nobody sent.
    var key: StoreModel.RowKey? {
        guard let request = record.number(Workload.requestKey), let ordinal = record.number(Workload.ordinalKey) else { return nil }
        return StoreModel.RowKey(request: request, ordinal: ordinal)
    }
}

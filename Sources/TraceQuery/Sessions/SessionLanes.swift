import SpanStore
import TraceModel

/// Finds, for each trace with a matching span that carries a session id, the session its earliest such span names; or likewise for users.
final class SessionMembershipLane: ScanLane {
    private let subject: TraceSubject
    private var filter: FilterOperator
    private let budget: QueryBudget
    private(set) var traces = TraceIndex()
    /// A place in `sessions` for each trace.
    private(set) var sessionOfTrace: [UInt32] = []
    private var starts: [Int64] = []
    private(set) var sessions: [String] = []
    private var places: [String: UInt32] = [:]
    private(set) var counts = ScanCounts()

    init(_ subject: TraceSubject, _ filter: FilterOperator, _ budget: QueryBudget) {
        self.subject = subject
        self.filter = filter
        self.budget = budget
    }

    func process(_ unit: any ScanUnit, at index: Int) throws {
        try budget.check()
        let scan = UnitScan(unit, budget: budget)
        let rows = counts.add(try filter.select(scan), unit: index)
        if !rows.isEmpty { try add(scan, rows) }
        try scan.finish()
    }

    private func add(_ scan: UnitScan, _ rows: [Int32]) throws {
        let traceIDs = try scan.column(.traceID, rows: rows), startTimes = try scan.column(.startTime, rows: rows)
        let session = try scan.column(subject.column, rows: rows)
        guard case .traceIDs(let ids) = traceIDs.vector, case .int64(let times, _) = startTimes.vector,
            case .dictionary(let codes, let dictionary) = session.vector
        else { throw QueryError(.storage, "trace_id, start_time or the id is not a column of its type") }
        let before = (traces.count, sessions.count)
        var local = [UInt32](repeating: .max, count: dictionary.count)
        for index in rows.indices {
            let code = codes[Int(session.positions[index])]
            if code == TextDictionary.null { continue }
            var place = local[Int(code)]
            if place == .max {
                place = self.place(of: dictionary[code])
                local[Int(code)] = place
            }
            let trace = Int(traces.place(of: ids[Int(traceIDs.positions[index])]))
            let time = times[Int(startTimes.positions[index])]
            if trace == starts.count {
                starts.append(time)
                sessionOfTrace.append(place)
            } else if time < starts[trace] {
                starts[trace] = time
                sessionOfTrace[trace] = place
            }
        }
        try budget.use(byteCount: (traces.count - before.0) * 56 + (sessions.count - before.1) * 128)
    }

    private func place(of session: String) -> UInt32 {
        if let known = places[session] { return known }
        let place = UInt32(sessions.count)
        sessions.append(session)
        places[session] = place
        return place
    }
}

/// Adds up the spans of known traces, and names by session.
final class SessionFiguresLane: ScanLane {
    private let subject: TraceSubject
    private var traces: TraceIndex
    private let sessionOfTrace: [UInt32]
    private let budget: QueryBudget
    /// Of each trace, as what an agent repeats is a matter of its trace.
    private(set) var figures: [SpanFigures]
    private var ledger = CallLedger()
    /// Users of sessions, sessions of users.
    private(set) var counterparts: NameLists
    private(set) var models: NameLists

    init(_ subject: TraceSubject, _ traces: TraceIndex, _ sessionOfTrace: [UInt32], sessionCount: Int, _ budget: QueryBudget) {
        self.subject = subject
        self.traces = traces
        self.sessionOfTrace = sessionOfTrace
        self.budget = budget
        figures = Array(repeating: SpanFigures(), count: traces.count)
        counterparts = NameLists(groupCount: sessionCount)
        models = NameLists(groupCount: sessionCount)
    }

    func process(_ unit: any ScanUnit, at index: Int) throws {
        try budget.check()
        let scan = UnitScan(unit, budget: budget)
        let (rows, places) = try TraceFiguresLane.members(scan, &traces, isOpen: false)
        if !rows.isEmpty {
            let callCount = ledger.calls.count
            try SpanFigures.add(scan, rows: rows, groups: places, to: &figures, &ledger)
            try budget.use(byteCount: (ledger.calls.count - callCount) * CallLedger.byteCountPerCall)
            let groups = places.map { sessionOfTrace[Int($0)] }
            counterparts.add(try scan.field(subject.counterpart, rows: rows), groups: groups)
            models.add(try scan.field(.model, rows: rows), groups: groups)
        }
        try scan.finish()
    }

    /// Once, behind the last unit.
    func settle() {
        SpanFigures.settle(ledger, into: &figures)
        ledger = CallLedger()
    }
}

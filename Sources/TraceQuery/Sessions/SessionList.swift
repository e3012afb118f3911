import SpanStore
import TraceModel

/// `GET /api/v1/sessions` and `/sessions/{id}`, and the same of end users. A trace belongs to the session its earliest span with a session
/// id names; all its spans count, also those that carry none. A session is listed when one of its spans that carry the id matches
/// the filter and starts within the time range.
package struct SessionList: Sendable {
    private let threads: ScanThreads
    private let subject: TraceSubject

    package init(threads: ScanThreads, of subject: TraceSubject = .session) {
        self.threads = threads
        self.subject = subject
    }

    package func list<Field>(
        _ request: ListRequest<SessionSortField, Field>, in snapshot: any StoreSnapshot, limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> SessionListPage {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            let units = snapshot.units, costBefore = snapshot.cost
            let cursor = try request.cursor.map { text throws(QueryError) in
                try PageCursor(text, order: request.fingerprint, valueCount: 2)
            }
            var counts = ScanCounts()
            var wanted: Set<String>?
            if !request.isUnfiltered {
                let found = try await members(Filter.condition(subject.field, .isNull(false)), request, units, threads, budget)
                counts.merge(found.counts)
                wanted = Set(found.sessions)
            }
            let all = try await memberships(wanted, units, threads, budget)
            if request.isUnfiltered { counts.merge(all.counts) }
            let summaries = try await summaries(all, wanted, units, threads, budget)
            let order: [SessionEntry] = summaries.map { SessionEntry(value: request.value(of: $0), session: $0) }
            var heap = BoundedHeap<SessionEntry>(capacity: request.limit + 1) { $0.precedes($1, isDescending: request.isDescending) }
            for entry in order {
                if let cursor, !entry.follows(cursor, isDescending: request.isDescending) { continue }
                heap.insert(entry)
            }
            let sorted = heap.sorted()
            var page = SessionListPage(sessions: sorted.prefix(request.limit).map(\.session))
            if sorted.count > request.limit, let last = sorted.prefix(request.limit).last {
                page.nextCursor =
                    PageCursor(
                        order: request.fingerprint, values: [last.value, .string(last.session.id)],
                        traceID: TraceID(high: 0, low: 0),
                        spanID: .none
                    ).text
            }
            if request.explain {
                page.explanation = counts.explanation(
                    of: units, cost: snapshot.cost, since: costBefore, elapsedNanoseconds: budget.elapsedNanoseconds)
            }
            return page
        }
    }

    /// Nil when no span carries the id. `cursor` continues the traces: a session's in the order they began, a user's newest first.
    package func session(
        _ id: String, in snapshot: any StoreSnapshot, limit: Int = QueryLimits.defaultListRowCount, cursor: String? = nil,
        limits: QueryLimits = QueryLimits()
    ) async throws(QueryError) -> SessionDetail? {
        let threads = threads
        return try await QueryExecutor.run(limits) { budget in
            let units = snapshot.units
            let all = try await memberships([id], units, threads, budget)
            guard let summary = try await summaries(all, [id], units, threads, budget).first else { return nil }
            let start = try cursor.map { text throws(QueryError) in try PageCursor(text, order: subject.rawValue, valueCount: 1) }
            return try await threads.run {
                let ids = all.traces.ids.indices.filter { all.sessions[Int(all.sessionOfTrace[$0])] == id }.map { all.traces.ids[$0] }
                var heap = TraceListEntry.heap(limit: limit + 1, isDescending: subject.isNewestFirst)
                for (id, time) in zip(ids, try TraceRows.starts(of: ids, in: units, budget)) {
                    guard let time else { continue }
                    let entry = TraceListEntry(value: .int(time), traceID: id)
                    if let start, !TraceListEntry(start).precedes(entry, isDescending: subject.isNewestFirst) { continue }
                    heap.insert(entry)
                }
                let entries = heap.sorted()
                let page = entries.prefix(limit)
                var detail = SessionDetail(session: summary, traces: try TraceSummary.read(page.map(\.traceID), units, budget))
                if entries.count > limit, let last = page.last {
                    detail.nextCursor = PageCursor(order: subject.rawValue, values: [last.value], traceID: last.traceID, spanID: .none).text
                }
                return detail
            }
        }
    }

    // MARK: Which trace belongs to which session

    private struct Memberships: Sendable {
        var traces = TraceIndex()
        /// Of each trace of `traces`, a place in `sessions`.
        var sessionOfTrace: [UInt32] = []
        var sessions: [String] = []
        var counts = ScanCounts()
    }

    private func members(
        _ condition: Filter, _ request: ListRequest<SessionSortField, some RawRepresentable<String> & CaseIterable & Sendable>,
        _ units: [any ScanUnit], _ threads: ScanThreads, _ budget: QueryBudget
    ) async throws -> Memberships {
        let predicate = QueryRequest.predicate(.and([request.filter, condition]), from: request.from, to: request.to)
        return try await scan(predicate, units, threads, budget)
    }

    /// Traces by the session their earliest span with an id names; of spans of the wanted sessions only, if given, and then
    /// settled against every span of those traces.
    private func memberships(
        _ wanted: Set<String>?, _ units: [any ScanUnit], _ threads: ScanThreads, _ budget: QueryBudget
    ) async throws -> Memberships {
        guard let wanted, wanted.count <= QueryLimits.maximumTraceLookupCount else {
            return try await scan(Predicate(.condition(subject.field, .isNull(false))), units, threads, budget)
        }
        let literals = wanted.sorted().map(FilterLiteral.text)
        let found = try await scan(Predicate(.condition(subject.field, .among(literals))), units, threads, budget)
        guard !found.traces.ids.isEmpty else { return found }
        // An earlier span of such a trace may name another session.
        guard found.traces.count <= QueryLimits.maximumTraceLookupCount else {
            return try await scan(Predicate(.condition(subject.field, .isNull(false))), units, threads, budget)
        }
        let traces = Filter.condition(.traceID, .among(found.traces.ids.map(FilterLiteral.traceID)))
        return try await scan(Predicate(.and([traces, .condition(subject.field, .isNull(false))])), units, threads, budget)
    }

    private func scan(
        _ predicate: Predicate, _ units: [any ScanUnit], _ threads: ScanThreads, _ budget: QueryBudget
    ) async throws -> Memberships {
        let set = try await ParallelScan.run(units, order: Array(units.indices), on: threads, maximumLaneCount: 1) {
            SessionMembershipLane(subject, FilterOperator(predicate, budget), budget)
        }
        guard let lane = set.lanes.first else { return Memberships() }
        return Memberships(
            traces: lane.traces, sessionOfTrace: lane.sessionOfTrace, sessions: lane.sessions, counts: lane.counts)
    }

    private func summaries(
        _ all: Memberships, _ wanted: Set<String>?, _ units: [any ScanUnit], _ threads: ScanThreads, _ budget: QueryBudget
    ) async throws -> [SessionSummary] {
        let isWanted = all.sessions.map { wanted?.contains($0) ?? true }
        var traces = TraceIndex()
        var sessionOfTrace: [UInt32] = []
        for (id, session) in zip(all.traces.ids, all.sessionOfTrace) where isWanted[Int(session)] {
            _ = traces.place(of: id)
            sessionOfTrace.append(session)
        }
        let (index, sessions, count) = (traces, sessionOfTrace, all.sessions.count)
        try budget.use(byteCount: index.count * MemoryLayout<SpanFigures>.stride)
        let set = try await ParallelScan.run(units, order: Array(units.indices), on: threads, maximumLaneCount: 1) {
            SessionFiguresLane(subject, index, sessions, sessionCount: count, budget)
        }
        guard let lane = set.lanes.first else { return [] }
        lane.settle()
        var traceCounts = [Int](repeating: 0, count: count)
        var sums = [SpanFigures](repeating: SpanFigures(), count: count)
        for (trace, session) in sessionOfTrace.enumerated() {
            traceCounts[Int(session)] += 1
            sums[Int(session)].add(trace: lane.figures[trace])
        }
        return all.sessions.indices.compactMap { place in
            let figures = sums[place]
            guard figures.spanCount > 0 else { return nil }
            return SessionSummary(
                id: all.sessions[place], firstTimeUnixNano: figures.start, lastTimeUnixNano: figures.end,
                traceCount: traceCounts[place], spanCount: figures.spanCount, errorCount: figures.errorCount,
                inputTokens: figures.inputTokens, outputTokens: figures.outputTokens, totalTokens: figures.totalTokens,
                cost: figures.cost, counterparts: lane.counterparts.names[place].sorted(), models: lane.models.names[place].sorted())
        }
    }
}

/// A session on its way into a list.
private struct SessionEntry {
    var value: QueryValue
    var session: SessionSummary

    func precedes(_ other: SessionEntry, isDescending: Bool) -> Bool {
        let result = RowOrder.compare(value, other.value, isDescending: isDescending)
        return result != 0 ? result < 0 : QueryValue.string(session.id).compare(.string(other.session.id)) < 0
    }

    func follows(_ cursor: PageCursor, isDescending: Bool) -> Bool {
        let result = RowOrder.compare(cursor.values[0], value, isDescending: isDescending)
        return result != 0 ? result < 0 : cursor.values[1].compare(.string(session.id)) < 0
    }
}

extension ListRequest where SortField == SessionSortField {
    func value(of session: SessionSummary) -> QueryValue {
        switch sort {
        case .lastTime: .int(session.lastTimeUnixNano)
        case .firstTime: .int(session.firstTimeUnixNano)
        case .traceCount: .int(Int64(session.traceCount))
        case .spanCount: .int(Int64(session.spanCount))
        case .errorCount: .int(Int64(session.errorCount))
        case .totalTokens: QueryValue(session.totalTokens)
        case .cost: QueryValue(session.cost)
        }
    }
}

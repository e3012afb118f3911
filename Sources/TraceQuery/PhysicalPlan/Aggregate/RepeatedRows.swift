/// The rows of a unit that report a call of a model which another of its rows reports too (`RepeatedCalls`): what sums of tokens and costs
/// leave out where they have the other one. Found once for a unit, whatever a query filters.
///
/// Spans of one call come together, so they lie in one unit but for the few that a seal or the end of a row group parts.

import GenAIConventions
import SpanStore
import Synchronization
import TraceModel

struct RepeatedRows: Sendable {
    /// A row, and the one that counts in its place.
    struct Pair: Sendable, Equatable {
        var row: Int32
        var counting: Int32
    }

    /// Which calls are looked at: a figure is of the span that counts among those that report it.
    enum Figure: Int, CaseIterable {
        case tokens, cost, reportedCost

        /// Nil for fields that do not say what a call used.
        init?(_ field: SpanField) {
            switch field {
            case .inputTokens, .outputTokens, .totalTokens, .cacheReadTokens, .cacheWriteTokens, .reasoningTokens, .inputUncachedTokens,
                .outputVisibleTokens:
                self = .tokens
            case .cost: self = .cost
            case .reportedCost: self = .reportedCost
            default: return nil
            }
        }
    }

    /// By figure, ascending by row.
    private var pairs: [[Pair]] = Figure.allCases.map { _ in [] }

    var count: Int { pairs.reduce(0) { $0 + $1.count } }

    /// Places in `rows` (ascending) of those that count for a sum of the figure; nil where all do.
    func counted(_ figure: Figure, among rows: [Int32]) -> [Int]? {
        var removed: [Int] = []
        for pair in pairs[figure.rawValue] {
            guard let place = Self.place(of: pair.row, in: rows), Self.place(of: pair.counting, in: rows) != nil else { continue }
            removed.append(place)
        }
        guard !removed.isEmpty else { return nil }
        var kept: [Int] = [], next = 0
        kept.reserveCapacity(rows.count - removed.count)
        for place in rows.indices {
            if next < removed.count, removed[next] == place { next += 1 } else { kept.append(place) }
        }
        return kept
    }

    private static func place(of row: Int32, in rows: [Int32]) -> Int? {
        var low = 0, high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle] < row { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low] == row ? low : nil
    }

    // MARK: Finding

    static func find(_ scan: UnitScan) throws -> RepeatedRows {
        var found = RepeatedRows()
        let rows = try calls(scan)
        guard rows.count > 1 else { return found }
        let candidates = try candidates(scan, rows)
        guard !candidates.rows.isEmpty else { return found }
        var calls = candidates.calls
        for (index, hash) in try CallLedger.responseHashes(scan, candidates.rows).enumerated() { calls[index].responseHash = hash }
        for figure in Figure.allCases {
            let reports = try reports(figure, scan, candidates.rows)
            let places = calls.indices.filter { reports[$0] }
            for (place, counting) in zip(places, RepeatedCalls.counting(places.map { calls[$0] })) {
                guard let counting else { continue }
                found.pairs[figure.rawValue].append(Pair(row: candidates.rows[place], counting: candidates.rows[places[counting]]))
            }
        }
        return found
    }

    /// Rows of spans that call a model.
    private static func calls(_ scan: UnitScan) throws -> [Int32] {
        let kinds = LLMKind.allCases.filter(RepeatedCalls.isCall).map(\.name)
        guard try kinds.contains(where: { try scan.unit.mayContain($0, in: .kind) }) else { return [] }
        let rows = try scan.visibleRows(), kind = try scan.column(.kind, rows: rows)
        guard case .dictionary(let codes, let dictionary) = kind.vector else { return [] }
        let isCall = (0..<dictionary.count).map { kinds.contains(dictionary[UInt32($0)]) }
        return rows.indices.lazy.filter { index in
            let code = codes[Int(kind.positions[index])]
            return code != TextDictionary.null && isCall[Int(code)]
        }.map { rows[$0] }
    }

    /// Calls of traces in which one call lies within another or below it: of others none can repeat one, and their attributes are not read.
    private static func candidates(_ scan: UnitScan, _ rows: [Int32]) throws -> (rows: [Int32], calls: [ModelCall]) {
        let traces = try scan.column(.traceID, rows: rows), ids = try scan.column(.spanID, rows: rows)
        let parents = try scan.column(.parentSpanID, rows: rows), kind = try scan.column(.kind, rows: rows)
        let start = try scan.column(.startTime, rows: rows), duration = try scan.column(.duration, rows: rows)
        guard case .traceIDs(let traceIDs) = traces.vector, case .spanIDs(let spanIDs) = ids.vector,
            case .spanIDs(let parentIDs) = parents.vector, case .dictionary(let codes, let dictionary) = kind.vector,
            case .int64(let starts, _) = start.vector, case .int64(let durations, _) = duration.vector
        else { throw QueryError(.storage, "the ids, kinds or times of spans are not columns of their type") }
        let kinds = (0..<dictionary.count).map { LLMKind(name: dictionary[UInt32($0)]) ?? .span }
        var groups: [TraceID: UInt64] = [:]
        let calls = rows.indices.map { index in
            let trace = traceIDs[Int(traces.positions[index])], time = starts[Int(start.positions[index])]
            let group = groups[trace] ?? UInt64(groups.count)
            groups[trace] = group
            let code = codes[Int(kind.positions[index])]
            return ModelCall(
                group: group, kind: code == TextDictionary.null ? .span : kinds[Int(code)], spanID: spanIDs[Int(ids.positions[index])],
                parentSpanID: parentIDs[Int(parents.positions[index])], responseHash: 0, startTimeUnixNano: UInt64(bitPattern: time),
                endTimeUnixNano: UInt64(bitPattern: time &+ durations[Int(duration.positions[index])]))
        }
        let isCandidate = mayRepeat(calls, groupCount: groups.count)
        let places = calls.indices.filter { isCandidate[Int(calls[$0].group)] }
        return (places.map { rows[$0] }, places.map { calls[$0] })
    }

    /// Of each trace, whether a call lies within another one's time or names another one as its parent.
    private static func mayRepeat(_ calls: [ModelCall], groupCount: Int) -> [Bool] {
        struct Place: Hashable {
            var group: UInt64
            var spanID: SpanID
        }
        var flags = [Bool](repeating: false, count: groupCount), counts = [Int](repeating: 0, count: groupCount)
        for call in calls { counts[Int(call.group)] += 1 }
        let several = calls.filter { counts[Int($0.group)] > 1 }
        let ids = Set(several.map { Place(group: $0.group, spanID: $0.spanID) })
        var latestEnds: [UInt64?] = Array(repeating: nil, count: groupCount)
        let ordered = several.sorted { a, b in
            a.startTimeUnixNano != b.startTimeUnixNano ? a.startTimeUnixNano < b.startTimeUnixNano : a.endTimeUnixNano > b.endTimeUnixNano
        }
        for call in ordered {
            let group = Int(call.group)
            if let end = latestEnds[group], call.endTimeUnixNano <= end { flags[group] = true }
            latestEnds[group] = max(latestEnds[group] ?? 0, call.endTimeUnixNano)
            if !call.parentSpanID.isZero, ids.contains(Place(group: call.group, spanID: call.parentSpanID)) { flags[group] = true }
        }
        return flags
    }

    private static func reports(_ figure: Figure, _ scan: UnitScan, _ rows: [Int32]) throws -> [Bool] {
        let columns: [ScanColumn] =
            switch figure {
            case .tokens: [.inputTokens, .outputTokens, .cost]
            case .cost: [.cost]
            case .reportedCost: [.reportedCost]
            }
        var flags = [Bool](repeating: false, count: rows.count)
        for column in columns {
            let loaded = try scan.column(column, rows: rows)
            // The kept indices of 0, 1, 2... are the places of the rows with a value.
            for index in LeafEvaluation.keepValid(loaded, SortedRows.identity(rows.count)) { flags[Int(index)] = true }
        }
        return flags
    }
}

/// What was found of units, for the next query. A unit with other rows or masks is looked at anew.
final class RepeatedRowsCache: Sendable {
    private struct Entry {
        var rowCount: Int
        var maskedCount: Int
        var found: RepeatedRows
    }

    private let entries = Mutex<(found: [ScanUnitIdentity: Entry], pairCount: Int)>(([:], 0))

    func repeatedRows(of unit: any ScanUnit, _ budget: QueryBudget) throws -> RepeatedRows {
        let rowCount = unit.rowCount, maskedCount = try unit.maskedRows.count
        let known = entries.withLock { entries -> RepeatedRows? in
            guard let entry = entries.found[unit.identity], entry.rowCount == rowCount, entry.maskedCount == maskedCount else { return nil }
            return entry.found
        }
        if let known { return known }
        let scan = UnitScan(unit, budget: budget)
        let found = try RepeatedRows.find(scan)
        try scan.finish()
        entries.withLock { entries in
            // Units come and go with seals and compaction; what is asked for again is found again.
            if entries.found.count >= QueryLimits.maximumRepeatedRowsUnitCount
                || entries.pairCount + found.count > QueryLimits.maximumRepeatedRowsPairCount
            {
                entries = ([:], 0)
            }
            entries.pairCount += found.count - (entries.found[unit.identity]?.found.count ?? 0)
            entries.found[unit.identity] = Entry(rowCount: rowCount, maskedCount: maskedCount, found: found)
        }
        return found
    }
}

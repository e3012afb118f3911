import GenAIConventions
import SpanStore
import TraceModel

/// The figures lists show of a set of spans: a trace, or a session.
struct SpanFigures: Sendable {
    var spanCount = 0
    var errorCount = 0
    var start = Int64.max
    var end = Int64.min
    private var usage = Usage()
    /// Of agents and chains. They repeat what the calls below them used, so it counts only where nothing else does.
    private var containerUsage = Usage()

    private struct Usage {
        var inputTokens: Int64?
        var outputTokens: Int64?
        var cost: Double?
    }

    var inputTokens: Int64? { usage.inputTokens ?? containerUsage.inputTokens }
    var outputTokens: Int64? { usage.outputTokens ?? containerUsage.outputTokens }
    var cost: Double? { usage.cost ?? containerUsage.cost }

    var totalTokens: Int64? {
        switch (inputTokens, outputTokens) {
        case (nil, nil): nil
        case (let input, let output): (input ?? 0) &+ (output ?? 0)
        }
    }

    var duration: Int64 { spanCount == 0 ? 0 : end &- start }

    /// Adds rows to the figures of their groups. Usage goes to the ledger: `settle` adds it, once all rows are there.
    static func add(
        _ scan: UnitScan, rows: [Int32], groups: [UInt32], to figures: inout [SpanFigures], _ ledger: inout CallLedger
    ) throws {
        let start = try scan.column(.startTime, rows: rows), duration = try scan.column(.duration, rows: rows)
        let status = try scan.column(.statusCode, rows: rows)
        guard case .int64(let starts, _) = start.vector, case .int64(let durations, _) = duration.vector,
            case .int64(let statuses, _) = status.vector
        else { throw QueryError(.storage, "start_time, duration or status is not a column of integers") }
        for index in rows.indices {
            let time = starts[Int(start.positions[index])]
            let group = Int(groups[index])
            figures[group].spanCount += 1
            figures[group].errorCount += statuses[Int(status.positions[index])] == EnumerationNames.statusError ? 1 : 0
            figures[group].start = min(figures[group].start, time)
            figures[group].end = max(figures[group].end, time &+ durations[Int(duration.positions[index])])
        }
        var usages: [Int: SpanUsage] = [:]
        try forEachInteger(.inputTokens, scan, rows) { index, tokens in usages[index] = SpanUsage(inputTokens: tokens) }
        try forEachInteger(.outputTokens, scan, rows) { index, tokens in
            usages[index, default: SpanUsage()].add(SpanUsage(outputTokens: tokens))
        }
        let costs = try SpanCosts(scan, rows)
        for (index, cost) in costs.dollars.enumerated() {
            if let cost { usages[index, default: SpanUsage()].add(SpanUsage(cost: cost)) }
        }
        guard !usages.isEmpty || !isWithoutCalls(scan.unit) else { return }
        let kinds = try kinds(scan, rows)
        // A call that reports nothing may lie between two spans that report one.
        for index in rows.indices where RepeatedCalls.isCall(kinds[index]) && usages[index] == nil { usages[index] = SpanUsage() }
        guard !usages.isEmpty else { return }
        ledger.beginUnit()
        try add(usages, costs, kinds, scan, rows, groups, to: &ledger)
    }

    private static func add(
        _ usages: [Int: SpanUsage], _ costs: SpanCosts, _ kinds: [LLMKind], _ scan: UnitScan, _ rows: [Int32], _ groups: [UInt32],
        to ledger: inout CallLedger
    ) throws {
        let indices = usages.keys.sorted()
        let used = indices.map { rows[$0] }
        let hashes = try CallLedger.responseHashes(scan, used)
        let ids = try scan.column(.spanID, rows: used), parents = try scan.column(.parentSpanID, rows: used)
        let start = try scan.column(.startTime, rows: used), duration = try scan.column(.duration, rows: used)
        guard case .spanIDs(let spanIDs) = ids.vector, case .spanIDs(let parentIDs) = parents.vector,
            case .int64(let starts, _) = start.vector, case .int64(let durations, _) = duration.vector
        else { throw QueryError(.storage, "the ids or times of spans are not columns of their type") }
        for (place, index) in indices.enumerated() {
            let time = starts[Int(start.positions[place])]
            ledger.add(
                ModelCall(
                    group: UInt64(groups[index]), kind: kinds[index], spanID: spanIDs[Int(ids.positions[place])],
                    parentSpanID: parentIDs[Int(parents.positions[place])], responseHash: hashes[place],
                    startTimeUnixNano: UInt64(bitPattern: time),
                    endTimeUnixNano: UInt64(bitPattern: time &+ durations[Int(duration.positions[place])]),
                    isBilled: costs.isBilled[index]),
                usages[index] ?? SpanUsage())
        }
    }

    /// Adds the usage of spans, each once.
    static func settle(_ ledger: CallLedger, into figures: inout [SpanFigures]) {
        for (call, usage) in zip(ledger.calls, ledger.counted()) {
            let group = Int(call.group), isContainer = call.kind.isContainer
            if let tokens = usage.inputTokens { figures[group].add(inputTokens: tokens, isContainer: isContainer) }
            if let tokens = usage.outputTokens { figures[group].add(outputTokens: tokens, isContainer: isContainer) }
            if let dollars = usage.cost { figures[group].add(cost: dollars, isContainer: isContainer) }
        }
    }

    /// Adds what a trace came to: what its agents alone report counts beside what the calls of other traces do.
    mutating func add(trace: SpanFigures) {
        guard trace.spanCount > 0 else { return }
        spanCount += trace.spanCount
        errorCount += trace.errorCount
        start = min(start, trace.start)
        end = max(end, trace.end)
        if let tokens = trace.inputTokens { add(inputTokens: tokens, isContainer: false) }
        if let tokens = trace.outputTokens { add(outputTokens: tokens, isContainer: false) }
        if let dollars = trace.cost { add(cost: dollars, isContainer: false) }
    }

    private mutating func add(inputTokens tokens: Int64, isContainer: Bool) {
        if isContainer {
            containerUsage.inputTokens = (containerUsage.inputTokens ?? 0) &+ tokens
        } else {
            usage.inputTokens = (usage.inputTokens ?? 0) &+ tokens
        }
    }

    private mutating func add(outputTokens tokens: Int64, isContainer: Bool) {
        if isContainer {
            containerUsage.outputTokens = (containerUsage.outputTokens ?? 0) &+ tokens
        } else {
            usage.outputTokens = (usage.outputTokens ?? 0) &+ tokens
        }
    }

    private mutating func add(cost: Double, isContainer: Bool) {
        if isContainer {
            containerUsage.cost = (containerUsage.cost ?? 0) + cost
        } else {
            usage.cost = (usage.cost ?? 0) + cost
        }
    }

    @inline(__always)
    private static func forEachInteger(_ column: ScanColumn, _ scan: UnitScan, _ rows: [Int32], _ body: (Int, Int64) -> Void) throws {
        if let zone = scan.unit.zone(of: column), zone.nullCount == scan.unit.rowCount { return }
        let loaded = try scan.column(column, rows: rows)
        guard case .int64(let values, let validity) = loaded.vector else { return }
        for index in rows.indices where validity.isValid(Int(loaded.positions[index])) { body(index, values[Int(loaded.positions[index])]) }
    }

    /// Whether the unit is known to have spans of one kind only, which is none of calls.
    private static func isWithoutCalls(_ unit: any ScanUnit) -> Bool {
        guard let zone = unit.zone(of: .kind), case .text(let first)? = zone.minimum, zone.minimum == zone.maximum else { return false }
        return LLMKind(name: String(decoding: first, as: UTF8.self)).map { !RepeatedCalls.isCall($0) } ?? false
    }

    private static func kinds(_ scan: UnitScan, _ rows: [Int32]) throws -> [LLMKind] {
        let kind = try scan.column(.kind, rows: rows)
        guard case .dictionary(let codes, let dictionary) = kind.vector else { return Array(repeating: .span, count: rows.count) }
        let known = (0..<dictionary.count).map { LLMKind(name: dictionary[UInt32($0)]) ?? .span }
        return kind.positions.map { codes[Int($0)] == TextDictionary.null ? .span : known[Int(codes[Int($0)])] }
    }
}

/// The distinct names (models, users) of groups, the first few of each.
struct NameLists: Sendable {
    private(set) var names: [[String]]

    init(groupCount: Int) { names = Array(repeating: [], count: groupCount) }

    mutating func add(_ column: FieldColumn, groups: [UInt32]) {
        guard case .dictionary(let codes, let dictionary) = column.vector else { return }
        var texts = [String?](repeating: nil, count: dictionary.count)
        for index in groups.indices {
            let code = codes[Int(column.positions[index])]
            let group = Int(groups[index])
            if code == TextDictionary.null || names[group].count >= QueryLimits.maximumNamesPerListRow { continue }
            let text: String
            if let known = texts[Int(code)] {
                text = known
            } else {
                text = dictionary[code]
                texts[Int(code)] = text
            }
            if !names[group].contains(text) { names[group].append(text) }
        }
    }
}

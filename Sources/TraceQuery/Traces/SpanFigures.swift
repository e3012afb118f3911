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

    private static let containerKinds = ValueTest.among(LiteralSet([.text(LLMKind.agent.name), .text(LLMKind.chain.name)]))

    /// Adds rows to the figures of their groups.
    static func add(_ scan: UnitScan, rows: [Int32], groups: [UInt32], to figures: inout [SpanFigures]) throws {
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
        let isContainer = try containers(scan, rows)
        try forEachInteger(.inputTokens, scan, rows) { index, tokens in
            figures[Int(groups[index])].add(inputTokens: tokens, isContainer: isContainer[index])
        }
        try forEachInteger(.outputTokens, scan, rows) { index, tokens in
            figures[Int(groups[index])].add(outputTokens: tokens, isContainer: isContainer[index])
        }
        let cost = try scan.column(.cost, rows: rows)
        guard case .double(let costs, let validity) = cost.vector else { return }
        for index in rows.indices where validity.isValid(Int(cost.positions[index])) {
            figures[Int(groups[index])].add(cost: costs[Int(cost.positions[index])], isContainer: isContainer[index])
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

    private static func containers(_ scan: UnitScan, _ rows: [Int32]) throws -> [Bool] {
        let kind = try scan.column(.kind, rows: rows)
        guard case .dictionary(let codes, let dictionary) = kind.vector else { return Array(repeating: false, count: rows.count) }
        var matcher = TextMatcher(containerKinds)
        var isContainer: [Bool] = []
        dictionary.forEach { _, text in isContainer.append(matcher.matches(text)) }
        return kind.positions.map { codes[Int($0)] != TextDictionary.null && isContainer[Int(codes[Int($0)])] }
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

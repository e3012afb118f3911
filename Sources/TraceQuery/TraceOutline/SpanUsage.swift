/// Tokens and cost of spans, and how they add up along a trace's time.

import GenAIConventions
import TraceModel

/// What a span, or several together, used; nil where nobody says. A trace keeps two for each span, so absence is a value no count has.
package struct SpanUsage: Sendable, Equatable {
    private var input = Int64.min
    private var output = Int64.min
    private var amount = Double.nan

    package init(inputTokens: Int64? = nil, outputTokens: Int64? = nil, cost: Double? = nil) {
        input = inputTokens ?? .min
        output = outputTokens ?? .min
        amount = cost ?? .nan
    }

    package var inputTokens: Int64? { input == .min ? nil : input }
    package var outputTokens: Int64? { output == .min ? nil : output }
    /// US dollars.
    package var cost: Double? { amount.isNaN ? nil : amount }
    package var isEmpty: Bool { inputTokens == nil && outputTokens == nil && cost == nil }

    package static func == (a: SpanUsage, b: SpanUsage) -> Bool { a.input == b.input && a.output == b.output && a.cost == b.cost }

    package var totalTokens: Int64? {
        switch (inputTokens, outputTokens) {
        case (nil, nil): nil
        case (let input, let output): (input ?? 0) &+ (output ?? 0)
        }
    }

    mutating func add(_ other: SpanUsage) {
        if let tokens = other.inputTokens { input = (inputTokens ?? 0) &+ tokens }
        if let tokens = other.outputTokens { output = (outputTokens ?? 0) &+ tokens }
        if let cost = other.cost { amount = (self.cost ?? 0) + cost }
    }
}

/// What a trace had used up to a time after its start.
package struct UsagePoint: Sendable, Equatable {
    package var offsetNano: Int64
    package var usage: SpanUsage
}

/// Adds the usage of spans up in the order they ended. A call that two spans report counts once (`CallLedger`). Agents and chains
/// repeat what the calls below them used, so each of their figures counts only in a trace where nothing else reports it (as in
/// `SpanFigures`).
struct UsageAccumulation {
    private(set) var total = SpanUsage()
    private(set) var points: [UsagePoint] = []

    init(_ rows: inout [TraceOutline.Row], start: Int64, end: Int64) {
        let counted = Self.countedUsage(of: rows)
        guard counted.contains(where: { !$0.isEmpty }) else { return }
        let byEnd = rows.indices.sorted { a, b in
            let first = rows[a].span.endTimeUnixNano, second = rows[b].span.endTimeUnixNano
            return first != second ? first < second : a < b
        }
        let count = QueryLimits.usagePointCount
        let step = max(1, Double(end &- start) / Double(count))
        var next = 1
        for index in byEnd {
            let offset = Double(rows[index].span.endTimeUnixNano &- start)
            while next < count, offset > Double(next) * step {
                points.append(UsagePoint(offsetNano: Int64(Double(next) * step), usage: total))
                next += 1
            }
            total.add(counted[index])
            rows[index].accumulated = total
        }
        points.append(UsagePoint(offsetNano: end &- start, usage: total))
    }

    private static func countedUsage(of rows: [TraceOutline.Row]) -> [SpanUsage] {
        func isContainer(_ row: TraceOutline.Row) -> Bool { row.span.kind == .agent || row.span.kind == .chain }
        var usages = rows.map(\.span.usage)
        var ledger = CallLedger(), places: [Int] = []
        for (index, row) in rows.enumerated() where RepeatedCalls.isCall(row.span.kind) && !usages[index].isEmpty {
            ledger.add(ModelCall(row.span, group: 0), usages[index])
            places.append(index)
        }
        for (place, usage) in zip(places, ledger.counted()) { usages[place] = usage }
        var reported = SpanUsage()
        for (index, row) in rows.enumerated() where !isContainer(row) { reported.add(usages[index]) }
        return rows.indices.map { index in
            let usage = usages[index]
            guard isContainer(rows[index]) else { return usage }
            return SpanUsage(
                inputTokens: reported.inputTokens == nil ? usage.inputTokens : nil,
                outputTokens: reported.outputTokens == nil ? usage.outputTokens : nil, cost: reported.cost == nil ? usage.cost : nil)
        }
    }
}

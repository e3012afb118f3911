import SpanStore
import TraceModel

/// What a filter made of a unit.
struct FilterOutcome: Sendable {
    /// Ascending.
    var rows: [Int32] = []
    /// Rows that were looked at: of the traces asked for, or all that are visible.
    var scannedRowCount = 0
    /// Set when the unit was left out.
    var skipped: PruningReason?
}

/// Filters the rows of units: for each the cheapest and most selective part first, columns read only for rows still in.
/// One per thread, because matchers fill tables.
struct FilterOperator {
    private indirect enum Node {
        case constant(Bool)
        case and([Node])
        case or([Node])
        case leaf(BoundLeaf)
        /// One of several tests of long texts must hold: they are read once for all of them.
        case anyText([BoundLeaf])
    }

    private struct BoundLeaf {
        var leaf: Predicate.Leaf
        /// The matcher at this index belongs to it.
        var matcher: Int
    }

    private var matchers: [TextMatcher] = []
    /// All must hold; in the order of evaluation.
    private var steps: [Node] = []
    /// Asked now and then while long texts of a unit are read; false: nobody wants its rows any more.
    private var isWanted: () -> Bool = { true }
    /// Steps before this index read narrow columns only.
    private var cheapStepCount = 0
    /// Trace ids a row must be of, when the filter names few: found by index instead of a scan.
    private let traceIDs: [TraceID]?
    private let findsEvents: Bool

    /// - Parameter findsEvents: whether event records are looked at like spans, if the filter is after texts that may stand in them: for
    ///   those who ask for traces and not for spans.
    init(_ predicate: Predicate, _ budget: QueryBudget, findsEvents: Bool = false) {
        self.findsEvents = findsEvents && predicate.looksForTexts
        let ordered = Self.ordered(predicate.conjuncts)
        traceIDs = Self.requiredTraceIDs(ordered)
        steps = []
        for part in ordered {
            steps.append(Self.bind(part, &matchers, budget))
            if Self.cost(part) < Self.costlyThreshold { cheapStepCount = steps.count }
        }
    }

    /// Whether long texts, or others that take their time, are read for rows that nothing cheaper turns away.
    var isCostly: Bool { cheapStepCount < steps.count }

    /// The visible rows of a unit for which the filter holds, or why the unit was left out: judged from zones, dictionaries and
    /// bloom filters before any row is read. `beginning` may know the only visible rows that are of interest; `narrowing` may drop rows
    /// before costly columns are read; `isWanted` may end the reading.
    mutating func select(
        _ scan: UnitScan, beginning: () throws -> [Int32]? = { nil }, narrowing: (([Int32]) throws -> [Int32])? = nil,
        while isWanted: @escaping () -> Bool = { true }
    ) throws -> FilterOutcome {
        self.isWanted = isWanted
        defer { self.isWanted = { true } }
        do { return try selectWanted(scan, beginning, narrowing) } catch is Unwanted { return FilterOutcome(skipped: .order) }
    }

    /// Thrown by the reading of texts that nobody wants any more.
    private struct Unwanted: Error {}

    private mutating func selectWanted(
        _ scan: UnitScan, _ beginning: () throws -> [Int32]?, _ narrowing: (([Int32]) throws -> [Int32])?
    ) throws -> FilterOutcome {
        var outcome = FilterOutcome()
        var verdicts: [UnitVerdict] = []
        for step in steps {
            let (verdict, reason) = try verdict(of: step, scan.unit)
            if verdict == .none {
                outcome.skipped = reason
                return outcome
            }
            verdicts.append(verdict)
        }
        if traceIDs == nil, !findsEvents, let rows = try beginning() {
            outcome.rows = rows
            outcome.scannedRowCount = scan.unit.rowCount - (try scan.unit.maskedRows.count)
        } else {
            outcome.rows = try startingRows(scan)
            outcome.scannedRowCount = outcome.rows.count
        }
        for index in steps.indices {
            if index == cheapStepCount, let narrowing, !outcome.rows.isEmpty { outcome.rows = try narrowing(outcome.rows) }
            if verdicts[index] == .all || outcome.rows.isEmpty { continue }
            outcome.rows = try select(steps[index], scan, outcome.rows, isJudged: true)
            try scan.budget.check()
        }
        return outcome
    }

    /// Which of some rows (ascending, visible) the filter holds for.
    mutating func select(_ rows: [Int32], in scan: UnitScan) throws -> [Int32] {
        var rows = rows
        for step in steps where !rows.isEmpty {
            rows = try select(step, scan, rows)
            try scan.budget.check()
        }
        return rows
    }

    private func startingRows(_ scan: UnitScan) throws -> [Int32] {
        let events = findsEvents ? try scan.unit.eventRows : []
        guard let traceIDs else {
            let visible = try scan.visibleRows()
            return events.isEmpty ? visible : SortedRows.union(visible, events)
        }
        var rows: [Int32] = []
        for id in traceIDs where try scan.unit.mayContain(trace: id) {
            rows = SortedRows.union(rows, try scan.unit.rows(ofTrace: id))
        }
        let visible = try scan.withoutMasked(rows)
        return events.isEmpty
            ? visible : SortedRows.union(visible, SortedRows.subtract(SortedRows.subtract(events, from: rows), from: rows))
    }

    /// `isJudged`: the unit's verdict on the node itself is known to be `some`.
    private mutating func select(_ node: Node, _ scan: UnitScan, _ rows: [Int32], isJudged: Bool = false) throws -> [Int32] {
        if rows.isEmpty { return [] }
        switch node {
        case .constant(let value): return value ? rows : []
        case .and(let parts):
            var remaining = rows
            for part in parts { remaining = try select(part, scan, remaining) }
            return remaining
        case .or(let parts):
            var selected: [Int32] = []
            var remaining = rows
            for part in parts where !remaining.isEmpty {
                let hits = try select(part, scan, remaining)
                if hits.isEmpty { continue }
                selected = SortedRows.union(selected, hits)
                remaining = SortedRows.subtract(hits, from: remaining)
            }
            return selected
        case .leaf(let bound):
            switch isJudged ? .some : try verdict(of: node, scan.unit).0 {
            case .none: return []
            case .all: return rows
            case .some: return try select(bound.leaf, bound.matcher, scan, rows)
            }
        case .anyText(let parts): return try selectTexts(parts, scan, rows)
        }
    }

    private mutating func select(_ leaf: Predicate.Leaf, _ matcher: Int, _ scan: UnitScan, _ rows: [Int32]) throws -> [Int32] {
        if let column = leaf.field.column, try readsTexts(leaf, column, scan.unit) {
            return try selectTexts(leaf, column, matcher, scan, rows)
        }
        let column = try scan.field(leaf.field, rows: rows)
        // The first row may have looked like a dictionary where the whole column is not one.
        if leaf.field.type == .any, case .text = leaf.test, case .attributes = column.vector, let stored = leaf.field.column {
            return try selectTexts(leaf, stored, matcher, scan, rows)
        }
        return LeafEvaluation.select(leaf, column, rows: rows, matcher: &matchers[matcher])
    }

    /// Long texts are looked at where they lie. An attribute with a dictionary is quicker by its distinct values.
    private func readsTexts(_ leaf: Predicate.Leaf, _ column: ScanColumn, _ unit: any ScanUnit) throws -> Bool {
        switch leaf.field.type {
        case .payload: return true
        case .any:
            guard case .text = leaf.test, unit.rowCount > 0 else { return false }
            if case .dictionary = try unit.read(column, rows: 0..<1) { return false }
            return true
        default: return false
        }
    }

    private mutating func selectTexts(
        _ leaf: Predicate.Leaf, _ column: ScanColumn, _ matcher: Int, _ scan: UnitScan, _ rows: [Int32]
    ) throws -> [Int32] {
        if case .isNull = leaf.test {
            var kept: [Int32] = []
            try scan.unit.forEachText(in: column, rows: rows) { row, _ in kept.append(row) }
            kept.sort()
            return leaf.isNegated ? kept : SortedRows.subtract(kept, from: rows)
        }
        return try selectTexts([BoundLeaf(leaf: leaf, matcher: matcher)], scan, rows)
    }

    /// The rows with a text for which the test of its column holds.
    private mutating func selectTexts(_ parts: [BoundLeaf], _ scan: UnitScan, _ rows: [Int32]) throws -> [Int32] {
        let budget = scan.budget
        var own = parts.map { matchers[$0.matcher] }
        var isKept = [Bool](repeating: false, count: scan.unit.rowCount)
        var count = 0
        try scan.unit.forEachText(in: parts.compactMap(\.leaf.field.column), rows: rows) { place, row, text in
            count += 1
            if count & 255 == 0 {
                try budget.check()
                if !isWanted() { throw Unwanted() }
            }
            if !isKept[Int(row)], own[place].matches(text) != parts[place].leaf.isNegated { isKept[Int(row)] = true }
        }
        for (part, matcher) in zip(parts, own) { matchers[part.matcher] = matcher }
        // Texts come in the order in which they lie, which is not that of the rows.
        return rows.filter { isKept[Int($0)] }
    }

    private func verdict(of node: Node, _ unit: any ScanUnit) throws -> (UnitVerdict, PruningReason) {
        switch node {
        case .constant(let value): return (value ? .all : .none, .zone)
        case .leaf(let bound): return try UnitPruning.verdict(of: bound.leaf, unit)
        // Nothing is known of long texts before they are read.
        case .anyText: return (.some, .zone)
        case .and(let parts):
            var isAll = true
            for part in parts {
                let (verdict, reason) = try verdict(of: part, unit)
                if verdict == .none { return (.none, reason) }
                if verdict == .some { isAll = false }
            }
            return (isAll ? .all : .some, .zone)
        case .or(let parts):
            var isNone = true
            var last = PruningReason.zone
            for part in parts {
                let (verdict, reason) = try verdict(of: part, unit)
                if verdict == .all { return (.all, .zone) }
                if verdict == .some { isNone = false }
                last = reason
            }
            return (isNone ? .none : .some, last)
        }
    }

    // MARK: Order of evaluation

    private static func bind(_ predicate: Predicate, _ matchers: inout [TextMatcher], _ budget: QueryBudget) -> Node {
        switch predicate {
        case .constant(let value): return .constant(value)
        case .and(let parts):
            var nodes: [Node] = []
            for part in ordered(parts) { nodes.append(bind(part, &matchers, budget)) }
            return .and(nodes)
        case .or(let parts):
            var nodes: [Node] = []
            for part in ordered(parts) { nodes.append(bind(part, &matchers, budget)) }
            return .or(joiningLongTexts(nodes))
        case .leaf(let leaf):
            matchers.append(TextMatcher(leaf.test, budget: budget))
            return .leaf(BoundLeaf(leaf: leaf, matcher: matchers.count - 1))
        }
    }

    /// Tests of long texts, of which one is enough, become one step behind the cheaper ones.
    private static func joiningLongTexts(_ nodes: [Node]) -> [Node] {
        var rest: [Node] = [], texts: [BoundLeaf] = []
        for node in nodes {
            if case .leaf(let bound) = node, bound.leaf.field.type == .payload, !bound.leaf.test.isNullTest {
                texts.append(bound)
            } else {
                rest.append(node)
            }
        }
        return texts.count < 2 ? nodes : rest + [.anyText(texts)]
    }

    private static func requiredTraceIDs(_ conjuncts: [Predicate]) -> [TraceID]? {
        for case .leaf(let leaf) in conjuncts where leaf.field == .traceID && !leaf.isNegated {
            if case .among(let set) = leaf.test, set.traceIDs.count <= QueryLimits.maximumTraceLookupCount { return set.traceIDs }
        }
        return nil
    }

    /// Least cost for each row dropped comes first.
    private static func ordered(_ parts: [Predicate]) -> [Predicate] {
        parts.map { ($0, cost($0) / (1.001 - passRate($0))) }.enumerated()
            .sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }.map(\.element.0)
    }

    /// From here on a column is worth dropping rows for first.
    private static let costlyThreshold = 5.0

    /// Relative cost of reading a row's value; only the order matters.
    private static func cost(_ predicate: Predicate) -> Double {
        switch predicate {
        case .constant: return 0
        case .and(let parts), .or(let parts): return parts.reduce(0) { $0 + cost($1) }
        case .leaf(let leaf):
            switch leaf.field.type {
            case .traceID, .spanKind, .status, .time, .integer, .decimal: return 1
            case .spanID: return 1.5
            case .text: return 1.2
            case .any: if case .text = leaf.test { return 20 } else { return 6 }
            case .texts: return 8
            case .payload: return 100
            }
        }
    }

    /// A guess at the share of rows that pass.
    private static func passRate(_ predicate: Predicate) -> Double {
        switch predicate {
        case .constant(let value): return value ? 1 : 0
        case .and(let parts): return parts.reduce(1) { $0 * passRate($1) }
        case .or(let parts): return min(1, parts.reduce(0) { $0 + passRate($1) })
        case .leaf(let leaf):
            let rate: Double
            switch leaf.test {
            case .among: rate = leaf.field.type == .traceID || leaf.field.type == .spanID ? 0.0001 : 0.05
            case .range: rate = 0.4
            case .text: rate = 0.1
            case .isNull: rate = 0.5
            }
            return leaf.isNegated ? 1 - rate : rate
        }
    }
}

/// The rows of one trace in the order a waterfall shows them, as flat arrays: what any window, search or jump into a trace of any size is
/// answered from. A value, made once for what a snapshot has of the trace.
///
///     real roots, and marked ones, by start | orphans (their parent is not in the trace) by start | what lies on cycles, cut at its earliest span
///     below each: its children by start, depth first

import GenAIConventions
import TraceModel

package struct TraceOutline: Sendable {
    /// What a row is attached to.
    package enum Attachment: String, Sendable, CaseIterable {
        case root, child
        /// It names a parent that the trace does not have.
        case orphan
        /// Its parents lead back to itself; the cycle was cut here.
        case cycle
    }

    /// A text of `names` by its place, or none.
    package struct NameCode: Sendable, Equatable {
        let place: UInt32
        package static let none = NameCode(place: .max)
    }

    /// A span as the outline needs it, before it has its place.
    package struct Span: Sendable {
        package var spanID: SpanID
        package var parentSpanID: SpanID
        package var startTimeUnixNano: Int64
        package var durationNano: Int64
        package var name = NameCode.none
        package var service = NameCode.none
        package var model = NameCode.none
        package var toolName = NameCode.none
        package var kind: LLMKind
        /// OTLP's number.
        package var status: Int32
        package var usage: SpanUsage
        /// Of the provider's id of its answer; 0 where there is none.
        package var responseHash: UInt64 = 0
        /// A placeholder for a span that has not ended yet.
        package var isRunning = false
        /// Marked as the root of its trace; told of spans whose parent the trace does not have.
        package var isMarkedRoot = false

        var isError: Bool { Int64(status) == EnumerationNames.statusError }
        var endTimeUnixNano: Int64 { startTimeUnixNano &+ durationNano }
    }

    package struct Row: Sendable {
        package var span: Span
        package var attachment: Attachment
        package var depth: Int32
        /// The row behind the last one below this.
        package var end: Int32
        package var childCount: Int32
        /// Spans with errors before this row, in the order of rows.
        var errorsBefore: Int32
        /// What the trace had used when this span ended.
        package var accumulated: SpanUsage
    }

    package let traceID: TraceID
    package let rows: [Row]
    /// Texts that rows name by their place.
    package let names: [String]
    package let startTimeUnixNano: Int64
    package let endTimeUnixNano: Int64
    /// Of the whole trace, as lists show it.
    package let usage: SpanUsage
    package let usageOverTime: [UsagePoint]
    package let errorCount: Int
    /// Differs when the trace has other spans, or a span another end; not when spans are only sealed.
    package let version: UInt64

    /// Takes each span of the trace once, in any order.
    package init(traceID: TraceID, spans: [Span], names: [String]) {
        self.traceID = traceID
        self.names = names
        let tree = SpanTree(
            spans.map {
                SpanTree.Node(
                    spanID: $0.spanID, parentSpanID: $0.isMarkedRoot ? .none : $0.parentSpanID,
                    startTime: UInt64(bitPattern: $0.startTimeUnixNano))
            })
        let ids = tree.depths.contains(0) ? Set(spans.map(\.spanID)) : []
        var rows: [Row] = []
        rows.reserveCapacity(spans.count)
        var errorCount: Int32 = 0, version = UInt64(spans.count)
        for (index, depth) in zip(tree.order, tree.depths) {
            let span = spans[Int(index)]
            let attachment: Attachment =
                depth > 0
                ? .child : span.parentSpanID.isZero || span.isMarkedRoot ? .root : ids.contains(span.parentSpanID) ? .cycle : .orphan
            rows.append(
                Row(
                    span: span, attachment: attachment, depth: depth, end: Int32(spans.count), childCount: 0, errorsBefore: errorCount,
                    accumulated: SpanUsage()))
            if span.isError { errorCount += 1 }
            version &+= DenseTable.mix(span.spanID.rawValue ^ DenseTable.mix(UInt64(bitPattern: span.endTimeUnixNano)))
        }
        Self.closeSubtrees(&rows)
        self.version = version
        self.errorCount = Int(errorCount)
        let start = spans.lazy.map(\.startTimeUnixNano).min() ?? 0
        startTimeUnixNano = start
        endTimeUnixNano = max(start, spans.lazy.map(\.endTimeUnixNano).max() ?? start)
        let accumulation = UsageAccumulation(&rows, start: start, end: endTimeUnixNano)
        usage = accumulation.total
        usageOverTime = accumulation.points
        self.rows = rows
    }

    /// Finds where each subtree ends, and counts children, in one pass.
    private static func closeSubtrees(_ rows: inout [Row]) {
        var open: [Int] = []
        for index in rows.indices {
            while let last = open.last, rows[last].depth >= rows[index].depth {
                rows[last].end = Int32(index)
                open.removeLast()
            }
            if let parent = open.last { rows[parent].childCount += 1 }
            open.append(index)
        }
    }

    // MARK: Looking at it

    package func name(_ code: NameCode) -> String? { code == .none ? nil : names[Int(code.place)] }

    /// Spans with errors in the row's subtree, the row's own included.
    package func errorCount(at row: Int) -> Int {
        let end = Int(rows[row].end)
        return (end < rows.count ? Int(rows[end].errorsBefore) : errorCount) - Int(rows[row].errorsBefore)
    }

    /// The first rows whose span has an error.
    package func firstErrors(maximumCount: Int) -> [Int] {
        guard errorCount > 0 else { return [] }
        return Array(rows.indices.lazy.filter { rows[$0].span.isError }.prefix(maximumCount))
    }

    /// Calls of models that are reported by a span and by another one around it (`RepeatedCalls`): of each repeat the row that counts.
    package func repeatedCalls() -> [Int: Int] {
        let places = rows.indices.filter { RepeatedCalls.isCall(rows[$0].span.kind) && !rows[$0].span.usage.isEmpty }
        let counting = RepeatedCalls.counting(places.map { ModelCall(rows[$0].span, group: 0) })
        return Dictionary(
            uniqueKeysWithValues: zip(places, counting).compactMap { place, counts in counts.map { (place, places[$0]) } })
    }

    package func row(of span: SpanID) -> Int? { rows.firstIndex { $0.span.spanID == span } }

    /// The rows of some spans, ascending.
    package func rows(of spans: Set<SpanID>) -> [Int] {
        spans.isEmpty ? [] : rows.indices.filter { spans.contains(rows[$0].span.spanID) }
    }

    /// Memory, roughly.
    var byteCount: Int {
        rows.count * MemoryLayout<Row>.stride + names.reduce(0) { $0 + 48 + $1.utf8.count } + usageOverTime.count * 64 + 256
    }
}

extension ModelCall {
    init(_ span: TraceOutline.Span, group: UInt64) {
        self.init(
            group: group, kind: span.kind, spanID: span.spanID, parentSpanID: span.parentSpanID, responseHash: span.responseHash,
            startTimeUnixNano: UInt64(bitPattern: span.startTimeUnixNano), endTimeUnixNano: UInt64(bitPattern: span.endTimeUnixNano))
    }
}

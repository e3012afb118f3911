import GenAIConventions
import TraceModel

/// A whole trace in tree order: each span behind its parent, children by start time.
package struct Trace: Sendable {
    package let traceID: TraceID
    package internal(set) var spans: [SpanRecord]
    /// Of each span: 0 for a root.
    package let depths: [Int32]

    /// Takes the spans of one trace in any order, repeated ones included.
    package init(traceID: TraceID, spans: [SpanRecord]) {
        self.traceID = traceID
        let merged = Self.withoutRepeats(spans)
        let ids = Set(merged.map(\.spanID))
        let tree = SpanTree(
            merged.map { span in
                let isRoot = !span.parentSpanID.isZero && !ids.contains(span.parentSpanID) && AppRoots.isMarked(span.attributes)
                return SpanTree.Node(
                    spanID: span.spanID, parentSpanID: isRoot ? .none : span.parentSpanID, startTime: span.startTimeUnixNano)
            })
        self.spans = tree.order.map { merged[Int($0)] }
        depths = tree.depths
    }

    /// Of spans with the same id one: the one that ends last, then the one with most attributes, then most events; so a
    /// pending span gives way to its final form, and the choice does not depend on where they were stored.
    private static func withoutRepeats(_ spans: [SpanRecord]) -> [SpanRecord] {
        var places: [SpanID: Int] = [:]
        places.reserveCapacity(spans.count)
        var result: [SpanRecord] = []
        result.reserveCapacity(spans.count)
        for span in spans {
            guard let place = places[span.spanID] else {
                places[span.spanID] = result.count
                result.append(span)
                continue
            }
            if rank(span) > rank(result[place]) { result[place] = span }
        }
        return result
    }

    private static func rank(_ span: SpanRecord) -> (UInt64, Int, Int, UInt64) {
        (span.endTimeUnixNano, span.attributes.count, span.events.count, span.startTimeUnixNano)
    }
}

/// Depth-first order of spans by parent and start time, without recursion, in O(n log n).
///
/// Real roots (no parent, or marked as roots) come first, then spans whose parent is not in the trace, then what lies on cycles, entered at its
/// earliest span. Every span appears once, whatever the parents say.
struct SpanTree {
    struct Node {
        var spanID: SpanID
        var parentSpanID: SpanID
        var startTime: UInt64
    }

    private(set) var order: [Int32] = []
    private(set) var depths: [Int32] = []

    init(_ nodes: [Node]) {
        let byStart = (0..<Int32(nodes.count)).sorted { a, b in
            let first = nodes[Int(a)], second = nodes[Int(b)]
            return (first.startTime, first.spanID.rawValue, a) < (second.startTime, second.spanID.rawValue, b)
        }
        var places: [SpanID: Int32] = [:]
        places.reserveCapacity(nodes.count)
        for index in nodes.indices { places[nodes[index].spanID] = Int32(index) }

        // Children of each span in one flat array, by start time because they are dealt out in that order.
        var parents = [Int32](repeating: -1, count: nodes.count)
        var starts = [Int32](repeating: 0, count: nodes.count + 1)
        for index in nodes.indices where !nodes[index].parentSpanID.isZero {
            guard let parent = places[nodes[index].parentSpanID], parent != Int32(index) else { continue }
            parents[index] = parent
            starts[Int(parent) + 1] += 1
        }
        for index in nodes.indices { starts[index + 1] += starts[index] }
        var ends = starts
        var children = [Int32](repeating: 0, count: Int(starts[nodes.count]))
        for index in byStart where parents[Int(index)] >= 0 {
            let parent = Int(parents[Int(index)])
            children[Int(ends[parent])] = index
            ends[parent] += 1
        }

        var isVisited = [Bool](repeating: false, count: nodes.count)
        var stack: [(index: Int32, depth: Int32)] = []
        order.reserveCapacity(nodes.count)
        depths.reserveCapacity(nodes.count)
        let roots = byStart.filter { nodes[Int($0)].parentSpanID.isZero }
        let orphans = byStart.filter { !nodes[Int($0)].parentSpanID.isZero && parents[Int($0)] < 0 }
        for root in [roots, orphans, byStart].joined() where !isVisited[Int(root)] {
            stack.append((root, 0))
            while let (index, depth) = stack.popLast() {
                if isVisited[Int(index)] { continue }
                isVisited[Int(index)] = true
                order.append(index)
                depths.append(depth)
                for child in children[Int(starts[Int(index)])..<Int(starts[Int(index) + 1])].reversed() where !isVisited[Int(child)] {
                    stack.append((child, depth + 1))
                }
            }
        }
    }
}

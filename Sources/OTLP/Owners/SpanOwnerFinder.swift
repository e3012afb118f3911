import ByteCoding
import TraceModel

/// Finds the owners of spans that were refused, in the body that was just decoded.
///
/// A walk of its own, taken only by requests with refused spans: the decoders, which every request pays for, keep nothing for it.
/// Only the branches of the body that hold one of the spans are read.
package enum SpanOwnerFinder {
    /// - Parameter sources: where the spans lie in the body, in any order.
    package static func inProtobuf(_ body: UnsafeRawBufferPointer, sources: [ByteRange]) -> SpanOwners {
        var assignment = SpanOwnerAssignment(sources)
        var cursor = WireCursor(body, shift: 0)
        // The decoder has read these levels: a fault here leaves the rest without owners.
        while cursor.hasMore, !assignment.isDone {
            guard let tag = try? cursor.tag() else { break }
            guard tag == 1 << 3 | 2 else {
                guard (try? cursor.skip(tag, known: 1...1)) != nil else { break }
                continue
            }
            guard let message = try? cursor.message() else { break }
            if assignment.hasSpans(in: message.offset...message.end) { try? resourceSpans(message, &assignment) }
            assignment.pass(message.end)
        }
        return assignment.found
    }

    private static func resourceSpans(_ message: WireCursor, _ assignment: inout SpanOwnerAssignment) throws(SpanFault) {
        var owner = SpanOwner()
        let scopes = try parts(of: message, assignment, head: &owner.resource, schemaURL: &owner.resourceSchemaURL)
        for scope in scopes {
            var own = owner
            _ = try parts(of: scope, assignment, head: &own.scope, schemaURL: &own.scopeSchemaURL)
            assignment.give(own, toSpansUpTo: scope.end)
        }
    }

    /// Field 1, whose parts merge, and the last of field 3. Returns the messages of field 2 that hold one of the spans.
    private static func parts(
        of message: WireCursor, _ assignment: SpanOwnerAssignment, head: inout [UInt8]?, schemaURL: inout [UInt8]?
    ) throws(SpanFault) -> [WireCursor] {
        var cursor = message
        var children: [WireCursor] = []
        while cursor.hasMore {
            let tag = try cursor.tag()
            switch tag {
            case 1 << 3 | 2:
                if head == nil { head = [] }
                head?.append(contentsOf: try cursor.message().buffer)
            case 2 << 3 | 2:
                let child = try cursor.message()
                if assignment.hasSpans(in: child.offset...child.end) { children.append(child) }
            case 3 << 3 | 2: schemaURL = Array(try cursor.message().buffer)
            default: try cursor.skip(tag, known: 1...3)
            }
        }
        return children
    }

    // MARK: JSON

    /// - Parameter sources: where the spans lie in the body, in any order.
    package static func inJSON(_ body: UnsafeRawBufferPointer, sources: [ByteRange]) -> SpanOwners {
        var assignment = SpanOwnerAssignment(sources)
        var scanner = JSONScanner(body, maximumDepth: OTLPLimits.maximumJSONDepth)
        try? request(&scanner, body, &assignment)
        return assignment.found
    }

    private static func request(
        _ scanner: inout JSONScanner, _ body: UnsafeRawBufferPointer, _ assignment: inout SpanOwnerAssignment
    ) throws(JSONError) {
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            guard scanner.matches(key, "resourceSpans"), try scanner.peek() != .null else {
                try scanner.skipValue()
                continue
            }
            try scanner.beginArray()
            while try scanner.nextElement() {
                let start = scanner
                try scanner.skipValue()
                if assignment.hasSpans(in: start.offset...scanner.offset) {
                    var owner = SpanOwner()
                    let lists = try members(
                        of: start, body, assignment, head: "resource", children: "scopeSpans", &owner.resource, &owner.resourceSchemaURL)
                    for var list in lists { try scopeSpans(&list, body, owner, &assignment) }
                }
                assignment.pass(scanner.offset)
            }
        }
    }

    private static func scopeSpans(
        _ list: inout JSONScanner, _ body: UnsafeRawBufferPointer, _ owner: SpanOwner, _ assignment: inout SpanOwnerAssignment
    ) throws(JSONError) {
        try list.beginArray()
        while try list.nextElement() {
            let start = list
            try list.skipValue()
            guard assignment.hasSpans(in: start.offset...list.offset) else { continue }
            var own = owner
            _ = try members(of: start, body, assignment, head: "scope", children: "spans", &own.scope, &own.scopeSchemaURL)
            assignment.give(own, toSpansUpTo: list.offset)
        }
    }

    /// The first `head` and the last schema URL, as the decoder reads them. Returns scanners in front of the `children` that hold one of
    /// the spans.
    private static func members(
        of object: JSONScanner, _ body: UnsafeRawBufferPointer, _ assignment: SpanOwnerAssignment, head name: StaticString,
        children: StaticString, _ head: inout [UInt8]?, _ schemaURL: inout [UInt8]?
    ) throws(JSONError) -> [JSONScanner] {
        var scanner = object
        var lists: [JSONScanner] = []
        try scanner.beginObject()
        while let key = try scanner.nextKey() {
            if case .null = try scanner.peek() {
                try scanner.null()
                continue
            }
            scanner.skipWhitespace()
            let start = scanner
            try scanner.skipValue()
            if scanner.matches(key, name), head == nil {
                head = Array(body[start.offset..<scanner.offset])
            } else if scanner.matches(key, "schemaUrl") {
                schemaURL = Array(body[start.offset..<scanner.offset])
            } else if scanner.matches(key, children), assignment.hasSpans(in: start.offset...scanner.offset) {
                lists.append(start)
            }
        }
        return lists
    }
}

/// Which spans have their owner. Branches come in the order of the body, and so do the spans they take.
private struct SpanOwnerAssignment {
    /// Where the spans begin, ascending.
    private let starts: [Int]
    /// Which span begins there.
    private let order: [Int]
    private var next = 0
    private(set) var found = SpanOwners()

    init(_ sources: [ByteRange]) {
        order = sources.indices.sorted { sources[$0].start < sources[$1].start }
        starts = order.map { sources[$0].start }
        found.places = Array(repeating: nil, count: sources.count)
    }

    var isDone: Bool { next == starts.count }

    /// Whether a branch holds a span. An empty span may begin where its branch ends; the next branch begins with a tag of its own.
    func hasSpans(in branch: ClosedRange<Int>) -> Bool {
        var low = next, high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < branch.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < starts.count && starts[low] <= branch.upperBound
    }

    mutating func give(_ owner: SpanOwner, toSpansUpTo end: Int) {
        found.owners.append(owner)
        while next < starts.count, starts[next] <= end {
            found.places[order[next]] = found.owners.count - 1
            next += 1
        }
    }

    /// Spans that nobody took have no owner.
    mutating func pass(_ end: Int) {
        while next < starts.count, starts[next] <= end { next += 1 }
    }
}

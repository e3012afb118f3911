import TraceModel

/// A call of a model that reports what it used, as far as it takes to see whether another span reports the same call.
package struct ModelCall: Sendable {
    /// Calls of different traces never repeat each other.
    package var group: UInt64
    /// Nor do calls of different kinds: a model that embeds what it looks up below itself calls twice.
    package var kind: LLMKind
    package var spanID: SpanID
    package var parentSpanID: SpanID
    /// Of the provider's id for its answer; 0 where none was sent.
    package var responseHash: UInt64
    package var startTimeUnixNano: UInt64
    package var endTimeUnixNano: UInt64

    package init(
        group: UInt64, kind: LLMKind, spanID: SpanID, parentSpanID: SpanID, responseHash: UInt64, startTimeUnixNano: UInt64,
        endTimeUnixNano: UInt64
    ) {
        self.group = group
        self.kind = kind
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.responseHash = responseHash
        self.startTimeUnixNano = startTimeUnixNano
        self.endTimeUnixNano = endTimeUnixNano
    }

    /// Never 0.
    package static func hash(_ response: borrowing Span<UInt8>) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: response.count)
        for place in 0..<response.count { hash = (hash ^ UInt64(response[place])) &* 0x0000_0100_0000_01B3 }
        return RepeatedCalls.mix(hash) | 1
    }

    fileprivate func isOfOneAnswer(with other: ModelCall) -> Bool {
        responseHash == other.responseHash && group == other.group && kind == other.kind
    }
}

/// Spans that report a model call which another span reports too: the span of an instrumentation around that of an SDK which traces
/// itself. Of calls of one kind in a trace the one around another is the repeat where
///
/// - both have one response id, and it is above the other: by the parents that are calls themselves, or, where these lead to a span
///   that is no call or not there, by time: it begins no later and ends no earlier. Of two below one parent it begins before and ends
///   behind: others there are two calls, as some servers send the same id with every answer;
/// - it is right above the other, and one of the two has no response id.
///
/// The same for any order of the calls; linear in them but for sorting those that share one response id.
package enum RepeatedCalls {
    /// Calls above a call that are looked at for one with its response id: wrappers lie two or three deep.
    static let maximumDepth = 64

    /// Whether each call is a repeat. Give it the calls that report the figure to be added up.
    package static func find(_ calls: [ModelCall]) -> [Bool] { inner(calls).map { $0 != nil } }

    /// Of each repeat the call that counts in its place; nil for calls that count themselves.
    package static func counting(_ calls: [ModelCall]) -> [Int?] {
        let inner = inner(calls)
        return inner.indices.map { index in
            var at = inner[index], depth = 0
            while let found = at, let next = inner[found], depth < calls.count {
                at = next
                depth += 1
            }
            return at
        }
    }

    /// Of each repeat a call that it is around.
    private static func inner(_ calls: [ModelCall]) -> [Int?] {
        var inner = [Int?](repeating: nil, count: calls.count)
        guard calls.count > 1 else { return inner }
        let parents = parents(of: calls)
        for (index, call) in calls.enumerated() {
            guard let parent = parents[index] else { continue }
            if calls[parent].kind == call.kind, call.responseHash == 0 || calls[parent].responseHash == 0 {
                inner[parent] = inner[parent] ?? index
            }
        }
        for set in sharedAnswers(calls) { markOuter(of: set, calls, parents, &inner) }
        return inner
    }

    /// Kinds whose spans call a model.
    package static func isCall(_ kind: LLMKind) -> Bool { kind == .llm || kind == .embedding || kind == .reranker }

    /// The call that is each call's parent; cycles are cut at their earliest call.
    private static func parents(of calls: [ModelCall]) -> [Int?] {
        var table = Table(count: calls.count)
        for (index, call) in calls.enumerated() {
            let slot = table.slot(mix(call.group &+ seed) ^ mix(call.spanID.rawValue)) {
                calls[$0].spanID == call.spanID && calls[$0].group == call.group
            }
            if table.index(at: slot) == nil { table.set(index, at: slot) }
        }
        var parents = calls.map { call -> Int? in
            if call.parentSpanID.isZero || call.parentSpanID == call.spanID { return nil }
            let slot = table.slot(mix(call.group &+ seed) ^ mix(call.parentSpanID.rawValue)) {
                calls[$0].spanID == call.parentSpanID && calls[$0].group == call.group
            }
            return table.index(at: slot)
        }
        // The walk that met each call first; whoever meets a call of its own walk again closes a cycle.
        var walks = [Int](repeating: -1, count: calls.count)
        for start in calls.indices {
            var at = start
            while walks[at] < 0 {
                walks[at] = start
                guard let parent = parents[at] else { break }
                if walks[parent] == start { cutCycle(through: parent, calls, &parents) }
                at = parent
            }
        }
        return parents
    }

    private static func cutCycle(through first: Int, _ calls: [ModelCall], _ parents: inout [Int?]) {
        var earliest = first, at = first
        while let parent = parents[at], parent != first {
            at = parent
            let found = calls[at], known = calls[earliest]
            if (found.startTimeUnixNano, found.spanID.rawValue) < (known.startTimeUnixNano, known.spanID.rawValue) { earliest = at }
        }
        parents[earliest] = nil
    }

    /// Places of calls that share trace, kind and response id with others: several spans each.
    private static func sharedAnswers(_ calls: [ModelCall]) -> [[Int]] {
        var table = Table(count: calls.count)
        var setOfFirst: [Int: Int] = [:]
        var sets: [[Int]] = []
        for (index, call) in calls.enumerated() where call.responseHash != 0 {
            let slot = table.slot(mix(call.group &+ seed &+ UInt64(call.kind.rawValue)) ^ call.responseHash) {
                calls[$0].isOfOneAnswer(with: call)
            }
            guard let first = table.index(at: slot) else {
                table.set(index, at: slot)
                continue
            }
            if let set = setOfFirst[first] {
                sets[set].append(index)
            } else {
                setOfFirst[first] = sets.count
                sets.append([first, index])
            }
        }
        return sets
    }

    /// Marks, of calls with one response id, those around another.
    private static func markOuter(of set: [Int], _ calls: [ModelCall], _ parents: [Int?], _ inner: inout [Int?]) {
        /// Calls above others, with the first of these.
        var isAbove: [Int: Int] = [:]
        /// The parent that is no call, above each call; nil where there are too many calls between.
        var tops: [Int: SpanID] = [:]
        for index in set {
            var at = index, depth = 0, isFound = false
            while let parent = parents[at], depth < maximumDepth {
                if !isFound, calls[parent].isOfOneAnswer(with: calls[index]), calls[parent].spanID != calls[index].spanID {
                    if isAbove[parent] == nil { isAbove[parent] = index }
                    isFound = true
                }
                at = parent
                depth += 1
            }
            if parents[at] == nil { tops[index] = calls[at].parentSpanID }
        }
        for (outer, index) in isAbove { inner[outer] = inner[outer] ?? index }
        let ordered = set.sorted { a, b in
            let first = calls[a], second = calls[b]
            if first.startTimeUnixNano != second.startTimeUnixNano { return first.startTimeUnixNano < second.startTimeUnixNano }
            if first.endTimeUnixNano != second.endTimeUnixNano { return first.endTimeUnixNano > second.endTimeUnixNano }
            return first.spanID < second.spanID
        }
        // From the last on: the earliest end of an innermost call behind, and the earliest one under another top.
        var earliest: (end: UInt64, top: SpanID, call: Int)?
        var other: (end: UInt64, top: SpanID, call: Int)?
        // The earliest end under each top, of innermost calls that begin later than the one looked at; those that begin with it wait.
        var earliestBelow: [SpanID: (end: UInt64, call: Int)] = [:], waiting: [(end: UInt64, top: SpanID, call: Int)] = []
        var waitingStart: UInt64?
        for index in ordered.reversed() {
            let call = calls[index]
            if waitingStart != call.startTimeUnixNano {
                for one in waiting where one.end < earliestBelow[one.top]?.end ?? .max { earliestBelow[one.top] = (one.end, one.call) }
                waiting = []
                waitingStart = call.startTimeUnixNano
            }
            func contains(_ inner: (end: UInt64, top: SpanID, call: Int)?) -> Bool {
                guard let inner, calls[inner.call].spanID != call.spanID else { return false }
                return inner.end <= call.endTimeUnixNano && (call.parentSpanID.isZero || inner.top != call.parentSpanID)
            }
            for found in [earliest, other] where contains(found) { inner[index] = inner[index] ?? found?.call }
            if let below = earliestBelow[call.parentSpanID], below.end < call.endTimeUnixNano { inner[index] = inner[index] ?? below.call }
            guard isAbove[index] == nil, let top = tops[index] else { continue }
            let entry = (end: call.endTimeUnixNano, top: top, call: index)
            waiting.append(entry)
            if let known = earliest {
                if entry.end < known.end {
                    if known.top != entry.top { other = known }
                    earliest = entry
                } else if entry.top != known.top, entry.end < other?.end ?? .max {
                    other = entry
                }
            } else {
                earliest = entry
            }
        }
    }

    private static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15

    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Places of calls by a hash, open addressing, at most half full.
    private struct Table {
        private var slots: [UInt32]

        init(count: Int) {
            var size = 8
            while size < count * 2 { size *= 2 }
            slots = Array(repeating: 0, count: size)
        }

        /// The slot of the call that fits, or the free one where it would be.
        func slot(_ hash: UInt64, _ fits: (Int) -> Bool) -> Int {
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0, !fits(Int(slots[slot]) - 1) { slot = (slot + 1) & mask }
            return slot
        }

        func index(at slot: Int) -> Int? { slots[slot] == 0 ? nil : Int(slots[slot]) - 1 }
        mutating func set(_ index: Int, at slot: Int) { slots[slot] = UInt32(index) + 1 }
    }
}

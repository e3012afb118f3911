import TraceModel

/// A call of a model that reports what it used, as far as it takes to see whether another span reports the same call.
package struct ModelCall: Sendable {
    /// Calls of different traces never repeat each other.
    package var group: UInt64
    package var spanID: SpanID
    package var parentSpanID: SpanID
    /// Of the provider's id for its answer; 0 where none was sent.
    package var responseHash: UInt64
    package var startTimeUnixNano: UInt64

    package init(group: UInt64, spanID: SpanID, parentSpanID: SpanID, responseHash: UInt64, startTimeUnixNano: UInt64) {
        self.group = group
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.responseHash = responseHash
        self.startTimeUnixNano = startTimeUnixNano
    }

    /// Never 0.
    package static func hash(_ response: borrowing Span<UInt8>) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: response.count)
        for place in 0..<response.count { hash = (hash ^ UInt64(response[place])) &* 0x0000_0100_0000_01B3 }
        return RepeatedCalls.mix(hash) | 1
    }
}

/// Spans that report a model call which another span reports too: the span of an instrumentation around that of an SDK which traces
/// itself. Of one call the innermost span counts:
///
/// - of the model calls of a trace with one response id the one that begins last (a child begins no earlier than its parent; of equal
///   ones the one with the greater id);
/// - where a call or the one right below it has no response id, the one below.
///
/// Linear in the calls, whatever the depth of the trace, and the same for any order of them.
package enum RepeatedCalls {
    /// Whether each call is a repeat. Give it the calls that report the figure to be added up.
    package static func find(_ calls: [ModelCall]) -> [Bool] {
        guard calls.count > 1 else { return Array(repeating: false, count: calls.count) }
        var isRepeat = [Bool](repeating: false, count: calls.count)
        var table = Table(count: calls.count)
        for (index, call) in calls.enumerated() where call.responseHash != 0 {
            let slot = table.slot(mix(call.group &+ seed) ^ call.responseHash) {
                calls[$0].responseHash == call.responseHash && calls[$0].group == call.group
            }
            guard let other = table.index(at: slot) else {
                table.set(index, at: slot)
                continue
            }
            // One span, sent twice.
            if calls[other].spanID == call.spanID { continue }
            let isInner = (calls[other].startTimeUnixNano, calls[other].spanID.rawValue) < (call.startTimeUnixNano, call.spanID.rawValue)
            isRepeat[isInner ? other : index] = true
            if isInner { table.set(index, at: slot) }
        }
        table = Table(count: calls.count)
        for (index, call) in calls.enumerated() {
            let slot = table.slot(mix(call.group &+ seed) ^ mix(call.spanID.rawValue)) {
                calls[$0].spanID == call.spanID && calls[$0].group == call.group
            }
            if table.index(at: slot) == nil { table.set(index, at: slot) }
        }
        for call in calls where !call.parentSpanID.isZero && call.parentSpanID != call.spanID {
            let slot = table.slot(mix(call.group &+ seed) ^ mix(call.parentSpanID.rawValue)) {
                calls[$0].spanID == call.parentSpanID && calls[$0].group == call.group
            }
            guard let parent = table.index(at: slot) else { continue }
            if call.responseHash == 0 || calls[parent].responseHash == 0 { isRepeat[parent] = true }
        }
        return isRepeat
    }

    /// Kinds whose spans call a model.
    package static func isCall(_ kind: LLMKind) -> Bool { kind == .llm || kind == .embedding || kind == .reranker }

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

/// Records of a stream's end that stand for a call which an SDK's own span reports as well. Pure.
///
/// Logfire's instrumentations leave the span of a streamed call without usage, as it ends when the stream begins, and send a record of
/// no length beside it once the stream has ended ("streaming response from ... took ...s"), with the usage and without a response id.
/// Of an SDK that traces itself (Anthropic's from version 2 on) the call's own span lies below the first:
///
///     Message with 'claude-sonnet-4-5'                     llm, no usage
///       anthropic.messages.create                          llm, response id, usage
///     streaming response from 'claude-sonnet-4-5' took ... llm, no length, usage
///
/// Each such record repeats one call that lies right below a call beside it and began before it.

import TraceModel

enum StreamRecords {
    /// A place in a trace where calls of a kind stand beside each other.
    private struct Place: Hashable {
        var group: UInt64
        var kind: LLMKind
        var parent: SpanID
    }

    private struct Identity: Hashable {
        var group: UInt64
        var spanID: SpanID
    }

    /// - Parameter silent: calls without the figure that is added up.
    static func pairs(_ calls: [ModelCall], _ silent: [ModelCall]) -> [RepeatedCalls.Pair] {
        let records = calls.indices.filter { isRecord(calls[$0]) }
        guard !records.isEmpty else { return [] }
        let places = Set(records.map { place(calls[$0]) })
        var beside: [Identity: Place] = [:]
        for call in calls + silent where !isRecord(call) && places.contains(place(call)) {
            beside[Identity(group: call.group, spanID: call.spanID)] = place(call)
        }
        // Where the call around each of the others stands.
        var streamedFrom: [Int: Place] = [:]
        var candidates = records
        for (index, call) in calls.enumerated() where !isRecord(call) {
            guard let place = beside[Identity(group: call.group, spanID: call.parentSpanID)], place.kind == call.kind else { continue }
            streamedFrom[index] = place
            candidates.append(index)
        }
        guard !streamedFrom.isEmpty else { return [] }
        // By time, calls before the records of their moment: each record takes the latest call that no earlier record took.
        candidates.sort { a, b in
            if calls[a].startTimeUnixNano != calls[b].startTimeUnixNano { return calls[a].startTimeUnixNano < calls[b].startTimeUnixNano }
            if (streamedFrom[a] == nil) != (streamedFrom[b] == nil) { return streamedFrom[a] != nil }
            return calls[a].spanID < calls[b].spanID
        }
        var open: [Place: [Int]] = [:], pairs: [RepeatedCalls.Pair] = []
        for index in candidates {
            if let place = streamedFrom[index] {
                open[place, default: []].append(index)
            } else if let call = open[place(calls[index])]?.popLast() {
                pairs.append(RepeatedCalls.Pair(outer: index, inner: call))
            }
        }
        return pairs
    }

    private static func isRecord(_ call: ModelCall) -> Bool {
        call.startTimeUnixNano == call.endTimeUnixNano && call.responseHash == 0 && !call.parentSpanID.isZero
    }

    private static func place(_ call: ModelCall) -> Place { Place(group: call.group, kind: call.kind, parent: call.parentSpanID) }
}

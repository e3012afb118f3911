/// What comes in for one filter, to everybody who follows it: each message is encoded once, and stands for those before it.

import ByteCoding
import Metastore
import Synchronization
import TraceModel
import TraceQuery

final class ArrivalFeed: EventFeed {
    private struct State {
        var tally = ArrivalTally()
        var position: Int64 = 0
        /// In the store's order of arrival: everything up to here was held against the filter, or came before anybody followed.
        var reached: UInt64 = 0
        var followers: [Int: Subscription] = [:]
        var lastFollowerNumber = 0
    }

    let project: ProjectID
    let filter: Filter
    private let clock: any EventClock
    private let state = Mutex(State())

    init(project: ProjectID, filter: Filter, clock: any EventClock) {
        self.project = project
        self.filter = filter
        self.clock = clock
    }

    var position: Int64 { state.withLock { $0.position } }

    func hello(after sequence: Int64) -> EventMessage {
        let now = clock.unixNano()
        return state.withLock { Self.message("hello", .state, project, $0, now: now) }
    }

    /// Always at once: hello has told everything.
    func join(_ subscription: Subscription) -> Int? {
        let now = clock.unixNano()
        return state.withLock { state in
            state.lastFollowerNumber += 1
            state.followers[state.lastFollowerNumber] = subscription
            // What came between hello and now.
            if state.position > subscription.lastSequence {
                subscription.add([Self.message(Self.type, .counters, project, state, now: now)])
            }
            return state.lastFollowerNumber
        }
    }

    func leave(_ number: Int) { state.withLock { _ = $0.followers.removeValue(forKey: number) } }

    func replay(after sequence: Int64) async throws(MetastoreError) -> [EventMessage] { [] }

    func tick(now: Int64) {
        let followers = state.withLock { Array($0.followers.values) }
        for follower in followers { follower.tick(now: now) }
    }

    /// Notes how far whoever follows need not be told anything: it can be seen already.
    func begin(at position: UInt64) { state.withLock { $0.reached = max($0.reached, position) } }

    /// What came in up to `position`.
    ///
    /// - Parameter matches: nil when there was no time to find them.
    func arrived(_ matches: ArrivalMatches?, upTo position: UInt64) {
        begin(at: position)
        if let matches, matches.spanCount == 0 { return }
        let now = clock.unixNano()
        state.withLock { state in
            if let matches {
                state.tally.add(spanCount: matches.spanCount, traces: matches.traces)
            } else {
                state.tally.missed()
            }
            state.position += 1
            guard !state.followers.isEmpty else { return }
            let message = Self.message(Self.type, .counters, project, state, now: now)
            for follower in state.followers.values { follower.add([message]) }
        }
    }

    private static let type = "traces.arrived"

    /// A `counters` message gives way to the next one while it waits: who reads slowly gets the counts, and only the newest ids.
    private static func message(
        _ type: String, _ kind: EventMessage.Kind, _ project: ProjectID, _ state: State, now: Int64
    ) -> EventMessage {
        let tally = state.tally
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member("v", EventEncoder.protocolVersion)
        writer.member("sequence", state.position)
        writer.member("type", type)
        writer.member("project_id", project.uuid)
        writer.member("time", TimeText.rfc3339(now))
        writer.key("data")
        writer.beginObject()
        writer.member("span_count", tally.spanCount)
        writer.member("trace_count", tally.traceCount)
        writer.member("newest_trace_ids", tally.newest.map(\.hex))
        writer.member("is_complete", tally.isComplete)
        writer.member("arrival_position", Int64(clamping: state.reached))
        writer.endObject()
        writer.endObject()
        return EventMessage(kind, type: type, sequence: state.position, json: writer.bytes)
    }
}

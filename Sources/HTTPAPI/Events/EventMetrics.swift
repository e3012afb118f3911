/// Counts of the live event streams, for `/metrics`.

import Synchronization
import TelemetryExport

package final class EventMetrics: Sendable {
    enum Transport: String, CaseIterable { case webSocket = "websocket", serverSentEvents = "sse" }

    private let followers = Mutex<[Transport: Int]>([:])
    private let endings = Mutex<[String: Int]>([:])
    private let sentMessages = Atomic<Int>(0)
    private let readEvents = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)

    package init() {}

    var sentMessageCount: Int { sentMessages.load(ordering: .relaxed) }
    func endingCount(_ ending: SubscriberQueue.Ending) -> Int { endings.withLock { $0[ending.name] ?? 0 } }
    func followerCount(_ transport: Transport) -> Int { followers.withLock { $0[transport] ?? 0 } }

    func began(_ transport: Transport) { followers.withLock { $0[transport, default: 0] += 1 } }

    func ended(_ transport: Transport, _ ending: SubscriberQueue.Ending) {
        followers.withLock { $0[transport, default: 0] -= 1 }
        endings.withLock { $0[ending.name, default: 0] += 1 }
    }

    func sent(_ count: Int) { sentMessages.add(count, ordering: .relaxed) }
    func read(_ count: Int) { readEvents.add(count, ordering: .relaxed) }
    func followerRefused() { refused.add(1, ordering: .relaxed) }

    func report(feedCount: Int, to report: inout MetricReport) {
        let followers = followers.withLock { $0 }, endings = endings.withLock { $0 }
        report.family(
            "spandrel_event_followers", .gauge, "Streams of events that are followed now, by transport.",
            Transport.allCases.map { ([("transport", $0.rawValue)], Double(followers[$0] ?? 0)) })
        report.family(
            "spandrel_event_streams_ended_total", .counter,
            "Streams of events that ended, by why: `overflowed` are slow readers that were cut off.",
            SubscriberQueue.Ending.allCases.map { ([("reason", $0.name)], Double(endings[$0.name] ?? 0)) })
        report.gauge("spandrel_event_feeds", "Tasks that somebody follows.", feedCount)
        report.counter("spandrel_event_messages_sent_total", "Messages handed to followers' connections.", sentMessageCount)
        report.counter(
            "spandrel_event_events_read_total", "Events read from PostgreSQL for followers.", readEvents.load(ordering: .relaxed))
        report.counter(
            "spandrel_event_refused_followers_total", "Streams refused because there were too many.", refused.load(ordering: .relaxed))
    }
}

extension SubscriberQueue.Ending: CaseIterable {
    static let allCases: [Self] = [.finished, .overflowed, .restarting, .refused, .unavailable, .disconnected]

    var name: String {
        switch self {
        case .finished: "finished"
        case .overflowed: "overflowed"
        case .restarting: "restarting"
        case .refused: "refused"
        case .unavailable: "unavailable"
        case .disconnected: "disconnected"
        }
    }
}

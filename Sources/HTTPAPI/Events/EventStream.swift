/// A stream of events to one client, as the body of an answer: hello, what is wanted of the past, then what comes, until there is
/// nothing more to come or the client is cut off.

import HTTPServer
import Hummingbird
import Metastore
import NIOCore
import ServiceLifecycle

struct EventStream: Sendable {
    let hub: EventHub
    let feed: any EventFeed
    /// Keeps the follower's place at the feed.
    let hold: any Sendable
    let transport: EventMetrics.Transport
    let detail: SubscriberQueue.Detail
    /// Nil: only what comes from now on.
    let after: Int64?
    let channel: any Channel
    /// Whether the client may still read.
    let confirm: @Sendable () async -> Bool

    private var metrics: EventMetrics { hub.origin.metrics }

    var body: ResponseBody { ResponseBody { writer in try await follow(&writer) } }

    private func follow(_ writer: inout any ResponseBodyWriter) async throws {
        let start = after ?? feed.position
        let subscription = Subscription(
            SubscriberQueue(
                detail, after: start, heartbeats: transport == .serverSentEvents, limits: hub.origin.limits, now: hub.origin.clock.nano()),
            clock: hub.origin.clock)
        channel.closeFuture.whenComplete { _ in subscription.end(.disconnected) }
        metrics.began(transport)
        let ending = await withGracefulShutdownHandler {
            await serve(subscription, from: start, &writer)
        } onGracefulShutdown: {
            subscription.end(.restarting)
        }
        metrics.ended(transport, ending)
        if transport == .webSocket, let closure = Self.closure(ending, last: subscription.lastSequence) {
            try await channel.triggerUserOutboundEvent(closure).get()
        }
        try await writer.finish(nil)
    }

    private func serve(
        _ subscription: Subscription, from start: Int64, _ writer: inout any ResponseBodyWriter
    ) async -> SubscriberQueue.Ending {
        do {
            if transport == .serverSentEvents {
                try await writer.write(ByteBuffer(string: "retry: \(EventLimits.retryMilliseconds)\n\n"))
            }
            try await write([feed.hello(after: start)], &writer)
            let number = try await catchUp(subscription, &writer)
            defer { if let number { feed.leave(number) } }
            while true {
                switch await subscription.next() {
                case .messages(let messages): try await write(messages, &writer)
                case .confirm: if await !confirm() { subscription.end(.refused) }
                case .heartbeat: try await writer.write(ByteBuffer(string: ": hb\n\n"))
                case .ended(let ending): return ending
                }
            }
        } catch is MetastoreError {
            return .unavailable
        } catch {
            // What is written to a connection that is gone.
            return .disconnected
        }
    }

    /// Reads the past until the feed can go on from there. Nil when the stream ended meanwhile.
    private func catchUp(_ subscription: Subscription, _ writer: inout any ResponseBodyWriter) async throws -> Int? {
        while !subscription.isEnded {
            if let number = feed.join(subscription) { return number }
            let messages = try await hub.gate.withTurn { () async throws(MetastoreError) in
                try await feed.replay(after: subscription.lastSequence)
            }
            guard let last = messages.last else { continue }
            try await write(messages.filter { $0.kind != .detail || detail == .everything }, &writer)
            subscription.sent(upTo: last.sequence)
        }
        return nil
    }

    private func write(_ messages: [EventMessage], _ writer: inout any ResponseBodyWriter) async throws {
        guard !messages.isEmpty else { return }
        switch transport {
        case .webSocket: try await writer.write(contentsOf: messages.map(\.webSocket))
        case .serverSentEvents: try await writer.write(contentsOf: messages.map(\.serverSentEvent))
        }
        metrics.sent(messages.count)
    }

    /// Nil when nobody is there to be told.
    private static func closure(_ ending: SubscriberQueue.Ending, last: Int64) -> WebSocketClosure? {
        switch ending {
        case .finished: WebSocketClosure(.normal, "finished; after=\(last)")
        case .overflowed: WebSocketClosure(.tryAgainLater, "too slow; resume with after=\(last)")
        case .unavailable: WebSocketClosure(.tryAgainLater, "events cannot be read now; resume with after=\(last)")
        case .restarting: WebSocketClosure(.serviceRestart, "the server stops; resume with after=\(last)")
        case .refused: WebSocketClosure(.policyViolation, "the credentials are no longer valid for this")
        case .disconnected: nil
        }
    }
}

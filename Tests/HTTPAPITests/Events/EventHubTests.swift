import Logging
import Metastore
import NIOCore
import PostgresTesting
import Testing

@testable import HTTPAPI

/// The hub over a task in memory: followers are queues without connections.
@Suite("The hub of events") struct EventHubTests {
    private func run(
        _ change: (inout EventLimits) -> Void = { _ in }, _ body: @Sendable (FakeTaskEvents, EventHub) async throws -> Void
    ) async throws {
        var limits = EventLimits()
        limits.readPauseNanoseconds = 1_000_000
        change(&limits)
        let source = FakeTaskEvents(), hub = EventHub(source, limits: limits, logger: TestServer.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await hub.run() }
            try await eventually("it listens") { source.announcerCount == 1 }
            try await body(source, hub)
            group.cancelAll()
        }
    }

    /// A follower that has joined at the feed's position.
    private func follow(
        _ hub: EventHub, _ task: TaskID, _ detail: SubscriberQueue.Detail = .everything
    ) async throws -> (hold: FeedHold, subscription: Subscription) {
        let hold = try #require(try await hub.hold(task))
        let subscription = Subscription(
            SubscriberQueue(detail, after: hold.feed.position, heartbeats: false, limits: hub.origin.limits, now: hub.origin.clock.nano()),
            clock: hub.origin.clock)
        _ = try #require(hold.feed.join(subscription))
        return (hold, subscription)
    }

    /// Reads until the end, or until `count` events are there.
    private func read(_ subscription: Subscription, count: Int = .max) async -> (events: [EventMessage], ending: SubscriberQueue.Ending?) {
        var events: [EventMessage] = []
        while events.count < count {
            switch await subscription.next() {
            case .messages(let messages): events += messages.filter { $0.kind != .counters }
            case .ended(let ending): return (events, ending)
            case .confirm, .heartbeat: break
            }
        }
        return (events, nil)
    }

    @Test("twenty followers have every event in order, from one read for all, encoded once; then the stream ends")
    func followers() async throws {
        try await run { source, hub in
            var followers: [(hold: FeedHold, subscription: Subscription)] = []
            for _ in 0..<20 { followers.append(try await self.follow(hub, source.task)) }
            #expect(source.state.value.snapshotCount <= 2, "the followers share one look at the task")
            let readers = followers.map { follower in Task { await self.read(follower.subscription) } }
            for _ in 0..<100 {
                source.append(10)
                await Task.yield()
            }
            source.finish()
            var first: [EventMessage] = []
            for reader in readers {
                let (events, ending) = await reader.value
                #expect(events.map(\.sequence) == Array(1...1001) && ending == .finished)
                if first.isEmpty { first = events }
                let isShared = zip(first, events).allSatisfy { a, b in
                    a.webSocket.withUnsafeReadableBytes { a in b.webSocket.withUnsafeReadableBytes { b in a.baseAddress == b.baseAddress } }
                }
                #expect(isShared)
            }
            #expect(source.state.value.pageCount <= 300, "\(source.state.value.pageCount) reads of pages of 256")
        }
    }

    @Test("a slow reader is cut off, the others do not notice")
    func slowReader() async throws {
        try await run({ $0.maximumQueuedMessageCount = 50 }) { source, hub in
            let slow = try await self.follow(hub, source.task), quick = try await self.follow(hub, source.task)
            let reader = Task { await self.read(quick.subscription) }
            for _ in 0..<50 {
                source.append(10)
                try await eventually("they are handed out") { quick.hold.feed.position == source.state.value.lastSequence }
            }
            source.finish()
            #expect(await self.read(slow.subscription).ending == .overflowed)
            #expect(slow.subscription.lastSequence == 0)
            let (events, ending) = await reader.value
            #expect(events.count == 501 && ending == .finished)
        }
    }

    @Test("counters come at most twice a second, however much happens")
    func counters() async throws {
        try await run { source, hub in
            let follower = try await self.follow(hub, source.task, .counters)
            let start = ContinuousClock.now
            let busy = Task {
                while !Task.isCancelled {
                    source.append(1)
                    try? await Task.sleep(for: .milliseconds(2))
                }
            }
            var count = 0
            while count < 4 { if case .messages(let messages) = await follower.subscription.next() { count += messages.count } }
            busy.cancel()
            // The first one is the state at the beginning.
            #expect(ContinuousClock.now - start > .milliseconds(1_400))
        }
    }

    @Test("who comes back after a moment gets what was missed from memory, who was away for longer from pages, both without a gap")
    func resuming() async throws {
        try await run({
            $0.maximumRecentMessageCount = 100
            $0.pageEventCount = 64
        }) { source, hub in
            source.append(500, silently: true)
            let hold = try #require(try await hub.hold(source.task))
            source.append(200)
            try await eventually("they are read") { hold.feed.position == 700 }
            let pages = source.state.value.pageCount
            let recent = Subscription(
                SubscriberQueue(.everything, after: 650, heartbeats: false, limits: hub.origin.limits, now: 0), clock: hub.origin.clock)
            #expect(hold.feed.join(recent) != nil)
            #expect(await self.read(recent, count: 50).events.map(\.sequence) == Array(651...700))
            #expect(source.state.value.pageCount == pages)

            let old = Subscription(
                SubscriberQueue(.everything, after: 10, heartbeats: false, limits: hub.origin.limits, now: 0), clock: hub.origin.clock)
            var replayed: [Int64] = []
            while hold.feed.join(old) == nil {
                let page = try await hold.feed.replay(after: old.lastSequence)
                replayed += page.map(\.sequence)
                old.sent(upTo: page.last?.sequence ?? 0)
            }
            let rest = await self.read(old, count: 700 - 10 - replayed.count).events.map(\.sequence)
            #expect(replayed + rest == Array(11...700))
        }
    }

    @Test("events that are gone are told as a gap, at the beginning, in the middle and when none is left")
    func gaps() async throws {
        try await run { source, hub in
            source.append(30, silently: true)
            source.state.change { state in state.events.removeAll { $0.sequence <= 10 || (15...16).contains($0.sequence) } }
            let hold = try #require(try await hub.hold(source.task))
            let page = try await hold.feed.replay(after: 5)
            #expect(page.filter { $0.kind == .gap }.map(\.sequence) == [10, 16])
            #expect(page.last?.sequence == 30)
            source.state.change { $0.events = [] }
            let nothing = try await hold.feed.replay(after: 5)
            #expect(nothing.map(\.kind) == [.gap] && nothing.map(\.sequence) == [30])
        }
    }

    @Test("while PostgreSQL is away followers wait, and then have what happened meanwhile")
    func outage() async throws {
        try await run({ $0.firstRetryNanoseconds = 1_000_000 }) { source, hub in
            let follower = try await self.follow(hub, source.task)
            source.append(1)
            #expect(await self.read(follower.subscription, count: 1).events.map(\.sequence) == [1])
            source.state.change { $0.isDown = true }
            source.append(5)
            let reads = source.state.value.snapshotCount
            try await eventually("it is tried again") { source.state.value.snapshotCount > reads + 2 }
            await #expect(throws: MetastoreError.self, "new followers are told") { try await hub.hold(.make()) }
            source.state.change { $0.isDown = false }
            source.append(1)
            source.announce(.resumed)
            #expect(await self.read(follower.subscription, count: 6).events.map(\.sequence) == Array(2...7))
        }
    }

    @Test("a task nobody follows any more is read no more; one that is not there, and one follower too many, are told apart")
    func holds() async throws {
        try await run({ $0.maximumFollowerCount = 2 }) { source, hub in
            var first: FeedHold? = try await hub.hold(source.task)
            #expect(try await hub.hold(.make()) == nil)
            var second: FeedHold? = try await hub.hold(source.task)
            await #expect(throws: EventsError.tooManyFollowers) { try await hub.hold(source.task) }
            #expect(hub.feedCount == 1 && first?.feed === second?.feed)
            first = nil
            #expect(hub.feedCount == 1)
            second = nil
            #expect(hub.feedCount == 0)
            source.append(1)
            let pages = source.state.value.pageCount
            #expect(try await hub.hold(source.task)?.feed.position == 1)
            try await eventually("the last reader is gone") { hub.feedCount == 0 }
            #expect(source.state.value.pageCount <= pages + 1)
            _ = (first, second)
        }
    }

    @Test("five thousand followers of counters cost little: ten changes reach all of them")
    func manyFollowers() async throws {
        try await run({ $0.countersPauseNanoseconds = 20_000_000 }) { source, hub in
            var followers: [(hold: FeedHold, subscription: Subscription)] = []
            for _ in 0..<5_000 { followers.append(try await self.follow(hub, source.task, .counters)) }
            for _ in 0..<10 {
                source.append(100)
                let last = source.state.value.lastSequence
                try await eventually("all have them") { followers.last?.hold.feed.position == last }
            }
            source.finish()
            for follower in followers {
                let (events, ending) = await self.read(follower.subscription)
                #expect(events.map(\.kind) == [.state] && ending == .finished)
            }
            #expect(source.state.value.snapshotCount < 100)
        }
    }
}

/// Who follows what: one feed for each task that somebody follows, woken by what PostgreSQL announces.
///
///     PostgreSQL --announcements--> EventHub --ring--> TaskFeed --messages--> queues --> connections
///                <------- pages of events, counters ------

import Logging
import Metastore
import ServiceLifecycle
import Synchronization
import TelemetryExport

/// Why a stream of events cannot be followed.
enum EventsError: Error, Equatable {
    case tooManyFollowers
}

package final class EventHub: Service {
    /// A feed on its way or open, and how many hold it.
    private struct Entry {
        let opening: Task<Result<OpenFeed?, MetastoreError>, Never>
        var holdCount = 0
    }

    private struct OpenFeed: Sendable {
        let feed: TaskFeed
        let reader: Task<Void, Never>
    }

    private struct State {
        var entries: [TaskID: Entry] = [:]
        var feeds: [TaskID: TaskFeed] = [:]
        var holdCount = 0
    }

    let origin: TaskFeed.Origin
    let gate: ReplayGate
    /// Who waits for another active revision of a knowledge base.
    let knowledge = KnowledgeWatch()
    private let state = Mutex(State())

    package convenience init(_ metastore: Metastore, logger: Logger) {
        self.init(StoredTaskEvents(metastore, logger: logger), logger: logger)
    }

    package init(
        _ source: any TaskEventSource, clock: any EventClock = SystemEventClock(), limits: EventLimits = EventLimits(), logger: Logger
    ) {
        origin = TaskFeed.Origin(source: source, clock: clock, limits: limits, metrics: EventMetrics(), logger: logger)
        gate = ReplayGate(count: limits.maximumReplayReadCount)
    }

    /// Listens and keeps time until the server stops. Followers end by themselves then.
    package func run() async {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.origin.source.announcements { self.announced($0) } }
                group.addTask { await self.origin.source.knowledgeAnnouncements { self.knowledge.announced($0) } }
                group.addTask { await self.tickUntilCancelled() }
            }
        }
    }

    package func report(to report: inout MetricReport) {
        origin.metrics.report(feedCount: feedCount, to: &report)
        report.gauge(
            "spandrel_knowledge_waiters", "Requests that wait for another active revision of a knowledge base.", knowledge.waiterCount)
    }

    var feedCount: Int { state.withLock { $0.feeds.count } }

    private func announced(_ announcement: TaskAnnouncement) {
        switch announcement {
        case .resumed: for feed in state.withLock({ Array($0.feeds.values) }) { feed.ring() }
        case .appended(let task, _): state.withLock { $0.feeds[task] }?.ring()
        }
    }

    private func tickUntilCancelled() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .nanoseconds(origin.limits.tickNanoseconds))
            let now = origin.clock.nano()
            for feed in state.withLock({ Array($0.feeds.values) }) { feed.tick(now: now) }
        }
    }

    // MARK: Feeds

    /// The feed of a task, for one follower, for as long as the hold lives. Nil if there is no such task, whosever it is.
    /// Errors: EventsError, MetastoreError (`unavailable`).
    func hold(_ task: TaskID) async throws -> FeedHold? {
        let opening = state.withLock { state -> Task<Result<OpenFeed?, MetastoreError>, Never>? in
            guard state.holdCount < origin.limits.maximumFollowerCount else { return nil }
            state.holdCount += 1
            let entry = state.entries[task] ?? Entry(opening: Task { await self.open(task) })
            state.entries[task] = Entry(opening: entry.opening, holdCount: entry.holdCount + 1)
            return entry.opening
        }
        guard let opening else {
            origin.metrics.followerRefused()
            throw EventsError.tooManyFollowers
        }
        switch await opening.value {
        case .success(let open?): return FeedHold(hub: self, feed: open.feed)
        case .success(nil):
            release(task)
            return nil
        case .failure(let error):
            release(task)
            throw error
        }
    }

    private func open(_ task: TaskID) async -> Result<OpenFeed?, MetastoreError> {
        do throws(MetastoreError) {
            guard let snapshot = try await origin.source.snapshot(of: task) else { return .success(nil) }
            let feed = TaskFeed(snapshot, origin)
            state.withLock { $0.feeds[task] = feed }
            return .success(OpenFeed(feed: feed, reader: Task { await feed.run() }))
        } catch {
            return .failure(error)
        }
    }

    /// The last to leave ends the reading.
    fileprivate func release(_ task: TaskID) {
        let unused = state.withLock { state -> Task<Result<OpenFeed?, MetastoreError>, Never>? in
            state.holdCount -= 1
            guard let entry = state.entries[task] else { return nil }
            guard entry.holdCount == 1 else {
                state.entries[task]?.holdCount -= 1
                return nil
            }
            state.entries[task] = nil
            state.feeds[task] = nil
            return entry.opening
        }
        // It is open by now: whoever releases waited for that.
        if let unused { Task { if case .success(let open?) = await unused.value { open.reader.cancel() } } }
    }
}

/// A follower's place at a feed; giving it up is dropping it.
final class FeedHold: Sendable {
    private let hub: EventHub
    let feed: TaskFeed

    init(hub: EventHub, feed: TaskFeed) {
        self.hub = hub
        self.feed = feed
    }

    deinit { hub.release(feed.task) }
}

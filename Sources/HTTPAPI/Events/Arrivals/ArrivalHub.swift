/// Who follows what comes in: one reader for each project that somebody follows, rung by the store, and a feed for each filter.
///
///     store --ring--> ArrivalReader --look, twice a second at most--> what is new --matched once a filter--> ArrivalFeed --> queues
///
/// A ring is all that the path of appends pays. Looks go through the store's own order of arrival, so nothing is missed or counted twice.

import Logging
import Metastore
import SpanStore
import Synchronization
import TraceModel
import TraceQuery

final class ArrivalHub: Sendable {
    private struct Entry {
        let reader: ArrivalReader
        let reading: Task<Void, Never>
        var feeds: [(feed: ArrivalFeed, holdCount: Int)] = []
    }

    private struct State {
        var entries: [ProjectID: Entry] = [:]
        var holdCount = 0
    }

    private let store: SpanStore
    private let matcher: ArrivalMatcher
    private let origin: TaskFeed.Origin
    private let state = Mutex(State())

    init(store: SpanStore, threads: ScanThreads, origin: TaskFeed.Origin) {
        self.store = store
        matcher = ArrivalMatcher(threads: threads)
        self.origin = origin
    }

    /// Projects that somebody follows.
    var projectCount: Int { state.withLock { $0.entries.count } }

    /// The feed of a filter, for one follower, for as long as the hold lives. Errors: EventsError.
    func hold(_ filter: Filter, of project: ProjectID) async throws(EventsError) -> ArrivalHold {
        let held = state.withLock { state -> (feed: ArrivalFeed, reader: ArrivalReader)? in
            guard state.holdCount < origin.limits.maximumFollowerCount else { return nil }
            var entry = state.entries[project] ?? begin(project)
            if let place = entry.feeds.firstIndex(where: { $0.feed.filter == filter }) {
                entry.feeds[place].holdCount += 1
                state.entries[project] = entry
                state.holdCount += 1
                return (entry.feeds[place].feed, entry.reader)
            }
            guard entry.feeds.count < origin.limits.maximumArrivalFilterCount else { return nil }
            let feed = ArrivalFeed(project: project, filter: filter, clock: origin.clock)
            entry.feeds.append((feed, 1))
            entry.reader.set(entry.feeds.map(\.feed))
            state.entries[project] = entry
            state.holdCount += 1
            return (feed, entry.reader)
        }
        guard let held else {
            origin.metrics.followerRefused()
            throw .tooManyFollowers
        }
        let hold = ArrivalHold(hub: self, feed: held.feed)
        // Whoever is told hello misses nothing that comes in behind it: the reader looks from before this position, and every look that
        // goes further hands the feed what it finds.
        await held.reader.hasBegun()
        held.feed.begin(at: store.arrivalPosition(of: project))
        return hold
    }

    private func begin(_ project: ProjectID) -> Entry {
        let reader = ArrivalReader(project: project, store: store, matcher: matcher, origin: origin)
        return Entry(reader: reader, reading: Task { await reader.run() })
    }

    /// The last to leave ends the reading.
    fileprivate func release(_ feed: ArrivalFeed) {
        let unused = state.withLock { state -> Task<Void, Never>? in
            state.holdCount -= 1
            guard var entry = state.entries[feed.project], let place = entry.feeds.firstIndex(where: { $0.feed === feed }) else {
                return nil
            }
            entry.feeds[place].holdCount -= 1
            if entry.feeds[place].holdCount == 0 {
                entry.feeds.remove(at: place)
                entry.reader.set(entry.feeds.map(\.feed))
            }
            state.entries[feed.project] = entry.feeds.isEmpty ? nil : entry
            return entry.feeds.isEmpty ? entry.reading : nil
        }
        unused?.cancel()
    }
}

/// A follower's place at a feed; giving it up is dropping it.
final class ArrivalHold: Sendable {
    private let hub: ArrivalHub
    let feed: ArrivalFeed

    fileprivate init(hub: ArrivalHub, feed: ArrivalFeed) {
        self.hub = hub
        self.feed = feed
    }

    deinit { hub.release(feed) }
}

/// Reads what came into one project and hands each feed what matches its filter.
final class ArrivalReader: Sendable {
    private let project: ProjectID
    private let store: SpanStore
    private let matcher: ArrivalMatcher
    private let origin: TaskFeed.Origin
    private let feeds = Mutex([ArrivalFeed]())
    private let bell: Bell
    private let listening: ArrivalListening
    private let beginning: Task<ChangeCursor, Never>

    init(project: ProjectID, store: SpanStore, matcher: ArrivalMatcher, origin: TaskFeed.Origin) {
        self.project = project
        self.store = store
        self.matcher = matcher
        self.origin = origin
        let bell = Bell()
        self.bell = bell
        listening = store.arrivals.listen(to: project) { bell.ring() }
        beginning = Task { await store.newestCursor(of: project) }
    }

    /// Waits until everything that comes in is seen.
    func hasBegun() async { _ = await beginning.value }

    func set(_ feeds: [ArrivalFeed]) { self.feeds.withLock { $0 = feeds } }

    /// Until the task is cancelled.
    func run() async {
        var cursor = await beginning.value
        var lookedNano = origin.clock.nano()
        while !Task.isCancelled {
            let isRung = await bell.wait(nanoseconds: origin.limits.tickNanoseconds)
            let now = origin.clock.nano()
            for feed in feeds.withLock({ $0 }) { feed.tick(now: now) }
            // An old look holds memory of what was sealed since.
            guard isRung || now - lookedNano >= origin.limits.unannouncedReadNanoseconds else { continue }
            await look(&cursor)
            lookedNano = origin.clock.nano()
            // What is rung meanwhile is seen by the next look.
            try? await Task.sleep(for: .nanoseconds(origin.limits.countersPauseNanoseconds))
        }
    }

    private func look(_ cursor: inout ChangeCursor) async {
        let changes = await store.changes(of: project, after: cursor)
        cursor = changes.next
        // Rows beside ones that were seen are rare, and told apart by nothing here: better not counted than counted twice.
        let units = changes.units.filter { !$0.mayHaveSeenRows }.map(\.rows)
        let hasMissed = units.count < changes.units.count
        guard !units.isEmpty || hasMissed else { return }
        let deadline = origin.clock.nano() + origin.limits.arrivalMatchNanoseconds
        for feed in feeds.withLock({ $0 }) {
            let milliseconds = (deadline - origin.clock.nano()) / 1_000_000
            var matches: ArrivalMatches?
            if milliseconds > 0 {
                do throws(QueryError) {
                    matches = try await matcher.match(units, feed.filter, limits: QueryLimits(timeMilliseconds: Int(milliseconds)))
                } catch {
                    if error.code == .storage {
                        origin.logger.warning("what came in cannot be read", metadata: ["project": "\(project.uuid)", "error": "\(error)"])
                    }
                }
            }
            feed.arrived(matches, upTo: cursor.lsn)
            if hasMissed { feed.arrived(nil, upTo: cursor.lsn) }
        }
    }
}

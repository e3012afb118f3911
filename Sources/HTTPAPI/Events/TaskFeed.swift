/// The one reader of a task's events for everybody who follows it: reads when something was announced, encodes each event once, and hands
/// it to the followers' queues. The shell around `FeedSchedule`.

import Logging
import Metastore
import Synchronization

final class TaskFeed: EventFeed {
    struct Origin: Sendable {
        let source: any TaskEventSource
        let clock: any EventClock
        let limits: EventLimits
        let metrics: EventMetrics
        let logger: Logger
    }

    private struct State {
        var recent: RecentMessages
        var snapshot: TaskSnapshot
        /// What followers have been told of it.
        var toldSnapshot: TaskSnapshot
        /// The last event that was handed out.
        var position: Int64
        var remaining = RemainingTime()
        var isFinished = false
        var followers: [Int: Subscription] = [:]
        var lastFollowerNumber = 0
    }

    let task: TaskID
    private let origin: Origin
    private let encoder: EventEncoder
    private let state: Mutex<State>
    private let bell = Bell()

    init(_ snapshot: TaskSnapshot, _ origin: Origin) {
        task = snapshot.task.id
        self.origin = origin
        encoder = EventEncoder(task: snapshot.task.id)
        let position = snapshot.lastEventSequence
        var remaining = RemainingTime()
        remaining.add(done: snapshot.task.progressDone, now: origin.clock.nano())
        state = Mutex(
            State(
                recent: RecentMessages(completeAfter: position, limits: origin.limits), snapshot: snapshot, toldSnapshot: snapshot,
                position: position,
                remaining: remaining))
    }

    /// As last read.
    var snapshot: TaskSnapshot { state.withLock { $0.snapshot } }
    /// The last event that was handed out.
    var position: Int64 { state.withLock { $0.position } }

    /// Something may be new.
    func ring() { bell.ring() }

    // MARK: Followers

    /// The first message of a follower who has everything up to `sequence`.
    func hello(after sequence: Int64) -> EventMessage {
        let now = origin.clock.unixNano()
        return state.withLock { state in
            encoder.hello(
                state.snapshot, secondsLeft: state.remaining.seconds(total: state.snapshot.task.progressTotal), sequence: sequence, now: now
            )
        }
    }

    /// From here on the follower is handed everything after its last sequence. Nil when that is no longer at hand here: it has to be read.
    func join(_ subscription: Subscription) -> Int? {
        state.withLock { state in
            guard let missed = state.recent.messages(after: subscription.lastSequence) else { return nil }
            subscription.add(missed)
            guard !state.isFinished else {
                subscription.end(.finished)
                return 0
            }
            state.lastFollowerNumber += 1
            state.followers[state.lastFollowerNumber] = subscription
            return state.lastFollowerNumber
        }
    }

    func leave(_ number: Int) { state.withLock { _ = $0.followers.removeValue(forKey: number) } }

    func tick(now: Int64) {
        let followers = state.withLock { Array($0.followers.values) }
        for follower in followers { follower.tick(now: now) }
    }

    /// Messages of events in the past, for a follower on the way to `join`: what is gone is told as a gap.
    func replay(after sequence: Int64) async throws(MetastoreError) -> [EventMessage] {
        let until = position
        let events = try await origin.source.events(of: task, after: sequence, limit: origin.limits.pageEventCount)
        origin.metrics.read(events.count)
        return messages(events, after: sequence, until: events.count < origin.limits.pageEventCount ? until : nil)
    }

    /// `until`: the last event there should be.
    private func messages(_ events: [TaskEvent], after sequence: Int64, until: Int64?) -> [EventMessage] {
        var messages: [EventMessage] = [], last = sequence
        for event in events {
            if event.sequence > last + 1 { messages.append(encoder.gap(last + 1...event.sequence - 1, now: origin.clock.unixNano())) }
            messages.append(encoder.event(event))
            last = event.sequence
        }
        if let until, until > last { messages.append(encoder.gap(last + 1...until, now: origin.clock.unixNano())) }
        return messages
    }

    // MARK: Reading

    /// Reads until the task is cancelled or the task it reads has ended.
    func run() async {
        var schedule = FeedSchedule(position: position, limits: origin.limits, now: origin.clock.nano())
        var hasFailed = false
        while !Task.isCancelled {
            do throws(MetastoreError) {
                switch schedule.next(now: origin.clock.nano()) {
                case .finished: return
                case .wait(let untilNano):
                    if await bell.wait(nanoseconds: max(0, untilNano - origin.clock.nano())) { schedule.ring() }
                case .readCounters: try await readCounters(&schedule)
                case .readEvents(let sequence): try await readEvents(after: sequence, &schedule)
                }
                hasFailed = false
            } catch {
                if !hasFailed { origin.logger.warning("events cannot be read", metadata: ["error": "\(error)"]) }
                hasFailed = true
                schedule.failed(now: origin.clock.nano())
            }
        }
    }

    private func readCounters(_ schedule: inout FeedSchedule) async throws(MetastoreError) {
        guard let snapshot = try await origin.source.snapshot(of: task) else { throw MetastoreError(.notFound, "the task is gone") }
        let now = origin.clock.nano()
        state.withLock { state in
            state.snapshot = snapshot
            state.remaining.add(done: snapshot.task.progressDone, now: now)
        }
        schedule.countersRead(lastSequence: snapshot.lastEventSequence, isFinal: snapshot.task.state.isFinal, now: now)
    }

    private func readEvents(after sequence: Int64, _ schedule: inout FeedSchedule) async throws(MetastoreError) {
        let limit = origin.limits.pageEventCount
        let events = try await origin.source.events(of: task, after: sequence, limit: limit)
        origin.metrics.read(events.count)
        let settlement = schedule.eventsRead(last: events.last?.sequence, isFull: events.count == limit, now: origin.clock.nano())
        let news = messages(events, after: sequence, until: settlement.missing?.upperBound)
        publish(news, settlement)
    }

    private func publish(_ news: [EventMessage], _ settlement: FeedSchedule.Settlement) {
        let now = origin.clock.unixNano()
        state.withLock { state in
            for message in news { state.recent.add(message) }
            state.position = news.last?.sequence ?? state.position
            var all = news
            if settlement.hasCounters, state.snapshot != state.toldSnapshot {
                state.toldSnapshot = state.snapshot
                all.append(
                    encoder.progress(
                        state.snapshot, secondsLeft: state.remaining.seconds(total: state.snapshot.task.progressTotal),
                        sequence: state.position, now: now))
            }
            if !all.isEmpty { for follower in state.followers.values { follower.add(all) } }
            guard settlement.isFinished else { return }
            state.isFinished = true
            for follower in state.followers.values { follower.end(.finished) }
            state.followers = [:]
        }
    }
}

/// A follower's queue with its one reader: what is added from outside wakes the reader. The shell around `SubscriberQueue`.

import Synchronization

final class Subscription: Sendable {
    private struct State {
        var queue: SubscriberQueue
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>
    private let clock: any EventClock

    init(_ queue: SubscriberQueue, clock: any EventClock) {
        state = Mutex(State(queue: queue))
        self.clock = clock
    }

    var lastSequence: Int64 { state.withLock { $0.queue.lastSequence } }

    var isEnded: Bool { state.withLock { $0.queue.isEnded } }

    func add(_ messages: some Sequence<EventMessage>) { change { queue in for message in messages { queue.add(message) } } }
    func end(_ ending: SubscriberQueue.Ending) { change { $0.end(ending) } }
    func sent(upTo sequence: Int64) { state.withLock { $0.queue.sent(upTo: sequence, now: clock.nano()) } }
    func tick(now: Int64) { change { $0.tick(now: now) } }

    /// What is to be sent next, waited for as long as it takes. For one caller at a time.
    func next() async -> SubscriberQueue.Delivery {
        while true {
            if let delivery = state.withLock({ $0.queue.next(now: clock.nano()) }) { return delivery }
            await withTaskCancellationHandler {
                await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                    let isReady = state.withLock { state in
                        // Between the look above and here something may have come.
                        guard !state.queue.hasDelivery else { return true }
                        state.waiter = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                end(.disconnected)
            }
        }
    }

    private func change(_ body: (inout SubscriberQueue) -> Void) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            body(&state.queue)
            return state.queue.hasDelivery ? state.waiter.take() : nil
        }?.resume()
    }
}

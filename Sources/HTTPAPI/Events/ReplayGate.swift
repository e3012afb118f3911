/// Lets so many reads of the past through at a time; the others wait their turn, in order. A thousand followers that come back together so
/// leave connections of PostgreSQL to everybody else.

import Synchronization

final class ReplayGate: Sendable {
    private struct State {
        var freeCount: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
        var head = 0
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(freeCount: count)) }

    func withTurn<Value, Failure>(_ body: () async throws(Failure) -> Value) async throws(Failure) -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isFree = state.withLock { state in
                guard state.freeCount == 0 else {
                    state.freeCount -= 1
                    return true
                }
                state.waiters.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// The turn goes to whoever waits longest.
    private func leave() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard state.head < state.waiters.count else {
                state.freeCount += 1
                return nil
            }
            defer {
                state.head += 1
                if state.head > state.waiters.count / 2 {
                    state.waiters.removeFirst(state.head)
                    state.head = 0
                }
            }
            return state.waiters[state.head]
        }?.resume()
    }
}

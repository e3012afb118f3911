/// Wakes one waiter: however often it was rung since the last wait, the next wait ends at once, once.

import Synchronization

package final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    package func ring() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isRung = true
            return state.waiter.take()
        }?.resume()
    }

    /// Until it is rung, the time is over, or the task is cancelled.
    package func wait(_ timeout: Duration) async {
        let timer = Task {
            // A timer that is no longer needed rings for nobody: the next wait would end at once.
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            self.ring()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isOver = state.withLock { state -> Bool in
                    if state.isRung { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            self.ring()
        }
        timer.cancel()
        state.withLock { $0.isRung = false }
    }
}

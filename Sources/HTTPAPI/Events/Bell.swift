/// Wakes one waiter: however often it was rung since the last wait, the next wait ends at once, once.

import Synchronization

final class Bell: Sendable {
    private struct State {
        var isRung = false
        /// The time was over before there was a waiter to tell.
        var isTimeOver = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isRung = true
            return state.waiter.take()
        }?.resume()
    }

    /// Until it is rung, the time is over or the task is cancelled. True when it was rung. For one caller at a time.
    func wait(nanoseconds: Int64) async -> Bool {
        state.withLock { $0.isTimeOver = false }
        let timer = Task {
            do { try await Task.sleep(for: .nanoseconds(nanoseconds)) } catch { return }
            self.stopWaiting()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isOver = state.withLock { state in
                    guard !state.isRung, !state.isTimeOver, !Task.isCancelled else { return true }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            stopWaiting()
        }
        timer.cancel()
        return state.withLock { state in
            defer { state.isRung = false }
            return state.isRung
        }
    }

    private func stopWaiting() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.isTimeOver = true
            return state.waiter.take()
        }?.resume()
    }
}

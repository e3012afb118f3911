/// Bounds how long a handler may take to its answer's head: then the client is told 504 and the handler is cancelled. One that does not
/// heed that goes on unseen, and its answer is thrown away. A handler whose work is of no use to anybody else (`Route.endsWithClient`) is
/// cancelled when its client has gone, too.

import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

enum HandlerTimeout {
    static func wrap(_ handler: @escaping Route.Handler, limit: TimeAmount, endsWithClient: Bool) -> Route.Handler {
        { request, context in
            let race = Race()
            let timer = context.channel.eventLoop.scheduleTask(in: limit) {
                race.end(
                    .failure(Problem(.gatewayTimeout, "the server did not finish the request in time; ask for less at once, or later")))
            }
            defer { timer.cancel() }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    race.begin(continuation) {
                        Task {
                            do { race.end(.success(try await handler(request, context))) } catch { race.end(.failure(error)) }
                        }
                    }
                    guard endsWithClient else { return }
                    let channel = context.channel, watching = channel.eventLoop.makePromise(of: Void.self)
                    // A channel that is closed by now has nobody left who could tell.
                    watching.futureResult.whenFailure { _ in if !channel.isActive { race.end(.failure(clientGone)) } }
                    channel.triggerUserOutboundEvent(InputEndWatch { race.end(.failure(clientGone)) }, promise: watching)
                }
            } onCancel: {
                race.cancel()
            }
        }
    }

    /// For the log and the counts: nobody reads it. The status is nginx's.
    private static let clientGone = Problem(
        HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"), "the client has gone before its answer")

    /// Whoever is first gives the answer.
    private final class Race: Sendable {
        private struct State {
            var continuation: CheckedContinuation<Response, any Error>?
            var task: Task<Void, Never>?
            var isEnded = false
            var isCancelled = false
        }

        private let state = Mutex(State())

        func begin(_ continuation: CheckedContinuation<Response, any Error>, _ start: () -> Task<Void, Never>) {
            state.withLock { $0.continuation = continuation }
            let task = start()
            let isOver = state.withLock { state in
                state.task = task
                return state.isCancelled || state.isEnded
            }
            if isOver { task.cancel() }
        }

        func end(_ result: Result<Response, any Error>) {
            let (continuation, task) = state.withLock { state in
                state.isEnded = true
                defer { state.continuation = nil }
                return (state.continuation, state.task)
            }
            continuation?.resume(with: result)
            // A handler that has answered has nothing left to cancel.
            if case .failure = result { task?.cancel() }
        }

        func cancel() {
            let task = state.withLock { state in
                state.isCancelled = true
                return state.task
            }
            task?.cancel()
        }
    }
}

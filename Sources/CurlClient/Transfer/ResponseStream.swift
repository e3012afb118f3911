/// Where the loop's thread and the reader's task meet: the head, the bytes that wait, the end. Holds a bounded number of bytes;
/// when they are too many the loop pauses the transfer, and the reader that takes them asks for it to go on.

import Synchronization

struct ResponseHead: Sendable {
    var status: Int
    var headers: CurlHeaders
}

final class ResponseStream: Sendable {
    private typealias HeadWaiter = CheckedContinuation<Result<ResponseHead, CurlError>, Never>
    private typealias Reader = CheckedContinuation<Result<[UInt8]?, CurlError>, Never>

    private struct State {
        var head: ResponseHead?
        var waiting: [UInt8] = []
        var isPaused = false
        var end: Result<Void, CurlError>?
        var headWaiter: HeadWaiter?
        var reader: Reader?
    }

    private let state = Mutex(State())

    // MARK: The loop's side

    func deliver(_ head: ResponseHead) {
        let waiter = state.withLock { state in
            state.head = head
            defer { state.headWaiter = nil }
            return state.headWaiter
        }
        waiter?.resume(returning: .success(head))
    }

    /// Answers false when enough bytes wait: the transfer must pause until the reader has taken them.
    func offer(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let (taken, reader) = state.withLock { state -> (Bool, Reader?) in
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            guard state.waiting.count < CurlLimits.waitingBodyByteCount else {
                state.isPaused = true
                return (false, nil)
            }
            state.waiting += bytes
            return (true, nil)
        }
        reader?.resume(returning: .success(Array(bytes)))
        return taken
    }

    /// The first end counts.
    func finish(_ end: Result<Void, CurlError>) {
        let (headWaiter, reader) = state.withLock { state -> (HeadWaiter?, Reader?) in
            guard state.end == nil else { return (nil, nil) }
            state.end = end
            // What a cancelled transfer left behind has no reader any more.
            if case .failure(.cancelled) = end { state.waiting = [] }
            defer { (state.headWaiter, state.reader) = (nil, nil) }
            return (state.headWaiter, state.reader)
        }
        headWaiter?.resume(returning: Self.withoutHead(end))
        reader?.resume(returning: end.map { nil })
    }

    // MARK: The reader's side; one task at a time

    func head() async -> Result<ResponseHead, CurlError> {
        await withCheckedContinuation { waiter in
            let known = state.withLock { state -> Result<ResponseHead, CurlError>? in
                if let head = state.head { return .success(head) }
                if let end = state.end { return Self.withoutHead(end) }
                state.headWaiter = waiter
                return nil
            }
            if let known { waiter.resume(returning: known) }
        }
    }

    /// All bytes that wait, or the next that come; nil at the end.
    ///
    /// - Parameter unpause: called when the transfer was paused for want of a reader.
    func next(unpause: @Sendable () -> Void) async -> Result<[UInt8]?, CurlError> {
        await withCheckedContinuation { reader in
            let (known, wasPaused) = state.withLock { state -> (Result<[UInt8]?, CurlError>?, Bool) in
                defer { state.isPaused = false }
                if !state.waiting.isEmpty {
                    defer { state.waiting = [] }
                    return (.success(state.waiting), state.isPaused)
                }
                if let end = state.end { return (end.map { nil }, false) }
                guard state.reader == nil else {
                    return (.failure(CurlError(.invalidRequest, "a response body is read by two tasks at once")), false)
                }
                state.reader = reader
                return (nil, state.isPaused)
            }
            if wasPaused { unpause() }
            if let known { reader.resume(returning: known) }
        }
    }

    private static func withoutHead(_ end: Result<Void, CurlError>) -> Result<ResponseHead, CurlError> {
        end.flatMap { .failure(CurlError(.protocolFault, "the connection ended before the response")) }
    }
}

/// A response's body while it comes in: an asynchronous sequence of pieces for one reader. The peer is made to wait while the
/// reader is busy. Dropping the body or its iterator, or cancelling the reading task, ends the transfer and closes its connection.

package struct CurlResponseBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = CurlError

    let transfer: RunningTransfer

    /// To be asked for once: there is one transfer, and its bytes come once.
    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(transfer) }

    /// Reads to the end. Errors: those of the transfer, and `tooLarge`.
    package func collect(maximumByteCount: Int) async throws(CurlError) -> [UInt8] {
        var whole: [UInt8] = []
        for try await piece in self {
            guard whole.count + piece.count <= maximumByteCount else {
                throw CurlError(.tooLarge, "the response is longer than \(maximumByteCount) bytes")
            }
            whole += piece
        }
        return whole
    }

    /// Ends the transfer; reading on throws `cancelled`.
    package func cancel() { transfer.cancel() }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private final class Guardian: Sendable {
            let transfer: RunningTransfer
            init(_ transfer: RunningTransfer) { self.transfer = transfer }
            deinit { transfer.cancel() }
        }

        private let guardian: Guardian

        init(_ transfer: RunningTransfer) { guardian = Guardian(transfer) }

        package mutating func next() async throws(CurlError) -> [UInt8]? {
            try await guardian.transfer.next()
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(CurlError) -> [UInt8]? {
            try await guardian.transfer.next()
        }
    }
}

/// The reader's hold on a transfer of the loop: when the last is gone, so is the transfer.
final class RunningTransfer: Sendable {
    private let stream: ResponseStream
    private let owner: LoopOwner
    private let id: Int

    init(_ plan: TransferPlan, on owner: LoopOwner) {
        stream = ResponseStream()
        self.owner = owner
        id = owner.loop.start(plan, stream)
    }

    deinit { cancel() }

    func cancel() { owner.loop.cancel(id) }

    func head() async throws(CurlError) -> ResponseHead {
        try await withTaskCancellationHandler {
            await stream.head()
        } onCancel: {
            cancel()
        }.get()
    }

    func next() async throws(CurlError) -> [UInt8]? {
        try await withTaskCancellationHandler {
            await stream.next { owner.loop.resume(id) }
        } onCancel: {
            cancel()
        }.get()
    }
}

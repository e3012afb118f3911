/// A response body read as server-sent events.

package struct ServerSentEvents: AsyncSequence, Sendable {
    package typealias Element = ServerSentEvent
    package typealias Failure = CurlError

    let body: CurlResponseBody

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: body.makeAsyncIterator()) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        var pieces: CurlResponseBody.AsyncIterator
        private var parser = ServerSentEventParser()
        /// Parsed and not yet asked for, the next one last.
        private var waiting: [ServerSentEvent] = []

        init(pieces: CurlResponseBody.AsyncIterator) { self.pieces = pieces }

        package mutating func next() async throws(CurlError) -> ServerSentEvent? { try await next(isolation: nil) }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(CurlError) -> ServerSentEvent? {
            while waiting.isEmpty {
                guard let piece = try await pieces.next(isolation: actor) else { return nil }
                waiting = try parser.parse(piece).reversed()
            }
            return waiting.popLast()
        }
    }
}

extension CurlResponseBody {
    package var serverSentEvents: ServerSentEvents { ServerSentEvents(body: self) }
}

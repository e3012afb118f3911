/// Reads a request's body into one array, within a limit that is checked before the first byte is read.

import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

package enum RequestBodyError: Error, Equatable {
    case tooLarge(maximumByteCount: Int)
    /// The sender was too slow; see `ConnectionLimits`.
    case timeout
    /// Chunks or length on the wire are not valid HTTP, or the sender closed in the middle.
    case malformed
}

extension ServerRequestContext {
    /// The body, as sent. Asks the client to go on first when it waits for `100 Continue`.
    ///
    /// - Parameters:
    ///   - announced: called with the length the request names, if it does, before the first byte is read; it may refuse.
    ///   - arrived: called with the size of each part as it comes, before it is kept, and with that of all so far; it may refuse.
    /// - Throws: `tooLarge` before reading when the announced length is over the limit, else as soon as the bytes are; what
    ///   `announced` and `arrived` throw.
    package func readBody(
        of request: Request, maximumByteCount: Int, announced announce: (_ byteCount: Int) throws -> Void = { _ in },
        arrived: (_ byteCount: Int, _ total: Int) throws -> Void = { _, _ in }
    ) async throws -> [UInt8] {
        var announced = 0
        if let length = request.headers[.contentLength] {
            guard let count = Int(length), count >= 0 else { throw RequestBodyError.malformed }
            guard count <= maximumByteCount else { throw RequestBodyError.tooLarge(maximumByteCount: maximumByteCount) }
            announced = count
            try announce(count)
        }
        // A connection that is gone already shows in the first read.
        if request.headers[.expect] != nil {
            try? await channel.triggerUserOutboundEvent(RequestBodyWanted()).get()
        } else if announced == 0 || announced > Self.smallBodyByteCount {
            // Over HTTP/2 it opens the stream's window. What fits into the one it has needs none.
            channel.triggerUserOutboundEvent(RequestBodyWanted(), promise: nil)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(announced)
        var parts = request.body.makeAsyncIterator()
        while let part = try await Self.next(&parts) {
            let count = bytes.count + part.readableBytes
            try arrived(part.readableBytes, count)
            guard count <= maximumByteCount else { throw RequestBodyError.tooLarge(maximumByteCount: maximumByteCount) }
            part.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
        }
        // A connection that ends quietly in the middle of a body ends the iteration as if the body were whole.
        guard announced == 0 || bytes.count == announced else { throw RequestBodyError.malformed }
        return bytes
    }

    private static let smallBodyByteCount = 32 << 10

    private static func next(_ parts: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await parts.next()
        } catch is RequestBodyTimeout {
            throw RequestBodyError.timeout
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Chunks that are none, a connection that was reset.
            throw RequestBodyError.malformed
        }
    }
}

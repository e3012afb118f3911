/// Reads a request's body into one array, within a limit that is checked before the first byte is read.
///
/// Memory is taken once, for the length that is announced: by the request's `Content-Length`, or by the body itself where a prefix stands
/// before its content (gRPC, whose clients name no length).

import ByteCoding
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

/// What stands before a body's content and says how long that is.
package struct RequestBodyPrefix: Sendable {
    package let byteCount: Int
    /// Bytes of the content, by the prefix; nil where it is none.
    package let contentByteCount: @Sendable (_ prefix: [UInt8]) -> Int?

    package init(byteCount: Int, contentByteCount: @escaping @Sendable (_ prefix: [UInt8]) -> Int?) {
        self.byteCount = byteCount
        self.contentByteCount = contentByteCount
    }
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
        try await readBody(of: request, behind: nil, maximumByteCount: maximumByteCount, announced: announce, arrived: arrived).content
    }

    /// The same for a body that begins with a prefix: the prefix, shorter where the body ends within it, and what comes behind it, which may
    /// be more or less than it says. Counts are of both together, so is the limit.
    ///
    /// - Parameter memory: where the content's memory is taken from once its length is known; the caller gives it back.
    package func readBody(
        of request: Request, behind prefix: RequestBodyPrefix?, maximumByteCount: Int, memory: ByteArrayPool = .none,
        announced announce: (_ byteCount: Int) throws -> Void = { _ in },
        arrived: (_ byteCount: Int, _ total: Int) throws -> Void = { _, _ in }
    ) async throws -> (prefix: [UInt8], content: [UInt8]) {
        let prefixByteCount = prefix?.byteCount ?? 0
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
        var head: [UInt8] = [], bytes = memory.take(capacity: max(0, announced - prefixByteCount)), total = 0
        var parts = request.body.makeAsyncIterator()
        while var part = try await Self.next(&parts) {
            total += part.readableBytes
            try arrived(part.readableBytes, total)
            guard total <= maximumByteCount else { throw RequestBodyError.tooLarge(maximumByteCount: maximumByteCount) }
            if let prefix, head.count < prefixByteCount {
                head += part.readBytes(length: min(prefixByteCount - head.count, part.readableBytes)) ?? []
                // Of one that says more than may come, what comes is looked at: it may be no prefix at all.
                if announced == 0, head.count == prefixByteCount, let count = prefix.contentByteCount(head), count > 0,
                    count <= maximumByteCount - prefixByteCount
                {
                    try announce(prefixByteCount + count)
                    bytes = memory.take(capacity: count)
                }
            }
            part.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
        }
        // A connection that ends quietly in the middle of a body ends the iteration as if the body were whole.
        guard announced == 0 || total == announced else { throw RequestBodyError.malformed }
        return (head, bytes)
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

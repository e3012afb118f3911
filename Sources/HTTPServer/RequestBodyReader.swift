/// Reads a request's body into one array, within a limit that is checked before the first byte is read.

import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

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
    /// - Parameter reserve: called with the announced length before the first byte is read, and for a body without one with the
    ///   count to come whenever that passes another MiB; it may refuse.
    /// - Throws: `tooLarge` before reading when the announced length is over the limit, else as soon as the bytes are; what
    ///   `reserve` throws.
    package func readBody(
        of request: Request, maximumByteCount: Int, reserve: (_ byteCount: Int) throws -> Void = { _ in }
    ) async throws -> [UInt8] {
        var announced = 0
        if let length = request.headers[.contentLength] {
            guard let count = Int(length), count >= 0 else { throw RequestBodyError.malformed }
            guard count <= maximumByteCount else { throw RequestBodyError.tooLarge(maximumByteCount: maximumByteCount) }
            announced = count
            try reserve(count)
        }
        var reserved = announced
        do {
            if request.headers[.expect] != nil { try await channel.triggerUserOutboundEvent(RequestBodyWanted()).get() }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(announced)
            for try await part in request.body {
                let count = bytes.count + part.readableBytes
                guard count <= maximumByteCount else { throw RequestBodyError.tooLarge(maximumByteCount: maximumByteCount) }
                if count > reserved {
                    reserved = count + 1 << 20
                    try reserve(reserved)
                }
                part.withUnsafeReadableBytes { bytes.append(contentsOf: $0) }
            }
            return bytes
        } catch is RequestBodyTimeout {
            throw RequestBodyError.timeout
        } catch is HTTPParserError {
            throw RequestBodyError.malformed
        } catch is ChannelError {
            throw RequestBodyError.malformed
        }
    }
}

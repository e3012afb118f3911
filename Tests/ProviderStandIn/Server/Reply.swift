/// What goes out for one call, as a list of steps: decided at once by pure code, carried out over time by `CallHandler`.

import NIOCore
import NIOHTTP1

struct Reply {
    enum Step {
        /// Milliseconds in which nothing is sent.
        case wait(Int)
        case head(status: Int, headers: HTTPHeaders)
        case body([UInt8])
        /// That many bytes of white space, which JSON lets stand before a value.
        case filler(Int)
        case end
        /// Closes the connection where it stands.
        case cut
        /// Sends nothing more and waits for the client to leave.
        case silence
    }

    var steps: [Step]

    /// A whole body with its length.
    static func whole(status: Int, headers: HTTPHeaders = [:], contentType: String = "application/json", _ body: [UInt8]) -> Reply {
        Reply(steps: [.head(status: status, headers: Self.headers(headers, contentType, byteCount: body.count)), .body(body), .end])
    }

    static func headers(_ headers: HTTPHeaders, _ contentType: String, byteCount: Int?) -> HTTPHeaders {
        var headers = headers
        headers.add(name: "content-type", value: contentType)
        if let byteCount {
            headers.add(name: "content-length", value: String(byteCount))
        } else {
            headers.add(name: "transfer-encoding", value: "chunked")
        }
        return headers
    }

    func delayed(milliseconds: Int) -> Reply { milliseconds > 0 ? Reply(steps: [.wait(milliseconds)] + steps) : self }
}

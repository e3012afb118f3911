/// One request as a value: what to send, where it may go, and how long it may take.

package struct CurlRequest: Sendable, CustomStringConvertible {
    package var method: String
    package var url: CurlURL
    package var headers: CurlHeaders
    package var body: [UInt8]
    package var timeouts = CurlTimeouts()
    /// Asked about every address that is connected to, redirects included.
    package var addressPolicy: OutboundAddressPolicy
    /// Redirects that are followed; with 0 the caller gets the 3xx itself.
    package var maximumRedirectCount = 0
    /// A body longer than this ends the transfer with `tooLarge`, streamed or not. Nil: without limit.
    package var maximumBodyByteCount: Int?

    package init(
        _ method: String = "GET", _ url: CurlURL, headers: CurlHeaders = [:], body: [UInt8] = [],
        addressPolicy: OutboundAddressPolicy = .publicOnly
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.addressPolicy = addressPolicy
    }

    package var description: String { "\(method) \(url)" }

    /// Errors: `invalidRequest` for what would not arrive as it was meant.
    func validate() throws(CurlError) {
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5a).contains($0) }) else {
            throw CurlError(.invalidRequest, "a method is written in capital letters")
        }
        if let name = headers.unsendable {
            throw CurlError(.invalidRequest, "the header \(name.debugDescription) has a name or value that cannot be sent")
        }
    }
}

/// A response's head, and its body while it comes in.
package struct CurlResponse: Sendable {
    package let status: Int
    package let headers: CurlHeaders
    /// Where the response came from: after redirects not where the request went.
    package let url: CurlURL
    package let body: CurlResponseBody
}

/// A response read to its end.
package struct CurlWholeResponse: Sendable, CustomStringConvertible {
    package let status: Int
    package let headers: CurlHeaders
    package let url: CurlURL
    package let body: [UInt8]

    package var description: String { "\(status) from \(url), \(body.count) bytes" }
}

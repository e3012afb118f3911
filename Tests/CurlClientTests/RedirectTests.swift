import CurlClient
import LoopbackTesting
import Testing

@Suite("A redirect", .timeLimit(.minutes(1)))
struct RedirectTests {
    let client = CurlClient()

    /// `/a/N` leads to `/a/N-1`, `/to?URL` to the URL; everything else is answered with what arrived.
    private func redirecting(status: String = "302 Found", _ body: @Sendable (LoopbackServer) async throws -> Void) async throws {
        try await LoopbackServer.run { peer in
            try await peer.answerAll { request in
                let path = request.line.split(separator: " ")[1]
                if path.hasPrefix("/a/"), let number = Int(path.dropFirst(3)), number > 0 {
                    return (status, "Location: \(number - 1)\r\n", "moved")
                }
                if path.hasPrefix("/to?") { return (status, "Location: \(path.dropFirst(4))\r\n", "moved") }
                let fields = request.headers.keys.sorted().filter { ["api-key", "authorization", "content-type", "accept"].contains($0) }
                return ("200 OK", "", "\(request.line)|\(fields.joined(separator: " "))|\(String(decoding: request.body, as: UTF8.self))")
            }
        } _: {
            try await body($0)
        }
    }

    private func following(_ count: Int, _ request: CurlRequest) -> CurlRequest {
        var request = request
        request.maximumRedirectCount = count
        return request
    }

    @Test("is the caller's when nobody asked to follow it")
    func notFollowed() async throws {
        try await redirecting { server in
            let response = try await client.send(request("GET", server.url + "/a/1"), maximumByteCount: 100)
            #expect(response.status == 302)
            #expect(response.headers["location"] == "0")
        }
    }

    @Test("is followed as often as asked, not once more")
    func followed() async throws {
        try await redirecting { server in
            let response = try await client.send(following(3, request("GET", server.url + "/a/3")), maximumByteCount: 1000)
            #expect(response.status == 200)
            #expect(response.url.text == server.url + "/a/0")
            #expect(await code { _ = try await client.send(following(2, request("GET", server.url + "/a/3"))) } == .protocolFault)
            #expect(await code { _ = try await client.send(following(1000, request("GET", server.url + "/a/1000"))) } == .protocolFault)
        }
    }

    @Test(
        "makes a GET of a POST, or repeats it",
        arguments: [("303 See Other", "GET /x HTTP/1.1||"), ("307 Temporary Redirect", "POST /x HTTP/1.1|content-type|form")])
    func methods(status: String, expected: String) async throws {
        try await redirecting(status: status) { server in
            let post = try request("POST", server.url + "/to?/x", headers: ["Content-Type": "text/plain"], body: "form")
            let response = try await client.send(following(1, post), maximumByteCount: 1000)
            #expect(String(decoding: response.body, as: UTF8.self).replacing("accept", with: "").replacing("| ", with: "|") == expected)
        }
    }

    @Test("keeps credentials on the same origin and drops them on another")
    func credentials() async throws {
        try await redirecting { other in
            try await redirecting { server in
                for (target, expected) in [("/x", "accept api-key authorization"), (other.url + "/x", "accept")] {
                    let get = try request("GET", "\(server.url)/to?\(target)", headers: ["Authorization": "a", "Api-Key": "b"])
                    let response = try await client.send(following(1, get), maximumByteCount: 1000)
                    #expect(String(decoding: response.body, as: UTF8.self).split(separator: "|")[1] == expected)
                }
            }
        }
    }

    @Test(
        "to an address or scheme that is not allowed is refused",
        arguments: [
            "http://127.0.0.2:1/", "http://[::1]:1/", "http://169.254.169.254/latest/", "http://localhost.:1/x", "file:///etc/passwd",
            "gopher://127.0.0.1:1/",
        ])
    func forbidden(target: String) async throws {
        try await redirecting { server in
            var get = try request("GET", "\(server.url)/to?\(target)")
            get.maximumRedirectCount = 5
            // The server itself may be reached, nothing else that is not public.
            get.addressPolicy = OutboundAddressPolicy(allowing: target.contains("localhost") ? [] : get.addressPolicy.allowedNetworks)
            let forbidden = get
            #expect(await code { _ = try await client.send(forbidden) } == .addressRefused)
        }
    }

    @Test("is not needed to be refused: a first request to a private address is, however its URL is written")
    func publicOnly() async throws {
        let counter = Counter()
        try await LoopbackServer.run { _ in
            counter.increment()
        } _: { server in
            for host in ["127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0"] {
                let get = CurlRequest("GET", try CurlURL("http://\(host):\(server.port)/"))
                #expect(await code { _ = try await client.send(get) } == .addressRefused, "\(host)")
            }
        }
        #expect(counter.value == 0)
    }

    @Test("or any other request does not use a kept connection that a wider policy opened")
    func keptConnection() async throws {
        try await redirecting { server in
            let wide = try await client.send(request("GET", server.url + "/x"), maximumByteCount: 1000)
            #expect(wide.status == 200)
            let narrow = CurlRequest("GET", try CurlURL(server.url + "/x"))
            #expect(await code { _ = try await client.send(narrow) } == .addressRefused)
        }
    }

    @Test(
        "is written as a URL, and a URL is read strictly",
        arguments: [
            ("https://Example.ORG/a?b#c", "https://Example.ORG/a?b", nil), ("http://x:80/", "http://x:80/", nil),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443/", nil), ("example.org", nil, .invalidRequest),
            ("/relative", nil, .invalidRequest), ("", nil, .invalidRequest), ("https://", nil, .invalidRequest),
            ("https://user:pw@example.org/", nil, .invalidRequest), ("https://user@example.org/", nil, .invalidRequest),
            ("https://a b/", nil, .invalidRequest), ("https://a/\r\nX: y", nil, .invalidRequest), ("ftp://a/", nil, .addressRefused),
            ("file:///etc/passwd", nil, .addressRefused), ("smtp://a/", nil, .addressRefused),
            ("javascript:alert(1)", nil, .invalidRequest),
        ] as [(String, String?, CurlError.Code?)])
    func urls(text: String, expected: String?, refusal: CurlError.Code?) async {
        var read: String?
        let actual = await code { read = try CurlURL(text).text }
        #expect(actual == refusal)
        #expect(read == expected)
    }
}

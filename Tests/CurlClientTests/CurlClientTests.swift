import CurlClient
import Glibc
import LoopbackTesting
import Testing

@Suite("A request", .timeLimit(.minutes(1)))
struct CurlClientTests {
    let client = CurlClient()

    @Test("arrives as it was given, and so does its response", arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
    func roundTrip(method: String) async throws {
        try await LoopbackServer.run { peer in
            try await peer.answerAll { request in
                (
                    "201 Created",
                    "X-Line: \(request.line)\r\nX-Key: \(request.headers["api-key"] ?? "")\r\nEmpty:\r\nTwice: a\r\nTwice: b\r\n",
                    String(decoding: request.body, as: UTF8.self)
                )
            }
        } _: { server in
            let body = method == "GET" ? "" : "grüße\n"
            let response = try await client.send(
                request(method, server.url + "/a/b?c=d%20e", headers: ["Api-Key": "secret"], body: body), maximumByteCount: 100)
            #expect(response.status == 201)
            #expect(response.headers["x-line"] == "\(method) /a/b?c=d%20e HTTP/1.1")
            #expect(response.headers["X-KEY"] == "secret")
            #expect(response.headers["empty"] == "")
            #expect(response.headers.fields.filter { $0.name == "Twice" }.map(\.value) == ["a", "b"])
            #expect(String(decoding: response.body, as: UTF8.self) == body)
        }
    }

    @Test("adds no header field but those of HTTP itself, and its length when it may have a body")
    func ownHeaders() async throws {
        try await LoopbackServer.run { peer in
            try await peer.answerAll {
                ("200 OK", "", $0.headers.keys.sorted().joined(separator: " ") + " " + ($0.headers["content-length"] ?? ""))
            }
        } _: { server in
            let get = try await client.send(request("GET", server.url), maximumByteCount: 1000)
            #expect(String(decoding: get.body, as: UTF8.self) == "accept host user-agent ")
            let post = try await client.send(request("POST", server.url), maximumByteCount: 1000)
            #expect(String(decoding: post.body, as: UTF8.self) == "accept content-length host user-agent 0")
        }
    }

    @Test("of HEAD has a head and no body")
    func head() async throws {
        try await LoopbackServer.run { peer in
            _ = await peer.request()
            try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        } _: { server in
            let response = try await client.send(request("HEAD", server.url), maximumByteCount: 10)
            #expect(response.headers["content-length"] == "1000000")
            #expect(response.body.isEmpty)
        }
    }

    @Test("is answered after an announcement, without its header fields")
    func informational() async throws {
        try await LoopbackServer.run { peer in
            _ = await peer.request()
            try await peer.send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            try await peer.answer("200 OK", "later")
        } _: { server in
            let response = try await client.send(request("GET", server.url), maximumByteCount: 10)
            #expect(response.status == 200)
            #expect(response.headers["link"] == nil)
            #expect(String(decoding: response.body, as: UTF8.self) == "later")
        }
    }

    @Test("uses a kept connection, and no cookie that came over it")
    func keptConnection() async throws {
        let counts = Counter()
        try await LoopbackServer.run { peer in
            counts.increment()
            try await peer.answerAll { ("200 OK", "Set-Cookie: a=b; Path=/\r\n", $0.headers["cookie"] ?? "none") }
        } _: { server in
            for _ in 0..<5 {
                let response = try await client.send(request("GET", server.url), maximumByteCount: 10)
                #expect(String(decoding: response.body, as: UTF8.self) == "none")
            }
        }
        #expect(counts.value == 1)
    }

    @Test("goes through a proxy only when one is configured, whatever the environment says")
    func proxies() async throws {
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy") }
        try await LoopbackServer.run { peer in
            try await peer.answerAll { ("200 OK", "", $0.line) }
        } _: { server in
            let direct = try await client.send(request("GET", server.url + "/x"), maximumByteCount: 100)
            #expect(String(decoding: direct.body, as: UTF8.self) == "GET /x HTTP/1.1")
            var settings = CurlSettings()
            settings.proxy = .url(server.url)
            let proxied = try await CurlClient(settings: settings).send(request("GET", "http://example.org/y"), maximumByteCount: 100)
            #expect(String(decoding: proxied.body, as: UTF8.self) == "GET http://example.org/y HTTP/1.1")
            settings.proxy = .fromEnvironment
            let astray = await code { _ = try await CurlClient(settings: settings).send(request("GET", "http://example.org/y")) }
            #expect(astray == .connect)
        }
    }

    @Test(
        "is not sent when it would not arrive as it was meant",
        arguments: [
            ("get", "a", "b"), ("GET /x HTTP/1.1\r\n", "a", "b"), ("GET", "a b", "c"), ("GET", "", "c"), ("GET", "a:", "c"),
            ("GET", "a", "b\r\nInjected: c"), ("GET", "a", "b\nc"), ("GET", "a", "b\0c"), ("POST", "Content-Length", "2"),
            ("POST", "transfer-encoding", "chunked"), ("GET", "Connection", "x-forwarded-for"), ("GET", "Upgrade", "h2c"),
        ])
    func unsendable(method: String, name: String, value: String) async throws {
        let wrong = try request(method, "http://127.0.0.1:1/", headers: [name: value])
        #expect(await code { _ = try await client.send(wrong) } == .invalidRequest)
    }

    @Test("that finds no server, no name or no HTTP says which")
    func failures() async throws {
        #expect(await code { _ = try await client.send(request("GET", "http://127.0.0.1:1/")) } == .connect)
        #expect(await code { _ = try await client.send(request("GET", "http://nowhere.invalid/")) } == .resolve)
        for text in ["garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n"] {
            try await LoopbackServer.run { peer in
                _ = await peer.request()
                try await peer.send(text)
            } _: { server in
                #expect(await code { _ = try await client.send(request("GET", server.url)) } == .protocolFault, "\(text)")
            }
        }
        for text in ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"] {
            try await LoopbackServer.run { peer in
                _ = await peer.request()
                if !text.isEmpty { try await peer.send(text) }
            } _: { server in
                #expect(await code { _ = try await client.send(request("GET", server.url), maximumByteCount: 100) } == .connect, "\(text)")
            }
        }
    }

    @Test("shows no secret when it is described")
    func descriptions() async throws {
        let secret = "s3cr3t"
        let described = try request("GET", "http://127.0.0.1:1/\(secret)?key=\(secret)", headers: ["Authorization": secret], body: secret)
        #expect(described.description == "GET http://127.0.0.1:1")
        #expect("\(described.headers)" == "headers: Authorization")
        do {
            _ = try await client.send(described)
            Issue.record("nothing listens there")
        } catch { #expect(!"\(error)".contains(secret)) }
    }

    @Test("runs beside others: a hundred at once, one thread")
    func concurrency() async throws {
        try await LoopbackServer.run { peer in
            try await peer.answerAll { ("200 OK", "", $0.line) }
        } _: { server in
            try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for number in 0..<100 {
                    tasks.addTask {
                        let response = try await client.send(request("GET", "\(server.url)/\(number)"), maximumByteCount: 100)
                        return String(decoding: response.body, as: UTF8.self) == "GET /\(number) HTTP/1.1"
                    }
                }
                for try await isRight in tasks { #expect(isRight) }
            }
        }
    }
}

import Foundation
import HTTPServer
import HTTPTesting
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// TLS, HTTP/1.1 and HTTP/2 on one port, looked at with curl and openssl.
@Suite("TLS and HTTP/2")
struct TLSTests {
    private static func serve(
        _ change: (inout EdgeConfiguration) -> Void = { _ in },
        metrics: HTTPMetrics = HTTPMetrics(),
        _ body: @escaping @Sendable (LiveServer, TestCertificate, CurrentTLSContext, HTTPMetrics) async throws -> Void
    ) async throws -> Duration {
        let certificate = try TestCertificate()
        defer { certificate.remove() }
        try await certificate.make(name: "first")
        let context = try CurrentTLSContext(TLSFiles(certificatePath: certificate.certificatePath, keyPath: certificate.keyPath))
        var edge = EdgeConfiguration()
        edge.tls = context
        change(&edge)
        return try await LiveServer.run(EchoServer.routes, edge: edge, metrics: metrics, problem: EchoServer.problem) { server in
            try await body(server, certificate, context, metrics)
        }.stopping
    }

    private static func curl(_ server: LiveServer, _ path: String, _ options: [String]) async throws -> Command.Result {
        try await Command.run(["curl", "-sk", "--max-time", "30"] + options + ["https://localhost:\(server.port)\(path)"])
    }

    @Test("curl gets answers over HTTP/1.1 and HTTP/2, with bodies either way", arguments: ["--http1.1", "--http2"])
    func versions(_ version: String) async throws {
        _ = try await Self.serve { (server, certificate, _, _) async throws in
            let number = version == "--http2" ? "2" : "1.1"
            let hello = try await Self.curl(server, "/hello", [version, "-w", " %{http_version} %{http_code}"])
            #expect(hello.output == "hello \(number) 200")
            let body = String(repeating: "0123456789", count: 60_000)
            let file = certificate.directory + "/body"
            try body.write(toFile: file, atomically: true, encoding: .utf8)
            let echo = try await Self.curl(server, "/echo", [version, "--data-binary", "@\(file)"])
            #expect(echo.output == body)
            let refused = try await Self.curl(server, "/refuse", [version, "--data-binary", "@\(file)", "-w", "%{http_code}"])
            #expect(refused.output.hasSuffix("403"))
            let unknown = try await Self.curl(server, "/nothing", [version, "-D", "-"])
            #expect(unknown.output.lowercased().contains("strict-transport-security: max-age=31536000"))
            #expect(unknown.output.lowercased().contains("x-content-type-options: nosniff"))
        }
    }

    @Test("many streams of one connection are answered")
    func streams() async throws {
        _ = try await Self.serve { (server, _, _, _) async throws in
            let urls = (0..<150).map { "https://localhost:\(server.port)/items/\($0)" }
            let result = try await Command.run(
                ["curl", "-sk", "--http2", "--parallel", "--parallel-max", "50", "--max-time", "30"] + urls)
            // Answers arrive in any order and mixed.
            #expect(result.output.sorted() == (0..<150).map { String($0) }.joined().sorted())
        }
    }

    @Test("TLS 1.1 is refused, 1.2 and 1.3 are not, and clear text is no TLS")
    func protocolVersions() async throws {
        let metrics = HTTPMetrics()
        _ = try await Self.serve(metrics: metrics) { (server, _, _, _) async throws in
            let old = try await Command.run([
                "openssl", "s_client", "-connect", "localhost:\(server.port)", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0",
            ])
            #expect(old.status != 0)
            for version in ["-tls1_2", "-tls1_3"] {
                let new = try await Command.run(["openssl", "s_client", "-connect", "localhost:\(server.port)", version])
                #expect(new.output.contains("BEGIN CERTIFICATE"), "\(version)")
            }
            let clear = try await Command.run(["curl", "-s", "--max-time", "10", "http://localhost:\(server.port)/hello"])
            #expect(clear.status != 0 && clear.output.isEmpty)
        }
        // A client can be gone before the server has counted what it did: all of it is counted when the server has ended.
        #expect(metrics.failedHandshakeCount >= 2)
    }

    @Test("new connections get a renewed certificate, and a broken one changes nothing")
    func reload() async throws {
        _ = try await Self.serve { (server, certificate, context, _) async throws in
            func subject() async throws -> String {
                let shown = try await Command.run(["openssl", "s_client", "-connect", "localhost:\(server.port)", "-tls1_3"])
                return shown.output.split(separator: "\n").first { $0.hasPrefix("subject=") }.map { String($0) } ?? ""
            }
            #expect(try await subject().contains("first"))
            try await certificate.make(name: "second")
            #expect(try await subject().contains("first"))
            try context.reload()
            #expect(try await subject().contains("second"))
            try "nothing".write(toFile: certificate.certificatePath, atomically: true, encoding: .utf8)
            #expect(throws: TLSError.self) { try context.reload() }
            #expect(try await subject().contains("second"))
            #expect(try await Self.curl(server, "/hello", []).output == "hello")
        }
    }

    @Test("the server stops at once with silent connections before and after the handshake")
    func stopping() async throws {
        let stopping = try await Self.serve { (server, _, _, _) async throws in
            _ = try await server.connect()
            #expect(try await Self.curl(server, "/hello", ["--http2"]).output == "hello")
        }
        #expect(stopping < .seconds(5))
    }

    @Test("a client that never begins its handshake is cut off")
    func silent() async throws {
        _ = try await Self.serve({ $0.limits.handshakeTimeout = .milliseconds(200) }) { (server, _, _, _) async throws in
            let connection = try await server.connect()
            #expect(try await connection.isAtEnd())
        }
    }

    @Test("a slow body over HTTP/2 is answered with 408")
    func slowBody() async throws {
        _ = try await Self.serve({ edge in
            edge.limits.bodyGrace = .milliseconds(300)
        }) { (server, _, _, _) async throws in
            let result = try await Command.run(
                [
                    "sh", "-c",
                    "(printf abc; sleep 3; printf def) | curl -sk --http2 --max-time 20 -w '%{http_code}' -T - -X POST https://localhost:\(server.port)/echo",
                ])
            #expect(result.output.hasSuffix("408"), "\(result.output)")
        }
    }

    @Test("a key that is none is told by its file's name")
    func badFiles() throws {
        #expect(throws: TLSError.self) { try CurrentTLSContext(TLSFiles(certificatePath: "/nonexistent.pem", keyPath: "/nonexistent.key")) }
    }
}

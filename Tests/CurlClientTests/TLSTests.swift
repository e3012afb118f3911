import CurlClient
import Foundation
import LoopbackTesting
import Testing

/// Against `openssl s_server`, with a certificate made for the test.
@Suite("TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    /// A self-signed certificate for `localhost` and a server with it, for the length of `body`.
    private func serving(_ body: @Sendable (_ port: Int, _ certificate: String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "curl-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let key = directory.appending(path: "key.pem").path, certificate = directory.appending(path: "certificate.pem").path
        let made = Signal()
        _ = try Self.openssl(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", certificate,
                "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ], ended: made)
        await made.wait()
        let server = try Self.openssl(["s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www"])
        // Not SIGTERM: a child inherits the signal mask of the thread that started it, which may block that.
        defer { kill(server.process.processIdentifier, SIGKILL) }
        // It says "ACCEPT 127.0.0.1:PORT" when it listens.
        var said = ""
        var port: Int?
        while port == nil {
            let piece = server.output.availableData
            try #require(!piece.isEmpty, "openssl s_server said only: \(said)")
            said += String(decoding: piece, as: UTF8.self)
            let line = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first { $0.hasPrefix("ACCEPT") }
            port = line?.split(separator: ":").last.flatMap { Int($0) }
        }
        try await body(try #require(port), certificate)
    }

    private static func openssl(_ arguments: [String], ended: Signal? = nil) throws -> (process: Process, output: FileHandle) {
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        process.terminationHandler = { _ in ended?.fire() }
        try process.run()
        return (process, output.fileHandleForReading)
    }

    @Test("believes the system's authorities and the operator's file, and the name in the certificate must be right")
    func verification() async throws {
        try await serving { port, certificate in
            let stranger = try request("GET", "https://localhost:\(port)/")
            #expect(await code { _ = try await CurlClient().send(stranger) } == .tls)
            var settings = CurlSettings()
            settings.additionalAuthoritiesFile = certificate
            let client = CurlClient(settings: settings)
            #expect(try await client.send(stranger, maximumByteCount: 1 << 20).status == 200)
            let misnamed = try request("GET", "https://127.0.0.1:\(port)/")
            #expect(await code { _ = try await client.send(misnamed) } == .tls)
        }
    }

    @Test("is refused when the operator's file is not there")
    func missingFile() async throws {
        try await serving { port, certificate in
            var settings = CurlSettings()
            settings.additionalAuthoritiesFile = certificate + ".missing"
            #expect(await code { _ = try await CurlClient(settings: settings).send(request("GET", "https://localhost:\(port)/")) } == .tls)
        }
    }
}

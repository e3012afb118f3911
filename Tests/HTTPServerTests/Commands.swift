import Foundation

/// Runs a program of this machine and waits for it on a thread of its own.
enum Command {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    static func run(_ arguments: [String], input: String = "") async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            // Not a queue's thread: raw connections of other tests wait for those.
            Thread.detachNewThread {
                continuation.resume(
                    with: Swift.Result {
                        let process = Process()
                        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
                        process.arguments = arguments
                        let output = Pipe(), errors = Pipe(), input_ = Pipe()
                        process.standardOutput = output
                        process.standardError = errors
                        process.standardInput = input_
                        try process.run()
                        input_.fileHandleForWriting.write(Data(input.utf8))
                        try input_.fileHandleForWriting.close()
                        let text = output.fileHandleForReading.readDataToEndOfFile()
                        let errorText = errors.fileHandleForReading.readDataToEndOfFile()
                        process.waitUntilExit()
                        return Result(
                            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
                            errors: String(decoding: errorText, as: UTF8.self))
                    })
            }
        }
    }
}

/// A self-signed certificate for `localhost` in a directory of its own.
struct TestCertificate: Sendable {
    let directory: String
    var certificatePath: String { directory + "/certificate.pem" }
    var keyPath: String { directory + "/key.pem" }

    init() throws {
        directory = NSTemporaryDirectory() + "spandrel-tls-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func make(name: String) async throws {
        let made = try await Command.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=\(name)",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", keyPath, "-out", certificatePath,
        ])
        guard made.status == 0 else { throw CancellationError() }
    }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }
}

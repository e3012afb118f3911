import Foundation
import Testing

/// The program of `make soak`, for a minute: a process that is killed in every step, and the order of its system calls.
@Suite struct StoreSoakTests {
    /// Beside the tests' own, where `swift build --build-tests` puts it.
    private static var program: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent(
            "StoreSoak")
    }

    private static func run(_ arguments: [String]) throws -> (status: Int32, said: String) {
        let process = Process(), output = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    private static let killCount = ProcessInfo.processInfo.environment["SPANDREL_TEST_KILLS"] ?? "50"

    @Test("a store whose process is killed over and over keeps what it told")
    func kills() throws {
        let (status, said) = try Self.run(["cycles", "--count", Self.killCount])
        #expect(status == 0, "\(said)")
        #expect(said.contains("cycles "), "\(said)")
    }

    @Test("the order of system calls is what the write path promises")
    func order() throws {
        let (status, said) = try Self.run(["order", NSTemporaryDirectory(), "--count", "1"])
        #expect(status == 0, "\(said)")
    }
}

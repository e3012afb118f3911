import Foundation

/// The other readers and writers: Python with pyarrow, duckdb and chdb, found through `SPANDREL_TEST_PYTHON`.
enum Python {
    static let path = ProcessInfo.processInfo.environment["SPANDREL_TEST_PYTHON"]
    static var isAvailable: Bool { path != nil }

    struct Outcome {
        var status: Int32
        var output: String
    }

    /// Runs a script of the Interop folder and answers what it printed.
    static func run(_ script: String, _ arguments: [String]) throws -> Outcome {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "/nonexistent")
        process.arguments = [folder.appendingPathComponent("Interop/\(script)").path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        // Read first: a full pipe would keep the script from ending.
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    /// A folder of its own, gone when `body` returns.
    static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spandrel-parquet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }
}

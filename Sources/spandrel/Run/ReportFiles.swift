/// The reports of a run, written while its outcomes are read page by page: a run of any size takes the memory of a page.

import ByteCoding
import EvaluationModel
import Glibc
import ProcessSetup
import RunClient

struct ReportFiles: Sendable {
    let junit: String?
    let summary: String?

    /// Errors: `RunServer.Fault`, `CommandFailure`.
    func write(_ report: RunReport, from server: RunServer) async throws {
        guard junit != nil || summary != nil else { return }
        var worst = WorstCases()
        var document = JUnitDocument(report)
        let file = try junit.map { try ReportFile($0) }
        defer { file?.discard() }
        try file?.write(document.begin())
        var fetchCount = file == nil ? RunClientLimits.maximumFetchedOutputCount : 0
        for target in report.targets.indices {
            try file?.write(document.beginSuite(target: target))
            var grouping = CaseGrouping(target: target), cursor: String?
            repeat {
                let page = try await server.patiently("GET", Self.path(report.id, target, cursor))
                let next = page["next_cursor"]?.stringValue
                if let next, next == cursor { throw RunServer.Fault("the server's list of outcomes does not go on") }
                cursor = next
                var cases = (page["data"]?.arrayValue ?? []).compactMap(ReportedOutcome.init).compactMap { grouping.add($0) }
                if cursor == nil, let last = grouping.finish() { cases.append(last) }
                let outputs = try await Self.outputs(of: cases, report.id, server, &fetchCount)
                for one in cases {
                    if one.status(in: report) != .passed { worst.add(one) }
                    try file?.write(document.testCase(one, outputs: outputs))
                }
            } while cursor != nil
            try file?.write(document.endSuite())
        }
        if let file {
            let (bytes, patches) = document.end()
            try file.write(bytes)
            for patch in patches { try file.write(patch.bytes, at: patch.byteOffset) }
            try file.publish()
        }
        if let summary { try Self.write(MarkdownSummary(report, worst: worst).text, to: summary) }
    }

    private static func path(_ run: String, _ target: Int, _ cursor: String?) -> String {
        "/api/v1/runs/\(run)/outcomes?order=key&target=\(target)&limit=\(RunClientLimits.outcomePageCount)"
            + (cursor.map { "&cursor=" + $0 } ?? "")
    }

    /// What the target answered where a case did not pass, by the outcome's id, until the limit of a report is reached.
    private static func outputs(
        of cases: [CaseReport], _ run: String, _ server: RunServer, _ fetchCount: inout Int
    ) async throws -> [String: String] {
        let bad = cases.compactMap { $0.firstBad?.id }.prefix(max(0, RunClientLimits.maximumFetchedOutputCount - fetchCount))
        fetchCount += bad.count
        return try await withThrowingTaskGroup(of: (String, String?).self) { group in
            var outputs: [String: String] = [:], next = bad.startIndex
            func add() {
                guard next < bad.endIndex else { return }
                let id = bad[next]
                next += 1
                group.addTask {
                    let outcome = try await server.patiently("GET", "/api/v1/runs/\(run)/outcomes/\(id)")
                    return (id, outcome["output"]?["text"]?.stringValue)
                }
            }
            for _ in 0..<8 { add() }
            while let (id, output) = try await group.next() {
                outputs[id] = output
                add()
            }
            return outputs
        }
    }

    /// A step of a GitHub job has one file that everything in it adds to; any other file is written anew.
    private static func write(_ text: String, to path: String) throws {
        guard path == EnvironmentDefault.text("GITHUB_STEP_SUMMARY") else {
            let file = try ReportFile(path)
            try file.write(Array(text.utf8))
            return try file.publish()
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ReportFile.failure(path) }
        defer { close(descriptor) }
        try ReportFile.write(Array(text.utf8), to: descriptor, path)
    }
}

/// A file that appears whole or not at all.
final class ReportFile {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isDone = false

    init(_ path: String) throws {
        self.path = path
        temporaryPath = path + ".\(getpid()).part"
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws { try Self.write(bytes, to: descriptor, path) }

    func write(_ bytes: [UInt8], at offset: Int) throws {
        guard pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else { throw Self.failure(path) }
    }

    func publish() throws {
        guard rename(temporaryPath, path) == 0 else { throw Self.failure(path) }
        isDone = true
    }

    /// Removes what was begun and not published.
    func discard() { if !isDone { unlink(temporaryPath) } }

    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw failure(path) }
            rest = rest.dropFirst(max(0, count))
        }
    }

    static func failure(_ path: String) -> CommandFailure {
        CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}

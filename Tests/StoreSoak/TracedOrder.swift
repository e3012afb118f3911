import FileSystem
import Glibc
import SpanStore
import StoreMachine

/// The order of a store's writes, fsyncs, renames and answers, from the system calls of a process that does nothing but that.
///
///     StoreSoak order [FOLDER] [--count N] [--seed S]
///
/// Under strace, where a process may watch another; says so where it may not, and then what the store asked of its file system is checked.
struct TracedOrder {
    private let arguments: Arguments
    private static let tracer = "/usr/bin/strace"
    init(_ arguments: Arguments) { self.arguments = arguments }

    /// Ends the process with 1 where a rule was broken, or was never put to the test.
    func run() async throws {
        // As the system calls it, without a second slash.
        var parent = arguments.operands.first ?? "/tmp"
        while parent.count > 1, parent.hasSuffix("/") { parent.removeLast() }
        let folder = parent + "/spandrel-order-\(getpid())"
        defer { FolderCopy.remove(folder) }
        var checks: [WriteOrder.Rule: Int] = [:], findings: [String] = [], callCount = 0, isTraced = true
        for _ in 0..<(arguments.number("count") ?? 3) {
            let seed = arguments.seed("seed") ?? UInt64.random(in: 1...UInt64.max)
            FolderCopy.remove(folder)
            try LocalFileSystem().createDirectory(folder)
            var order = WriteOrder(root: folder + "/store")
            if let events = try traced(seed, folder) {
                callCount += events.count
                for event in events { order.take(event) }
            } else {
                isTraced = false
                for event in try await Self.recorded(seed, folder) { order.take(event) }
            }
            checks.merge(order.checks) { $0 + $1 }
            findings += order.findings.map { "order --seed \(seed): \($0)" }
        }
        Output.line(
            "order of writes, \(isTraced ? "from \(callCount) beginnings and ends of system calls" : "as asked of the file system: no strace here"):"
        )
        for (rule, count) in checks.sorted(by: { $0.key.name < $1.key.name }) { Output.line("  \(count) times: \(rule.name)") }
        for finding in findings { Output.line("FAILED \(finding)") }
        if !findings.isEmpty || checks.count < WriteOrder.ruleCount { exit(1) }
    }

    private func life(_ seed: UInt64, _ folder: String) -> [String] {
        ["life", folder + "/store", "--seed", "\(seed)", "--steps", "250", "--serial", "yes", "--close", "yes"]
    }

    /// Nil where nothing may be traced.
    private func traced(_ seed: UInt64, _ folder: String) throws -> [WriteOrder.Event]? {
        guard access(Self.tracer, X_OK) == 0 else { return nil }
        var program = [CChar](repeating: 0, count: 4096)
        guard readlink("/proc/self/exe", &program, program.count - 1) > 0 else { return nil }
        let path = String(decoding: program.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self), trace = folder + "/trace"
        let (lines, end) = try Child(
            ["-f", "-y", "-s", "24", "-o", trace, "-e", "trace=" + StraceReader.calls, path] + life(seed, folder), program: Self.tracer
        ).finish()
        guard end == .status(0), lines.count > 50, let file = try? LocalFileSystem().open(trace, .read) else { return nil }
        defer { file.close() }
        var reader = StraceReader()
        let text = String(decoding: try file.read(count: file.size(), at: 0), as: UTF8.self)
        return text.split(separator: "\n").flatMap { reader.events(String($0)) }
    }

    static func recorded(_ seed: UInt64, _ folder: String) async throws -> [WriteOrder.Event] {
        try await RecordedLife.run(seed: seed, root: folder + "/store", stepCount: 250)
    }
}

import Glibc
import RunClient
import Testing

/// Real commands: what goes in, what comes out, and that nothing of them stays.
@Suite struct ExecCommandTests {
    private static func run(
        _ script: String, input: String = "", seconds: Double = 20, bytes: Int = 1000, variables: [(String, String)] = []
    ) async -> ExecResult {
        await ExecCommand(["sh", "-c", script], maximumSeconds: seconds, maximumOutputByteCount: bytes)
            .run(input: Array(input.utf8), environment: variables)
    }

    @Test("standard input, environment and output go through")
    func passThrough() async {
        let result = await Self.run(
            "cat; printf %s \"$GREETING\"", input: "a\n", variables: [("GREETING", "hé"), ("PATH", "/usr/bin:/bin")])
        #expect(result.end == .exited(0) && result.text == "a\nhé" && result.errorMessage == nil)
        #expect(result.durationNano > 0 && result.startUnixNano > 0)
    }

    @Test("one line end is taken off the output, more are kept")
    func lineEnds() async {
        #expect(await Self.run("echo a").text == "a")
        #expect(await Self.run("printf 'a\\n\\n'").text == "a\n")
        #expect(await Self.run("printf 'a\\r\\n'").text == "a")
        #expect(await Self.run("printf '\\377'").text == "\u{fffd}")
        var broken = ExecResult(.exited(0), startUnixNano: 0)
        broken.output = [UInt8](repeating: 0xff, count: 1 << 20)
        #expect(broken.text.utf8.count <= 1 << 20)
    }

    @Test("a status, a signal, a missing program are errors with what was said")
    func failures() async {
        let failed = await Self.run("echo oops >&2; exit 3")
        #expect(failed.end == .exited(3) && failed.errorMessage == "the command ended with status 3; it said:\noops\n")
        #expect(await Self.run("kill -9 $$").end == .killed(signal: SIGKILL))
        let missing = await ExecCommand(["/nowhere/program"]).run(input: [], environment: [])
        guard case .notStarted = missing.end else { return #expect(Bool(false), "\(missing.end)") }
    }

    @Test("a large input and a large output go through together")
    func largePipes() async {
        let input = String(repeating: "0123456789abcdef", count: 40_000)
        let result = await Self.run("cat", input: input, bytes: 1 << 20)
        #expect(result.end == .exited(0) && result.text == input)
    }

    @Test("a command may leave its input unread")
    func unreadInput() async {
        let result = await Self.run("exec 0<&-; echo done", input: String(repeating: "x", count: 1 << 20))
        #expect(result.end == .exited(0) && result.text == "done")
    }

    @Test("too much output ends the command", .timeLimit(.minutes(1)))
    func tooMuch() async {
        let endless = await Self.run("yes")
        #expect(endless.end == .tooLong(byteCount: 1000) && endless.output.count == 1001)
        #expect(await Self.run("head -c 1001 /dev/zero").end == .tooLong(byteCount: 1000))
        #expect(await Self.run("head -c 1000 /dev/zero").end == .exited(0))
    }

    @Test("the end of standard error is kept, whatever its length")
    func longErrors() async {
        let result = await Self.run("yes no | head -c 100000 >&2; echo last >&2; exit 1")
        #expect(result.errorOutput.count == 3072 && result.errorMessage?.hasSuffix("last\n") == true)
    }

    @Test("time that is up ends the whole group, also who ignores to be asked", .timeLimit(.minutes(1)))
    func tooLate() async {
        let result = await Self.run(
            "trap '' TERM; sh -c 'trap \"\" TERM; while :; do sleep 0.1; done' & echo $!; wait; while :; do sleep 0.1; done", seconds: 0.5)
        #expect(result.end == .tooLate(seconds: 0.5))
        let child = pid_t(result.text) ?? 0
        #expect(child > 0)
        #expect(await ends(child))
    }

    @Test("what a command leaves behind is ended, and does not hold it up", .timeLimit(.minutes(1)))
    func leftBehind() async throws {
        let result = await Self.run("sleep 300 & echo $!")
        #expect(result.end == .exited(0))
        #expect(await ends(try #require(pid_t(result.text))))
    }

    @Test("a task that is cancelled stops its command", .timeLimit(.minutes(1)))
    func cancelled() async {
        let task = Task { await Self.run("exec sleep 300", seconds: 600) }
        task.cancel()
        #expect(await task.value.end == .stopped)
    }

    @Test("many at a time keep their pipes apart", .timeLimit(.minutes(1)))
    func many() async {
        await withTaskGroup(of: (Int, ExecResult).self) { group in
            for number in 0..<60 { group.addTask { (number, await Self.run("cat", input: "\(number)")) } }
            for await (number, result) in group { #expect(result.end == .exited(0) && result.text == "\(number)") }
        }
    }

    /// A killed process takes a moment to die; looked at until it has.
    private func ends(_ pid: pid_t) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while !isGone(pid) {
            guard ContinuousClock.now < deadline else { return false }
            await Task.yield()
        }
        return true
    }

    /// Dead, if perhaps not yet reaped by whoever its parent is now.
    private func isGone(_ pid: pid_t) -> Bool {
        guard kill(pid, 0) == 0 else { return true }
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return true }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, Int32(line.count), file) != nil else { return true }
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.contains(") Z") || text.contains(") X")
    }
}

/// The user's command, run once for each case: a process of its own in a process group of its own, fed through a pipe, read to a limit,
/// ended when its time is up or when it is not wanted any more, with everything it started.

import ByteCoding
import Glibc

package struct ExecCommand: Sendable {
    private let words: [String]
    private let maximumSeconds: Double
    private let maximumOutputByteCount: Int

    /// - Parameters:
    ///   - words: the program, by its path or to be found in PATH, and its arguments.
    ///   - maximumSeconds: what one call may take.
    package init(
        _ words: [String], maximumSeconds: Double = RunClientLimits.defaultExecSeconds,
        maximumOutputByteCount: Int = RunClientLimits.maximumExecOutputByteCount
    ) {
        self.words = words
        self.maximumSeconds = maximumSeconds
        self.maximumOutputByteCount = maximumOutputByteCount
    }

    /// Runs it to its end; cancelling the task ends the process group: SIGTERM, and SIGKILL a moment later.
    ///
    /// - Parameters:
    ///   - input: its standard input.
    ///   - environment: variables beside those of this process; they win.
    package func run(input: [UInt8], environment: [(String, String)]) async -> ExecResult {
        let stop = WakePipe()
        let watch = ExecWatch(
            words: words, environment: Self.variables(environment), input: input, maximumSeconds: maximumSeconds,
            maximumOutputByteCount: maximumOutputByteCount, wake: stop)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isStarted = DetachedThread.start { continuation.resume(returning: watch.run()) }
                if !isStarted {
                    stop.close()
                    continuation.resume(
                        returning: ExecResult(.notStarted("the system has no thread left"), startUnixNano: WallClock.nowUnixNano()))
                }
            }
        } onCancel: {
            stop.wake(.stop)
        }
    }

    private static func variables(_ added: [(String, String)]) -> [String] {
        var result: [String] = []
        var pointer = environ
        while let entry = pointer.pointee {
            let text = String(cString: entry)
            if !added.contains(where: { text.hasPrefix($0.0 + "=") }) { result.append(text) }
            pointer += 1
        }
        // A variable ends at its first NUL; a key may hold none.
        return result + added.map { "\($0.0)=\($0.1.filter { $0 != "\0" })" }
    }
}

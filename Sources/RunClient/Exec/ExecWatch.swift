/// One process from its start to its end, watched by a thread that moves bytes between three pipes and looks at the clock, and by a second
/// one that waits for the end.
///
///     spawn -> poll (input, output, errors, wake) ... -> ended -> its group is killed, what is left in the pipes is read -> reaped

import ByteCoding
import Glibc
import Synchronization

struct ExecWatch: Sendable {
    let words: [String]
    let environment: [String]
    let input: [UInt8]
    let maximumSeconds: Double
    let maximumOutputByteCount: Int
    let wake: WakePipe

    /// Pipes are made and given away one process at a time: an end that a second child inherited would never be at its end.
    private static let spawning = Mutex(())

    private struct Child {
        let pid: pid_t
        /// -1 once closed.
        var input: Int32
        let output: Int32
        let errors: Int32
    }

    /// Blocks until the process has ended and been reaped.
    func run() -> ExecResult {
        defer { wake.close() }
        // A command that closes its input is no reason to die of it: on this thread, writing fails instead.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var result = ExecResult(.stopped, startUnixNano: WallClock.nowUnixNano())
        let begin = Self.now
        var child: Child
        switch spawn() {
        case .success(let started): child = started
        case .failure(let error):
            result.end = .notStarted(error.message)
            return result
        }
        defer { for end in [child.input, child.output, child.errors] where end >= 0 { close(end) } }
        let (pid, wake) = (child.pid, wake)
        let isWatched = DetachedThread.start {
            var info = siginfo_t()
            // Left as a zombie: until it is reaped below, nobody else gets its number or that of its group.
            while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
            wake.wake(.ended)
        }
        let reason = isWatched ? move(&child, &result, begin) : .notStarted("the system has no thread left")
        kill(-pid, SIGKILL)
        drain(child, &result)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        result.durationNano = UInt64(max(0, (Self.now - begin) * 1e9))
        let signal = status & 0x7f
        result.end = reason ?? (signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal))
        if case .exited = result.end, result.output.count > maximumOutputByteCount {
            result.end = .tooLong(byteCount: maximumOutputByteCount)
        }
        return result
    }

    // MARK: Start

    private func spawn() -> Result<Child, RunClientError> {
        Self.spawning.withLock { _ in
            guard wake.reading >= 0, let input = PipePair() else { return .failure(Self.noDescriptors) }
            guard let output = PipePair() else {
                input.close()
                return .failure(Self.noDescriptors)
            }
            guard let errors = PipePair() else {
                input.close()
                output.close()
                return .failure(Self.noDescriptors)
            }
            var pid: pid_t = 0
            let code = Self.spawn(&pid, words, environment, [input.reading, output.writing, errors.writing])
            for end in [input.reading, output.writing, errors.writing] { close(end) }
            let ours = [input.writing, output.reading, errors.reading]
            guard code == 0 else {
                for end in ours { close(end) }
                return .failure(RunClientError(String(cString: strerror(code))))
            }
            for end in ours { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            return .success(Child(pid: pid, input: ours[0], output: ours[1], errors: ours[2]))
        }
    }

    private static let noDescriptors = RunClientError("the process has no descriptors left")

    /// With clean signals: this process may ignore some, and would pass that on.
    private static func spawn(_ pid: inout pid_t, _ words: [String], _ environment: [String], _ ends: [Int32]) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, end) in ends.enumerated() { posix_spawn_file_actions_adddup2(&actions, end, Int32(number)) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        return withCStrings(words) { words in
            guard let program = words[0] else { return EINVAL }
            return withCStrings(environment) { posix_spawnp(&pid, program, &actions, &attributes, words, $0) }
        }
    }

    /// `body` gets pointers to zero-terminated texts, ended by NULL, valid during the call.
    private static func withCStrings<R>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }

    // MARK: Watch

    /// Until the process has ended. Answers why it was ended, nil when it ended by itself.
    private func move(_ child: inout Child, _ result: inout ExecResult, _ begin: Double) -> ExecResult.End? {
        var reason: ExecResult.End?, deadline = begin + maximumSeconds, written = 0
        var isOpen = (output: true, errors: true)
        // Asks first, then insists.
        func give(_ why: ExecResult.End) {
            if reason == nil {
                reason = why
                deadline = Self.now + RunClientLimits.execGraceSeconds
                kill(-child.pid, SIGTERM)
            } else {
                deadline = .infinity
                kill(-child.pid, SIGKILL)
            }
        }
        while true {
            if written >= input.count, child.input >= 0 {
                close(child.input)
                child.input = -1
            }
            var waiting = [
                pollfd(fd: child.input, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: isOpen.output ? child.output : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isOpen.errors ? child.errors : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.reading, events: Int16(POLLIN), revents: 0),
            ]
            let rest = deadline - Self.now
            if rest <= 0 {
                give(.tooLate(seconds: maximumSeconds))
                continue
            }
            let milliseconds = rest.isFinite ? Int32(min(rest * 1000, 3_600_000).rounded(.up)) : -1
            guard poll(&waiting, nfds_t(waiting.count), milliseconds) >= 0 || errno == EINTR else { return .notStarted("poll failed") }
            if waiting[0].revents != 0 { if !write(&child, &written) { written = input.count } }
            if waiting[1].revents != 0 {
                isOpen.output = Self.read(child.output) { bytes in
                    result.output += bytes.prefix(max(0, maximumOutputByteCount + 1 - result.output.count))
                }
                if result.output.count > maximumOutputByteCount, reason == nil { give(.tooLong(byteCount: maximumOutputByteCount)) }
            }
            if waiting[2].revents != 0 { isOpen.errors = readErrors(child, &result) }
            guard waiting[3].revents != 0 else { continue }
            var byte: UInt8 = 0
            guard Glibc.read(wake.reading, &byte, 1) == 1 else { continue }
            if byte == WakePipe.Reason.ended.rawValue { return reason }
            give(.stopped)
        }
    }

    /// False when the process reads no further, which is its right.
    private func write(_ child: inout Child, _ written: inout Int) -> Bool {
        let count = input[written...].withUnsafeBytes { Glibc.write(child.input, $0.baseAddress, $0.count) }
        if count > 0 { written += count }
        return count >= 0 || errno == EAGAIN || errno == EINTR
    }

    private func readErrors(_ child: Child, _ result: inout ExecResult) -> Bool {
        Self.read(child.errors) { bytes in
            result.errorOutput += bytes
            result.errorOutput.removeFirst(max(0, result.errorOutput.count - RunClientLimits.maximumExecErrorByteCount))
        }
    }

    /// What the process and its children left behind: all of them are gone.
    private func drain(_ child: Child, _ result: inout ExecResult) {
        var isOpen = true
        while isOpen, result.output.count <= maximumOutputByteCount {
            let before = result.output.count
            isOpen = Self.read(child.output) { result.output += $0 } && result.output.count > before
        }
        _ = readErrors(child, &result)
    }

    /// Reads what is there; false at the end.
    private static func read(_ descriptor: Int32, _ take: (ArraySlice<UInt8>) -> Void) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 { take(buffer[..<count]) }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
    }

    /// Seconds of a clock that never goes back.
    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// What a follower shows while a run goes on, on standard error: a bar that is drawn again on a terminal, lines elsewhere.

@preconcurrency import Glibc
import ProcessSetup
import RunClient
import Synchronization

final class RunDisplay: Sendable {
    private struct State {
        var progress = RunProgress()
        var lastDrawing = -Double.infinity
        var lastLine = ""
        var toldCaseCount = 0
        var isBarShown = false
        var isOffline = false
    }

    private let isTerminal: Bool
    private let isQuiet: Bool
    private let targets: Mutex<[String]>
    private let state = Mutex(State())

    /// - Parameter isQuiet: shows nothing: standard output has it all as JSON.
    init(isQuiet: Bool = false) {
        self.isQuiet = isQuiet
        isTerminal =
            isatty(STDERR_FILENO) == 1 && EnvironmentDefault.text("NO_COLOR") == nil && EnvironmentDefault.text("TERM") != "dumb"
            && !CIEnvironment({ EnvironmentDefault.text($0) }).isCI
        targets = Mutex([])
    }

    /// Their names, for cases that did not pass.
    func know(targets names: [String]) { targets.withLock { $0 = names } }

    func show(_ progress: RunProgress, _ notes: [RunProgress.Note]) {
        guard !isQuiet else { return }
        state.withLock { state in
            if state.isOffline {
                state.isOffline = false
                line("connected again", &state)
            }
            state.progress = progress
            for note in notes { if let text = text(note, &state) { line(text, &state) } }
            draw(&state)
        }
    }

    /// Once for each time that the server is away.
    func offline(_ reason: String) {
        guard !isQuiet else { return }
        state.withLock { state in
            guard !state.isOffline else { return }
            state.isOffline = true
            line("\(PlainText.line(reason)); the run goes on, trying to follow it again", &state)
        }
    }

    /// The last drawing stays.
    func finish() {
        guard !isQuiet else { return }
        state.withLock { state in
            if state.isBarShown { draw(&state, isLast: true) }
            if state.isBarShown { fputs("\n", stderr) }
            state.isBarShown = false
        }
    }

    private func text(_ note: RunProgress.Note, _ state: inout State) -> String? {
        switch note {
        case .state(let name, let reason):
            return RunProgress.isFinal(name) ? nil : "run is \(name)" + (reason.isEmpty ? "" : ": \(PlainText.line(reason))")
        case .gap(let from, let to): return "the server keeps the events \(from) to \(to) no more"
        case .notPassed(let one):
            state.toldCaseCount += 1
            if state.toldCaseCount == RunClientLimits.maximumToldCaseCount + 1 { return "more cases did not pass; the reports have them" }
            guard state.toldCaseCount <= RunClientLimits.maximumToldCaseCount else { return nil }
            let names = targets.withLock { $0 }
            let target = names.count > 1 && names.indices.contains(one.target) ? " at \(PlainText.line(names[one.target]))" : ""
            let repetition = one.repetition > 1 ? " (repetition \(one.repetition))" : ""
            return "\(one.result) \(PlainText.line(one.key))\(target)\(repetition): \(PlainText.line(one.reason))"
        }
    }

    private func draw(_ state: inout State, isLast: Bool = false) {
        let now = MonotonicClock.seconds
        let pause = isTerminal ? 1 / Double(RunClientLimits.maximumRedrawsPerSecond) : RunClientLimits.plainLineSeconds
        guard isLast || now - state.lastDrawing >= pause, state.progress.total > 0 else { return }
        state.lastDrawing = now
        let text = ProgressText(state.progress)
        if isTerminal {
            // Back to the first column; what was longer is wiped out behind it.
            fputs("\r" + text.bar(width: Self.width) + "\u{1b}[K", stderr)
            state.isBarShown = true
        } else if text.line != state.lastLine {
            state.lastLine = text.line
            fputs(text.line + "\n", stderr)
        }
    }

    private func line(_ text: String, _ state: inout State) {
        if state.isBarShown { fputs("\r\u{1b}[K", stderr) }
        fputs(text + "\n", stderr)
        guard state.isBarShown else { return }
        fputs(ProgressText(state.progress).bar(width: Self.width) + "\u{1b}[K", stderr)
    }

    private static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        // The last column stays free: some terminals break the line behind it.
        return Int(size.ws_col) - 1
    }
}

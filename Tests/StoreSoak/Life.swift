import FileSystem
import Glibc
import SpanStore
import StoreMachine
import Synchronization

/// One life of a store in a process of its own: opens what the life before left, does its steps and says what came of each, until a call
/// of the file system ends it.
///
///     StoreSoak life ROOT --seed S --first N --steps N [--kill POSITION|OCCURRENCE|STEP] [--close yes]
///
/// Lines: `I number outcome` before something may go, `S number outcome` behind each step, `K position step` just before the end,
/// `L count step` for every step of a life that came to its last one.
struct Life {
    private let arguments: Arguments
    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        guard let root = arguments.operands.first, let seed = arguments.seed("seed") else {
            throw Violation("life needs a folder and a seed")
        }
        var history = History(seed: seed, kind: .killed)
        let first = arguments.number("first") ?? 0, stepCount = arguments.number("steps") ?? 30
        var last = first > 0 ? nil : Optional(history.next())
        for _ in 0..<first { last = history.next() }
        let clock = MachineClock(last?.nowUnixNano ?? 0)
        if first == 0 { history = History(seed: seed, kind: .killed) }
        let observer = KillObserver(arguments.text("kill").flatMap { KillPoint(text: $0) }, root: root) { Output.line($0) }
        let files = ObservedFileSystem(LocalFileSystem(), observer)
        let isSerial = arguments.has("serial")
        let number = StepNumber()
        func open() throws -> StoreLife {
            try StoreLife(
                GaugedFileSystem(files, root: root, isReal: true), workload: history.workload, clock: clock, isSerial: isSerial,
                intends: { Output.line("I \(number.value) \($0.text)") })
        }
        var life = try open()
        for _ in 0..<stepCount {
            let step = history.next()
            clock.set(step.nowUnixNano)
            number.set(step.number)
            let outcome = try await life.perform(step.action)
            if case .reopen = step.action {
                await life.store.close()
                life = try open()
            }
            Output.line("S \(step.number) \(outcome.text)")
            if isSerial { await life.store.settle() }
        }
        let isClosed = arguments.has("close")
        if isClosed { await life.store.close() }
        for (step, count) in observer.counts.sorted(by: { $0.key < $1.key }) { Output.line("L \(count) \(step)") }
        if isClosed { _exit(0) }
        Output.line("K after the last step")
        kill(getpid(), SIGKILL)
    }
}

/// Of the step under way.
private final class StepNumber: Sendable {
    private let number = Atomic<Int>(0)
    var value: Int { number.load(ordering: .relaxed) }
    func set(_ value: Int) { number.store(value, ordering: .relaxed) }
}

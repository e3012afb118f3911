import FileSystem
import SpanStore
import TraceModel
import TraceQuery

/// Runs a history against a store on a disk and compares what the store says with the model, step by step.
///
/// A seed and a kind make the history; it ends at the first `Violation`, or after so many steps.
package final class StoreMachine {
    private let disk: any MachineDisk
    private var history: History
    private var model: StoreModel
    private let clock = MachineClock()
    private let questions: QuestionCheck
    /// Hears every step and what came of it.
    private let say: @Sendable (String) -> Void
    /// Steps to leave out.
    private let skipped: Set<Int>
    private var life: StoreLife?
    /// Since the store was opened: what a fault leaves behind goes with the next start.
    private var hasFailed = false
    private var rates = DiskRates.none
    private var isFull = false
    /// What the folder of the last backup holds.
    private var backup: StoreModel?
    package private(set) var counts: [String: Int] = [:]

    package init(
        seed: UInt64, kind: History.Kind, disk: any MachineDisk, edition: Workload.Edition = .second, skipping skipped: Set<Int> = [],
        say: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        history = History(seed: seed, kind: kind, edition: edition)
        model = StoreModel(workload: history.workload)
        questions = QuestionCheck(workload: history.workload)
        self.disk = disk
        self.skipped = skipped
        self.say = say
    }

    /// Runs steps until so many are done or `isOver` says so; then everything is checked once more. Throws the violation, with its step.
    package func run(stepCount: Int, isOver: () -> Bool = { false }) async throws {
        var last = "the beginning"
        do {
            for _ in 0..<stepCount where !isOver() {
                let step = history.next()
                if skipped.contains(step.number) { continue }
                last = "step \(step)"
                clock.set(step.nowUnixNano)
                if life == nil { try await open(step) }
                try await perform(step)
            }
            last = "the end"
            disk.setRates(.none)
            disk.setRoom(nil)
            try await reopen()
            if let life { try await StoreCheck(store: life.store, model: model).run() }
            try await restore()
            await close()
        } catch {
            await life?.store.close()
            life = nil
            throw (error as? Violation).map { Violation("\($0) (\(last))") } ?? Violation("\(error) (\(last))")
        }
    }

    // MARK: A step

    private func perform(_ step: Step) async throws {
        guard let life else { return }
        count(step)
        switch step.action {
        case .rates(let rates):
            self.rates = rates
            disk.setRates(rates)
            try model.note(step, .done)
            say("\(step)")
        case .room(let byteCount):
            isFull = byteCount != nil
            disk.setRoom(byteCount)
            say("\(step)")
        case .reopen:
            disk.plan(step.fault)
            await life.store.close()
            self.life = nil
            disk.plan(nil)
            end(isPowerCut: disk.isDown && step.fault?.isPowerCut ?? false)
            try model.note(step, .done)
            say("\(step)")
            try await open(step)
        case .end(let isPowerCut):
            end(isPowerCut: isPowerCut)
            await life.store.close()
            self.life = nil
            try model.note(step, .done)
            say("\(step)")
            try await open(step)
        case .flip(let file, let offset, let bit):
            // At rest: a store that had faults may have ended without its final marker.
            disk.setRates(.none)
            disk.setRoom(nil)
            try await reopen()
            await close()
            let flipped = try await FlipCheck(disk: disk, model: model, clock: clock).run((file, offset, bit))
            disk.setRates(rates)
            try model.note(step, .done)
            say("\(step): \(flipped)")
            try await open(step)
        case .restore:
            say("\(step)")
            disk.setRates(.none)
            try await restore()
            disk.setRates(rates)
        default: try await call(step, life)
        }
    }

    private func call(_ step: Step, _ life: StoreLife) async throws {
        disk.plan(step.fault)
        let mayFail = step.fault != nil || rates != .none || isFull
        if mayFail { hasFailed = true }
        if case .backUp = step.action { backup = nil }
        let before = model, ballastByteCount = life.store.diskStatistics.ballastByteCount
        let copiedEntryCount = life.store.statistics.wal.copiedEntryCount
        var outcome = Outcome.done
        var read: (any Error)?
        do {
            switch step.action {
            case .query(let project, let question): try await questions.ask(question, life.store.snapshot(of: project))
            case .check:
                try await StoreCheck(store: life.store, model: model).run()
                await life.store.settle()
                if !hasFailed { try StoreCheck(store: life.store, model: model).checkFiles(disk.files()) }
            default: outcome = try await life.perform(step.action, isSound: !mayFail && !hasFailed)
            }
        } catch {
            read = error
        }
        await life.store.settle()
        counts["(entries copied)", default: 0] += life.store.statistics.wal.copiedEntryCount - copiedEntryCount
        let isDown = disk.isDown
        disk.plan(nil)
        say("\(step): \(read.map { "\($0)" } ?? "\(outcome)")")
        if let read, read is Violation || !mayFail { throw read }
        if !mayFail, !hasFailed { try checkSuccess(of: step, outcome, life) }
        if case .delete = step.action, outcome == .failed("full"), !disk.isReal, step.fault == nil, rates == .none,
            ballastByteCount >= ExpectedDrops.ballastByteCount
        {
            throw Violation("nothing can be deleted on a full disk, with a ballast of \(ballastByteCount) bytes")
        }
        try model.note(step, outcome)
        if case .backUp(let numbers) = step.action, case .backedUp(_, nil) = outcome {
            counts["(backups taken)", default: 0] += 1
            backup = try before.takenBeside(numbers, now: step.nowUnixNano)
        }
        if case .dropped(let gone, _) = outcome { counts["(rows dropped)", default: 0] += gone.reduce(0) { $0 + $1.count } }
        guard isDown else { return }
        end(isPowerCut: step.fault?.isPowerCut ?? false)
        await life.store.close()
        self.life = nil
        try model.note(Step(number: step.number, action: .end(isPowerCut: false), nowUnixNano: step.nowUnixNano), .done)
        try await open(step)
    }

    /// Nothing fails on a sound disk, but for what a small one has no room for.
    private func checkSuccess(of step: Step, _ outcome: Outcome, _ life: StoreLife) throws {
        let answers: [AppendAnswer]
        switch outcome {
        case .failed("full") where life.disk.isSmall && step.action.rewritesSegments: return
        case .failed(let code): throw Violation("the store fails on a sound disk: \(code)")
        case .backedUp(_, let failure?): throw Violation("a backup fails on a sound disk: \(failure)")
        case .backedUp(let all, nil), .appended(let all): answers = all
        case .deleted, .dropped, .done, .unheard: return
        }
        if let refused = answers.first(where: { $0.stored == nil && $0.reason != "full" }) {
            throw Violation("request \(refused.request) is refused on a sound disk: \(refused.reason)")
        }
    }

    /// Opens the last backup elsewhere, if there is one.
    private func restore() async throws {
        guard let taken = backup else { return }
        counts["(backups restored)", default: 0] += 1
        let copy = try disk.copy(ofStore: BackupFolder.store(of: disk.root))
        defer { copy.discard() }
        try await BackupCheck(copy.fileSystem, root: copy.root, model: taken, clock: clock).run()
    }

    /// A backup's names are made durable by whoever brings it to its place.
    private func end(isPowerCut: Bool) {
        disk.end(isPowerCut: isPowerCut)
        if isPowerCut { backup = nil }
    }

    private func count(_ step: Step) {
        let name = "\(step.action)".prefix { $0 != "(" }
        counts[String(name), default: 0] += 1
        if let fault = step.fault { counts["with " + "\(fault)".prefix { $0 != "(" }, default: 0] += 1 }
    }

    // MARK: Opening and closing

    /// Sometimes through faults first: those of the step, and those that are set. In the end on a disk that does what it should.
    private func open(_ step: Step) async throws {
        if case .end = step.action, let fault = step.fault { await openWithFaults(fault) }
        if rates != .none || isFull { await openWithFaults(nil) }
        disk.setRates(.none)
        disk.setRoom(nil)
        try await openSoundly()
        disk.setRates(rates)
        isFull = false
    }

    private func openWithFaults(_ fault: PlannedFault?) async {
        disk.plan(fault)
        let life = try? newLife()
        disk.plan(nil)
        let isDown = disk.isDown
        end(isPowerCut: isDown && fault?.isPowerCut ?? false)
        await life?.store.close()
        say("  opened with \(fault.map { "\($0)" } ?? "\(rates)"): \(life == nil ? "in vain" : "yes")")
    }

    private func openSoundly() async throws {
        let life = try newLife(), store = life.store
        self.life = life
        model.noteReplay()
        let files = try disk.files()
        let check = StoreCheck(store: store, model: model)
        try check.checkAfterOpening(disk.fileSystem, root: disk.root, files: files)
        try await check.run()
        await store.settle()
        hasFailed = false
    }

    private func reopen() async throws {
        if life != nil { await close() }
        end(isPowerCut: false)
        try await openSoundly()
        isFull = false
    }

    private func close() async {
        await life?.store.close()
        life = nil
        hasFailed = false
    }

    private func newLife() throws(StoreError) -> StoreLife {
        try StoreLife(
            GaugedFileSystem(disk.fileSystem, root: disk.root, isReal: disk.isReal), workload: history.workload, clock: clock,
            isSerial: history.kind == .simulated
        ) { [say] in
            say("    \($0)")
        }
    }
}

extension Action {
    /// Where no room for another segment is left, nothing is rewritten.
    var rewritesSegments: Bool {
        switch self {
        case .compact, .reapply: true
        default: false
        }
    }
}

extension PlannedFault {
    var isPowerCut: Bool { if case .powerCut = self { true } else { false } }
}

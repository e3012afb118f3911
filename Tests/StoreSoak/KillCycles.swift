import FileSystem
import Glibc
import SeededRandom
import SpanStore
import StoreMachine

/// A store-only process that is killed over and over, each time in the middle of another step, started again and compared with what it had
/// told before.
///
///     StoreSoak cycles [FOLDER] [--count N] [--jobs N] [--seed S]
///
/// Steps that were hit least often are hit next, so that every step of publishing, compacting, rewriting, deleting, retaining and recovering
/// gets its share; a quarter of the cycles ends at any call at all. The folder is in memory where the machine has one there: a process that
/// is killed leaves what it wrote to the system, whatever lies below.
struct KillCycles {
    private let arguments: Arguments
    /// Lives of one folder, then another is begun.
    private static let livesPerFolder = 30
    private static let stepsPerLife = 24

    private var hits: [String: Int] = [:]
    private var seen: [String: Int] = [:]
    private var cycleCount = 0
    private var killCount = 0
    private var violations: [String] = []
    /// What the backup beside the folder holds.
    private var backup: StoreModel?
    private var backupCount = 0
    private var restoreCount = 0

    init(_ arguments: Arguments) { self.arguments = arguments }

    static func defaultFolder() -> String { access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp" }

    /// Ends the process with 1 where a promise was broken.
    mutating func run() async throws {
        let count = arguments.number("count") ?? 1_000, jobs = arguments.number("jobs") ?? 1
        let begin = monotonicSeconds()
        if jobs > 1 {
            try runJobs(jobs, count)
        } else {
            try await runHere(count)
            for (step, hits) in hits { Output.line("hit \(hits) \(step)") }
            for step in seen.keys where hits[step] == nil { Output.line("hit 0 \(step)") }
            Output.line("backups \(backupCount) \(restoreCount)")
            Output.line("cycles \(cycleCount) \(killCount)")
            for violation in violations { Output.line("FAILED \(violation)") }
            if !violations.isEmpty { exit(1) }
            return
        }
        Output.line(
            "kill -9: \(killCount) kills in \(cycleCount) lives, \(backupCount) backups compared \(restoreCount) times, "
                + "\(violations.count) failed, \(Int(monotonicSeconds() - begin)) s")
        for (step, count) in hits.sorted(by: { $0.key < $1.key }) { Output.line("  \(count) \(step)") }
        for violation in violations { Output.line("FAILED \(violation)") }
        if !violations.isEmpty { exit(1) }
    }

    /// One process each, so that they are ended by nobody but themselves.
    private mutating func runJobs(_ jobs: Int, _ count: Int) throws {
        let folder = arguments.operands.first.map { [$0] } ?? []
        let children = try (0..<jobs).map { job in
            try Child(["cycles"] + folder + ["--count", "\((count + jobs - 1 - job) / jobs)"])
        }
        for child in children {
            let (lines, end) = child.finish()
            for line in lines {
                let words = line.split(separator: " ", maxSplits: 2).map(String.init)
                switch words.first {
                case "hit" where words.count == 3: hits[words[2], default: 0] += Int(words[1]) ?? 0
                case "cycles" where words.count == 3:
                    cycleCount += Int(words[1]) ?? 0
                    killCount += Int(words[2]) ?? 0
                case "backups" where words.count == 3:
                    backupCount += Int(words[1]) ?? 0
                    restoreCount += Int(words[2]) ?? 0
                case "FAILED": violations.append(line.replacing("FAILED ", with: "", maxReplacements: 1))
                default: Output.line(line)
                }
            }
            if end != .status(0), violations.isEmpty { violations.append("a job ended with \(end)") }
        }
    }

    private mutating func runHere(_ count: Int) async throws {
        while killCount < count, violations.isEmpty {
            let seed = arguments.seed("seed") ?? UInt64.random(in: 1...UInt64.max)
            let folder = (arguments.operands.first ?? Self.defaultFolder()) + "/spandrel-soak-\(getpid())"
            FolderCopy.remove(folder)
            defer { FolderCopy.remove(folder) }
            do {
                try await lives(seed, folder, wanted: count)
            } catch {
                violations.append("cycles --seed \(seed): \(error)")
            }
            if arguments.seed("seed") != nil { break }
        }
    }

    private mutating func lives(_ seed: UInt64, _ folder: String, wanted: Int) async throws {
        try LocalFileSystem().createDirectory(folder)
        let root = folder + "/store"
        backup = nil
        var random = SeededGenerator(seed: seed), history = History(seed: seed, kind: .killed)
        var model = StoreModel(workload: history.workload), first = 0, deathsInStart = 0
        for life in 0..<Self.livesPerFolder where killCount < wanted {
            // The very first goes on to its end: so it is known which steps there are.
            let point = seen.isEmpty ? nil : choose(&random, isFirst: life == 0)
            var words = ["life", root, "--seed", "\(seed)", "--first", "\(first)", "--steps", "\(Self.stepsPerLife)"]
            if let point { words += ["--kill", point.text] }
            if random.oneIn(2) { words += ["--close", "yes"] }
            let (lines, end) = try Child(words).finish()
            cycleCount += 1
            // Two deaths of the harness' making while one entry is replayed are none of the entry's: it is not to be put aside for them.
            deathsInStart = end == .signal(SIGKILL) && !lines.contains { $0.hasPrefix("S ") } ? deathsInStart + 1 : 0
            if deathsInStart >= ReplayMarker.maximumDeathCount { try? LocalFileSystem().remove(root + "/wal/" + ReplayMarker.fileName) }
            let place = "life \(life), killed \(point?.text ?? "not"), steps from \(first)"
            guard end == .signal(SIGKILL) || end == .status(0) else {
                throw Violation("the process ended with \(end): \(lines.suffix(3)) (\(place))")
            }
            do {
                let now = try note(lines, &history, &model, wasKilled: end == .signal(SIGKILL))
                first = now.steps
                try await check(root, model, now: now.time, inPlace: random.oneIn(4))
                // Again and again: nothing that comes later may reach it.
                if random.oneIn(3) { try await restore(folder, now: now.time) }
            } catch {
                throw Violation("\(error) (\(place), \(lines.last ?? "nothing said"))")
            }
        }
    }

    /// Rarely hit steps first.
    private mutating func choose(_ random: inout SeededGenerator, isFirst: Bool) -> KillPoint {
        let position = random.pick(KillPoint.Position.allCases)
        if random.oneIn(5) { return KillPoint(step: nil, occurrence: Int.random(in: 1...400, using: &random), position: position) }
        // What is done once for a folder is done by its first life.
        let possible = seen.keys.filter { $0.contains("NODE") ? isFirst : !isFirst || random.oneIn(2) }
        let least = possible.sorted { (hits[$0] ?? 0, $0) < (hits[$1] ?? 0, $1) }
        guard !least.isEmpty else { return KillPoint(step: nil, occurrence: 1, position: position) }
        let step = random.pick(Array(least.prefix(max(5, least.count / 3))))
        let occurrence = random.oneIn(2) ? 1 : Int.random(in: 1...max(1, min(6, seen[step] ?? 1)), using: &random)
        return KillPoint(step: step, occurrence: occurrence, position: position)
    }

    /// Tells the model what was heard. Answers how many steps are over, and the time.
    private mutating func note(
        _ lines: [String], _ history: inout History, _ model: inout StoreModel, wasKilled: Bool
    ) throws -> (steps: Int, time: UInt64) {
        var step = Step(number: -1, action: .maintain, nowUnixNano: 0), intent: Outcome?
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            switch words.first {
            case "S" where words.count == 3:
                step = history.next()
                guard Int(words[1]) == step.number, let outcome = Outcome(text: words[2]) else {
                    throw Violation("the process says \(line)")
                }
                try note(step, outcome, &model)
                intent = nil
            case "I" where words.count == 3:
                guard let outcome = Outcome(text: words[2]) else { throw Violation("the process says \(line)") }
                intent = outcome
            case "K" where words.count == 3:
                hits[words[2], default: 0] += 1
                killCount += 1
            case "L" where words.count == 3: seen[words[2]] = max(seen[words[2]] ?? 0, Int(words[1]) ?? 1)
            default: throw Violation("the process says \(line)")
            }
        }
        if wasKilled {
            // The one under way, of which nobody heard.
            step = history.next()
            try note(step, .unheard, &model)
            if let intent { model.noteIntent(intent) }
        }
        try model.note(Step(number: step.number, action: .end(isPowerCut: false), nowUnixNano: step.nowUnixNano), .done)
        return (step.number + 1, step.nowUnixNano)
    }

    private mutating func note(_ step: Step, _ outcome: Outcome, _ model: inout StoreModel) throws {
        if case .backUp(let numbers) = step.action {
            backup = nil
            if case .backedUp(_, let failure) = outcome {
                guard failure == nil else { throw Violation("a backup fails: \(failure ?? "")") }
                backupCount += 1
                backup = try model.takenBeside(numbers, now: step.nowUnixNano)
            }
        }
        try model.note(step, outcome)
    }

    private mutating func restore(_ folder: String, now: UInt64) async throws {
        guard let backup else { return }
        restoreCount += 1
        let target = folder + "/restored"
        FolderCopy.remove(target)
        try FolderCopy.copy(folder + "/backup/store", to: target)
        defer { FolderCopy.remove(target) }
        try await BackupCheck(LocalFileSystem(), root: target, model: backup, clock: MachineClock(now)).run()
    }

    /// Mostly on a copy, so that the next life finds what the last one left.
    private func check(_ root: String, _ model: StoreModel, now: UInt64, inPlace: Bool) async throws {
        guard (try? LocalFileSystem().exists(root)) == true else { return }
        let target = inPlace ? root : root + "-copy"
        if !inPlace { try FolderCopy.copy(root, to: target) }
        defer { if !inPlace { FolderCopy.remove(target) } }
        let store = try SpanStore.open(
            StoreLife.configuration(
                root: target, fileSystem: LocalFileSystem(), clock: MachineClock(now), workload: model.workload))
        store.pauseCompaction(true)
        do {
            let check = StoreCheck(store: store, model: model)
            try check.checkAfterOpening(LocalFileSystem(), root: target, files: StoreCheck.files(below: target))
            try await check.run()
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}

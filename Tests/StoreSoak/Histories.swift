import Glibc
import StoreMachine
import Synchronization

/// History after history, each with a seed of its own.
struct Histories {
    private let arguments: Arguments
    private let kind: History.Kind
    private let stepCount: Int

    init(_ arguments: Arguments) {
        self.arguments = arguments
        kind = arguments.command == "local" ? .local : .simulated
        stepCount = arguments.number("steps") ?? 150
    }

    /// Until the time is over, or one history where a seed is given. Ends the process with 1 if one of them failed.
    func run() async throws {
        let begin = monotonicSeconds(), seconds = Double(arguments.number("seconds") ?? 60)
        var historyCount = 0, failed: [UInt64] = [], counts: [String: Int] = [:]
        let skipped = Set((arguments.text("skip") ?? "").split(separator: ",").compactMap { Int($0) })
        repeat {
            let seed = arguments.seed("seed") ?? UInt64.random(in: 1...UInt64.max)
            let (violation, lines, done) = try await Self.one(
                seed, kind, stepCount, skipped, folder: arguments.operands.first, keep: arguments.text("keep"))
            historyCount += 1
            counts.merge(done) { $0 + $1 }
            if violation != nil || arguments.has("verbose") { for line in lines { Output.line(line) } }
            if let violation {
                Output.line("FAILED \(kind.rawValue) --seed \(seed) --steps \(stepCount): \(violation)")
                failed.append(seed)
            }
        } while monotonicSeconds() - begin < seconds && arguments.seed("seed") == nil
        Output.line("\(kind.rawValue): \(historyCount) histories of \(stepCount) steps, \(failed.count) failed \(failed)")
        Output.line("  " + counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        if !failed.isEmpty { exit(1) }
    }

    /// The violation of a history, if there is one, what it said, and how often it did what.
    static func one(
        _ seed: UInt64, _ kind: History.Kind, _ stepCount: Int, _ skipped: Set<Int>, folder: String?, keep: String? = nil
    ) async throws -> (Violation?, [String], [String: Int]) {
        let disk: any MachineDisk =
            kind == .simulated
            ? SimulatedMachineDisk(seed: seed) : try LocalMachineDisk(folder: (folder ?? "/tmp") + "/soak-\(seed)", seed: seed)
        defer { disk.discard() }
        let lines = Lines()
        let machine = StoreMachine(seed: seed, kind: kind, disk: disk, skipping: skipped) { lines.add($0) }
        do {
            try await machine.run(stepCount: stepCount)
            return (nil, lines.all, machine.counts)
        } catch let violation as Violation {
            if let keep { try disk.keep(in: "\(keep)/\(seed)") }
            return (violation, lines.all, machine.counts)
        }
    }
}

final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(String(line.prefix(600))) } }
    var all: [String] { lines.withLock { $0 } }
}

/// Leaves out as many steps of a failing history as can be, so that it fails in the same way.
struct Shrinking {
    private let arguments: Arguments
    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        guard let seed = arguments.operands.first.flatMap({ UInt64($0) }) else { throw Violation("shrink needs a seed") }
        let stepCount = arguments.number("steps") ?? 150
        var skipped = Set<Int>()
        let (found, lines, _) = try await Histories.one(seed, .simulated, stepCount, skipped, folder: nil)
        guard let violation = found else { throw Violation("the history of \(seed) does not fail") }
        var best = lines + ["\(violation)"]
        let opening = String(violation.description.prefix { !$0.isNumber })
        var size = stepCount / 2
        while size >= 1 {
            var first = 0
            while first < stepCount {
                let chunk = Set(first..<min(stepCount, first + size))
                if !chunk.isSubset(of: skipped), let shorter = try await fails(seed, stepCount, skipped.union(chunk), opening) {
                    skipped.formUnion(chunk)
                    best = shorter
                }
                first += size
            }
            size /= 2
        }
        for line in best { Output.line(line) }
        Output.line("--seed \(seed) --steps \(stepCount) --skip \(skipped.sorted().map(String.init).joined(separator: ","))")
    }

    private func fails(_ seed: UInt64, _ stepCount: Int, _ skipped: Set<Int>, _ opening: String) async throws -> [String]? {
        let (violation, lines, _) = try await Histories.one(seed, .simulated, stepCount, skipped, folder: nil)
        guard let violation, violation.description.hasPrefix(opening) else { return nil }
        return lines + ["\(violation)"]
    }
}

import SeededRandom
import SpanStore
import TraceModel

/// The steps of one seed. What comes next follows from the seed and the steps before, never from what came of them: leaving some out
/// changes none of the others, which is how a history that fails is made shorter.
package struct History: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A simulated disk: everything can happen.
        case simulated
        /// Real files: no power cuts, but faults, and requests at once.
        case local
        /// A process of its own that is killed from outside: neither faults nor checks.
        case killed
    }

    package let workload: Workload
    package let kind: Kind
    private var random: SeededGenerator
    private var clock: UInt64
    private var requestCount = 0
    private var stepCount = 0
    private var stepsOfFaults = 0
    private var stepsOfFullDisk = 0
    private var stepsOfSmallDisk = 0
    /// Of its own, so that what was added later leaves the other steps as they are.
    private var added: SeededGenerator
    private var priceVersion = 1

    private static let second: UInt64 = 1_000_000_000
    private static let day: UInt64 = 86_400 * second

    package init(seed: UInt64, kind: Kind, edition: Workload.Edition = .second) {
        workload = Workload(seed: seed, edition: edition)
        added = SeededGenerator(seed: seed ^ 0xADDED)
        self.kind = kind
        random = SeededGenerator(seed: seed ^ 0x5057)
        clock = 19_700 * Self.day + UInt64.random(in: 0..<86_400, using: &random) * Self.second
    }

    package mutating func next() -> Step {
        advanceClock()
        defer { stepCount += 1 }
        var step = Step(number: stepCount, action: addedAction() ?? chosen(), nowUnixNano: clock)
        step.fault = fault(of: step.action)
        return step
    }

    private mutating func advanceClock() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0: clock += 16 * 60 * Self.second
        case 1: clock += UInt64.random(in: 1...3, using: &random) * Self.day
        case 2: clock -= 2 * 3_600 * Self.second
        case 3: clock -= Self.day
        case 4: clock = clock / Self.day * Self.day + Self.day - Self.second
        default: clock += UInt64.random(in: 0...20_000, using: &random) * 1_000_000
        }
    }

    private mutating func chosen() -> Action {
        if kind != .killed {
            if stepsOfFaults > 0 {
                stepsOfFaults -= 1
                if stepsOfFaults == 0 { return .rates(.none) }
            }
            if stepsOfFullDisk > 0 {
                stepsOfFullDisk -= 1
                if stepsOfFullDisk == 0 { return .room(nil) }
            }
        }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<34: return append()
        case 34..<40 where requestCount > 0: return repeated()
        case 40..<52: return kind == .killed ? append() : question()
        case 52..<61: return .seal(random.oneIn(3) ? project() : nil)
        case 61..<68: return .compact(isUrgent: !random.oneIn(4))
        case 68..<71: return .maintain
        case 71..<76 where requestCount > 0: return deletion()
        case 76..<79: return sweep()
        case 79..<82: return kind == .killed ? .reopen : .check
        case 82..<87: return .reopen
        case 87..<91: return kind == .killed ? .seal(nil) : .end(isPowerCut: kind == .simulated && random.oneIn(2))
        case 91..<93 where kind != .killed: return .flip(random.next(), random.next(), random.next())
        case 93..<95 where kind != .killed: return rates()
        case 95 where kind != .killed: return fullDisk()
        default: return append()
        }
    }

    private mutating func project() -> ProjectID { random.pick(Workload.projects) }

    private mutating func append() -> Action {
        let count = kind == .simulated || !random.oneIn(3) ? 1 : Int.random(in: 2...4, using: &random)
        defer { requestCount += count }
        return .append(Array(requestCount..<requestCount + count), atOnce: count > 1)
    }

    private mutating func repeated() -> Action {
        // Mostly one that a sender may still be trying to get through.
        let first = random.oneIn(4) ? 0 : max(0, requestCount - 6)
        return .append([Int.random(in: first..<requestCount, using: &random)], atOnce: false)
    }

    private mutating func question() -> Action {
        let question: Question
        switch Int.random(in: 0..<7, using: &random) {
        case 0 where requestCount > 0: question = .trace(request: Int.random(in: 0..<requestCount, using: &random))
        case 1: question = .name(random.pick(["chat", "GET /", "tool call", "nothing"]))
        case 2: question = .session("session-\(Int.random(in: 0...5, using: &random))")
        case 3: question = .route("/route/\(Int.random(in: 0...5, using: &random))")
        case 4: question = .longerThan(milliseconds: Int.random(in: 0...4_000, using: &random))
        case 5: question = .text(random.pick(Workload.words) + " " + random.pick(Workload.words))
        default: question = .groups
        }
        return .query(project(), question)
    }

    private mutating func deletion() -> Action {
        if random.oneIn(12) { return .delete(.project, project()) }
        // Often what was sent a moment ago: it may be in the log alone, or refused and there all the same.
        let oldest = max(0, requestCount - (random.oneIn(2) ? 3 : 40))
        let request = workload.request(Int.random(in: oldest..<requestCount, using: &random))
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .delete(.session("session-\(Int.random(in: 0...5, using: &random))"), request.project)
        case 1: return .delete(.user("user-\(Int.random(in: 0...5, using: &random))"), request.project)
        default:
            guard !request.records.isEmpty else { return .maintain }
            return .delete(.trace(random.pick(request.records).traceID), request.project)
        }
    }

    private mutating func sweep() -> Action {
        var kept: [Kept] = []
        // Rarely none: days of such a project may lie together from then on, and the model knows less of it.
        for project in Workload.projects where !random.oneIn(20) {
            kept.append(Kept(project: project, days: Int.random(in: 1...4, using: &random)))
        }
        return .sweep(kept)
    }

    private mutating func rates() -> Action {
        stepsOfFaults = Int.random(in: 2...12, using: &random)
        var rates = DiskRates()
        switch Int.random(in: 0..<6, using: &random) {
        case 0: rates.write = 20
        case 1: rates.synchronize = 8
        case 2: rates.noSpace = 20
        case 3: rates.name = 12
        case 4: rates.read = 30
        default: rates = DiskRates(write: 60, synchronize: 25, noSpace: 60, name: 40, read: 200)
        }
        return .rates(rates)
    }

    private mutating func fullDisk() -> Action {
        stepsOfFullDisk = Int.random(in: 2...10, using: &random)
        return .room(random.oneIn(3) ? 0 : Int.random(in: 0...200_000, using: &random))
    }

    private mutating func fault(of action: Action) -> PlannedFault? {
        guard kind != .killed else { return nil }
        let calls: Int
        switch action {
        case .append, .query, .check: calls = 12
        case .seal, .maintain, .look: calls = 60
        case .compact, .delete, .sweep, .reapply: calls = 120
        case .reopen, .end: calls = 80
        case .backUp: calls = 150
        case .flip, .rates, .room, .restore: return nil
        }
        guard random.oneIn(9) else { return nil }
        let after = Int.random(in: 1...calls, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return .io(afterCalls: after)
        case 1: return .noSpace(afterCalls: after)
        case 2: return .killed(afterCalls: after)
        default: return kind == .simulated ? .powerCut(afterCalls: after) : .killed(afterCalls: after)
        }
    }

    // MARK: Operations of the second edition

    private mutating func addedAction() -> Action? {
        guard workload.edition != .first else { return nil }
        if stepsOfSmallDisk > 0 {
            stepsOfSmallDisk -= 1
            if stepsOfSmallDisk == 0 { return .look(usedPercent: nil) }
        }
        guard added.oneIn(5) else { return nil }
        switch Int.random(in: 0..<20, using: &added) {
        case 0..<4: return reapplication()
        case 4..<8: return backup()
        case 8..<10 where kind != .killed: return .restore
        case 10..<14: return boundedSweep()
        default: return look()
        }
    }

    private mutating func reapplication() -> Action {
        let subject = added.pick(FieldRevision.Subject.allCases)
        // Prices count where they are newer than those of before.
        if subject == .prices { priceVersion += 1 }
        return .reapply(subject, added.pick(Workload.projects), prices: priceVersion)
    }

    private mutating func backup() -> Action {
        let count = Int.random(in: 0...3, using: &added)
        defer { requestCount += count }
        return .backUp(Array(requestCount..<requestCount + count))
    }

    private mutating func boundedSweep() -> Action {
        var kept: [Kept] = []
        for project in Workload.projects {
            let days = added.oneIn(12) ? 0 : Int.random(in: 2...6, using: &added)
            kept.append(Kept(project: project, days: days, byteCount: added.oneIn(3) ? nil : Int.random(in: 1...250_000, using: &added)))
        }
        return .sweep(kept)
    }

    /// Away from the marks, so that it is certain which level it is.
    private mutating func look() -> Action {
        guard !added.oneIn(4) else { return .look(usedPercent: nil) }
        stepsOfSmallDisk = Int.random(in: 1...6, using: &added)
        return .look(usedPercent: added.pick([50, 84, 88, 91, 93, 94, 97]))
    }
}

import FileSystem
import Foundation
import SeededRandom
import StoreMachine
import Testing

/// Random histories of a whole store against a model. They are long where `make soak` runs them by itself; here each test has its share of
/// two minutes.
@Suite struct StoreMachineTests {
    /// Of all tests of this suite together.
    private static let secondsPerTest = ProcessInfo.processInfo.environment["SPANDREL_TEST_SECONDS"].flatMap { Double($0) } ?? 16

    @Test(
        "a store keeps its promises through random histories, on a disk that loses, tears, fills up, fails and flips bits",
        arguments: TestSeed.several(4))
    func simulated(seed: UInt64) async throws {
        try await run(seed) { history in (.simulated, SimulatedMachineDisk(seed: history)) }
    }

    @Test("a store keeps its promises on real files, with requests at once and a process that ends", arguments: TestSeed.several(2))
    func local(seed: UInt64) async throws {
        try await run(seed) { history in
            (.local, try LocalMachineDisk(folder: NSTemporaryDirectory() + "spandrel-machine-\(history)", seed: history))
        }
    }

    @Test("histories that found something once find nothing any more", arguments: FoundOnce.seeds)
    func again(seed: UInt64) async throws {
        try await StoreMachine(seed: seed, kind: .simulated, disk: SimulatedMachineDisk(seed: seed), edition: .first).run(stepCount: 150)
    }

    /// History after history; one that is under way when the time is over ends there, and is checked as a whole.
    private func run(_ seed: UInt64, _ disk: (UInt64) throws -> (History.Kind, any MachineDisk)) async throws {
        let end = ContinuousClock.now + .seconds(Self.secondsPerTest)
        var seeds = SeededGenerator(seed: seed)
        while ContinuousClock.now < end {
            let history = seeds.next()
            let (kind, disk) = try disk(history)
            defer { disk.discard() }
            do {
                try await StoreMachine(seed: history, kind: kind, disk: disk).run(stepCount: 150) { ContinuousClock.now >= end }
            } catch {
                Issue.record(
                    "\(error); replay with: StoreSoak \(kind == .local ? "local /tmp" : "simulate") --verbose --seed \(history), then: shrink \(history)"
                )
                return
            }
        }
    }

    @Test("the same seed makes the same calls")
    func sameCalls() async throws {
        let seed = TestSeed.next()
        var counts: [[String: Int]] = []
        var steps: [[String]] = []
        for _ in 0..<2 {
            let said = Said()
            let machine = StoreMachine(seed: seed, kind: .simulated, disk: SimulatedMachineDisk(seed: seed)) { said.add($0) }
            try await machine.run(stepCount: 40)
            counts.append(machine.counts)
            steps.append(said.lines)
        }
        let difference = zip(steps[0], steps[1]).first { $0 != $1 }
        #expect(counts[0] == counts[1] && steps[0] == steps[1], "\(difference.map { "\($0) and \($1)" } ?? ""); \(TestSeed.hint(seed))")
    }

    @Test("outcomes come through as text")
    func outcomes() {
        let answers = [
            AppendAnswer(request: 3, stored: .init(isDuplicate: false, lsn: 7, receivedUnixNano: 9)),
            AppendAnswer(request: 4, stored: .init(isDuplicate: true, lsn: 7, receivedUnixNano: 10)),
            AppendAnswer(request: 5, stored: nil, reason: "busy"),
        ]
        for outcome in [
            Outcome.appended(answers), .appended([]), .deleted(spans: 1, events: 2), .failed("io"), .done, .unheard,
            .dropped(gone: [RowCount(request: 1, ordinal: 2, count: 3)], perhaps: []), .dropped(gone: [], perhaps: []),
            .backedUp(answers, failure: nil), .backedUp([], failure: "full"),
        ] {
            #expect(Outcome(text: outcome.text) == outcome)
        }
        #expect(Outcome(text: "A 3:new") == nil && Outcome(text: "X") == nil)
    }
}

/// Seeds of histories that broke a promise when they were new.
enum FoundOnce {
    static let seeds: [UInt64] = [
        // A half-written note that the log is to be overwritten stayed for ever.
        1_587_184_576_234_703_169,
        // Event records that were deleted before were counted again with their project.
        7_685_765_079_109_126_105,
        // Merged lists lost elements that lack a leaf, which other readers refuse.
        18_169_177_239_545_406_739,
        // A file of receipts that a full disk cut off was called damaged.
        14_020_037_707_644_154_463,
        // Receipts whose fdatasync had failed were taken for durable by the next start.
        8_185_383_359_006_706_191,
    ]
}

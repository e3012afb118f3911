import FileSystem
import SeededRandom
import Testing

@testable import SpanStore

@Suite("Disk watermarks")
struct DiskWatermarksTests {
    private static func reading(_ used: Int, of capacity: Int = 1000, ballast: Int = 0) -> DiskReading {
        DiskReading(capacityByteCount: capacity, freeByteCount: capacity - used, ballastByteCount: ballast)
    }

    @Test(
        "each mark makes the next thing give way, in the order that is promised",
        arguments: [(0, 0), (849, 0), (850, 1), (919, 1), (920, 2), (949, 2), (950, 3), (1000, 3)])
    func levels(used: Int, level: Int) {
        var watermarks = DiskWatermarks(limits: DiskLimits())
        let decision = watermarks.observe(Self.reading(used), nowUnixNano: 0)
        #expect(decision.level.rawValue == level && (decision.previous == nil) == (level == 0))
        #expect(decision.expires == (level >= 1) && decision.mergesSegments == (level < 2) && decision.takesSpans == (level < 3))
        #expect(decision.droppedByteCount == 0, "nothing within its retention goes unless it is allowed")
    }

    @Test("a level is left two percent below its mark, and told of once")
    func hysteresis() {
        var watermarks = DiskWatermarks(limits: DiskLimits())
        let steps = [
            (951, 3), (949, 3), (931, 3), (929, 2), (935, 2), (949, 2), (950, 3), (901, 2), (899, 1), (831, 1), (829, 0), (849, 0),
        ]
        var last = 0
        for (used, level) in steps {
            let decision = watermarks.observe(Self.reading(used), nowUnixNano: 0)
            #expect(decision.level.rawValue == level, "at \(used)")
            #expect(decision.previous?.rawValue == (level == last ? nil : last), "at \(used)")
            last = level
        }
    }

    @Test("however a disk fills and empties, the level keeps to its marks")
    func randomWalk() {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        var random = SeededGenerator(seed: seed)
        var watermarks = DiskWatermarks(limits: DiskLimits()), used = 500
        let marks = [0, 850, 920, 950]
        for _ in 0..<20_000 {
            used = min(1000, max(0, used + Int.random(in: -40...41, using: &random)))
            let before = watermarks.level.rawValue
            let level = watermarks.observe(Self.reading(used), nowUnixNano: 0).level.rawValue
            #expect(used >= marks[level] - (level > 0 ? 20 : 0), hint)
            #expect(level == 3 || used < marks[level + 1], hint)
            // Up only at a mark, down only two percent below one.
            if level > before { #expect(used >= marks[level], hint) }
            if level < before { #expect(used < marks[level + 1] - 20, hint) }
        }
    }

    @Test("the oldest goes where it is allowed, down to where the level is left, and not again before readers had time to let go")
    func dropping() {
        var limits = DiskLimits()
        limits.dropsOldest = true
        var watermarks = DiskWatermarks(limits: limits)
        let second: UInt64 = 1_000_000_000
        #expect(watermarks.observe(Self.reading(849), nowUnixNano: 100 * second).droppedByteCount == 0)
        #expect(watermarks.observe(Self.reading(900), nowUnixNano: 101 * second).droppedByteCount == 70)
        #expect(watermarks.observe(Self.reading(900), nowUnixNano: 102 * second).droppedByteCount == 0)
        #expect(watermarks.observe(Self.reading(880), nowUnixNano: 131 * second).droppedByteCount == 50)
        #expect(watermarks.observe(Self.reading(820), nowUnixNano: 200 * second).droppedByteCount == 0)
    }

    @Test(
        "the ballast is made while the disk stays below the first mark with it, smaller on a small disk, and removed when it is not wanted")
    func ballast() {
        var limits = DiskLimits()
        limits.ballastByteCount = 256 << 20
        let gibibyte = 1 << 30
        var watermarks = DiskWatermarks(limits: limits)
        func wanted(_ used: Int, of capacity: Int, has ballast: Int = 0) -> Int? {
            watermarks.observe(Self.reading(used, of: capacity, ballast: ballast), nowUnixNano: 0).ballastByteCount
        }
        #expect(wanted(0, of: 100 * gibibyte) == 256 << 20)
        #expect(wanted(0, of: 100 * gibibyte, has: 32 << 20) == 256 << 20, "it grows on")
        #expect(wanted(256 << 20, of: 100 * gibibyte, has: 256 << 20) == nil)
        #expect(wanted(0, of: gibibyte) == 16 << 20)
        #expect(wanted(84 * gibibyte + (900 << 20), of: 100 * gibibyte) == nil, "it would bring the disk over the mark itself")
        #expect(wanted(86 * gibibyte, of: 100 * gibibyte) == nil)
        #expect(wanted(84 * gibibyte, of: 100 * gibibyte) == nil, "the level has not been left yet")
        #expect(wanted(50 * gibibyte, of: 100 * gibibyte) == 256 << 20)
        #expect(wanted(0, of: 1 << 20) == nil && wanted(0, of: 1 << 20, has: 16 << 20) == 0)
        #expect(wanted(0, of: gibibyte, has: 256 << 20) == 0)
        watermarks = DiskWatermarks(limits: DiskLimits())
        #expect(wanted(0, of: 100 * gibibyte) == nil && wanted(0, of: 100 * gibibyte, has: 1) == 0)
    }

    @Test("what the store may take and what the disk has: the fuller one counts")
    func allowance() {
        let disk = DiskSpace(capacityByteCount: 1000, freeByteCount: 500)
        func part(_ allowed: Int?, _ stored: Int) -> Double {
            DiskReading(disk, allowedByteCount: allowed, storeByteCount: stored, ballastByteCount: 0).usedPart
        }
        #expect(part(nil, 900) == 0.5 && part(200, 50) == 0.5 && part(200, 150) == 0.75 && part(200, 300) == 1 && part(10_000, 300) == 0.5)
        var limits = DiskLimits()
        limits.ballastByteCount = 1 << 20
        var watermarks = DiskWatermarks(limits: limits)
        let empty = DiskReading(
            DiskSpace(capacityByteCount: 1 << 40, freeByteCount: 1 << 39), allowedByteCount: 48 << 20, storeByteCount: 0,
            ballastByteCount: 0)
        #expect(
            watermarks.observe(empty, nowUnixNano: 0).ballastByteCount == 768 << 10,
            "a part of what the store may take, also while the disk is fuller")
        #expect(DiskReading(capacityByteCount: 0, freeByteCount: 0, ballastByteCount: 0).usedPart == 0)
    }
}

import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

@Suite("Compaction policy")
struct CompactionPolicyTests {
    private static let day: Int32 = 20_000
    private static let project = ProjectID(high: 1, low: 1)

    private static func segment(
        _ sequence: UInt64, bytes: Int, day: Int32 = day, received: UInt64 = 0, rows: Int = 100, mappingVersion: UInt16 = 1
    ) -> CompactionPolicy.Candidate {
        let received = UInt64(day) * CalendarDay.nanoseconds + received
        return .init(
            descriptor: SegmentDescriptor(
                sequence: sequence, project: project, receiveDay: day, spanRowCount: rows, spanFileByteCount: bytes,
                payloadFileByteCount: 0,
                minimumStartTimeUnixNano: 0, maximumStartTimeUnixNano: 0, minimumLSN: sequence, maximumLSN: sequence,
                minimumReceivedUnixNano: received, maximumReceivedUnixNano: received, schemaFingerprint: 1, mappingVersion: mappingVersion,
                rowGroupCount: 1), maskedSinceUnixNano: nil)
    }

    private static func time(_ day: Int32, _ seconds: UInt64) -> UInt64 { UInt64(day) * CalendarDay.nanoseconds + seconds * 1_000_000_000 }

    private let policy = CompactionPolicy(limits: StoreLimits())

    @Test("eight like segments of a day are merged, seven are not; the last ones of a day are once it is over")
    func sizes() {
        let seven = (1...7).map { Self.segment(UInt64($0), bytes: 1000) }
        #expect(policy.next(seven, nowUnixNano: Self.time(Self.day, 3600)) == nil)
        let eight = seven + [Self.segment(8, bytes: 1000)]
        #expect(policy.next(eight, nowUnixNano: Self.time(Self.day, 3600))?.sequences == Array(1...8))
        #expect(policy.next(seven, nowUnixNano: Self.time(Self.day + 1, 0))?.sequences == Array(1...7))
        // One that is much larger is left alone.
        let uneven = seven + [Self.segment(9, bytes: 100_000)]
        #expect(policy.next(uneven, nowUnixNano: Self.time(Self.day + 1, 0))?.sequences == Array(1...7))
        #expect(policy.next([], nowUnixNano: 0) == nil)
    }

    @Test("segments of two mappings are never merged")
    func mappings() {
        let mixed = (1...10).map { Self.segment(UInt64($0), bytes: 1000, mappingVersion: $0 % 2 == 0 ? 3 : 4) }
        #expect(policy.next(mixed, nowUnixNano: Self.time(Self.day + 1, 0))?.sequences == [2, 4, 6, 8, 10])
        #expect(policy.next(Array(mixed.prefix(2)), nowUnixNano: Self.time(Self.day + 1, 0)) == nil)
    }

    @Test("what is young waits, what is full grown stays, and no rewrite is larger than it may be")
    func bounds() {
        let young = (1...8).map { Self.segment(UInt64($0), bytes: 1000, received: 10_000_000_000) }
        #expect(policy.next(young, nowUnixNano: Self.time(Self.day, 69)) == nil)
        #expect(policy.next(young, nowUnixNano: Self.time(Self.day, 70))?.sequences.count == 8)
        let large = (1...20).map { Self.segment(UInt64($0), bytes: 100 << 20) }
        let job = policy.next(large, nowUnixNano: Self.time(Self.day + 1, 0))
        #expect(job?.sequences.count == 5)
        #expect((job?.byteCount ?? .max) <= StoreLimits().maximumRewriteByteCount)
        let full = (1...20).map { Self.segment(UInt64($0), bytes: 300 << 20) }
        #expect(policy.next(full, nowUnixNano: Self.time(Self.day + 1, 0)) == nil)
        let long = (1...20).map { Self.segment(UInt64($0), bytes: 1000, rows: 1_000_000) }
        #expect(policy.next(long, nowUnixNano: Self.time(Self.day + 1, 0))?.sequences.count == 2)
    }

    @Test("a mask is due at half of its time, whatever the segment's size, the oldest first")
    func masks() {
        var masked = Self.segment(1, bytes: 900 << 20), later = Self.segment(2, bytes: 10)
        masked.maskedSinceUnixNano = Self.time(Self.day, 100)
        later.maskedSinceUnixNano = Self.time(Self.day, 200)
        let many = [later, masked] + (3...12).map { Self.segment($0, bytes: 5000) }
        #expect(policy.next(many, nowUnixNano: Self.time(Self.day, 1899))?.isForMask == false)
        let job = policy.next(many, nowUnixNano: Self.time(Self.day, 2100))
        #expect(job?.sequences == [1] && job?.isForMask == true)
        let urgent = CompactionPolicy(limits: StoreLimits(), isUrgent: true)
        #expect(urgent.next(many, nowUnixNano: Self.time(Self.day, 101))?.sequences == [1])
    }

    @Test(
        "over simulated days of every kind compaction writes at most three times what was sealed, and days end with few segments",
        arguments: ["idle", "steady", "busy", "mixed"])
    func simulatedYear(load: String) {
        let seed = TestSeed.next()
        var random = SeededGenerator(seed: seed)
        var segments: [UInt64: CompactionPolicy.Candidate] = [:]
        var sequence: UInt64 = 0, sealedBytes = 0, writtenBytes = 0, mostPerDay = 0
        // Days are alike: a few say the same as a year, which a longer search looks at (SPANDREL_TEST_SEED_COUNT).
        let dayCount: Int32 = TestSeed.several(1).count > 1 ? 365 : load == "busy" ? 1 : 5
        for day in Self.day..<Self.day + dayCount {
            var second: UInt64 = 0
            while second < 86_400 {
                let bytes: Int
                switch load {
                case "idle":  // a memtable by age, of a few spans
                    second += 600
                    bytes = Int.random(in: 20_000...80_000, using: &random)
                case "steady":
                    second += 300
                    bytes = Int.random(in: 1 << 20...8 << 20, using: &random)
                case "busy":  // memtables that are full
                    second += 20
                    bytes = Int.random(in: 20 << 20...60 << 20, using: &random)
                default:
                    second += UInt64.random(in: 20...600, using: &random)
                    bytes = 10_000 << Int.random(in: 0...12, using: &random)
                }
                sequence += 1
                segments[sequence] = Self.segment(
                    sequence, bytes: bytes, day: day, received: min(second, 86_399) * 1_000_000_000, rows: bytes / 300)
                sealedBytes += bytes
                run(Self.time(day, second))
            }
            run(Self.time(day + 1, 120))
            segments = segments.filter { $0.value.descriptor.receiveDay >= day }
            mostPerDay = max(mostPerDay, segments.values.count { $0.descriptor.receiveDay == day && $0.descriptor.byteCount < 128 << 20 })
        }
        func run(_ now: UInt64) {
            while let job = policy.next(Array(segments.values), nowUnixNano: now) {
                let gone = job.sequences.compactMap { segments.removeValue(forKey: $0)?.descriptor }
                let bytes = gone.reduce(0) { $0 + $1.byteCount }
                writtenBytes += bytes
                sequence += 1
                var merged = Self.segment(sequence, bytes: bytes, day: gone[0].receiveDay, rows: gone.reduce(0) { $0 + $1.spanRowCount })
                merged.descriptor.maximumReceivedUnixNano = gone.map(\.maximumReceivedUnixNano).max() ?? 0
                segments[sequence] = merged
            }
        }
        let amplification = Double(writtenBytes) / Double(sealedBytes)
        #expect(amplification <= 3, "\(load): \(amplification), \(TestSeed.hint(seed))")
        #expect(amplification > 0.5, "\(load): \(amplification)")
        #expect(mostPerDay <= 12, "\(load): \(mostPerDay) small segments of one day, \(TestSeed.hint(seed))")
    }
}

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
        #expect(policy.next(many, nowUnixNano: Self.time(Self.day, 1899))?.purpose == .merge)
        let job = policy.next(many, nowUnixNano: Self.time(Self.day, 2100))
        #expect(job?.sequences == [1] && job?.purpose == .mask)
        let urgent = CompactionPolicy(limits: StoreLimits(), isUrgent: true)
        #expect(urgent.next(many, nowUnixNano: Self.time(Self.day, 101))?.sequences == [1])
    }

    @Test("payloads are cold a week after their day, where there is enough of them, the store is idle and nothing else is to be done")
    func cold() {
        func segment(_ sequence: UInt64, day: Int32, payloads: Int) -> CompactionPolicy.Candidate {
            var candidate = Self.segment(sequence, bytes: 1_000, day: day)
            candidate.descriptor.payloadFileByteCount = payloads
            return candidate
        }
        let old = segment(1, day: Self.day, payloads: 20 << 20), newer = segment(2, day: Self.day + 1, payloads: 20 << 20)
        let small = segment(3, day: Self.day, payloads: 1 << 20)
        let all = [newer, small, old], week = Self.time(Self.day + 8, 0)
        var idle = policy
        idle.isIdle = true
        #expect(idle.next(all, nowUnixNano: week - 1) == nil && !idle.mayHaveMore([old], nowUnixNano: week - 1))
        #expect(policy.next(all, nowUnixNano: week) == nil)
        #expect(policy.mayHaveMore(all, nowUnixNano: week), "the store may be idle later")
        let job = idle.next(all, nowUnixNano: week)
        #expect(job?.sequences == [1] && job?.purpose == .cold)
        var known = all
        known[2].isCold = true
        #expect(idle.next(known, nowUnixNano: week) == nil)
        #expect(idle.next(known, nowUnixNano: week + CalendarDay.nanoseconds)?.sequences == [2])
        idle.mergesSegments = false
        #expect(idle.next(all, nowUnixNano: week) == nil, "a disk that is nearly full has no room for it")
    }

    @Test("days that lie together are cold a week after the last of them")
    func coldTogether() {
        var candidate = Self.segment(1, bytes: 1_000)
        candidate.descriptor.payloadFileByteCount = 17 << 20
        var idle = policy
        idle.isIdle = true
        idle.retention = [:]
        let month = CalendarDay.firstOfMonth(daysSince1970: Self.day), next = CalendarDay.firstOfMonth(daysSince1970: month + 31)
        candidate.descriptor.minimumReceivedUnixNano = UInt64(month) * CalendarDay.nanoseconds
        #expect(idle.next([candidate], nowUnixNano: Self.time(next + 6, 86_399)) == nil)
        #expect(idle.next([candidate], nowUnixNano: Self.time(next + 7, 0))?.purpose == .cold)
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

    // MARK: Days that lie together

    /// A segment of a few days.
    private static func segment(_ sequence: UInt64, bytes: Int, from first: Int32, through last: Int32) -> CompactionPolicy.Candidate {
        var candidate = segment(sequence, bytes: bytes, day: last)
        candidate.descriptor.minimumReceivedUnixNano = UInt64(first) * CalendarDay.nanoseconds
        return candidate
    }

    private static func sharing(_ rule: RetentionRule? = nil) -> CompactionPolicy {
        var policy = CompactionPolicy(limits: StoreLimits())
        policy.retention = rule.map { [project: $0] } ?? [:]
        return policy
    }

    /// The first of October 2024, which has 31 days.
    private static let october: Int32 = 19_997

    @Test("days of little are merged with one another, never those of two months, and only once it is known how long they are kept")
    func sharedDays() {
        #expect(CalendarDay.text(daysSince1970: Int(Self.october)) == "2024-10-01")
        let days = (-2..<3).map { Self.segment(UInt64($0 + 10), bytes: 60_000, day: Self.october + Int32($0)) }
        let now = Self.time(Self.october + 4, 0)
        #expect(Self.sharing().next(days, nowUnixNano: now)?.sequences == [8, 9], "September is over: two are enough")
        let october = Array(days.dropFirst(2))
        #expect(Self.sharing().next(october, nowUnixNano: now) == nil)
        let four = october + [Self.segment(13, bytes: 60_000, day: Self.october + 3)]
        #expect(Self.sharing().next(four, nowUnixNano: now)?.sequences == [10, 11, 12, 13])
        #expect(CompactionPolicy(limits: StoreLimits()).next(four, nowUnixNano: now) == nil)
        // Today's stay among themselves.
        #expect(Self.sharing().next(four, nowUnixNano: Self.time(Self.october + 3, 80_000)) == nil)
        let large = (0..<8).map { Self.segment(UInt64($0 + 1), bytes: 17 << 20, day: Self.october + Int32($0)) }
        #expect(
            Self.sharing().next(large, nowUnixNano: Self.time(Self.october + 20, 0))?.sequences.count == 8, "little over the whole time")
        #expect(Self.sharing().next(large, nowUnixNano: Self.time(Self.october + 8, 0)) == nil)
    }

    @Test("days that lie together are a tenth of the days that are kept, and a segment of theirs a tenth of the bytes")
    func sharedRetention() {
        let days = (0..<12).map { Self.segment(UInt64($0 + 1), bytes: 60_000, day: Self.october + Int32($0)) }
        let now = Self.time(Self.october + 40, 0)
        #expect(Self.sharing(RetentionRule(days: 30)).next(days, nowUnixNano: now)?.sequences == [1, 2, 3])
        #expect(Self.sharing(RetentionRule(days: 19)).next(days, nowUnixNano: now) == nil)
        #expect(Self.sharing(RetentionRule(days: 365)).next(days, nowUnixNano: now)?.sequences.count == 12)
        #expect(Self.sharing(RetentionRule(byteCount: 3_000_000)).next(days, nowUnixNano: now)?.sequences.count == 5)
    }

    @Test("a project that trickles has few segments at any time, and each byte is written three times at most")
    func tricklingYear() {
        let seed = TestSeed.next()
        var random = SeededGenerator(seed: seed), segments: [UInt64: CompactionPolicy.Candidate] = [:]
        var sequence: UInt64 = 0, sealedBytes = 0, writtenBytes = 0, mostInMonth = 0
        let policy = Self.sharing()
        for day in Self.october..<Self.october + 366 {
            // One seal a day, an hour after its end at the latest.
            let bytes = Int.random(in: 30_000...90_000, using: &random)
            sequence += 1
            sealedBytes += bytes
            segments[sequence] = Self.segment(sequence, bytes: bytes, day: day)
            let now = Self.time(day + 1, 3_600)
            while let job = policy.next(Array(segments.values), nowUnixNano: now) {
                let gone = job.sequences.compactMap { segments.removeValue(forKey: $0)?.descriptor }
                writtenBytes += job.byteCount
                sequence += 1
                let first = gone.map(\.firstReceiveDay).min() ?? 0, last = gone.map(\.receiveDay).max() ?? 0
                #expect(first >= CalendarDay.firstOfMonth(daysSince1970: last))
                segments[sequence] = Self.segment(sequence, bytes: job.byteCount, from: first, through: last)
            }
            let month = CalendarDay.firstOfMonth(daysSince1970: day)
            mostInMonth = max(mostInMonth, segments.values.count { $0.descriptor.receiveDay >= month })
            #expect(segments.values.count { $0.descriptor.receiveDay < month } <= 3 * 12, "\(TestSeed.hint(seed))")
        }
        // What is not merged has more than a third of all smaller ones together, so that a month grows by 4/3 with each: from the first
        // three of 30,000 bytes to 31 of 90,000 in 11 steps. Today's is not among them.
        #expect(mostInMonth <= 3 + 11 + 1, "\(mostInMonth), \(TestSeed.hint(seed))")
        let amplification = Double(writtenBytes) / Double(sealedBytes)
        #expect(amplification <= 3 && amplification > 1, "\(amplification), \(TestSeed.hint(seed))")
    }

    @Test("only those are looked at whose segments have changed, or may be due by time alone")
    func queue() {
        let projects = (1...4).map { ProjectID(high: 0, low: UInt64($0)) }
        var queue = CompactionQueue()
        #expect(queue.next() == nil && queue.day == nil)
        queue.look(at: projects, day: 7)
        queue.changed(projects[0])
        #expect((0..<4).compactMap { _ in queue.next() } == projects.reversed() && queue.next() == nil && queue.day == 7)
        queue.wait(projects[2])
        queue.wait(projects[1])
        queue.changed(projects[3])
        queue.wait(projects[3])
        #expect(queue.next() == projects[3] && queue.next() == nil)
        queue.retryWaiting()
        queue.retryWaiting()
        #expect(queue.next() == projects[2] && queue.next() == projects[1] && queue.next() == nil)
    }
}

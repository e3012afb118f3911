import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

@Suite("Retention policy")
struct RetentionPolicyTests {
    private static let today: Int32 = 20_000
    private static let projects = (1...4).map { ProjectID(high: 9, low: UInt64($0)) }

    static func segment(_ sequence: UInt64, of project: ProjectID, day: Int32, bytes: Int, payloads: Int = 0) -> SegmentDescriptor {
        let received = UInt64(day) * CalendarDay.nanoseconds + sequence
        return SegmentDescriptor(
            sequence: sequence, project: project, receiveDay: day, spanRowCount: 10, spanFileByteCount: bytes,
            payloadFileByteCount: payloads,
            minimumStartTimeUnixNano: 0, maximumStartTimeUnixNano: 0, minimumLSN: sequence, maximumLSN: sequence,
            minimumReceivedUnixNano: received, maximumReceivedUnixNano: received, schemaFingerprint: 1, mappingVersion: 1, rowGroupCount: 1)
    }

    @Test("by age today and so many days before it are kept")
    func days() {
        let segments = (0..<10).map { Self.segment(UInt64($0 + 1), of: Self.projects[0], day: Self.today - Int32($0), bytes: 1) }
        let expired = RetentionPolicy.expired(segments, rules: [Self.projects[0]: RetentionRule(days: 3)], today: Self.today)
        #expect(expired.map(\.receiveDay).max() == Self.today - 4 && expired.count == 6)
        #expect(RetentionPolicy.expired(segments, rules: [:], today: Self.today).isEmpty)
        #expect(RetentionPolicy.expired(segments, rules: [Self.projects[1]: RetentionRule(days: 1)], today: Self.today).isEmpty)
    }

    @Test("by bytes both files count, and the oldest receive day goes first, whatever its number")
    func bytes() {
        let segments = [
            Self.segment(1, of: Self.projects[0], day: Self.today, bytes: 60, payloads: 40),
            Self.segment(2, of: Self.projects[0], day: Self.today - 1, bytes: 10, payloads: 90),
            Self.segment(3, of: Self.projects[0], day: Self.today - 1, bytes: 100),
        ]
        func expired(_ bytes: Int) -> [UInt64] {
            RetentionPolicy.expired(segments, rules: [Self.projects[0]: RetentionRule(byteCount: bytes)], today: Self.today).map(\.sequence)
        }
        #expect(expired(300).isEmpty && expired(299) == [2] && expired(200) == [2] && expired(199) == [2, 3] && expired(99) == [1, 2, 3])
    }

    @Test("of random segments exactly as many of the oldest go as the bounds ask for, and no other project's")
    func random() {
        let seed = TestSeed.next(), hint = Comment(rawValue: TestSeed.hint(seed))
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let count = Int.random(in: 0...60, using: &random)
            var segments = (0..<count).map { index in
                Self.segment(
                    UInt64(index + 1), of: Self.projects.randomElement(using: &random) ?? Self.projects[0],
                    day: Self.today - Int32.random(in: 0...40, using: &random), bytes: Int.random(in: 1...1000, using: &random),
                    payloads: Bool.random(using: &random) ? Int.random(in: 0...5000, using: &random) : 0)
            }
            segments.shuffle(using: &random)
            var rules: [ProjectID: RetentionRule] = [:]
            for project in Self.projects.dropLast() {
                rules[project] = RetentionRule(
                    days: Bool.random(using: &random) ? Int.random(in: 1...45, using: &random) : nil,
                    byteCount: Bool.random(using: &random) ? Int.random(in: 1...40_000, using: &random) : nil)
            }
            let expired = RetentionPolicy.expired(segments, rules: rules, today: Self.today)
            let gone = Set(expired.map(\.sequence))
            #expect(gone.count == expired.count && expired.map(\.sequence) == gone.sorted(), hint)
            for project in Self.projects {
                let own = segments.filter { $0.project == project }.sorted { ($0.receiveDay, $0.sequence) < ($1.receiveDay, $1.sequence) }
                let rule = rules[project] ?? RetentionRule()
                let young = own.filter { segment in rule.days.map { Int(segment.receiveDay) >= Int(Self.today) - $0 } ?? true }
                #expect(Set(own.map(\.sequence)).subtracting(young.map(\.sequence)).isSubset(of: gone), hint)
                let dropped = young.prefix { gone.contains($0.sequence) }, kept = young.dropFirst(dropped.count)
                #expect(kept.allSatisfy { !gone.contains($0.sequence) }, "the oldest go first: \(TestSeed.hint(seed))")
                guard let bound = rule.byteCount else {
                    #expect(dropped.isEmpty, hint)
                    continue
                }
                let keptByteCount = kept.reduce(0) { $0 + $1.byteCount }
                #expect(keptByteCount <= bound, hint)
                if let last = dropped.last {
                    #expect(keptByteCount + last.byteCount > bound, "no more than needed: \(TestSeed.hint(seed))")
                }
            }
        }
    }

    @Test("the oldest of all projects are chosen up to the bytes asked for, and what came in lately stays")
    func oldest() {
        let segments = (0..<6).map { Self.segment(UInt64($0 + 1), of: Self.projects[$0 % 3], day: Self.today - 5 + Int32($0), bytes: 100) }
        #expect(RetentionPolicy.oldest(segments.shuffled(), byteCount: 201).map(\.sequence) == [1, 2, 3])
        #expect(RetentionPolicy.oldest(segments, byteCount: 0).isEmpty)
        let horizon = UInt64(Self.today - 3) * CalendarDay.nanoseconds
        #expect(RetentionPolicy.oldest(segments, byteCount: .max, notReceivedAfter: horizon).map(\.sequence) == [1, 2])
    }
}

import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

@Suite("Packed descriptors of segments")
struct SegmentTableTests {
    private static func project(_ number: UInt64, _ random: inout SeededGenerator) -> ProjectID {
        ProjectID(high: 0x0190_0000_0000_7000 | number << 24 | random.next() >> 52, low: random.next() | 1 << 63)
    }

    /// Anything at all.
    private static func random(_ sequence: UInt64, _ project: ProjectID, _ random: inout SeededGenerator) -> SegmentDescriptor {
        func number() -> UInt64 { random.next() >> UInt64.random(in: 0...63, using: &random) }
        func count() -> Int { Int(random.next() >> UInt64.random(in: 2...60, using: &random)) }
        return SegmentDescriptor(
            sequence: sequence, project: project, receiveDay: Int32(truncatingIfNeeded: number()), spanRowCount: count() >> 20,
            spanFileByteCount: count() >> 20, payloadFileByteCount: random.oneIn(2) ? 0 : count() >> 20,
            minimumStartTimeUnixNano: number(), maximumStartTimeUnixNano: number(), minimumLSN: number(), maximumLSN: number(),
            minimumReceivedUnixNano: number(), maximumReceivedUnixNano: number(), schemaFingerprint: random.oneIn(2) ? 7 : number(),
            mappingVersion: UInt16(truncatingIfNeeded: number()), priceVersion: random.oneIn(2) ? 0 : number(),
            rowGroupCount: random.oneIn(2) ? 1 : count())
    }

    /// A month, or the only day, of a small project: some fifty spans a day.
    private static func typical(
        _ sequence: UInt64, _ project: ProjectID, month: Int, days: Int, _ random: inout SeededGenerator
    ) -> SegmentDescriptor {
        let first = UInt64(20_000 + month * 30) * CalendarDay.nanoseconds + random.next() % (CalendarDay.nanoseconds / 2)
        let last = first + UInt64(days - 1) * CalendarDay.nanoseconds + random.next() % (CalendarDay.nanoseconds / 2)
        let lsn = UInt64(month) * 1_500_000 + random.next() % 50_000
        return SegmentDescriptor(
            sequence: sequence, project: project, receiveDay: CalendarDay.daysSince1970(unixNano: last),
            spanRowCount: days * Int.random(in: 30...70, using: &random),
            spanFileByteCount: days * Int.random(in: 5_000...20_000, using: &random),
            payloadFileByteCount: random.oneIn(3) ? Int.random(in: 5_000...60_000, using: &random) : 0,
            minimumStartTimeUnixNano: first - random.next() % 30_000_000_000,
            maximumStartTimeUnixNano: last - random.next() % 30_000_000_000,
            minimumLSN: lsn, maximumLSN: lsn + UInt64(days) * 50_000 + random.next() % 50_000, minimumReceivedUnixNano: first,
            maximumReceivedUnixNano: last, schemaFingerprint: random.oneIn(4) ? random.next() : 0xFEED, mappingVersion: 4, rowGroupCount: 1)
    }

    @Test("descriptors of any content are found again, by place, project and sequence, after any changes", arguments: TestSeed.several(4))
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed), segments = ManifestSegments(), model: [UInt64: SegmentDescriptor] = [:]
        let hint = Comment(rawValue: TestSeed.hint(seed))
        // Few, many segments each, and one that has the hash of another.
        var projects = (1...9).map { Self.project($0, &random) }
        var twin = projects[0]
        repeat { twin.low = random.next() } while SegmentPlace.hash(of: twin) != SegmentPlace.hash(of: projects[0])
        projects.append(twin)
        var next: UInt64 = random.oneIn(2) ? 1 : .max - 100_000
        for _ in 0..<60 {
            var changes: [SegmentTable.Change] = []
            for _ in 0..<(random.oneIn(10) ? 300 : Int.random(in: 1...4, using: &random)) {
                let segment = Self.random(next, random.pick(projects), &random)
                next += UInt64.random(in: 1...(random.oneIn(50) ? 70_000 : 3), using: &random) % 300
                if model[segment.sequence] != nil { continue }
                changes.append(.put(segment))
                model[segment.sequence] = segment
            }
            let known = model.keys.sorted()
            for _ in 0..<(random.oneIn(8) ? known.count * 3 / 4 : Int.random(in: 0...3, using: &random)) {
                let sequence = random.pick(known)
                guard var segment = model[sequence] else { continue }
                if random.oneIn(3) {
                    segment.mappingVersion &+= 1
                    model[sequence] = segment
                    changes.append(.put(segment))
                } else {
                    model[sequence] = nil
                    changes.append(.remove(segment.place))
                }
            }
            segments.apply(changes)
            #expect(segments.count == model.count && segments.keys == model.keys.sorted(), hint)
            #expect(segments.values.rowCount == model.values.reduce(0) { $0 + $1.spanRowCount }, hint)
            #expect(segments.values.byteCount == model.values.reduce(0) { $0 + $1.byteCount }, hint)
        }
        #expect(Set(segments.values) == Set(model.values), hint)
        #expect(Set(segments.values.projects) == Set(model.values.map(\.project)), hint)
        #expect(segments.values.projects.count == Set(model.values.map(\.project)).count, hint)
        for project in projects + [Self.project(77, &random)] {
            let expected = model.values.filter { $0.project == project }.sorted { $0.sequence < $1.sequence }
            #expect(segments.values.segments(of: project) == expected, hint)
        }
        for sequence in Array(model.keys.prefix(500)) + [0, next + 1, .max] {
            #expect(segments[sequence] == model[sequence] && segments.contains(sequence) == (model[sequence] != nil), hint)
            if let place = model[sequence]?.place { #expect(segments.values.segment(place) == model[sequence], hint) }
        }
        // However it came about.
        var again = ManifestSegments()
        again.apply(model.values.map { .put($0) })
        #expect(again == segments, hint)
        segments.apply(segments.values.map { .remove($0.place) })
        #expect(segments == ManifestSegments() && segments.isEmpty, hint)
    }

    @Test("an idle segment takes at most 64 bytes of memory, of thousands of projects with a few segments each", arguments: [1, 3, 12])
    func memory(segmentsPerProject: Int) throws {
        var random = SeededGenerator(seed: TestSeed.value), state = ManifestState(), sequence: UInt64 = 1
        let projectCount = 2_000, days = segmentsPerProject == 1 ? 1 : 29
        let projects = (0..<projectCount).map { Self.project(UInt64($0), &random) }
        for month in 0..<segmentsPerProject {
            var edit = ManifestEdit()
            for project in projects {
                edit.append(.addSegment(Self.typical(sequence, project, month: month, days: days, &random)))
                // Days that were merged and went.
                sequence += UInt64.random(in: 1...20, using: &random)
            }
            try state.apply(edit)
        }
        let each = Double(state.segments.memoryByteCount) / Double(state.segments.count)
        #expect(state.segments.count == projectCount * segmentsPerProject)
        #expect(each <= 64, "\(each) bytes each")
        #expect(each >= 40, "what is counted is what is there: \(each) bytes each")
    }
}

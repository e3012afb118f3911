import ByteCoding
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

func testSegment(_ sequence: UInt64, project: UInt64 = 1, day: Int32 = 20_000, rows: Int = 1000) -> SegmentDescriptor {
    SegmentDescriptor(
        sequence: sequence, project: testProject(project), receiveDay: day, spanRowCount: rows, spanFileByteCount: 5000,
        payloadFileByteCount: sequence % 2 == 0 ? 0 : 700, minimumStartTimeUnixNano: 1, maximumStartTimeUnixNano: UInt64.max / 3,
        minimumLSN: 3, maximumLSN: 900, minimumReceivedUnixNano: testDay, maximumReceivedUnixNano: testDay + 5,
        schemaFingerprint: 0xFEED_FACE_CAFE_BEEF, mappingVersion: 4, rowGroupCount: 2)
}

@Suite struct ManifestStateTests {
    private let partition = PartitionID(project: testProject(1), receiveDay: 20_000)

    private func apply(_ records: [ManifestRecord], to state: inout ManifestState) throws(StoreError) {
        try state.apply(ManifestEdit(records))
    }

    @Test("an edit takes effect whole, or throws and changes nothing")
    func atomic() throws {
        var state = ManifestState()
        try apply([.addSegment(testSegment(5)), .sealed(partition, lsn: 900)], to: &state)
        #expect(state.nextSequence == 6 && state.sealedLSN == [partition: 900] && state.highestSealedLSN == 900)
        let before = state
        let bad: [[ManifestRecord]] = [
            [.addSegment(testSegment(6)), .addSegment(testSegment(5))],
            [.dropSegment(sequence: 5), .dropSegment(sequence: 5)],
            [.addSegment(testSegment(7)), .rowMask(segment: 8, horizonLSN: 1, rows: RowSet([1]))],
            [.rowMask(segment: 5, horizonLSN: 1, rows: RowSet([1000]))],
        ]
        for records in bad {
            let error = #expect(throws: StoreError.self) { try apply(records, to: &state) }
            #expect(error?.code == .invalid)
            #expect(state == before)
        }
    }

    @Test("masks add up, keep the higher horizon and go with their segment")
    func masks() throws {
        var state = ManifestState()
        try apply([.addSegment(testSegment(1)), .rowMask(segment: 1, horizonLSN: 50, rows: RowSet([1, 2, 9]))], to: &state)
        try apply([.rowMask(segment: 1, horizonLSN: 40, rows: RowSet([3, 999]))], to: &state)
        #expect(state.rowMasks[1] == RowMask(rows: RowSet([1, 2, 3, 9, 999]), horizonLSN: 50))
        try apply([.dropSegment(sequence: 1), .addSegment(testSegment(2))], to: &state)
        #expect(state.rowMasks.isEmpty && state.segments(of: testProject(1)).map(\.sequence) == [2])
        #expect(state.nextSequence == 3)
    }

    @Test("versions of fields never fall, go with their segment and come back out of a checkpoint")
    func fieldVersions() throws {
        var state = ManifestState()
        try apply([.addSegment(testSegment(1)), .addSegment(testSegment(2))], to: &state)
        let records = state.checkpoint.records
        #expect(!records.contains { if case .fieldVersions = $0 { true } else { false } }, "older programs read such a store")
        try apply([.fieldVersions(segment: 1, mapping: 5, prices: 12)], to: &state)
        try apply([.fieldVersions(segment: 1, mapping: 3, prices: 11)], to: &state)
        #expect(state.segments[1]?.mappingVersion == 5 && state.segments[1]?.priceVersion == 12 && state.segments[2]?.priceVersion == 0)
        var again = ManifestState()
        try ManifestRecordCoding.encode(state.checkpoint).withUnsafeBytes { try again.apply(try ManifestRecordCoding.decode($0)) }
        #expect(again == state)
        #expect(throws: StoreError.self) { try apply([.fieldVersions(segment: 9, mapping: 5, prices: 1)], to: &state) }
        try apply([.dropSegment(sequence: 1)], to: &state)
        #expect(state.segments.count == 1)
    }

    @Test("sealed LSNs never fall, and are forgotten once the log has moved past them")
    func sealed() throws {
        var state = ManifestState()
        let other = PartitionID(project: testProject(2), receiveDay: 20_001)
        try apply([.sealed(partition, lsn: 10), .sealed(other, lsn: 30), .sealed(partition, lsn: 5)], to: &state)
        #expect(state.sealedLSN == [partition: 10, other: 30])
        try apply([.logStart(lsn: 20)], to: &state)
        #expect(state.sealedLSN == [other: 30] && state.logStartLSN == 20)
        try apply([.logStart(lsn: 40)], to: &state)
        #expect(state.sealedLSN.isEmpty && state.highestSealedLSN == 30)
    }

    @Test("a promoted key keeps its type for ever")
    func promotion() throws {
        var state = ManifestState()
        let key = PromotedKey(scope: .span, key: "http.route", type: .string, day: 20_000)
        try apply([.promotedKeys(project: testProject(1), keys: [key])], to: &state)
        try apply([.promotedKeys(project: testProject(1), keys: [key])], to: &state)
        var other = key
        other.type = .integer
        #expect(throws: StoreError.self) { try apply([.promotedKeys(project: testProject(1), keys: [other])], to: &state) }
        other.scope = .resource
        try apply([.promotedKeys(project: testProject(1), keys: [other])], to: &state)
        #expect(state.promotedKeys[testProject(1)] == [key, other])
    }

    @Test("recent requests are kept once each, in order, and forgotten behind the youngest")
    func recentRequests() throws {
        func request(_ lsn: UInt64, minutes: UInt64) -> RecentRequest {
            RecentRequest(
                project: testProject(1), hash: ContentHash(high: lsn, low: 7), lsn: lsn,
                receivedUnixNano: testDay + minutes * 60_000_000_000,
                reply: StoredReply(rejectedSpanCount: 1, errorMessage: "x"))
        }
        var state = ManifestState()
        try apply([.recentRequests([request(2, minutes: 1), request(1, minutes: 0)])], to: &state)
        try apply([.recentRequests([request(2, minutes: 1), request(3, minutes: 15)])], to: &state)
        #expect(state.recentRequests.map(\.lsn) == [1, 2, 3])
        try apply([.recentRequests([request(4, minutes: 16)])], to: &state)
        #expect(state.recentRequests.map(\.lsn) == [2, 3, 4])
    }

    @Test("a checkpoint makes the same state again, through its bytes", arguments: TestSeed.several(20))
    func checkpoint(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var state = ManifestState()
        for _ in 0..<30 { try state.apply(randomEdit(state, &generator)) }
        let bytes = ManifestRecordCoding.encode(state.checkpoint)
        let edit = try bytes.withUnsafeBytes { try ManifestRecordCoding.decode($0) }
        #expect(edit == state.checkpoint)
        var again = ManifestState()
        try again.apply(edit)
        #expect(again == state, "\(TestSeed.hint(seed))")
    }

    @Test("a cut edit, an edit with bytes too many and an unknown record are refused")
    func badEdits() {
        var state = ManifestState()
        let key = PromotedKey(scope: .resource, key: "k", type: .double, day: -1)
        let edit = ManifestEdit([.addSegment(testSegment(1)), .promotedKeys(project: testProject(1), keys: [key])])
        #expect(throws: Never.self) { try state.apply(edit) }
        let bytes = ManifestRecordCoding.encode(edit)
        func decode(_ bytes: [UInt8]) throws { _ = try bytes.withUnsafeBytes { try ManifestRecordCoding.decode($0) } }
        let boundary = ManifestRecordCoding.encode(ManifestEdit([.addSegment(testSegment(1))])).count
        for length in 1..<bytes.count where length != boundary {
            #expect(throws: ManifestDecodingError.malformed) { try decode(Array(bytes[..<length])) }
        }
        #expect(throws: ManifestDecodingError.malformed) { try decode([2, 2, 1, 1]) }
        #expect(throws: ManifestDecodingError.unknown("record kind 77")) { try decode([77, 1, 0]) }
    }
}

/// An edit that fits the state.
func randomEdit(_ state: ManifestState, _ generator: inout SeededGenerator) -> ManifestEdit {
    var edit = ManifestEdit()
    let project = UInt64.random(in: 1...3, using: &generator)
    edit.append(.addSegment(testSegment(state.nextSequence, project: project, day: Int32.random(in: 20_000...20_003, using: &generator))))
    let known = state.segments.keys.sorted()
    if let victim = known.randomElement(using: &generator), generator.oneIn(3) {
        edit.append(.dropSegment(sequence: victim))
    } else if let masked = known.randomElement(using: &generator), generator.oneIn(2) {
        let rows = (0..<10).map { _ in UInt32.random(in: 0..<1000, using: &generator) }
        edit.append(.rowMask(segment: masked, horizonLSN: generator.next() >> 40, rows: RowSet(rows)))
    }
    let lsn = state.highestSealedLSN + UInt64.random(in: 1...50, using: &generator)
    let partition = PartitionID(project: testProject(project), receiveDay: Int32.random(in: -3...3, using: &generator))
    edit.append(.sealed(partition, lsn: lsn))
    if generator.oneIn(4) { edit.append(.logStart(lsn: lsn < 20 ? 0 : lsn - 20)) }
    if generator.oneIn(3) {
        edit.append(
            .recentRequests([
                RecentRequest(
                    project: testProject(project), hash: ContentHash(high: generator.next(), low: generator.next()), lsn: lsn,
                    receivedUnixNano: testDay + lsn, reply: StoredReply(rejectedSpanCount: 2, errorMessage: "two"))
            ]))
    }
    if generator.oneIn(5) {
        edit.append(
            .promotedKeys(
                project: testProject(project),
                keys: [PromotedKey(scope: .span, key: "k\(state.nextSequence)", type: .boolean, day: 20_000)]))
    }
    return edit
}

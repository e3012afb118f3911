import ByteCoding
import FileSystem
import Foundation
import SeededRandom
import SimulatedDisk
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

/// What an inspection says of sound stores, of single flipped bits, and of files that are missing or belong to nobody.
@Suite struct StoreInspectionTests {
    @Test("a sound store has no findings", arguments: TestSeed.several(3))
    func sound(seed: UInt64) async throws {
        let store = try await InspectedStore(seed: seed, spanCount: 200)
        let report = try store.inspect()
        #expect(report.findings.list == [], Comment(rawValue: TestSeed.hint(seed)))
        #expect(report.segments.count == 2)
        #expect(
            report.segments.allSatisfy { $0.rowCount > 100 && $0.payloadCount > 0 && $0.payloadReferenceCount >= 2 && $0.traceCount > 1 })
        #expect(report.log.endedCleanly && report.log.entryCount >= 3 && report.log.unsealedEntryCount == 1)
        #expect(report.rejectedSpanCount == 2 && report.receiptCount >= 2)
        #expect(report.manifest.state?.segments.count == 2)
    }

    @Test("a store whose process was killed is sound, and the report says that the log has no end")
    func killed() async throws {
        let store = try await InspectedStore(seed: 5, closes: false)
        let report = try store.inspect()
        #expect(report.findings.isSound, "\(report.findings.list)")
        #expect(!report.log.endedCleanly && report.log.unsealedEntryCount == 1)
        #expect(report.findings.list.contains { $0.message.contains("without its final marker") })
    }

    /// What a report says that damage may change.
    private struct Answer: Equatable {
        var findings: InspectionFindings
        var nodeID: UInt64?
        var endedCleanly: Bool
        var receiptCount: Int

        init(_ report: StoreInspection.Report) {
            findings = report.findings
            nodeID = report.nodeID
            endedCleanly = report.log.endedCleanly
            receiptCount = report.receiptCount
        }
    }

    @Test("a single flipped bit is found wherever something is written", arguments: TestSeed.several(1))
    func flippedBits(seed: UInt64) async throws {
        let store = try await InspectedStore(seed: seed, spanCount: 12)
        let report = try store.inspect()
        let sound = Answer(report)
        let state = try #require(report.manifest.state)
        let segments = SegmentInspection(fileSystem: store.disk, root: store.root, observer: InspectionObserver())
        var random = SeededGenerator(seed: seed ^ 0xF11B)
        let hint = Comment(rawValue: TestSeed.hint(seed))
        for file in try store.files() {
            // Of a segment's file only the segment is read again, which is quick.
            let segment = state.segments.values.first { descriptor in
                [
                    StoreFileNames.spans(descriptor.partition, descriptor.sequence),
                    StoreFileNames.payloads(descriptor.partition, descriptor.sequence),
                ]
                .contains(file)
            }
            let end = file.hasPrefix("wal/") ? endOfGroups(store, file) : store.byteCount(of: file)
            for _ in 0..<Self.flipsPerFile * (segment == nil ? 1 : 5) {
                let offset = Int.random(in: 0..<max(1, end), using: &random)
                let mask = UInt8(1) << UInt8.random(in: 0..<8, using: &random)
                store.flip(file, offset, mask)
                let isFound: Bool
                if let segment {
                    isFound = !(try segments.run(.init(segment, nodeID: report.nodeID, maskedRowCount: 0)).findings.list.isEmpty)
                } else {
                    isFound = Answer(try store.inspect()) != sound
                }
                store.flip(file, offset, mask)
                if !isFound { Issue.record("a flip of \(mask) at \(offset) of \(file) is not found; \(hint)") }
            }
        }
        #expect(Answer(try store.inspect()) == sound, hint)
    }

    /// More of them: SPANDREL_TEST_FLIPS.
    private static let flipsPerFile = ProcessInfo.processInfo.environment["SPANDREL_TEST_FLIPS"].flatMap { Int($0) } ?? 8

    /// Where the written part of a log file ends.
    private func endOfGroups(_ store: InspectedStore, _ file: String) -> Int {
        let bytes = store.disk.content(of: store.root + "/" + file) ?? []
        let last = bytes.lastIndex { $0 != 0 } ?? 0
        // Behind the last byte that is not zero lies the padding of its group, where a flip is found, too.
        return last + 1
    }

    @Test("damage behind a whole group is damage, at the log's end it is a torn tail")
    func tornTails() async throws {
        let killed = try await InspectedStore(seed: 11, closes: false)
        let file = try #require(try killed.files().last { $0.hasPrefix("wal/") })
        let bytes = try #require(killed.disk.content(of: killed.root + "/" + file))
        let last = try #require(bytes.lastIndex { $0 != 0 })
        killed.flip(file, last, 1)
        let torn = try killed.inspect()
        #expect(torn.findings.isSound && torn.log.hasTornTail, "\(torn.findings.list)")
        killed.flip(file, last, 1)
        // The first group is promised by the durable LSN of those behind it.
        killed.flip(file, WALFileHeader.pageByteCount + WALGroupHeader.byteCount + 10, 1)
        let damaged = try killed.inspect()
        #expect(
            damaged.findings.damageCount == 1 && damaged.findings.list.contains { $0.message.contains("acknowledged entries are damaged") })
        let closed = try await InspectedStore(seed: 11)
        closed.flip(file, last, 1)
        #expect(try closed.inspect().findings.damageCount > 0)
    }

    @Test("missing files are damage, files of nobody are noted")
    func missingAndOrphaned() async throws {
        let store = try await InspectedStore(seed: 13)
        let spans = try #require(try store.files().first { $0.hasPrefix("spans/") })
        let bytes = try #require(store.disk.content(of: store.root + "/" + spans))
        let orphan = spans.replacing("0000000000000001", with: "0000000000000099")
        let file = try store.disk.open(store.root + "/" + orphan, .create)
        try file.write(bytes, at: 0)
        let orphaned = try store.inspect()
        #expect(orphaned.findings.isSound && orphaned.orphans == [orphan])
        try store.disk.remove(store.root + "/" + spans)
        let missing = try store.inspect()
        #expect(missing.findings.list.contains { $0.severity == .damage && $0.file == spans && $0.message == "the file is missing" })
        #expect(missing.damagedSegments.count == 1)
    }

    @Test("a listing has a line for every record, entry and row")
    func listing() async throws {
        let store = try await InspectedStore(seed: 17)
        let lines = Mutex<[String]>([])
        let observer = InspectionObserver(item: { members in lines.withLock { $0.append(members.map(\.key).joined(separator: ",")) } })
        let report = try store.inspect(observer)
        let written = lines.withLock { $0 }
        #expect(written.count { $0.hasPrefix("file,offset,lsn") } == report.log.entryCount)
        #expect(written.count { $0.hasPrefix("segment,row_group,row") } == report.segments.reduce(0) { $0 + $1.rowCount })
        #expect(written.count { $0.hasPrefix("offset,edit,record") } >= report.manifest.editCount)
    }

    @Test("a segment can be looked at without its store")
    func aloneSegment() async throws {
        let store = try await InspectedStore(seed: 19)
        let spans = try #require(try store.files().first { $0.hasPrefix("spans/") })
        let inspection = SegmentInspection(fileSystem: store.disk, root: store.root, observer: InspectionObserver())
        let paths = (spans, spans.replacing("spans/", with: "payloads/"))
        let whole = try inspection.run(.init(spansPath: paths.0, payloadsPath: paths.1))
        #expect(whole.findings.list == [] && whole.sequence == 1)
        let alone = try inspection.run(.init(spansPath: paths.0, payloadsPath: nil))
        #expect(alone.findings.list.contains { $0.message.contains("there is no payloads file") })
    }
}

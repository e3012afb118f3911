import FileSystem
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

/// What an inspection says of a log's end.
@Suite struct WALInspectionTests {
    @Test("a log file whose beginning was cut off inside its header is noted, and no damage", arguments: [128, 1_198, 2_048, 2_100])
    func cutOffHeader(byteCount: Int) async throws {
        let store = try await InspectedStore(seed: 5, closes: false)
        let before = try store.inspect()
        let last = try #require(before.log.files.last { $0.use == .inUse })
        let number = try #require(WALFileName.number(of: last.name))
        let header = WALFileHeader(
            salt: 7, fileNumber: number + 100, firstLSN: (before.log.lastLSN ?? 0) + 1, previousFileNumber: number,
            previousValidThroughLSN: before.log.lastLSN ?? 0, nodeID: before.nodeID ?? 0, fileByteCount: 4 << 20)
        let file = try store.disk.open("\(store.root)/wal/\(WALFileName.name(of: number + 100))", .create)
        try file.write(Array(header.encoded().prefix(byteCount)), at: 0)
        file.close()
        let report = try store.inspect()
        #expect(report.findings.isSound, "\(report.findings.list)")
        #expect(report.findings.list.contains { $0.message.contains("ends inside its header") && $0.byteOffset == byteCount })
        #expect(report.log.entryCount == before.log.entryCount)
        let opened = try SpanStore.open(store.configuration)
        #expect(opened.recovery.damages.isEmpty)
        await opened.close()
    }

    @Test("only the last group of a log without its final marker is unproven, and no flip anywhere else goes unsaid by a start")
    func unproven() async throws {
        let closed = try await InspectedStore(seed: 5)
        #expect(try closed.inspect().log.unproven.isEmpty)
        let store = try await InspectedStore(seed: 5, closes: false)
        let log = try store.inspect().log
        let last = try #require(log.unproven.first), file = try #require(log.files.first { $0.name == last.name })
        #expect(log.unproven.count == 1 && last.lsns.upperBound == log.lastLSN && last.bytes.upperBound == file.usedByteCount)
        #expect(file.groupCount > 1 && last.bytes.lowerBound > WALFileHeader.pageByteCount)
        for (offset, isProven) in [(WALFileHeader.pageByteCount + 70, true), (last.bytes.lowerBound + 70, false)] {
            store.flip("wal/" + file.name, offset, 4)
            #expect(try store.inspect().findings.isSound == !isProven)
            var configuration = store.configuration
            let disk = store.disk.copy()
            configuration.fileSystem = disk
            let opened = try SpanStore.open(configuration)
            #expect(opened.recovery.damages.isEmpty == !isProven)
            await opened.close()
            store.flip("wal/" + file.name, offset, 4)
        }
    }
}

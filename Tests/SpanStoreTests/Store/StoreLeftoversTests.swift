import FileSystem
import SeededRandom
import SimulatedDisk
import Testing
import TraceModel

@testable import SpanStore

/// What a crash or a full disk leaves of files that were not finished.
@Suite struct StoreLeftoversTests {
    @Test(
        "half-written small files go with the next start",
        arguments: ["NODE.tmp", "wal/scrub.tmp", "manifest/CURRENT.tmp", "receipts/KEY.tmp"])
    func temporaries(name: String) async throws {
        let inspected = try await InspectedStore(seed: 41, spanCount: 4)
        let file = try inspected.disk.open(inspected.root + "/" + name, .create)
        try file.write([1, 2, 3], at: 0)
        let store = try SpanStore.open(inspected.configuration)
        #expect(try !inspected.disk.exists(inspected.root + "/" + name))
        #expect(store.statistics.segmentCount == 2)
        await store.close()
    }

    @Test("a file of receipts that was only begun is no damage, one with receipts behind a broken header is")
    func begunReceipts() async throws {
        let store = try await InspectedStore(seed: 43, spanCount: 4)
        let written = try #require(try store.files().first { $0.hasSuffix(".receipts") })
        let begun = written.replacing(/[0-9]+\.receipts/, with: "0000000000000001.receipts")
        for bytes in [[], Array(repeating: UInt8(0), count: 7)] as [[UInt8]] {
            let file = try store.disk.open(store.root + "/" + begun, .readWriteCreating)
            try file.write(bytes, at: 0)
            let report = try store.inspect()
            #expect(report.findings.isSound && report.findings.list.contains { $0.file == begun }, "\(report.findings.list)")
        }
        store.flip(written, 3, 1)
        #expect(try store.inspect().findings.list.contains { $0.severity == .damage && $0.file == written })
    }

    @Test("the note that the log is to be overwritten belongs to the log")
    func scrubNote() async throws {
        let inspected = try await InspectedStore(seed: 47, spanCount: 4)
        let file = try inspected.disk.open(inspected.root + "/wal/" + WALScrubber.fileName, .create)
        try file.write(Array("1\n".utf8), at: 0)
        #expect(try !inspected.inspect().findings.list.contains { $0.file == "wal/" + WALScrubber.fileName })
    }
}

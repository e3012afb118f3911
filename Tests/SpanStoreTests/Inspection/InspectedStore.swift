import FileSystem
import OTLP
import SeededRandom
import SimulatedDisk
import TraceModel

@testable import SpanStore

/// A small store on a disk in memory, with something of everything: two sealed segments, entries that are only in the log, receipts and
/// refused spans; closed in order.
struct InspectedStore {
    let disk: SimulatedDisk
    let root = "/data/store"
    let project = ProjectID(high: 0x0190_0000_0000_7000, low: 1)
    /// Long, in a payload of every segment.
    let secret = "the needle " + String(repeating: "in a haystack of straw ", count: 100)

    var configuration: StoreConfiguration {
        var configuration = StoreConfiguration(root: root, fileSystem: disk)
        configuration.configureWAL = {
            $0.fileByteCount = 4 << 20
            $0.maximumTotalByteCount = 16 << 20
            $0.maximumGroupByteCount = 64 << 10
            $0.zeroStepByteCount = 16 << 10
            $0.zeroAheadByteCount = 0
        }
        configuration.limits.maximumRowGroupRowCount = 4096
        configuration.receiptLimits.maximumPendingCount = 2
        return configuration
    }

    init(seed: UInt64, closes: Bool = true, spanCount: Int = 30) async throws {
        disk = SimulatedDisk(seed: seed)
        var spans = RandomSpans(SeededGenerator(seed: seed))
        spans.traceCount = 8
        let store = try SpanStore.open(configuration)
        for part in 0..<2 {
            var records = spans.records(spanCount, startingAt: part * spanCount)
            records[0].attributes = [KeyValue("gen_ai.input.messages", .string(secret))]
            // The same text again: two references to one payload, or to one of the same bytes.
            records[1].attributes = [KeyValue("gen_ai.input.messages", .string(secret)), KeyValue("note", .string("short needle"))]
            _ = try await store.append(StoreFixture.request(records, project: project))
            _ = try await store.seal()
        }
        _ = try await store.append(StoreFixture.request(spans.records(5, startingAt: 1_000), project: project))
        store.quarantine.submit(
            [
                RejectedSpan(receivedUnixNano: testDay, reason: .traceIDLength, codec: .otlpJSON, source: Array("{\"name\":\"bad\"}".utf8)),
                RejectedSpan(receivedUnixNano: testDay + 5, reason: .spanIDZero, codec: .otlpJSON, source: Array("{}".utf8)),
            ], of: project)
        store.quarantine.flush()
        if closes { await store.close() } else { disk.killProcess() }
    }

    func inspect(_ observer: InspectionObserver = InspectionObserver()) throws -> StoreInspection.Report {
        try StoreInspection(fileSystem: disk, root: root, observer: observer).run()
    }

    func search(_ needle: StoreSearch.Needle) throws -> StoreSearch.Report {
        try StoreSearch(fileSystem: disk, root: root, needle: needle).run()
    }

    /// Relative paths of the files that hold something. One key of receipts is as good as another, so nothing tells that it is another.
    func files() throws -> [String] {
        try StoreFiles.list(disk, root, below: "").filter { !["LOCK", "wal/replaying", "receipts/KEY"].contains($0) }
    }

    func byteCount(of file: String) -> Int { disk.content(of: root + "/" + file)?.count ?? 0 }

    func flip(_ file: String, _ offset: Int, _ mask: UInt8) { disk.corrupt(root + "/" + file, at: offset, xor: mask) }
}

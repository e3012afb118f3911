import FileSystem
import SimulatedDisk
import Synchronization
import Testing
import TraceModel

@testable import SpanStore

/// Putting damaged segments aside, and finding what is left of given bytes.
@Suite struct StoreRepairTests {
    @Test("a damaged segment is put aside with a report, and the store is sound then")
    func damagedSegment() async throws {
        let store = try await InspectedStore(seed: 23)
        let spans = try #require(try store.files().first { $0.hasPrefix("spans/") })
        store.flip(spans, store.byteCount(of: spans) / 3, 8)
        let repaired = try StoreRepair(fileSystem: store.disk, root: store.root).run()
        #expect(repaired.movedSegments == [1] && repaired.lostSpanRowCount > 0 && repaired.movedFiles.count == 2)
        let report = try store.inspect()
        #expect(report.findings.isSound && report.segments.count == 1, "\(report.findings.list)")
        #expect(report.keptFiles.filter { $0.hasPrefix("quarantine/segments/") }.count == 3)
        let opened = try SpanStore.open(store.configuration)
        #expect(opened.statistics.segmentCount == 1 && opened.statistics.damagedSegmentCount == 0)
        #expect(opened.statistics.memtableRowCount > 0)
        await opened.close()
        let again = try StoreRepair(fileSystem: store.disk, root: store.root).run()
        #expect(again.movedSegments == [] && again.removedOrphans == [])
    }

    @Test("a repair that was cut off anywhere can be repeated", arguments: 0..<12)
    func cutOff(operation: Int) async throws {
        let store = try await InspectedStore(seed: 29)
        let spans = try #require(try store.files().first { $0.hasPrefix("spans/") })
        store.flip(spans, store.byteCount(of: spans) / 3, 8)
        // Renames, creations and edits are few and stand at the end: one after the other is left out.
        let failing = FailingNames(store.disk, failingFrom: operation)
        #expect(throws: (any Error).self) { try StoreRepair(fileSystem: failing, root: store.root).run() }
        store.disk.killProcess()
        _ = try StoreRepair(fileSystem: store.disk, root: store.root).run()
        let report = try store.inspect()
        #expect(report.findings.isSound && report.segments.count == 1, "\(report.findings.list)")
        #expect(report.keptFiles.contains { $0.hasSuffix(".spans.parquet") } && report.keptFiles.contains { $0.hasSuffix(".json") })
    }

    @Test("a store with a damaged manifest, or one that is in use, is left as it is")
    func refusals() async throws {
        let store = try await InspectedStore(seed: 31)
        let open = try SpanStore.open(store.configuration)
        #expect(throws: FileSystemError.self) { try StoreRepair(fileSystem: store.disk, root: store.root).run() }
        await open.close()
        let manifest = try #require(try store.files().first { $0.hasPrefix("manifest/MANIFEST") })
        store.flip(manifest, ManifestFile.headerByteCount + 30, 1)
        let before = try store.files()
        #expect(throws: StoreError.self) { try StoreRepair(fileSystem: store.disk, root: store.root).run() }
        #expect(try store.files() == before)
    }

    @Test("a search says which files hold a text, in compressed pages and in the log that waits to be written over")
    func search() async throws {
        let store = try await InspectedStore(seed: 37)
        let report = try store.search(.text("the needle in a haystack"))
        #expect(report.unreadable == [])
        #expect(report.hits.contains { $0.kind == .segment && $0.file.hasPrefix("payloads/") && $0.place.contains("payload") })
        #expect(report.hits.contains { $0.kind == .log })
        #expect(try store.search(.text("short needle")).hits.contains { $0.kind == .segment && $0.file.hasPrefix("spans/") })
        #expect(try store.search(.text("nobody ever sent this text")).isClean)
        // Written over three times: the sealed entries are in files that wait.
        let opened = try SpanStore.open(store.configuration)
        _ = try await opened.seal()
        for number in 0..<3 {
            var records = [
                SpanRecord(
                    traceID: TraceID(high: 9, low: UInt64(number + 1)), spanID: SpanID(rawValue: 77), name: "large", startTimeUnixNano: 5,
                    endTimeUnixNano: 6)
            ]
            records[0].attributes = [KeyValue("filling", .string(String(repeating: "x", count: 60_000)))]
            _ = try await opened.append(StoreFixture.request(records, project: store.project))
        }
        _ = try await opened.seal()
        await opened.close()
        let trace = try store.search(.traceID(TraceID(high: 9, low: 2)))
        #expect(trace.hits.contains { $0.file.hasPrefix("spans/") && $0.place.contains("trace_id") })
        #expect(trace.hits.contains { $0.kind == .log || $0.kind == .spareLog })
        #expect(try store.search(.traceID(TraceID(high: 1234, low: 5678))).isClean)
    }

    @Test("places of a pattern are found, overlapping ones too")
    func patterns() {
        func places(_ pattern: String, _ text: String) -> [Int] {
            var places: [Int] = []
            BytePatterns([Array(pattern.utf8)]).forEachPlace(in: Array(text.utf8)) { place, _ in
                places.append(place)
                return true
            }
            return places
        }
        #expect(places("aa", "aaaa") == [0, 1, 2])
        #expect(places("ab", "xxab") == [2])
        #expect(places("abc", "ab") == [])
        #expect(places("", "ab") == [])
    }
}

/// A disk on which from some operation on that changes names, nothing can be changed any more.
private final class FailingNames: FileSystem {
    private let disk: SimulatedDisk
    private let remaining: NameBudget

    init(_ disk: SimulatedDisk, failingFrom operation: Int) {
        self.disk = disk
        remaining = NameBudget(operation)
    }

    private func change(_ path: String) throws(FileSystemError) {
        guard remaining.take() else { throw FileSystemError(.io, operation: "change", path: path, errno: 5) }
    }

    func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File {
        if mode != .read { try change(path) }
        return try disk.open(path, mode)
    }
    func list(_ path: String) throws(FileSystemError) -> [String] { try disk.list(path) }
    func createDirectory(_ path: String) throws(FileSystemError) { try disk.createDirectory(path) }
    func remove(_ path: String) throws(FileSystemError) {
        try change(path)
        try disk.remove(path)
    }
    func removeDirectory(_ path: String) throws(FileSystemError) { try disk.removeDirectory(path) }
    func rename(_ from: String, to: String) throws(FileSystemError) {
        try change(from)
        try disk.rename(from, to: to)
    }
    func link(_ from: String, to: String) throws(FileSystemError) {
        try change(from)
        try disk.link(from, to: to)
    }
    func synchronizeDirectory(_ path: String) throws(FileSystemError) {
        try change(path)
        try disk.synchronizeDirectory(path)
    }
    func size(of path: String) throws(FileSystemError) -> Int { try disk.size(of: path) }
    func exists(_ path: String) throws(FileSystemError) -> Bool { try disk.exists(path) }
    func space(at path: String) throws(FileSystemError) -> DiskSpace { try disk.space(at: path) }
    func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock { try disk.lockDirectory(path) }
}

private final class NameBudget: Sendable {
    private let left: Mutex<Int>
    init(_ count: Int) { left = Mutex(count) }
    func take() -> Bool {
        left.withLock {
            $0 -= 1
            return $0 >= 0
        }
    }
}

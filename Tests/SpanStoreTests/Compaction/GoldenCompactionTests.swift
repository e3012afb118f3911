import Foundation
import SpanStore
import Testing
import TraceModel

@Suite("Compaction of stores of earlier programs")
struct GoldenCompactionTests {
    @Test("segments of every format version are merged and read as before", arguments: ["v1", "v2"])
    func golden(version: String) async throws {
        let fixture = try StoreFixture()
        let archive = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Golden/\(version)/store.tar.xz")
            .standardized
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/tar")
        tar.arguments = ["-xJf", archive.path, "-C", fixture.directory]
        try tar.run()
        tar.waitUntilExit()
        try #require(tar.terminationStatus == 0)
        let folder = try #require(
            try FileManager.default.contentsOfDirectory(atPath: fixture.configuration.root + "/spans").first { $0.hasPrefix("project=") })
        let project = try #require(ProjectID(uuid: folder.dropFirst("project=".count)))
        var store = try fixture.openForCompaction()
        let before = try StoreFixture.everything(store.snapshot(of: project).units)
        try #require(before.count > 100)
        #expect(try await store.compact(isUrgent: true).count == 1)
        #expect(store.files(of: project).count == 1)
        for _ in 0..<2 {
            #expect(try StoreFixture.everything(store.snapshot(of: project).units) == before)
            await store.close()
            store = try fixture.openForCompaction()
        }
        await store.close()
    }
}

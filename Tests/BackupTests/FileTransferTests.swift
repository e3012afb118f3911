import FileSystem
import SeededRandom
import SimulatedDisk
import Testing

@testable import Backup

@Suite("File transfer")
struct FileTransferTests {
    private let disk = SimulatedDisk(seed: TestSeed.value)

    private func write(_ bytes: [UInt8], _ path: String) throws {
        try disk.createDirectory(FilePath.parent(of: path))
        let file = try disk.open(path, .create)
        try file.write(bytes, at: 0)
        try file.synchronizeData()
        file.close()
    }

    /// A transfer into a new folder; the folder's name.
    private func transfer(
        to name: String, after previous: (String, [BackupManifest.File])? = nil, copiesAlways: Bool = false
    ) throws -> FileTransfer {
        try disk.createDirectory("/backups/\(name)/store")
        return FileTransfer(
            fileSystem: disk, target: "/backups/\(name)",
            previous: previous.map { ("/backups/\($0.0)", BackupManifestTests.manifest(files: $0.1)) }, copiesAlways: copiesAlways
        ) { _ in }
    }

    @Test("a file is linked where that can be, and copied where it cannot or is not wanted; its checksum is the same")
    func ways() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try write(bytes, "/data/a")
        let linked = try transfer(to: "1").bring("/data/a", as: "store/a", isSegment: true)
        let copied = try transfer(to: "2", copiesAlways: true).bring("/data/a", as: "store/a", isSegment: true)
        disk.setCanLink(false)
        let forced = try transfer(to: "3").bring("/data/a", as: "store/a", isSegment: true)
        #expect(linked.way == .linked && copied.way == .copied && forced.way == .copied)
        #expect(linked.file == copied.file && copied.file == forced.file && linked.file.byteCount == bytes.count)
        for name in ["1", "2", "3"] { #expect(disk.content(of: "/backups/\(name)/store/a") == bytes) }
    }

    @Test("a segment that the backup before has is its file once more, without being read")
    func reused() throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        try write(bytes, "/data/a")
        let first = try transfer(to: "1", copiesAlways: true).bring("/data/a", as: "store/a", isSegment: true)
        let second = try transfer(to: "2", after: ("1", [first.file]), copiesAlways: true).bring("/data/a", as: "store/a", isSegment: true)
        #expect(second.way == .reused && second.file == first.file)
        #expect(disk.content(of: "/backups/2/store/a") == bytes)
    }

    @Test("a segment of the same number and size with other content, as a store that was restored elsewhere has it, is not taken for it")
    func diverged() throws {
        var bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        try write(bytes, "/data/a")
        let first = try transfer(to: "1", copiesAlways: true).bring("/data/a", as: "store/a", isSegment: true)
        // In the footer, as two segments always differ.
        bytes[299_000] ^= 1
        try write(bytes, "/other/a")
        let second = try transfer(to: "2", after: ("1", [first.file]), copiesAlways: true).bring("/other/a", as: "store/a", isSegment: true)
        #expect(second.way == .copied && second.file.sha256 != first.file.sha256)
        #expect(disk.content(of: "/backups/2/store/a") == bytes)
    }

    @Test("where the backup before lacks the file it lists, the file is copied")
    func lost() throws {
        try write([1, 2, 3], "/data/a")
        let first = try transfer(to: "1", copiesAlways: true).bring("/data/a", as: "store/a", isSegment: true)
        try disk.remove("/backups/1/store/a")
        let second = try transfer(to: "2", after: ("1", [first.file]), copiesAlways: true).bring("/data/a", as: "store/a", isSegment: true)
        #expect(second.way == .copied && second.file == first.file)
    }

    @Test("another file is shared with the backup before when its whole content is the same, and only then")
    func sideFiles() throws {
        try write([1, 2, 3], "/data/a")
        let first = try transfer(to: "1", copiesAlways: true).bring("/data/a", as: "store/a", isSegment: false)
        let second = try transfer(to: "2", after: ("1", [first.file]), copiesAlways: true).bring("/data/a", as: "store/a", isSegment: false)
        #expect(second.way == .reused)
        try write([1, 2, 4], "/data/b")
        let third = try transfer(to: "3", after: ("1", [first.file]), copiesAlways: true).bring("/data/b", as: "store/a", isSegment: false)
        #expect(third.way == .copied && disk.content(of: "/backups/1/store/a") == [1, 2, 3])
        // A table that was written anew and is the same.
        let table = try transfer(to: "4", after: ("1", [first.file]))
        try write([1, 2, 3], "/backups/4/store/a")
        #expect(try table.settle(first.file) == .reused)
        #expect(try table.settle(BackupManifest.File(path: "store/b", byteCount: 3, sha256: first.file.sha256)) == .copied)
    }
}

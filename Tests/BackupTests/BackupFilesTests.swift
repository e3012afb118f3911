import FileSystem
import SeededRandom
import SimulatedDisk
import Testing

@testable import Backup

/// A backup of some files on a disk in memory.
private struct MadeBackup {
    let disk = SimulatedDisk(seed: TestSeed.value)
    let path = "/backups/2026-11-22T14-30-09Z"
    var manifest = BackupManifestTests.manifest()

    init() throws {
        manifest.files = []
        for (name, bytes) in [("store/NODE", [UInt8]("f00d\n".utf8)), ("store/spans/a.parquet", [UInt8](repeating: 7, count: 5000))] {
            let target = "\(path)/\(name)"
            try disk.createDirectory(FilePath.parent(of: target))
            let file = try disk.open(target, .create)
            try file.write(bytes, at: 0)
            try file.synchronizeData()
            file.close()
            let transfer = FileTransfer(fileSystem: disk, target: path, previous: nil, copiesAlways: false) { _ in }
            manifest.files.append(.init(path: name, byteCount: bytes.count, sha256: try transfer.checksum(of: target)))
        }
        try disk.replace("\(path)/backup.json", with: manifest.encoded)
    }

    func faults() throws -> [String] { try BackupVerification(fileSystem: disk, path: path).run().faults }
}

@Suite("Backup verification")
struct BackupVerificationTests {
    @Test("a sound backup has no faults, and files that nobody listed are told")
    func sound() throws {
        let made = try MadeBackup()
        let report = try BackupVerification(fileSystem: made.disk, path: made.path).run()
        #expect(report.faults.isEmpty && report.unlisted.isEmpty && report.manifest == made.manifest)
        _ = try made.disk.open(made.path + "/store/stray", .create)
        #expect(try BackupVerification(fileSystem: made.disk, path: made.path).run().unlisted == ["store/stray"])
    }

    @Test("a flipped bit in any file is noticed")
    func flips() throws {
        for (file, offset) in [("store/NODE", 2), ("store/spans/a.parquet", 0), ("store/spans/a.parquet", 4999)] {
            let made = try MadeBackup()
            made.disk.corrupt("\(made.path)/\(file)", at: offset, xor: 1)
            let faults = try made.faults()
            #expect(faults.count == 1 && faults.first?.contains(file) == true)
        }
    }

    @Test("a file that is missing, cut or longer is noticed")
    func sizes() throws {
        let made = try MadeBackup()
        try made.disk.remove(made.path + "/store/NODE")
        let file = try made.disk.open(made.path + "/store/spans/a.parquet", .readWrite)
        try file.truncate(to: 4999)
        #expect(try made.faults().map { $0.contains("missing") || $0.contains("4999 bytes instead of 5000") } == [true, true])
        try file.truncate(to: 5001)
        #expect(try made.faults().count == 2)
    }

    @Test("a folder without its list is no backup")
    func unfinished() throws {
        let made = try MadeBackup()
        try made.disk.remove(made.path + "/backup.json")
        let error = #expect(throws: BackupError.self) { try made.faults() }
        #expect(error?.code == .notFound)
    }
}

@Suite("Backup folder on a disk")
struct BackupFolderDiskTests {
    @Test("what an interruption left is removed, whole backups and other folders stay")
    func incomplete() throws {
        let made = try MadeBackup()
        let folder = BackupFolder(fileSystem: made.disk, path: "/backups")
        for name in ["2026-11-22T15-00-00Z", "other"] {
            try made.disk.createDirectory("/backups/\(name)/store")
            _ = try made.disk.open("/backups/\(name)/store/half", .create)
        }
        #expect(try folder.names() == .init(complete: ["2026-11-22T14-30-09Z"], incomplete: ["2026-11-22T15-00-00Z"]))
        #expect(try folder.removeIncomplete() == ["2026-11-22T15-00-00Z"])
        #expect(try made.disk.list("/backups") == ["2026-11-22T14-30-09Z", "other"])
        #expect(try folder.newName(startedAt: made.manifest.startedAt) == "2026-11-22T14-30-09Z-2")
        #expect(try folder.previous(ofNode: "f00d")?.name == "2026-11-22T14-30-09Z")
        #expect(try folder.previous(ofNode: "beef") == nil)
        #expect(try folder.keepNewest(1).isEmpty && folder.keepNewest(0) == ["2026-11-22T14-30-09Z"])
        #expect(try made.disk.list("/backups") == ["other"])
    }

    @Test("at every moment of its removal a backup is either whole or none", arguments: 1...12)
    func removal(operation: Int) throws {
        let made = try MadeBackup()
        try made.disk.synchronizeDirectory("/backups")
        for folder in ["", "/store", "/store/spans"] { try made.disk.synchronizeDirectory(made.path + folder) }
        made.disk.crash(atOperation: made.disk.operationCount + operation)
        _ = try? BackupFolder(fileSystem: made.disk, path: "/backups").keepNewest(0)
        made.disk.crash()
        if try made.disk.exists(made.path + "/backup.json") { #expect(try made.faults().isEmpty, "\(TestSeed.hint(TestSeed.value))") }
    }

    @Test("a restore marks its directory, goes on with the same backup only, and touches none that is in use")
    func marker() throws {
        let made = try MadeBackup()
        try made.disk.createDirectory("/new")
        let marker = RestoreMarker(fileSystem: made.disk, dataDirectory: "/new")
        try marker.requireNone()
        #expect(try marker.begin(of: made.manifest) == false)
        #expect(throws: BackupError.self) { try marker.requireNone() }
        #expect(try marker.begin(of: made.manifest))
        var other = made.manifest
        other.startedAt = "2026-11-23T00:00:00Z"
        #expect(throws: BackupError.self) { try marker.begin(of: other) }
        try marker.end()
        try marker.requireNone()
        _ = try made.disk.open("/new/store", .create)
        let error = #expect(throws: BackupError.self) { try marker.begin(of: made.manifest) }
        #expect(error?.code == .occupied)
    }
}

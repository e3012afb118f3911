import ByteCoding
import Testing

@testable import Backup

@Suite("Backup manifest")
struct BackupManifestTests {
    static func manifest(files: [BackupManifest.File] = [.init(path: "store/NODE", byteCount: 5, sha256: "ab")]) -> BackupManifest {
        BackupManifest(
            programVersion: "1.0.0", startedAt: "2026-11-22T14:30:09.000001Z", finishedAt: "2026-11-22T14:31:00.000000Z",
            store: .init(nodeID: "f00d", takenAt: "2026-11-22T14:30:10.000000Z", highestLSN: 1 << 60, segmentCount: 2, rowCount: 77),
            database: .init(
                serverVersion: "15.20", takenAt: "2026-11-22T14:30:09.500000Z",
                migrations: [.init(number: 1, name: "one \"quoted\"", checksum: "00ff")],
                tables: [.init(name: "runs", columns: ["id", "state"], rowCount: 3, path: "postgres/runs.copy")],
                sequences: [.init(name: "jobs_id_seq", lastValue: 9_000_000_000, isCalled: true)]), hasSecrets: true, files: files)
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        let manifest = Self.manifest()
        #expect(try BackupManifest(manifest.encoded, name: "backup.json") == manifest)
        #expect(try JSONValue.parse(manifest.encoded)["sha256"]?.stringValue?.count == 64)
    }

    @Test("any flipped bit and any cut is damage")
    func damage() throws {
        let bytes = Self.manifest().encoded
        for offset in bytes.indices {
            var flipped = bytes
            flipped[offset] ^= 1 << (offset % 8)
            let error = #expect(throws: BackupError.self) { try BackupManifest(flipped, name: "backup.json") }
            #expect(error?.code == .damaged)
        }
        for count in [0, 1, 50, bytes.count - 1] {
            #expect(throws: BackupError.self) { try BackupManifest(Array(bytes.prefix(count)), name: "backup.json") }
        }
        #expect(throws: BackupError.self) { try BackupManifest(bytes + [0x20], name: "backup.json") }
    }

    @Test("a newer form is refused by the name of the program that wrote it")
    func newer() throws {
        let text = String(decoding: Self.manifest().encoded, as: UTF8.self)
            .replacing("\"format_version\":1", with: "\"format_version\":2").replacing("\"1.0.0\"", with: "\"7.3.1\"")
        let error = #expect(throws: BackupError.self) { try BackupManifest(Self.sealed(text), name: "backup.json") }
        #expect(error?.code == .newer && error?.description.contains("7.3.1") == true)
    }

    @Test("a path that leads out of the backup is refused", arguments: ["/etc/passwd", "../x", "a/../../b", "a//b", "", "a/.", "a/\u{0}"])
    func paths(path: String) throws {
        let bytes = Self.manifest(files: [.init(path: path, byteCount: 1, sha256: "00")]).encoded
        #expect(throws: BackupError.self) { try BackupManifest(bytes, name: "backup.json") }
    }

    /// The text with the checksum that fits it.
    private static func sealed(_ text: String) -> [UInt8] {
        let body = Array(text.utf8).dropLast(64 + Array(",\"sha256\":\"\"}\n".utf8).count)
        return Array(body) + Array(",\"sha256\":\"\(BackupManifest.checksum(of: body))\"}\n".utf8)
    }
}

@Suite("Backup folder")
struct BackupFolderTests {
    @Test("a backup is named after the second it was begun")
    func name() {
        #expect(BackupFolder.name(startedAt: "2026-11-22T14:30:09.687992Z") == "2026-11-22T14-30-09Z")
        for name in ["2026-11-22T14-30-09Z", "2026-11-22T14-30-09Z-2", "2026-11-22T14-30-09Z-17"] { #expect(BackupFolder.isName(name)) }
        for name in [
            "", "LOCK", "2026-11-22", "2026-11-22T14-30-09", "2026-11-22T14-30-09Z-", "2026-11-22T14-30-09Z-a", "2026-11-22T14-30-09Zx",
            "x026-11-22T14-30-09Z",
        ] {
            #expect(!BackupFolder.isName(name), "\(name)")
        }
    }
}

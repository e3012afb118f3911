/// Takes a backup of a running server. The order is what the promises rest on (docs/backup.md):
///
///     database snapshot -> seal -> second names for the store's files -> rows -> copies -> backup.json
///
/// Database before store: whatever a row refers to was stored before the row was written, so it is in the store that is taken after.

import ByteCoding
import FileSystem
import PostgresClient
import SpanStore

package struct BackupRun: Sendable {
    package var dataDirectory: String
    /// Holds the backups.
    package var folder: String
    package var database: PostgresConfiguration
    /// Whether segments get copies of their own on the store's file system, too.
    package var copiesAlways = false
    package var includesSecrets = false
    /// Backups that are kept, this one included; nil: all.
    package var keptCount: Int?
    package var programVersion: String
    /// Has the server seal its memtables; answers its store's name (`StoreIdentity`).
    package var seal: @Sendable () async throws -> String
    /// A part begins, of so many bytes; then bytes of it that are done.
    package var begin: @Sendable (String, Int) -> Void
    package var progress: @Sendable (Int) -> Void

    package static let stagingName = "backup-staging"
    static let secretNames = ["master.key", "credentials.json"]

    package struct Report: Sendable {
        package var path: String
        package var manifest: BackupManifest
        /// Bytes that were written, by now counted once on the disk of the backups.
        package var copiedByteCount = 0
        /// Bytes shared with the store's own files.
        package var linkedByteCount = 0
        /// Bytes shared with the backup before.
        package var reusedByteCount = 0
        package var previousName: String?
        package var removedIncomplete: [String] = []
        package var removedOld: [String] = []

        mutating func count(_ way: FileTransfer.Way, _ byteCount: Int) {
            switch way {
            case .copied: copiedByteCount += byteCount
            case .linked: linkedByteCount += byteCount
            case .reused: reusedByteCount += byteCount
            }
        }
    }

    package init(
        dataDirectory: String, folder: String, database: PostgresConfiguration, programVersion: String,
        seal: @escaping @Sendable () async throws -> String, begin: @escaping @Sendable (String, Int) -> Void = { _, _ in },
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.dataDirectory = dataDirectory
        self.folder = folder
        self.database = database
        self.programVersion = programVersion
        self.seal = seal
        self.begin = begin
        self.progress = progress
    }

    package func run(_ fileSystem: any FileSystem = LocalFileSystem()) async throws -> Report {
        let startedAt = WallClock.nowText()
        let storeRoot = dataDirectory + "/store", staging = "\(dataDirectory)/\(Self.stagingName)"
        guard try fileSystem.exists(storeRoot + "/NODE") else {
            throw BackupError(.notFound, "\(dataDirectory) is no server's data directory: it has no store; name it with --data-dir")
        }
        let backups = BackupFolder(fileSystem: fileSystem, path: folder)
        try fileSystem.createDirectory(folder)
        let folderLock = try lock(folder, fileSystem)
        defer { folderLock.release() }
        try fileSystem.createDirectory(staging)
        let stagingLock = try lock(staging, fileSystem)
        defer { stagingLock.release() }
        let removedIncomplete = try backups.removeIncomplete()
        try fileSystem.removeTree(staging + "/store")
        do {
            return try await take(into: backups, storeRoot, staging, startedAt: startedAt, removedIncomplete, fileSystem)
        } catch {
            // Names in the staging folder hold space of the data directory's disk. What cannot be removed now goes with the next backup.
            try? fileSystem.removeTree(staging + "/store")
            _ = try? backups.removeIncomplete()
            throw error
        }
    }

    private func take(
        into backups: BackupFolder, _ storeRoot: String, _ staging: String, startedAt: String, _ removedIncomplete: [String],
        _ fileSystem: any FileSystem
    ) async throws -> Report {
        var dump = try await DatabaseDump.begin(database)
        let sealed = try await seal()
        let captured = try StoreCapture(fileSystem: fileSystem, root: storeRoot, target: staging + "/store").run()
        let storeTakenAt = WallClock.nowText()
        let processID = try StoreIdentity.processID(ofStore: storeRoot, fileSystem)
        guard processID.map({ StoreIdentity.text(nodeID: captured.nodeID, processID: $0) }) == sealed else {
            throw BackupError(
                .mismatch,
                "the server that answers is not the one of \(dataDirectory): name both, with --data-dir and --url (or a key of that server)"
            )
        }
        let nodeID = String(captured.nodeID, radix: 16)
        let previous = try backups.previous(ofNode: nodeID)
        let name = try backups.newName(startedAt: startedAt), path = "\(folder)/\(name)"
        try fileSystem.createDirectory(path)
        begin("database", 0)
        let transfer = FileTransfer(
            fileSystem: fileSystem, target: path, previous: previous.map { ("\(folder)/\($0.name)", $0.manifest) },
            copiesAlways: copiesAlways, progress: progress)
        var files = try await dump.write(into: path, fileSystem, progress: progress)
        await dump.end()
        var report = Report(
            path: path,
            manifest: BackupManifest(
                programVersion: programVersion, startedAt: startedAt, finishedAt: "",
                store: BackupManifest.Store(
                    nodeID: nodeID, takenAt: storeTakenAt, highestLSN: captured.state.highestSealedLSN,
                    segmentCount: captured.state.segments.count,
                    rowCount: captured.state.segments.values.reduce(0) { $0 + $1.spanRowCount }), database: dump.database,
                hasSecrets: false, files: []), previousName: previous?.name, removedIncomplete: removedIncomplete)
        for file in files { report.count(try transfer.settle(file), file.byteCount) }

        begin("store", captured.files.reduce(0) { $0 + $1.byteCount })
        var folders: Set<String> = [path, "\(path)/\(DatabaseDump.folder)"]
        for file in captured.files {
            try makeFolder(FilePath.parent(of: "\(path)/store/\(file.path)"), &folders, fileSystem)
            let (entry, way) = try transfer.bring("\(staging)/store/\(file.path)", as: "store/" + file.path, isSegment: file.isSegment)
            files.append(entry)
            report.count(way, entry.byteCount)
        }
        if includesSecrets {
            for name in Self.secretNames where try fileSystem.exists("\(dataDirectory)/\(name)") {
                let source = "\(dataDirectory)/\(name)"
                try fileSystem.copy(source, to: "\(path)/\(name)")
                let entry = BackupManifest.File(
                    path: name, byteCount: try fileSystem.size(of: "\(path)/\(name)"), sha256: try transfer.checksum(of: "\(path)/\(name)"))
                files.append(entry)
                report.count(.copied, entry.byteCount)
                report.manifest.hasSecrets = true
            }
        }
        // Every name is durable before the list says so.
        for folder in folders.sorted() { try fileSystem.synchronizeDirectory(folder) }
        report.manifest.files = files.sorted { $0.path < $1.path }
        report.manifest.finishedAt = WallClock.nowText()
        try fileSystem.replace(backups.manifestPath(name), with: report.manifest.encoded)
        try fileSystem.removeTree(staging + "/store")
        if let keptCount { report.removedOld = try backups.keepNewest(max(1, keptCount)) }
        return report
    }

    /// Makes a folder and those above it, and notes all of them.
    private func makeFolder(_ path: String, _ folders: inout Set<String>, _ fileSystem: any FileSystem) throws(FileSystemError) {
        guard folders.insert(path).inserted else { return }
        try fileSystem.createDirectory(path)
        try makeFolder(FilePath.parent(of: path), &folders, fileSystem)
    }

    private func lock(_ directory: String, _ fileSystem: any FileSystem) throws -> any DirectoryLock {
        do throws(FileSystemError) { return try fileSystem.lockDirectory(directory) } catch {
            guard error.code == .locked else { throw error }
            throw BackupError(.busy, "another backup is under way: \(error.detail)")
        }
    }
}

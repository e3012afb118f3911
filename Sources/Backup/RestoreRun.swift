/// Makes a data directory and a database from a backup. Nothing that is there is written over, and nothing is begun before every checksum
/// was found right. Until all is done `DATA_DIR/restore.json` says so, and no server starts there; run again, a restore that was cut short
/// begins anew or goes on.

import ByteCoding
import FileSystem
import Glibc
import Logging
import PostgresClient

package struct RestoreRun: Sendable {
    /// The folder of one backup.
    package var backup: String
    package var dataDirectory: String
    /// Nil: a private PostgreSQL in the data directory.
    package var databaseURL: String?
    package var logger: Logger
    package var begin: @Sendable (String, Int) -> Void
    package var progress: @Sendable (Int) -> Void

    package init(
        backup: String, dataDirectory: String, databaseURL: String?, logger: Logger,
        begin: @escaping @Sendable (String, Int) -> Void = { _, _ in }, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.backup = backup
        self.dataDirectory = dataDirectory
        self.databaseURL = databaseURL
        self.logger = logger
        self.begin = begin
        self.progress = progress
    }

    package func run(_ fileSystem: any FileSystem = LocalFileSystem()) async throws -> BackupManifest {
        let manifest = try BackupFolder.manifest(of: backup, fileSystem)
        begin("checking", manifest.byteCount)
        let checked = try BackupVerification(fileSystem: fileSystem, path: backup).run(progress: progress)
        guard checked.faults.isEmpty else {
            throw BackupError(
                .damaged,
                "the backup is damaged, and nothing was restored: \(checked.faults.prefix(5).joined(separator: "; "))"
                    + (checked.faults.count > 5 ? "; and \(checked.faults.count - 5) more" : ""))
        }
        if try !fileSystem.exists(dataDirectory) {
            try fileSystem.createDirectory(dataDirectory)
            // As the server does it: PostgreSQL's own account has to reach its folder below.
            chmod(dataDirectory, 0o711)
        }
        let lock = try lockDataDirectory(fileSystem)
        defer { lock.release() }
        let marker = RestoreMarker(fileSystem: fileSystem, dataDirectory: dataDirectory)
        let isContinued = try marker.begin(of: manifest)
        try restoreFiles(manifest, fileSystem)
        begin("database", manifest.files.filter { $0.path.hasPrefix(DatabaseDump.folder + "/") }.reduce(0) { $0 + $1.byteCount })
        try await restoreDatabase(manifest, isContinued: isContinued, fileSystem)
        try marker.end()
        return manifest
    }

    private func lockDataDirectory(_ fileSystem: any FileSystem) throws -> any DirectoryLock {
        do throws(FileSystemError) { return try fileSystem.lockDirectory(dataDirectory) } catch {
            guard error.code == .locked else { throw error }
            throw BackupError(.busy, "a server or another restore uses \(dataDirectory): \(error.detail)")
        }
    }

    private func restoreFiles(_ manifest: BackupManifest, _ fileSystem: any FileSystem) throws {
        let files = manifest.files.filter { !$0.path.hasPrefix(DatabaseDump.folder + "/") }
        begin("store", files.reduce(0) { $0 + $1.byteCount })
        try fileSystem.removeTree(dataDirectory + "/store")
        var folders: Set<String> = [dataDirectory]
        func makeFolder(_ path: String) throws(FileSystemError) {
            guard folders.insert(path).inserted else { return }
            try fileSystem.createDirectory(path)
            try makeFolder(FilePath.parent(of: path))
        }
        for file in files {
            let target = FilePath.join(dataDirectory, file.path)
            try makeFolder(FilePath.parent(of: target))
            if try fileSystem.exists(target) { try fileSystem.remove(target) }
            let byteCount = try fileSystem.copy(FilePath.join(backup, file.path), to: target)
            progress(byteCount)
            guard byteCount == file.byteCount else {
                throw BackupError(.damaged, "\(file.path) of the backup changed while it was restored; restore again")
            }
        }
        for folder in folders.sorted() { try fileSystem.synchronizeDirectory(folder) }
    }

    private func restoreDatabase(_ manifest: BackupManifest, isContinued: Bool, _ fileSystem: any FileSystem) async throws {
        func restore(_ configuration: PostgresConfiguration) async throws {
            try await DatabaseRestore(
                configuration: configuration, backup: backup, manifest: manifest, fileSystem: fileSystem, logger: logger, progress: progress
            ).run(isContinued: isContinued)
        }
        if let databaseURL { return try await restore(try PostgresConfiguration(connectionString: databaseURL)) }
        let cluster = try await PrivateCluster.start(directory: dataDirectory + "/postgres", logger: logger)
        do {
            try await restore(cluster.configuration)
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }
}

/// `DATA_DIR/restore.json`: a restore into this directory is not done. There from before its first file until after its last row.

import ByteCoding
import FileSystem

package struct RestoreMarker {
    package static let fileName = "restore.json"
    private let fileSystem: any FileSystem
    private let dataDirectory: String

    package init(fileSystem: any FileSystem, dataDirectory: String) {
        self.fileSystem = fileSystem
        self.dataDirectory = dataDirectory
    }

    private var path: String { FilePath.join(dataDirectory, Self.fileName) }

    /// For who is about to use the directory. Errors: `busy`.
    package func requireNone() throws {
        guard try fileSystem.exists(path) else { return }
        throw BackupError(
            .busy,
            "\(dataDirectory) is half restored from a backup: run `spandrel restore` again with the same backup, or remove the directory")
    }

    /// True where an earlier restore of the same backup was cut short here. Errors: `occupied`.
    func begin(of manifest: BackupManifest) throws -> Bool {
        let mark = JSONValue.object([
            JSONMember(key: "started_at", value: .string(manifest.startedAt)),
            JSONMember(key: "node_id", value: .string(manifest.store.nodeID)),
        ]).bytes
        if try fileSystem.exists(path) {
            guard try fileSystem.readWhole(path, maximumByteCount: 4096) == mark else {
                throw BackupError(
                    .occupied, "\(dataDirectory) is half restored from another backup; remove it, or choose another --data-dir")
            }
            return true
        }
        let names = try fileSystem.list(dataDirectory).filter { $0 != "LOCK" && $0 != Self.fileName + ".tmp" }
        guard names.isEmpty else {
            throw BackupError(
                .occupied, "\(dataDirectory) is not empty (\(names.prefix(5).joined(separator: ", "))); choose another --data-dir")
        }
        try fileSystem.replace(path, with: mark)
        return false
    }

    func end() throws(FileSystemError) {
        try fileSystem.remove(path)
        try fileSystem.synchronizeDirectory(dataDirectory)
    }
}

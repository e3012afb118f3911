import FileSystem

/// Where a history takes its backups: beside the store's folder, on the same file system.
enum BackupFolder {
    static func of(_ root: String) -> String { FilePath.parent(of: root) + "/backup" }
    static func store(of root: String) -> String { of(root) + "/store" }
}

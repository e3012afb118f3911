/// The folder that backups of one data directory are in, each in a folder of its own that is named after the moment it was begun:
///
///     DIRECTORY/
///       LOCK
///       2026-11-22T14-30-09Z/
///         backup.json          written last; without it this is what an interruption left, and the next backup removes it
///         store/               a whole store, without a log
///         postgres/TABLE.copy  rows as COPY writes them
///         master.key, credentials.json   where they were asked for

import FileSystem

package struct BackupFolder {
    let fileSystem: any FileSystem
    let path: String

    package init(fileSystem: any FileSystem, path: String) {
        self.fileSystem = fileSystem
        self.path = path
    }

    struct Names: Equatable {
        /// Oldest first.
        var complete: [String] = []
        var incomplete: [String] = []
    }

    /// What is there. Folders of other names are nobody's business here.
    func names() throws(FileSystemError) -> Names {
        var names = Names()
        guard try fileSystem.exists(path) else { return names }
        for name in try fileSystem.list(path) where Self.isName(name) {
            if try fileSystem.exists(manifestPath(name)) { names.complete.append(name) } else { names.incomplete.append(name) }
        }
        return names
    }

    func manifestPath(_ name: String) -> String { "\(path)/\(name)/\(BackupManifest.fileName)" }

    /// Errors: `damaged`, `newer`, `notFound`.
    package static func manifest(of backup: String, _ fileSystem: any FileSystem) throws -> BackupManifest {
        let path = FilePath.join(backup, BackupManifest.fileName)
        guard try fileSystem.exists(path) else {
            throw BackupError(
                .notFound,
                "\(backup) is no backup: it has no \(BackupManifest.fileName), which is written last. Name the folder of one backup")
        }
        return try BackupManifest(try fileSystem.readWhole(path, maximumByteCount: BackupLimits.maximumManifestByteCount), name: path)
    }

    /// The youngest of this store whose list can be read; what it has need not be stored again.
    func previous(ofNode nodeID: String) throws -> (name: String, manifest: BackupManifest)? {
        for name in try names().complete.reversed() {
            guard let manifest = try? Self.manifest(of: "\(path)/\(name)", fileSystem), manifest.store.nodeID == nodeID else { continue }
            return (name, manifest)
        }
        return nil
    }

    /// Removes what interruptions left. Answers the names.
    func removeIncomplete() throws(FileSystemError) -> [String] {
        let incomplete = try names().incomplete
        for name in incomplete { try fileSystem.removeTree("\(path)/\(name)") }
        return incomplete
    }

    /// Removes the oldest backups until so many are left. The list of files goes first: what is half removed is no backup.
    func keepNewest(_ count: Int) throws(FileSystemError) -> [String] {
        let removed = Array(try names().complete.dropLast(count))
        for name in removed {
            try fileSystem.remove(manifestPath(name))
            try fileSystem.synchronizeDirectory("\(path)/\(name)")
            try fileSystem.removeTree("\(path)/\(name)")
        }
        return removed
    }

    /// A name that is free, for a backup begun at that moment (RFC 3339 in UTC). Names sort as moments do.
    func newName(startedAt: String) throws(FileSystemError) -> String {
        let name = Self.name(startedAt: startedAt)
        var candidate = name, number = 1
        while try fileSystem.exists("\(path)/\(candidate)") {
            number += 1
            candidate = "\(name)-\(number)"
        }
        return candidate
    }

    static func name(startedAt: String) -> String {
        // To the second; without colons, which not every file system takes.
        startedAt.prefix(19).replacing(":", with: "-") + "Z"
    }

    /// `2026-11-22T14-30-09Z`, and with a number behind it.
    static func isName(_ name: String) -> Bool {
        let form = Array("dddd-dd-ddTdd-dd-ddZ".utf8), bytes = Array(name.utf8)
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard bytes.count >= form.count,
            zip(bytes, form).allSatisfy({ $1 == UInt8(ascii: "d") ? isDigit($0) : $0 == $1 })
        else { return false }
        let rest = bytes[form.count...]
        return rest.isEmpty || (rest.count > 1 && rest.first == UInt8(ascii: "-") && rest.dropFirst().allSatisfy(isDigit))
    }
}

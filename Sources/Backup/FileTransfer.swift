/// Brings one file into a backup: as another name of the one an earlier backup has, or of the one that was taken, or as a copy.

import Crypto
import FileSystem

struct FileTransfer {
    let fileSystem: any FileSystem
    /// The folder of the new backup.
    let target: String
    /// The folder and the list of an earlier backup of the same store.
    let previous: (path: String, manifest: BackupManifest)?
    /// Whether files get a copy of their own even where another name would do.
    let copiesAlways: Bool
    /// Told of bytes that were dealt with.
    let progress: (Int) -> Void

    private let previousFiles: [String: BackupManifest.File]

    enum Way: Equatable {
        /// The earlier backup's file has another name now.
        case reused
        /// The file that was taken has another name now.
        case linked
        case copied
    }

    init(
        fileSystem: any FileSystem, target: String, previous: (path: String, manifest: BackupManifest)?, copiesAlways: Bool,
        progress: @escaping (Int) -> Void
    ) {
        self.fileSystem = fileSystem
        self.target = target
        self.previous = previous
        self.copiesAlways = copiesAlways
        self.progress = progress
        previousFiles = Dictionary(previous?.manifest.files.map { ($0.path, $0) } ?? []) { first, _ in first }
    }

    /// - Parameters:
    ///   - source: a file that nobody changes any more.
    ///   - path: where it goes, relative to the backup's folder; the folder above is there.
    ///   - isSegment: a name stands for one content for ever, so that an earlier backup's checksum holds without reading the file again.
    func bring(_ source: String, as path: String, isSegment: Bool) throws -> (file: BackupManifest.File, way: Way) {
        let byteCount = try fileSystem.size(of: source)
        defer { progress(byteCount) }
        let into = FilePath.join(target, path)
        if isSegment, let old = previousFiles[path], old.byteCount == byteCount, let oldPath = previousPath(path),
            try haveEqualEnds(source, oldPath, byteCount: byteCount)
        {
            // On the store's own file system another name of the store's file costs as little, and the older copy may go one day.
            if !copiesAlways, try link(source, to: into) { return (old, .linked) }
            if try link(oldPath, to: into) { return (old, .reused) }
        }
        if !isSegment, previousFiles[path] != nil {
            let file = BackupManifest.File(path: path, byteCount: byteCount, sha256: try checksum(of: source))
            if file == previousFiles[path], let oldPath = previousPath(path), try link(oldPath, to: into) { return (file, .reused) }
        }
        if !copiesAlways, try link(source, to: into) {
            return (BackupManifest.File(path: path, byteCount: byteCount, sha256: try checksum(of: into)), .linked)
        }
        var hash = SHA256()
        let count = try fileSystem.copy(source, to: into) { hash.update(bufferPointer: $0) }
        return (BackupManifest.File(path: path, byteCount: count, sha256: hash.finalize().hex), .copied)
    }

    /// A file that was just written into the backup gives way to the earlier backup's where both are equal.
    func settle(_ file: BackupManifest.File) throws -> Way {
        guard file == previousFiles[file.path], let oldPath = previousPath(file.path) else { return .copied }
        let path = FilePath.join(target, file.path), temporary = path + ".tmp"
        guard try link(oldPath, to: temporary) else { return .copied }
        try fileSystem.rename(temporary, to: path)
        return .reused
    }

    func checksum(of path: String) throws(FileSystemError) -> String {
        var hash = SHA256()
        try fileSystem.read(path) { hash.update(bufferPointer: $0) }
        return hash.finalize().hex
    }

    private func previousPath(_ path: String) -> String? { previous.map { FilePath.join($0.path, path) } }

    /// False where it cannot be had.
    private func link(_ source: String, to path: String) throws(FileSystemError) -> Bool {
        do throws(FileSystemError) {
            try fileSystem.link(source, to: path)
            return true
        } catch {
            switch error.code {
            case .noSpace, .io, .exists: throw error
            // Another file system, one without such names, too many of them, or a file that is gone.
            case .notFound, .permission, .locked, .other: return false
            }
        }
    }

    private func haveEqualEnds(_ first: String, _ second: String, byteCount: Int) throws(FileSystemError) -> Bool {
        func end(_ path: String) throws(FileSystemError) -> [UInt8] {
            let file = try fileSystem.open(path, .read)
            defer { file.close() }
            let count = min(byteCount, BackupLimits.comparedByteCount)
            guard try file.size() == byteCount else { return [] }
            return try file.read(count: count, at: byteCount - count)
        }
        do throws(FileSystemError) {
            let old = try end(second)
            if old.isEmpty { return false }
            return try end(first) == old
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
    }
}

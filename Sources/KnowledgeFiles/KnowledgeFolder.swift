/// A folder of entries' files. Every path is walked part by part from the open folder, and no symbolic link is followed on the way: whatever
/// becomes of the folder meanwhile, nothing outside of it is read or written. Files are put in place as a whole.

import Glibc
import Synchronization

package final class KnowledgeFolder: Sendable {
    /// As it was given.
    package let path: String
    private let root: Int32
    /// What a file is called before it is whole: hidden, so that no scan takes it for an entry. One process works at a time, and writes one
    /// file at a time; what another left behind is overwritten.
    private static let temporaryName = ".spandrel-kb.new"
    private let writing = Mutex<Void>(())

    /// Throws when there is no such folder and it is not to be made, and when another process works in it.
    package init(_ path: String, creating: Bool) throws(KnowledgeFilesError) {
        self.path = path
        if creating, mkdir(path, 0o777) != 0, errno != EEXIST { throw Self.fault(nil, "the folder \(path) cannot be made") }
        root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else {
            throw errno == ENOENT
                ? KnowledgeFilesError(nil, "there is no folder \(path); `spandrel kb pull` makes one")
                : Self.fault(nil, "the folder \(path) cannot be opened")
        }
        guard flock(root, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(root)
            throw number == EWOULDBLOCK
                ? KnowledgeFilesError(nil, "another spandrel works in the folder \(path); try again when it is done")
                : Self.fault(nil, "the folder \(path) cannot be locked", number)
        }
    }

    // Closing lets go of the lock.
    deinit { close(root) }

    // MARK: State

    /// That of a folder that was never pulled is empty.
    package func state() throws(KnowledgeFilesError) -> FolderState {
        guard let bytes = try read(FolderState.fileName, maximumByteCount: KnowledgeFilesLimits.maximumStateByteCount) else {
            return FolderState()
        }
        return try FolderState(bytes)
    }

    /// On disk when it returns. Writes nothing where it is so already.
    package func save(_ state: FolderState) throws(KnowledgeFilesError) {
        let bytes = state.bytes
        guard try read(FolderState.fileName, maximumByteCount: KnowledgeFilesLimits.maximumStateByteCount) != bytes else { return }
        try write(bytes, to: FolderState.fileName, isDurable: true)
    }

    // MARK: Files

    /// The paths of entries' files, in the order of their bytes. Hidden files and folders are no entries. Throws for links that are called
    /// like entries: they are not followed, and the entries behind them would look as if they had been removed.
    package func files() throws(KnowledgeFilesError) -> [String] {
        var scan = Scan()
        try scan.add(try Self.duplicate(root), "", KnowledgeFilesLimits.maximumDepth)
        guard scan.problems.isEmpty else { throw KnowledgeFilesError(scan.problems) }
        return scan.files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// nil: there is no such file.
    package func read(
        _ path: String, maximumByteCount: Int = KnowledgeFilesLimits.maximumFileByteCount
    ) throws(KnowledgeFilesError) -> [UInt8]? {
        guard let (folder, name) = try place(of: path, creating: false) else { return nil }
        defer { close(folder) }
        // Nothing waits for whoever would write into a pipe of this name.
        let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw Self.fault(path, errno == ELOOP ? "is a symbolic link; it is not read" : "cannot be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw KnowledgeFilesError(path, "is no file") }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: min(1 << 16, max(1, Int(status.st_size) + 1)))
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.fault(path, "cannot be read") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumByteCount else { throw KnowledgeFilesError(path, "has more than \(maximumByteCount) bytes") }
        }
    }

    /// Puts the whole file in place, and the folders above it. `isDurable`: on disk when it returns.
    package func write(_ bytes: [UInt8], to path: String, isDurable: Bool = false) throws(KnowledgeFilesError) {
        try writing.withLock { _ throws(KnowledgeFilesError) in try put(bytes, path, isDurable) }
    }

    private func put(_ bytes: [UInt8], _ path: String, _ isDurable: Bool) throws(KnowledgeFilesError) {
        guard let (folder, name) = try place(of: path, creating: true) else { throw KnowledgeFilesError(path, "its folder is gone") }
        defer { close(folder) }
        var status = stat()
        var mode: mode_t = 0o666
        if fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw KnowledgeFilesError(path, "is no file but a link or a folder; it is left as it is")
            }
            mode = status.st_mode & 0o777
        }
        unlinkat(folder, Self.temporaryName, 0)
        let file = openat(folder, Self.temporaryName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard file >= 0 else { throw Self.fault(path, "cannot be written") }
        defer { close(file) }
        do throws(KnowledgeFilesError) {
            try Self.write(bytes, to: file, path)
            if isDurable, fsync(file) != 0 { throw Self.fault(path, "cannot be written") }
            guard renameat(folder, Self.temporaryName, folder, name) == 0 else { throw Self.fault(path, "cannot be put in place") }
        } catch {
            unlinkat(folder, Self.temporaryName, 0)
            throw error
        }
        if isDurable { fsync(folder) }
    }

    /// And the folders above it that are empty then. Nothing to do where there is no such file.
    package func remove(_ path: String) throws(KnowledgeFilesError) {
        guard let (folder, name) = try place(of: path, creating: false) else { return }
        let result = unlinkat(folder, name, 0), number = errno
        close(folder)
        guard result == 0 || number == ENOENT else { throw Self.fault(path, "cannot be removed", number) }
        var parts = path.split(separator: "/").dropLast()
        while let last = parts.popLast() {
            guard let (above, _) = try place(of: (parts + [last]).joined(separator: "/"), creating: false) else { continue }
            let isRemoved = unlinkat(above, String(last), AT_REMOVEDIR) == 0
            close(above)
            if !isRemoved { return }
        }
    }

    // MARK: Walking

    /// The open folder of a path, to be closed, and the name in it; nil: the folder is not there.
    private func place(of path: String, creating: Bool) throws(KnowledgeFilesError) -> (folder: Int32, name: String)? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.popLast(),
            !(parts + [name]).contains(where: { $0.isEmpty || $0 == "." || $0 == ".." || $0.utf8.contains(0) })
        else { throw KnowledgeFilesError(path, "is no path in a folder") }
        var folder = try Self.duplicate(root)
        for part in parts {
            if creating, mkdirat(folder, part, 0o777) != 0, errno != EEXIST {
                let number = errno
                close(folder)
                throw Self.fault(path, "its folder cannot be made", number)
            }
            let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), number = errno
            close(folder)
            if next < 0, number == ENOENT { return nil }
            guard next >= 0 else {
                let isLink = number == ELOOP || number == ENOTDIR
                throw Self.fault(path, isLink ? "\(part) is no folder but a link or a file" : "its folder cannot be opened", number)
            }
            folder = next
        }
        return (folder, name)
    }

    private static func duplicate(_ folder: Int32) throws(KnowledgeFilesError) -> Int32 {
        // Opened anew: a copy of the descriptor would share the place in the listing.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0 else { throw fault(nil, "the folder cannot be opened") }
        return copy
    }

    private static func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(KnowledgeFilesError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + start, $0.count - start) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fault(path, "cannot be written") }
            start += count
        }
    }

    fileprivate static func fault(_ path: String?, _ what: String, _ number: Int32 = errno) -> KnowledgeFilesError {
        KnowledgeFilesError(path, "\(what): \(String(cString: strerror(number)))")
    }
}

/// What a walk through a folder has found.
private struct Scan {
    var files: [String] = []
    var problems: [FileProblem] = []

    /// Closes the folder. `prefix`: its path, with the slash behind it.
    mutating func add(_ folder: Int32, _ prefix: String, _ depth: Int) throws(KnowledgeFilesError) {
        guard let listing = fdopendir(folder) else {
            let number = errno
            close(folder)
            throw KnowledgeFolder.fault(prefix, "cannot be listed", number)
        }
        defer { closedir(listing) }
        while true {
            errno = 0
            guard let item = readdir(listing) else {
                guard errno == 0 else { throw KnowledgeFolder.fault(prefix, "cannot be listed") }
                return
            }
            let name = withUnsafePointer(to: &item.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(validatingCString: $0) }
            }
            guard let name else {
                problems.append(FileProblem(prefix, "a file in it has a name that is not UTF-8"))
                continue
            }
            if name.hasPrefix(".") { continue }
            try add(name, in: folder, prefix, depth)
        }
    }

    private mutating func add(_ name: String, in folder: Int32, _ prefix: String, _ depth: Int) throws(KnowledgeFilesError) {
        let path = prefix + name
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            // Gone between the listing and now.
            if errno == ENOENT { return }
            throw KnowledgeFolder.fault(path, "cannot be read")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard depth > 0 else { throw KnowledgeFilesError(path, "folders are nested too deeply") }
            let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else { throw KnowledgeFolder.fault(path, "cannot be opened") }
            try add(next, path + "/", depth - 1)
        case S_IFREG:
            guard EntryPath.isEntry(name) else { return }
            guard files.count < KnowledgeFilesLimits.maximumFileCount else {
                throw KnowledgeFilesError(nil, "the folder has more than \(KnowledgeFilesLimits.maximumFileCount) entries")
            }
            files.append(path)
        case S_IFLNK:
            if EntryPath.isEntry(name) { problems.append(FileProblem(path, "is a symbolic link; links are not followed")) }
        default:
            if EntryPath.isEntry(name) { problems.append(FileProblem(path, "is no file")) }
        }
    }
}

import Glibc

/// The file system of this machine. Files and directories it creates belong to their owner alone: spans hold prompts.
package struct LocalFileSystem: FileSystem {
    package init() {}

    package func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File {
        let flags: Int32 =
            switch mode {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            case .readWriteCreating: O_RDWR | O_CREAT
            }
        return LocalFile(path: path, descriptor: try Self.descriptor(path, flags, operation: mode == .create ? "create" : "open"))
    }

    package func list(_ path: String) throws(FileSystemError) -> [String] {
        guard let directory = opendir(path) else { throw FileSystemError(operation: "list", path: path, errno: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                if errno != 0 { throw FileSystemError(operation: "list", path: path, errno: errno) }
                break
            }
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package func createDirectory(_ path: String) throws(FileSystemError) {
        if mkdir(path, 0o700) == 0 {
            try synchronizeDirectory(FilePath.parent(of: path))
            return
        }
        let reason = errno
        if reason == ENOENT {
            let parent = FilePath.parent(of: path)
            guard parent != path else { throw FileSystemError(operation: "create directory", path: path, errno: reason) }
            try createDirectory(parent)
            try createDirectory(path)
        } else if reason == EEXIST {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                throw FileSystemError(operation: "create directory", path: path, errno: reason, detail: "something else has this name")
            }
        } else {
            throw FileSystemError(operation: "create directory", path: path, errno: reason)
        }
    }

    package func remove(_ path: String) throws(FileSystemError) {
        if unlink(path) != 0 { throw FileSystemError(operation: "remove", path: path, errno: errno) }
    }

    package func removeDirectory(_ path: String) throws(FileSystemError) {
        if rmdir(path) != 0 { throw FileSystemError(operation: "remove directory", path: path, errno: errno) }
    }

    package func rename(_ from: String, to: String) throws(FileSystemError) {
        if Glibc.rename(from, to) != 0 { throw FileSystemError(operation: "rename to \(to)", path: from, errno: errno) }
    }

    package func link(_ from: String, to: String) throws(FileSystemError) {
        if Glibc.link(from, to) != 0 { throw FileSystemError(operation: "link to \(to)", path: from, errno: errno) }
    }

    package func synchronizeDirectory(_ path: String) throws(FileSystemError) {
        let directory = DescriptorCell(try Self.descriptor(path, O_RDONLY | O_DIRECTORY, operation: "open directory"))
        defer { directory.close() }
        guard let value = directory.value else { return }
        if fsync(value) != 0 { throw FileSystemError(operation: "synchronize directory", path: path, errno: errno) }
    }

    package func size(of path: String) throws(FileSystemError) -> Int {
        var status = stat()
        if stat(path, &status) != 0 { throw FileSystemError(operation: "look at", path: path, errno: errno) }
        return Int(status.st_size)
    }

    package func exists(_ path: String) throws(FileSystemError) -> Bool {
        var status = stat()
        if stat(path, &status) == 0 { return true }
        if errno == ENOENT || errno == ENOTDIR { return false }
        throw FileSystemError(operation: "look at", path: path, errno: errno)
    }

    package func space(at path: String) throws(FileSystemError) -> DiskSpace {
        var status = statvfs()
        if statvfs(path, &status) != 0 { throw FileSystemError(operation: "look at the file system of", path: path, errno: errno) }
        func bytes(_ blockCount: UInt64) -> Int {
            let product = blockCount.multipliedReportingOverflow(by: UInt64(status.f_frsize))
            return product.overflow ? .max : Int(clamping: product.partialValue)
        }
        let total = UInt64(status.f_blocks), free = UInt64(status.f_bfree), available = UInt64(status.f_bavail)
        return DiskSpace(capacityByteCount: bytes(total - min(total, free - min(free, available))), freeByteCount: bytes(available))
    }

    package func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock {
        try LocalDirectoryLock(directory: path)
    }

    static func descriptor(_ path: String, _ flags: Int32, operation: String) throws(FileSystemError) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o600)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw FileSystemError(operation: operation, path: path, errno: errno) }
        }
    }
}

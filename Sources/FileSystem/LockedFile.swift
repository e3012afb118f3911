import Glibc

/// A file that one process has for itself as long as it lives: locked by the system (flock), written by position, read through memory.
/// The lock goes with the process, however it ends; nobody waits for it.
///
/// For files that can be made again from elsewhere: nothing here is synchronized.
package final class LockedFile: Sendable {
    package let path: String
    /// Open as long as `file` lives, which closes it.
    private let descriptor: Int32
    private let file: LocalFile

    private init(path: String, descriptor: Int32, file: LocalFile) {
        self.path = path
        self.descriptor = descriptor
        self.file = file
    }

    /// Opens a file that is there; nil if it is not, or somebody else has it (this process counts, too). Errors: all but `notFound`.
    package static func open(_ path: String) throws(FileSystemError) -> LockedFile? {
        do throws(FileSystemError) { return try locked(path, O_RDWR) } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// Makes a file; nil if there is one of this name.
    package static func create(_ path: String) throws(FileSystemError) -> LockedFile? {
        do throws(FileSystemError) { return try locked(path, O_RDWR | O_CREAT | O_EXCL) } catch {
            if error.code == .exists { return nil }
            throw error
        }
    }

    private static func locked(_ path: String, _ flags: Int32) throws(FileSystemError) -> LockedFile? {
        let descriptor = try LocalFileSystem.descriptor(path, flags, operation: "open")
        let file = LocalFile(path: path, descriptor: descriptor)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            if reason == EINTR { continue }
            if reason == EWOULDBLOCK { return nil }
            throw FileSystemError(operation: "lock", path: path, errno: reason)
        }
        // Whoever had it may have removed it between the opening and the lock: then this is a file without a name.
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else { return nil }
        return LockedFile(path: path, descriptor: descriptor, file: file)
    }

    package func size() throws(FileSystemError) -> Int { try file.size() }

    package func truncate(to size: Int) throws(FileSystemError) { try file.truncate(to: size) }

    package func write(_ bytes: [UInt8], at offset: Int) throws(FileSystemError) { try file.write(bytes, at: offset) }

    /// The first `byteCount` bytes as memory, which show what is written later. They may reach beyond the file's end; only what lies before
    /// it may be touched: the system ends a process that reads behind it.
    package func mapping(byteCount: Int) throws(FileSystemError) -> FileMapping {
        guard let address = mmap(nil, max(1, byteCount), PROT_READ, MAP_SHARED, descriptor, 0), address != MAP_FAILED else {
            throw FileSystemError(operation: "map", path: path, errno: errno)
        }
        return FileMapping(UnsafeRawBufferPointer(start: address, count: byteCount))
    }

    /// Takes its name away; whoever has it mapped keeps the bytes.
    package func remove() throws(FileSystemError) {
        if unlink(path) != 0, errno != ENOENT { throw FileSystemError(operation: "remove", path: path, errno: errno) }
    }
}

/// Memory that shows a file, until the last reference goes.
package final class FileMapping: Sendable {
    // Safe: the address never changes, nobody in this process writes through it (PROT_READ), and it is given back only in deinit, when nobody
    // can hold it. Bytes of the file change only where the writer has told no reader of them yet (VectorIndex).
    nonisolated(unsafe) package let bytes: UnsafeRawBufferPointer

    fileprivate init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), max(1, bytes.count)) }
}

import Glibc

/// One process at a time: an flock on the file `LOCK` of a directory. The file holds the holder's process id in decimal,
/// so that whoever is refused can be told who is in the way. The lock is the system's, not the file's content: after a
/// crash the file stays and the lock is free.
final class LocalDirectoryLock: DirectoryLock {
    static let fileName = "LOCK"
    private let descriptor: DescriptorCell

    init(directory: String) throws(FileSystemError) {
        let path = FilePath.join(directory, Self.fileName)
        let cell = DescriptorCell(try LocalFileSystem.descriptor(path, O_RDWR | O_CREAT, operation: "open the lock file"))
        descriptor = cell
        guard let file = cell.value else { return }
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            if reason == EINTR { continue }
            defer { cell.close() }
            guard reason == EWOULDBLOCK else { throw FileSystemError(operation: "lock", path: directory, errno: reason) }
            throw FileSystemError(
                .locked, operation: "lock", path: directory, errno: 0, detail: "\(directory) is in use by process \(Self.holder(file))")
        }
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(file, 0) == 0, pwrite(file, text, text.count, 0) == text.count else {
            let reason = errno
            cell.close()
            throw FileSystemError(operation: "write the lock file in", path: directory, errno: reason)
        }
    }

    deinit { release() }

    func release() { descriptor.close() }

    /// What the lock file says; a holder that has not written yet is "unknown".
    private static func holder(_ file: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 20)
        let count = pread(file, &text, text.count, 0)
        let digits = text.prefix(max(count, 0)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }
}

/// A small file with secrets: nobody but its owner can read it at any moment, and it is never half there.

import Glibc

package enum PrivateFile {
    /// The content; nil when there is no such file. Errors: `permission` when others can read it.
    package static func read(_ path: String, maximumByteCount: Int) throws(FileSystemError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw FileSystemError(operation: "open", path: path, errno: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileSystemError(operation: "read", path: path, errno: errno) }
        guard status.st_mode & 0o077 == 0 else {
            throw FileSystemError(
                .permission, operation: "use", path: path, errno: 0, detail: "others can read it: run `chmod 600` on it")
        }
        var bytes = [UInt8](repeating: 0, count: maximumByteCount)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw FileSystemError(operation: "read", path: path, errno: errno) }
        return Array(bytes.prefix(count))
    }

    /// Puts the content there in one step, for good. Unless `replacing`, a file that is there already stays as it is.
    package static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws(FileSystemError) {
        let temporary = "\(path).\(getpid()).tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileSystemError(operation: "create", path: temporary, errno: errno) }
        defer { close(descriptor) }
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count, fsync(descriptor) == 0 else {
            let number = errno
            unlink(temporary)
            throw FileSystemError(operation: "write to", path: temporary, errno: number)
        }
        if replacing {
            guard rename(temporary, path) == 0 else { throw FileSystemError(operation: "replace", path: path, errno: errno) }
        } else {
            // Unlike rename, link leaves alone what another process has put there meanwhile.
            let result = link(temporary, path), number = errno
            unlink(temporary)
            guard result == 0 || number == EEXIST else { throw FileSystemError(operation: "create", path: path, errno: number) }
        }
        try LocalFileSystem().synchronizeDirectory(FilePath.parent(of: path))
    }
}

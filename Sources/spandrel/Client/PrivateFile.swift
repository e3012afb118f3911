/// Files with secrets: replaced in one step, and nobody but their owner can read them at any moment.

import FileSystem
import Glibc

enum PrivateFile {
    static func write(_ bytes: [UInt8], to path: String) throws {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let temporary = path + ".tmp"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("\(temporary) cannot be written: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let isWritten = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count }
        guard isWritten, fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        try LocalFileSystem().synchronizeDirectory(folder.isEmpty ? "." : folder)
    }
}

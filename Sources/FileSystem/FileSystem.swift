/// Files as a store needs them: positioned reads and writes, durability by name, atomic rename, a directory lock.
///
/// The protocol exists so that tests can put a disk underneath that tears, reorders and loses writes, fills up and fails
/// (`SimulatedDisk`). Its promises are those of a careful POSIX program:
/// - What was written is durable after `synchronizeData` of the file returned, and not before.
/// - A created, renamed or removed name is durable after `synchronizeDirectory` of its directory returned.
/// - `rename` is atomic: after a crash the new name holds the old file or the new one, whole.
/// - After a failed `synchronizeData` nobody knows which of the bytes since the last successful one are on disk, and a
///   second call may report success without writing them. The file must be given up (or written anew).
///
/// Calls block and belong on threads of their own, never on the cooperative pool.
package protocol FileSystem: Sendable {
    func open(_ path: String, _ mode: FileOpenMode) throws(FileSystemError) -> any File
    /// The names in a directory, sorted; without `.` and `..`.
    func list(_ path: String) throws(FileSystemError) -> [String]
    /// Creates the directory and the missing ones above it, durably. One that exists is fine.
    func createDirectory(_ path: String) throws(FileSystemError)
    func remove(_ path: String) throws(FileSystemError)
    /// Removes an empty directory.
    func removeDirectory(_ path: String) throws(FileSystemError)
    /// Replaces `to` if it exists. Both must lie on one file system.
    func rename(_ from: String, to: String) throws(FileSystemError)
    /// Gives a file a second name; the first may go. The new one must not exist. Fails where both do not lie on one file system that can.
    func link(_ from: String, to: String) throws(FileSystemError)
    func synchronizeDirectory(_ path: String) throws(FileSystemError)
    func size(of path: String) throws(FileSystemError) -> Int
    /// Whether a file or directory has this name.
    func exists(_ path: String) throws(FileSystemError) -> Bool
    /// How large the file system of `path` is and what is free of it, for an unprivileged process.
    func space(at path: String) throws(FileSystemError) -> DiskSpace
    /// Takes the lock of a directory for this process, or fails with `.locked` and names the holder.
    func lockDirectory(_ path: String) throws(FileSystemError) -> any DirectoryLock
}

/// Held as long as the object lives and `release` was not called. The system lets go of it when the process ends.
package protocol DirectoryLock: AnyObject, Sendable {
    func release()
}

/// A file system's bytes as unprivileged processes have them: what is kept for the superuser counts neither as free nor as capacity.
package struct DiskSpace: Equatable, Sendable {
    package var capacityByteCount: Int
    package var freeByteCount: Int

    package init(capacityByteCount: Int, freeByteCount: Int) {
        self.capacityByteCount = capacityByteCount
        self.freeByteCount = freeByteCount
    }
}

package enum FileOpenMode: Sendable {
    /// The file must exist.
    case read
    /// The file must exist.
    case readWrite
    /// The file must not exist.
    case create
    /// Created if missing, else as it is.
    case readWriteCreating
}

/// An open file. Calls from several threads are safe as far as the system's positioned calls are: they do not share a
/// position. After `close` every call fails.
package protocol File: AnyObject, Sendable {
    var path: String { get }
    /// Reads until the buffer is full or the file ends; returns the number of bytes read.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileSystemError) -> Int
    /// Writes all buffers one behind the other, all bytes of them. On an error any part of them may have been written.
    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileSystemError)
    /// Writes past the system's page cache where the file system lets that be: for much that nobody reads soon. The address, the length and
    /// `offset` are multiples of `DirectWriter.alignment`. As little durable as any write, and seen by every later read.
    func writeDirectly(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileSystemError)
    /// Writes zeros over a range, so that later writes inside it change no metadata and cannot run out of space.
    /// `fallocate` would not do: its extents are marked unwritten, and every first write to one costs a journal commit.
    func writeZeros(at offset: Int, count: Int) throws(FileSystemError)
    /// Makes what was written (and the size) durable: fdatasync.
    func synchronizeData() throws(FileSystemError)
    /// Asks the system to start writing a range, so that a later `synchronizeData` finds little to do. No promise.
    func beginWriteback(offset: Int, count: Int) throws(FileSystemError)
    func size() throws(FileSystemError) -> Int
    func truncate(to size: Int) throws(FileSystemError)
    func close()
}

extension File {
    /// Reads up to `count` bytes; fewer only at the end of the file.
    package func read(count: Int, at offset: Int) throws(FileSystemError) -> [UInt8] {
        var failure: FileSystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            do throws(FileSystemError) {
                initializedCount = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    package func write(_ bytes: [UInt8], at offset: Int) throws(FileSystemError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(FileSystemError) in
            try write([UnsafeRawBufferPointer(bytes)], at: offset)
        }
    }

    package func writeDirectly(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileSystemError) {
        try write([bytes], at: offset)
    }

    package func writeZeros(at offset: Int, count: Int) throws(FileSystemError) {
        let step = [UInt8](repeating: 0, count: min(max(count, 0), 1 << 20))
        var written = 0
        while written < count {
            let length = min(step.count, count - written)
            try step.withUnsafeBufferPointer { (zeros) throws(FileSystemError) in
                try write([UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: zeros[..<length]))], at: offset + written)
            }
            written += length
        }
    }
}

extension FileSystem {
    /// The whole of a file that is known to be small. `.other` if it is larger than `maximumByteCount`.
    package func readWhole(_ path: String, maximumByteCount: Int) throws(FileSystemError) -> [UInt8] {
        let file = try open(path, .read)
        defer { file.close() }
        let size = try file.size()
        guard size <= maximumByteCount else {
            throw FileSystemError(
                .other, operation: "read", path: path, errno: 0,
                detail: "it has \(size) bytes where at most \(maximumByteCount) are expected")
        }
        return try file.read(count: size, at: 0)
    }

    /// Replaces a small file atomically and durably: temporary file, data synchronized, rename, directory synchronized.
    package func replace(_ path: String, with bytes: [UInt8]) throws(FileSystemError) {
        let temporary = path + ".tmp"
        let file = try open(temporary, .readWriteCreating)
        defer { file.close() }
        try file.truncate(to: 0)
        try file.write(bytes, at: 0)
        try file.synchronizeData()
        try rename(temporary, to: path)
        try synchronizeDirectory(FilePath.parent(of: path))
    }
}

/// Slash-separated paths, taken apart without a library.
package enum FilePath {
    /// The directory a path lies in: "." for a bare name.
    package static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
    }

    package static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    package static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }
}

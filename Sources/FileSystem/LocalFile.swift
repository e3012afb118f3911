import Glibc

/// A file of this machine: positioned system calls, repeated until all bytes are through.
final class LocalFile: File {
    let path: String
    /// The descriptor; -1 after `close`. The lock is held only to fetch or to take it, never across a system call: a call
    /// that races with `close` is a mistake of the caller, who owns the file's life.
    private let cell: DescriptorCell
    let direct = DirectDescriptor()

    init(path: String, descriptor: Int32) {
        self.path = path
        cell = DescriptorCell(descriptor)
    }

    deinit { close() }

    func close() {
        direct.close()
        cell.close()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileSystemError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        let file = try descriptor("read from")
        var done = 0
        while done < buffer.count {
            let count = pread(file, base + done, min(buffer.count - done, Self.maximumTransferByteCount), off_t(offset + done))
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                throw FileSystemError(operation: "read from", path: path, errno: errno)
            }
        }
        return done
    }

    func write(_ buffers: [UnsafeRawBufferPointer], at offset: Int) throws(FileSystemError) {
        let file = try descriptor("write to")
        var vectors: [iovec] = []
        vectors.reserveCapacity(buffers.count)
        for buffer in buffers {
            guard let base = buffer.baseAddress, buffer.count > 0 else { continue }
            // The system only reads through the pointer of a write.
            vectors.append(iovec(iov_base: UnsafeMutableRawPointer(mutating: base), iov_len: buffer.count))
        }
        var first = 0
        var position = offset
        while first < vectors.count {
            let count = min(vectors.count - first, Self.maximumVectorCount)
            let written = vectors.withUnsafeBufferPointer { all in
                pwritev(file, all.baseAddress.map { $0 + first }, Int32(count), off_t(position))
            }
            if written < 0 {
                if errno == EINTR { continue }
                throw FileSystemError(operation: "write to", path: path, errno: errno)
            }
            // No bytes and no error: nothing in POSIX says so of a write, but a loop must end.
            if written == 0 { throw FileSystemError(.io, operation: "write to", path: path, errno: 0, detail: "no bytes were taken") }
            position += written
            first = Self.advance(&vectors, from: first, by: written)
        }
    }

    func synchronizeData() throws(FileSystemError) {
        let file = try descriptor("synchronize")
        // Not repeated on EINTR or any other error: a second fdatasync may answer 0 for pages that were dropped.
        if fdatasync(file) != 0 { throw FileSystemError(operation: "synchronize", path: path, errno: errno) }
    }

    func beginWriteback(offset: Int, count: Int) throws(FileSystemError) {
        let file = try descriptor("write back")
        guard let syncFileRange = Self.syncFileRange else { return }
        if syncFileRange(file, Int64(offset), Int64(count), Self.syncFileRangeWrite) != 0, errno != EINTR, errno != ESPIPE, errno != ENOSYS
        {
            throw FileSystemError(operation: "write back", path: path, errno: errno)
        }
    }

    func size() throws(FileSystemError) -> Int {
        let file = try descriptor("look at")
        var status = stat()
        if fstat(file, &status) != 0 { throw FileSystemError(operation: "look at", path: path, errno: errno) }
        return Int(status.st_size)
    }

    func truncate(to size: Int) throws(FileSystemError) {
        let file = try descriptor("truncate")
        while ftruncate(file, off_t(size)) != 0 {
            if errno != EINTR { throw FileSystemError(operation: "truncate", path: path, errno: errno) }
        }
    }

    func descriptor(_ operation: String) throws(FileSystemError) -> Int32 {
        guard let value = cell.value else {
            throw FileSystemError(.other, operation: operation, path: path, errno: 0, detail: "the file was closed")
        }
        return value
    }

    /// Moves past `count` written bytes; returns the first vector with bytes left.
    private static func advance(_ vectors: inout [iovec], from first: Int, by count: Int) -> Int {
        var index = first
        var rest = count
        while index < vectors.count, rest >= vectors[index].iov_len {
            rest -= vectors[index].iov_len
            index += 1
        }
        if rest > 0, index < vectors.count {
            vectors[index].iov_base = vectors[index].iov_base.map { $0 + rest }
            vectors[index].iov_len -= rest
        }
        return index
    }

    /// Linux's IOV_MAX.
    private static let maximumVectorCount = 1024
    /// Linux transfers at most 2 GiB - 4 KiB a call; asking for less keeps the arithmetic plain.
    static let maximumTransferByteCount = 1 << 30

    private typealias SyncFileRange = @convention(c) (Int32, Int64, Int64, UInt32) -> Int32
    /// Linux's SYNC_FILE_RANGE_WRITE: start writing dirty pages, wait for nothing.
    private static let syncFileRangeWrite: UInt32 = 2
    /// The C headers show sync_file_range only to GNU sources, which Swift's import of them is not, so it is looked up.
    /// The cast is safe: the signature is that of the manual page, with the 64-bit offsets of a 64-bit system.
    private static let syncFileRange: SyncFileRange? = dlsym(dlopen(nil, RTLD_NOW), "sync_file_range").map {
        unsafeBitCast($0, to: SyncFileRange.self)
    }
}

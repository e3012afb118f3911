/// Zeros over a range of a file, past the system's page cache where the file system lets them.
///
/// A file of the log is a quarter of a gigabyte of zeros before it holds entries. Through the page cache each of these bytes is copied to
/// memory that nobody reads again, which took an eighth of the CPU of ingest while the log had its first files; written directly they cost
/// next to none.

import Glibc

extension LocalFile {
    func writeZeros(at offset: Int, count: Int) throws(FileSystemError) {
        let end = offset + max(0, count), step = Zeros.bytes.count
        var position = offset
        if let descriptor = try directDescriptor() {
            defer { descriptor.close() }
            let first = (offset + Zeros.alignment - 1) / Zeros.alignment * Zeros.alignment
            if let file = descriptor.value, first < end {
                try writeBuffered(at: offset, through: first)
                position = first
                while end - position >= Zeros.alignment {
                    let length = min(step, (end - position) / Zeros.alignment * Zeros.alignment)
                    let written = pwrite(file, Zeros.bytes.baseAddress, length, off_t(position))
                    if written > 0 {
                        position += written
                    } else if written == 0 || errno == EINVAL {
                        break  // A device with larger blocks than these: the rest goes the usual way.
                    } else if errno != EINTR {
                        throw FileSystemError(operation: "write to", path: path, errno: errno)
                    }
                    // What was taken of a step ends at a block of the device, which may be smaller.
                    if position % Zeros.alignment != 0 { break }
                }
            }
        }
        try writeBuffered(at: position, through: end)
    }

    private func writeBuffered(at offset: Int, through end: Int) throws(FileSystemError) {
        var position = offset
        while position < end {
            let length = min(Zeros.bytes.count, end - position)
            try write([UnsafeRawBufferPointer(rebasing: Zeros.bytes[..<length])], at: position)
            position += length
        }
    }

    /// The file once more, for writes without the page cache; nil where its file system has none of these, or this process no `/proc`.
    private func directDescriptor() throws(FileSystemError) -> DescriptorCell? {
        let file = try descriptor("write to")
        let path = "/proc/self/fd/\(file)"
        return (try? LocalFileSystem.descriptor(path, O_WRONLY | Self.direct, operation: "open")).map(DescriptorCell.init)
    }

    /// Linux's O_DIRECT, which the C headers show only to GNU sources.
    #if arch(arm64)
        private static let direct: Int32 = 0o200000
    #else
        private static let direct: Int32 = 0o40000
    #endif
}

/// A mebibyte of zeros on a page's boundary: memory that was never written is the system's one page of zeros over and over.
private enum Zeros {
    static let alignment = 4096

    /// Safe to share: mapped for reading alone, once, and never unmapped.
    nonisolated(unsafe) static let bytes: UnsafeRawBufferPointer = {
        let count = 1 << 20
        guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED else {
            fatalError("there is no memory for a mebibyte of zeros")
        }
        return UnsafeRawBufferPointer(start: base, count: count)
    }()
}

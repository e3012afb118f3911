/// Writes past the system's page cache, where the file system has them: bytes, and zeros over a range.
///
/// A file of the log is a quarter of a gigabyte of zeros before it holds entries, and then of entries that nobody reads. Through the page
/// cache each of these bytes is copied to memory for nothing, which took an eighth of the CPU of ingest while the log had its first files.

import Glibc
import Synchronization

/// The descriptor for direct writes: opened when first asked for, closed with its file.
final class DirectDescriptor: Sendable {
    private let state = Mutex(State.untried)

    private enum State: Sendable {
        case untried
        case open(DescriptorCell)
        /// The file system has no such writes, or the device has larger blocks than ours, or this process no `/proc`; or the file is closed.
        case unavailable
    }

    func value(of descriptor: Int32) -> Int32? {
        state.withLock { state in
            if case .untried = state {
                // The same file, whatever became of its name.
                let opened = try? LocalFileSystem.descriptor("/proc/self/fd/\(descriptor)", O_WRONLY | Self.flag, operation: "open")
                state = opened.map { .open(DescriptorCell($0)) } ?? .unavailable
            }
            if case .open(let cell) = state { return cell.value }
            return nil
        }
    }

    func close() {
        state.withLock { state in
            if case .open(let cell) = state { cell.close() }
            state = .unavailable
        }
    }

    /// Linux's O_DIRECT, which the C headers show only to GNU sources.
    #if arch(arm64)
        private static let flag: Int32 = 0o200000
    #else
        private static let flag: Int32 = 0o40000
    #endif
}

extension LocalFile {
    func writeDirectly(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileSystemError) {
        let taken = try takeDirectly(bytes, at: offset)
        if taken < bytes.count { try write([UnsafeRawBufferPointer(rebasing: bytes[taken...])], at: offset + taken) }
    }

    func writeZeros(at offset: Int, count: Int) throws(FileSystemError) {
        let end = offset + max(0, count), alignment = DirectWriter.alignment
        let first = min(end, (offset + alignment - 1) / alignment * alignment), last = max(first, end / alignment * alignment)
        try write([UnsafeRawBufferPointer(rebasing: Zeros.bytes[..<(first - offset)])], at: offset)
        for position in stride(from: first, to: last, by: Zeros.bytes.count) {
            try writeDirectly(UnsafeRawBufferPointer(rebasing: Zeros.bytes[..<min(Zeros.bytes.count, last - position)]), at: position)
        }
        try write([UnsafeRawBufferPointer(rebasing: Zeros.bytes[..<(end - last)])], at: last)
    }

    /// How many of the bytes went past the page cache; none where it cannot be done, and the rest goes the usual way.
    private func takeDirectly(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileSystemError) -> Int {
        guard let base = bytes.baseAddress, let file = direct.value(of: try descriptor("write to")) else { return 0 }
        var done = 0
        while done < bytes.count {
            let written = pwrite(file, base + done, min(bytes.count - done, Self.maximumTransferByteCount), off_t(offset + done))
            if written > 0 {
                done += written
                // What was taken of a write ends at a block of the device, which may be smaller than a page.
                if done % DirectWriter.alignment != 0 { break }
            } else if written == 0 {
                break
            } else if errno == EINVAL {
                direct.close()
                break
            } else if errno != EINTR {
                throw FileSystemError(operation: "write to", path: path, errno: errno)
            }
        }
        return done
    }
}

/// A mebibyte of zeros on a page's boundary: memory that was never written is the system's one page of zeros over and over.
private enum Zeros {
    /// Safe to share: mapped for reading alone, once, and never unmapped.
    nonisolated(unsafe) static let bytes: UnsafeRawBufferPointer = {
        let count = 1 << 20
        guard let base = mmap(nil, count, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED else {
            fatalError("there is no memory for a mebibyte of zeros")
        }
        return UnsafeRawBufferPointer(start: base, count: count)
    }()
}

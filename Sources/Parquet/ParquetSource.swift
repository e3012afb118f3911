/// Where a file's bytes come from. Read from several threads at once.
package protocol ParquetSource: Sendable {
    var byteCount: Int { get }
    /// Fills `buffer` from `offset` on, or throws. The range lies within `byteCount`.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
}

/// A file that is already in memory.
package struct MemorySource: ParquetSource {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var byteCount: Int { bytes.count }

    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset >= 0, offset <= bytes.count, buffer.count <= bytes.count - offset else {
            throw ParquetError.invalid("a read outside of \(bytes.count) bytes in memory")
        }
        bytes.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count])) }
    }
}

/// What reads need besides the file: scratch memory and a zstd context, kept between calls, and the count of what they cost.
///
/// One per thread or query; not `Sendable`. Methods that take one make their own where it is nil.
package final class ParquetReadContext {
    let decompressor = PageDecompressor()
    /// Bytes as they lie in the file.
    let input = PageBuffer(capacity: 16 << 10)
    /// The page being decoded.
    let page = PageBuffer(capacity: 16 << 10)
    package private(set) var bytesRead = 0
    package private(set) var pagesRead = 0

    package init() {}

    func countPage() { pagesRead += 1 }

    /// Bytes of the file, borrowed: valid until the next `read`, and only as long as the context is kept alive.
    func read(_ source: any ParquetSource, at offset: Int64, byteCount: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
        guard offset >= 0, byteCount >= 0, byteCount <= source.byteCount, offset <= Int64(source.byteCount - byteCount) else {
            throw .corrupt("a read of \(byteCount) bytes at \(offset) in a file of \(source.byteCount)")
        }
        input.removeAll()
        let target = UnsafeMutableRawBufferPointer(start: input.reserve(byteCount), count: byteCount)
        do {
            try source.read(at: Int(offset), into: target)
        } catch {
            throw ParquetError(.source, "reading \(byteCount) bytes at \(offset) failed", cause: error)
        }
        input.advance(by: byteCount)
        bytesRead += byteCount
        return input.bytes
    }
}

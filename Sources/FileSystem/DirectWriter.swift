/// Bytes from many places as few large writes past the system's page cache.
///
/// What goes to the log is read again after a crash only. Through the page cache it is copied to pages that have to be found, marked, written
/// back and dropped; from here the device takes it as it lies. The copy made instead goes to memory that stays in the processor's cache.

package final class DirectWriter {
    /// Of addresses, offsets and lengths: a page, and as much as any usual device asks for.
    package static let alignment = 4096

    private let memory: UnsafeMutableRawBufferPointer
    private var file: (any File)?
    /// Where in the file the memory's first byte goes.
    private var offset = 0
    private var count = 0

    /// - Parameter byteCount: what one write takes, rounded up to the alignment.
    package init(byteCount: Int) {
        let rounded = max(1, (byteCount + Self.alignment - 1) / Self.alignment) * Self.alignment
        memory = .allocate(byteCount: rounded, alignment: Self.alignment)
    }

    deinit { memory.deallocate() }

    /// What is appended from now on goes to this place of the file, a multiple of the alignment. What was not finished is forgotten.
    package func begin(_ file: any File, at offset: Int) {
        precondition(offset % Self.alignment == 0, "a direct write begins on a page's boundary")
        self.file = file
        self.offset = offset
        count = 0
    }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(FileSystemError) {
        var rest = bytes
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(memory.count - count))
            UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: part)
            count += part.count
            rest = UnsafeRawBufferPointer(rebasing: rest[part.count...])
            if count == memory.count { try flush() }
        }
    }

    /// Writes what is left, zeros behind it up to the alignment.
    package func finish() throws(FileSystemError) {
        let padded = (count + Self.alignment - 1) / Self.alignment * Self.alignment
        UnsafeMutableRawBufferPointer(rebasing: memory[count..<padded]).initializeMemory(as: UInt8.self, repeating: 0)
        count = padded
        try flush()
        file = nil
    }

    private func flush() throws(FileSystemError) {
        guard count > 0, let file else { return }
        try file.writeDirectly(UnsafeRawBufferPointer(rebasing: memory[..<count]), at: offset)
        offset += count
        count = 0
    }
}

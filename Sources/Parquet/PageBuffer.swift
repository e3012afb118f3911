/// The scratch memory a page is put together in: raw bytes that grow, with slack behind them so that encoders may store whole words.
///
/// The pattern of every encoder: `let cursor = buffer.reserve(most)`, store through the pointer, `buffer.advance(by: written)`. The one
/// bounds check is in `reserve`; what is stored past the reserved bytes may reach at most `slackByteCount` further.
///
/// A class, because a writer keeps two of them for its whole life and encoders fill them in place. Not `Sendable`: it belongs to
/// one writer.
final class PageBuffer {
    /// Bytes behind the reserved ones that may be overwritten with rubbish: two vector stores.
    static let slackByteCount = 64

    private var storage: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(capacity: Int = 128 << 10) {
        storage = .allocate(byteCount: capacity + Self.slackByteCount, alignment: 64)
    }

    deinit { storage.deallocate() }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: storage[0..<count]) }

    func removeAll() { count = 0 }

    /// Where the next byte goes, with room for `byteCount` bytes and the slack. Valid until the next call.
    func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
        precondition(byteCount >= 0)
        let needed = count + byteCount + Self.slackByteCount
        if needed > storage.count { grow(to: needed) }
        // The storage is never empty: `init` and `grow` allocate at least the slack.
        return storage.baseAddress.unsafelyUnwrapped + count
    }

    func advance(by byteCount: Int) {
        precondition(byteCount >= 0 && count + byteCount <= storage.count)
        count += byteCount
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        reserve(bytes.count).copyMemory(from: base, byteCount: bytes.count)
        advance(by: bytes.count)
    }

    /// Overwrites four bytes written before: the length in front of a run of levels.
    func overwrite(_ value: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset + 4 <= count)
        storage.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    private func grow(to needed: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(needed, storage.count * 2), alignment: 64)
        larger.copyMemory(from: bytes)
        storage.deallocate()
        storage = larger
    }
}

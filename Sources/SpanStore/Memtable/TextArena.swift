/// The bytes of every text in a memtable, in blocks that never move.
///
/// A text is named by an `ArenaText`: 64 bits of block (12), offset (20) and length (32). Blocks hold 1 MiB (the first
/// 64 KiB, so that a project with three spans a day costs little); a longer text gets a block of its own, at offset 0.
/// The same rules of writing and reading as `AppendOnlyBuffer`: one writer; readers only follow an `ArenaText` that they
/// found in a published value, so the block's address and bytes are visible to them. That makes `@unchecked Sendable` true.
final class TextArena: @unchecked Sendable {
    private static let firstBlockByteCount = 64 << 10
    private static let blockByteCount = 1 << 20
    static let maximumBlockCount = 1 << 12

    private let blocks: UnsafeMutablePointer<UnsafeMutableRawPointer?>
    /// The writer's place, behind a pointer for the same reason as in `AppendOnlyBuffer`.
    private let writer: UnsafeMutablePointer<Writer>

    private struct Writer {
        var block: UnsafeMutableRawPointer?
        var blockCount = 0
        var used = 0
        var capacity = 0
        var byteCount = 0
    }

    init() {
        blocks = .allocate(capacity: Self.maximumBlockCount)
        blocks.initialize(repeating: nil, count: Self.maximumBlockCount)
        writer = .allocate(capacity: 1)
        writer.initialize(to: Writer())
    }

    deinit {
        for block in 0..<writer.pointee.blockCount { blocks[block]?.deallocate() }
        blocks.deallocate()
        writer.deallocate()
    }

    /// Memory held. Writer only.
    var byteCount: Int { writer.pointee.byteCount }
    /// Room for how many more blocks: the memtable is frozen long before it runs out. Writer only.
    var freeBlockCount: Int { Self.maximumBlockCount - writer.pointee.blockCount }

    /// Copies a text in. Writer only.
    @inline(__always)
    func append(_ base: UnsafeRawPointer, count: Int) -> ArenaText {
        if count == 0 { return .empty }
        if writer.pointee.used &+ count > writer.pointee.capacity { addBlock(atLeast: count) }
        let used = writer.pointee.used
        // `addBlock` has just made room, or there was some.
        writer.pointee.block.unsafelyUnwrapped.advanced(by: used).copyMemory(from: base, byteCount: count)
        writer.pointee.used = used &+ count
        return ArenaText(block: writer.pointee.blockCount &- 1, offset: used, length: count)
    }

    @inline(never)
    private func addBlock(atLeast count: Int) {
        let blockCount = writer.pointee.blockCount
        precondition(blockCount < Self.maximumBlockCount, "the memtable is frozen before its arena is full")
        let size = max(count, blockCount == 0 ? Self.firstBlockByteCount : Self.blockByteCount)
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        blocks[blockCount] = block
        writer.pointee.block = block
        writer.pointee.blockCount += 1
        writer.pointee.used = 0
        writer.pointee.capacity = size
        writer.pointee.byteCount += size
    }

    @inline(__always)
    func bytes(_ text: ArenaText) -> UnsafeRawBufferPointer {
        if text.length == 0 { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: blocks[text.block].unsafelyUnwrapped + text.offset, count: text.length)
    }

    @inline(__always)
    func pointer(_ text: ArenaText) -> UnsafeRawPointer { UnsafeRawPointer(blocks[text.block].unsafelyUnwrapped + text.offset) }

    func string(_ text: ArenaText) -> String { String(decoding: bytes(text), as: UTF8.self) }
}

struct ArenaText: BitwiseCopyable, Sendable {
    let bits: UInt64

    static let empty = ArenaText(bits: 0)

    @inline(__always)
    init(bits: UInt64) { self.bits = bits }

    @inline(__always)
    init(block: Int, offset: Int, length: Int) { bits = UInt64(block) << 52 | UInt64(offset) << 32 | UInt64(length) }

    var block: Int { Int(bits >> 52) }
    var offset: Int { Int(bits >> 32) & 0xfffff }
    var length: Int { Int(bits & 0xffff_ffff) }
}

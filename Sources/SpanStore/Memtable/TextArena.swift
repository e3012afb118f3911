/// The bytes of every text in a memtable, in blocks that never move.
///
/// A text is named by an `ArenaText`: 64 bits of block (12), offset (20) and length (32). Blocks hold 1 MiB, the first ones 2, 8, 32,
/// 128 and 512 KiB, so that a project with three spans a day costs little; a longer text gets a block of its own, at offset 0. The blocks'
/// addresses lie in tables of 64, which are made as they are needed and never move.
/// The same rules of writing and reading as `AppendOnlyBuffer`: one writer; readers only follow an `ArenaText` that they
/// found in a published value, so the block's address and bytes are visible to them. That makes `@unchecked Sendable` true.
final class TextArena: @unchecked Sendable {
    private static let firstBlockByteCount = 2 << 10
    private static let blockByteCount = 1 << 20
    static let maximumBlockCount = 1 << 12
    private static let tableShift = 6

    private typealias Table = UnsafeMutablePointer<UnsafeMutableRawPointer?>
    private let tables: UnsafeMutablePointer<Table?>
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
        tables = .allocate(capacity: Self.maximumBlockCount >> Self.tableShift)
        tables.initialize(repeating: nil, count: Self.maximumBlockCount >> Self.tableShift)
        writer = .allocate(capacity: 1)
        writer.initialize(to: Writer())
    }

    deinit {
        for index in 0..<writer.pointee.blockCount { block(index).deallocate() }
        for index in 0..<Self.maximumBlockCount >> Self.tableShift { tables[index]?.deallocate() }
        tables.deallocate()
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
        let size = max(count, min(Self.blockByteCount, Self.firstBlockByteCount << min(2 * blockCount, 20)))
        let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        let tableIndex = blockCount >> Self.tableShift
        if tables[tableIndex] == nil {
            let table = Table.allocate(capacity: 1 << Self.tableShift)
            table.initialize(repeating: nil, count: 1 << Self.tableShift)
            tables[tableIndex] = table
        }
        tables[tableIndex].unsafelyUnwrapped[blockCount & (1 << Self.tableShift - 1)] = block
        writer.pointee.block = block
        writer.pointee.blockCount += 1
        writer.pointee.used = 0
        writer.pointee.capacity = size
        writer.pointee.byteCount += size
    }

    /// A block that was made: by the writer, or before the text that names it was published.
    @inline(__always)
    private func block(_ index: Int) -> UnsafeMutableRawPointer {
        tables[index >> Self.tableShift].unsafelyUnwrapped[index & (1 << Self.tableShift - 1)].unsafelyUnwrapped
    }

    @inline(__always)
    func bytes(_ text: ArenaText) -> UnsafeRawBufferPointer {
        if text.length == 0 { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: block(text.block) + text.offset, count: text.length)
    }

    @inline(__always)
    func pointer(_ text: ArenaText) -> UnsafeRawPointer { UnsafeRawPointer(block(text.block) + text.offset) }

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

import ByteCoding

/// Texts of one memtable column as codes: the same text gets the same code, so that a column is dictionary-coded from the
/// moment it is written.
///
/// An open-addressing table under a seeded hash; a slot holds 32 bits of hash beside the code, so that a probe that misses
/// does not touch the text. A column that turns out to be nearly all different (ids, URLs) stops looking: from then on
/// every text gets a new code. Codes stay valid, equality of codes then only means less.
///
/// Written by the memtable's writer; readers use `entries` and the arena alone, never the table.
final class StringInterner {
    let arena: TextArena
    /// Code -> text.
    let entries = AppendOnlyBuffer<ArenaText>()
    private let seed: UInt64
    /// The table, behind a pointer for the same reason as in `AppendOnlyBuffer`. Writer only.
    private let table: UnsafeMutablePointer<Table>

    private struct Table {
        var slots: UnsafeMutablePointer<UInt64>?
        var slotCount = 0
        var lookups = 0
        var isDistinct = true
    }

    /// Whether equal texts have equal codes. Writer only.
    var isDistinct: Bool { table.pointee.isDistinct }

    /// From this many lookups on, a column with more than three different in four gives up.
    private static let decisionCount = 8192

    init(arena: TextArena, seed: UInt64) {
        self.arena = arena
        self.seed = seed
        table = .allocate(capacity: 1)
        table.initialize(to: Table())
    }

    deinit {
        table.pointee.slots?.deallocate()
        table.deallocate()
    }

    @inline(__always)
    func hash(_ base: UnsafeRawPointer, count: Int) -> UInt64 { ShortHash.hash(base, count: count, seed: seed) }

    /// What the table has at the first place for a hash: read ahead of `code`, to have it in the caches by then.
    @inline(__always)
    func slot(_ hash: UInt64) -> UInt64 {
        guard let slots = table.pointee.slots else { return 0 }
        return slots[Int(truncatingIfNeeded: hash &>> 32) & (table.pointee.slotCount &- 1)]
    }

    /// Reads the text that a slot names, its beginning, for the same reason.
    @inline(__always)
    func beginning(_ slot: UInt64) -> UInt64 {
        if slot == 0 { return 0 }
        let text = entries[Int(UInt32(truncatingIfNeeded: slot) &- 1)]
        return text.length == 0 ? 0 : UInt64(arena.pointer(text).load(as: UInt8.self))
    }

    @inline(__always)
    func code(_ base: UnsafeRawPointer, count: Int) -> UInt32 {
        guard table.pointee.isDistinct else { return add(base, count: count) }
        return code(base, count: count, hash: hash(base, count: count))
    }

    /// The same with the hash at hand, which is not looked at once equal texts no longer have equal codes.
    @inline(__always)
    func code(_ base: UnsafeRawPointer, count: Int, hash: UInt64) -> UInt32 {
        guard table.pointee.isDistinct else { return add(base, count: count) }
        if entries.count &* 2 >= table.pointee.slotCount { grow() }
        table.pointee.lookups &+= 1
        let tag = hash & 0xffff_ffff_0000_0000
        let mask = table.pointee.slotCount &- 1
        let slots = table.pointee.slots.unsafelyUnwrapped  // `grow` has made it
        // The bits that slots keep, so that growing needs no text.
        var slot = Int(truncatingIfNeeded: hash &>> 32) & mask
        // Inside the table by the mask; a free slot always exists because at most half are taken.
        while true {
            let content = slots[slot]
            if content == 0 {
                let code = add(base, count: count)
                slots[slot] = tag | UInt64(code &+ 1)
                if table.pointee.lookups >= Self.decisionCount, entries.count &* 4 > table.pointee.lookups &* 3 {
                    table.pointee.isDistinct = false
                }
                return code
            }
            if content & 0xffff_ffff_0000_0000 == tag {
                let code = UInt32(truncatingIfNeeded: content) &- 1
                let text = entries[Int(code)]
                if text.length == count, count == 0 || ShortBytes.isEqual(arena.pointer(text), base, count) { return code }
            }
            slot = (slot &+ 1) & mask
        }
    }

    private func add(_ base: UnsafeRawPointer, count: Int) -> UInt32 {
        entries.append(arena.append(base, count: count))
        return UInt32(entries.count - 1)
    }

    @inline(never)
    private func grow() {
        let size = max(16, table.pointee.slotCount * 2)
        let mask = size - 1
        let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
        slots.initialize(repeating: 0, count: size)
        if let old = table.pointee.slots {
            for index in 0..<table.pointee.slotCount where old[index] != 0 {
                var slot = Int(truncatingIfNeeded: old[index] &>> 32) & mask
                while slots[slot] != 0 { slot = (slot &+ 1) & mask }
                slots[slot] = old[index]
            }
            old.deallocate()
        }
        table.pointee.slots = slots
        table.pointee.slotCount = size
    }

    var byteCount: Int { entries.byteCount + table.pointee.slotCount * 8 }
}

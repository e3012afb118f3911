/// Rows of a memtable by a hash of what they are of: open addressing over 32 bits of hash beside row + 1, so that a look that goes past
/// other rows does not fetch their ids, and growing fetches none at all. At most half of the slots are taken.
///
/// Bounds: every index is masked by `slotCount - 1`, a power of two minus one, and `slots` has `slotCount` initialized words from `init` to
/// `deinit`. A free slot always exists, so that every search ends: `put` wants room for its row, which `reserve` has made.
struct RowTable: ~Copyable {
    /// Hash in the upper half, row + 1 in the lower; 0 is free.
    private var slots: UnsafeMutablePointer<UInt64>
    private var slotCount: Int
    private var count = 0

    private static let tagMask: UInt64 = 0xffff_ffff_0000_0000

    /// - Parameter slotCount: a power of two.
    init(slotCount: Int) {
        self.slotCount = slotCount
        slots = Self.made(slotCount)
    }

    deinit { slots.deallocate() }

    private static func made(_ count: Int) -> UnsafeMutablePointer<UInt64> {
        let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
        slots.initialize(repeating: 0, count: count)
        return slots
    }

    var byteCount: Int { slotCount * 8 }

    @inline(__always)
    private func home(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 32) & (slotCount &- 1) }

    /// What stands at the first place where a row of this hash may stand; row + 1 in the lower half.
    @inline(__always)
    func first(_ hash: UInt64) -> UInt64 { slots[home(hash)] }

    /// The row with this hash of which `isEqual` says that it is the one; nil where there is none.
    @inline(__always)
    func row(_ hash: UInt64, where isEqual: (UInt32) -> Bool) -> UInt32? {
        var slot = home(hash)
        while slots[slot] != 0 {
            let row = UInt32(truncatingIfNeeded: slots[slot]) &- 1
            if (slots[slot] ^ hash) & Self.tagMask == 0, isEqual(row) { return row }
            slot = (slot &+ 1) & (slotCount &- 1)
        }
        return nil
    }

    /// Enters a row in the place of the one that is equal to it, which is the answer. There is room for it.
    @inline(__always)
    mutating func put(_ row: UInt32, _ hash: UInt64, replacing isEqual: (UInt32) -> Bool) -> UInt32? {
        let entry = hash & Self.tagMask | UInt64(row &+ 1)
        var slot = home(hash)
        while slots[slot] != 0 {
            let other = UInt32(truncatingIfNeeded: slots[slot]) &- 1
            if (slots[slot] ^ hash) & Self.tagMask == 0, isEqual(other) {
                slots[slot] = entry
                return other
            }
            slot = (slot &+ 1) & (slotCount &- 1)
        }
        slots[slot] = entry
        count &+= 1
        return nil
    }

    /// Makes room for so many rows more.
    @inline(__always)
    mutating func reserve(_ more: Int) { if (count &+ more) &* 2 > slotCount { grow(more) } }

    /// A row's place is made of the lower bits of its hash's upper half: of a table twice as large it is the same place or the one as far
    /// into the second half, so both tables are gone through from their beginnings.
    @inline(never)
    private mutating func grow(_ more: Int) {
        let old = slots, oldCount = slotCount
        while (count + more) * 2 > slotCount { slotCount *= 2 }
        slots = Self.made(slotCount)
        for index in 0..<oldCount where old[index] != 0 {
            var slot = home(old[index])
            while slots[slot] != 0 { slot = (slot &+ 1) & (slotCount &- 1) }
            slots[slot] = old[index]
        }
        old.deallocate()
    }
}

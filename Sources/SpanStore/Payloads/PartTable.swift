/// Finds a part of a memtable by a hash of its bytes. A hint only: whoever finds an ordinal compares the bytes.
///
/// Open addressing over 32 bits of hash beside the ordinal. Parts whose bytes are gone stay in the table until it is full and are left
/// out when it is made anew; beyond its largest size it starts over. Belongs to the memtable's writer.
struct PartTable: ~Copyable {
    private var slots: UnsafeMutablePointer<UInt64>?
    private var slotCount = 0
    private var entryCount = 0
    private let maximumSlotCount: Int

    /// - Parameter maximumSlotCount: a power of two of at least 64, of which half are used.
    init(maximumSlotCount: Int) { self.maximumSlotCount = maximumSlotCount }

    deinit { slots?.deallocate() }

    var byteCount: Int { slotCount * 8 }

    /// Calls `isEqual` with the ordinals of parts that may have this hash until it says yes; nil where it never does.
    func ordinal(ofHash hash: UInt64, where isEqual: (UInt32) -> Bool) -> UInt32? {
        guard let slots else { return nil }
        let tag = hash & 0xffff_ffff_0000_0000
        var slot = Self.home(tag, slotCount)
        // Inside the table by the mask; a free slot always exists because at most half are taken.
        while slots[slot] != 0 {
            let ordinal = UInt32(truncatingIfNeeded: slots[slot]) &- 1
            if slots[slot] & 0xffff_ffff_0000_0000 == tag, isEqual(ordinal) { return ordinal }
            slot = (slot &+ 1) & (slotCount &- 1)
        }
        return nil
    }

    /// Enters a part that was not found. `isLive` tells whether the bytes of a part that was entered before are still there.
    mutating func insert(_ ordinal: UInt32, hash: UInt64, isLive: (UInt32) -> Bool) {
        if entryCount * 2 >= slotCount { makeRoom(isLive) }
        guard let slots else { return }
        let tag = hash & 0xffff_ffff_0000_0000
        var slot = Self.home(tag, slotCount)
        while slots[slot] != 0 {
            // Of parts that are gone, the newer one takes the place.
            if slots[slot] & 0xffff_ffff_0000_0000 == tag, !isLive(UInt32(truncatingIfNeeded: slots[slot]) &- 1) {
                slots[slot] = tag | UInt64(ordinal &+ 1)
                return
            }
            slot = (slot &+ 1) & (slotCount &- 1)
        }
        slots[slot] = tag | UInt64(ordinal &+ 1)
        entryCount += 1
    }

    private static func home(_ tag: UInt64, _ slotCount: Int) -> Int { Int(truncatingIfNeeded: tag &>> 32) & (slotCount &- 1) }

    private mutating func makeRoom(_ isLive: (UInt32) -> Bool) {
        let old = UnsafeBufferPointer(start: slots, count: slotCount)
        let live = old.filter { $0 != 0 && isLive(UInt32(truncatingIfNeeded: $0) &- 1) }
        // Room for as many again; at the largest size, what does not fit is forgotten.
        var size = max(64, slotCount)
        while size < maximumSlotCount, live.count * 4 > size { size *= 2 }
        let kept = live.count * 4 > size * 3 / 2 ? [] : live
        let made = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
        made.initialize(repeating: 0, count: size)
        for entry in kept {
            var slot = Self.home(entry & 0xffff_ffff_0000_0000, size)
            while made[slot] != 0 { slot = (slot + 1) & (size - 1) }
            made[slot] = entry
        }
        slots?.deallocate()
        slots = made
        slotCount = size
        entryCount = kept.count
    }
}

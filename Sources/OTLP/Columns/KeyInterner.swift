import ByteCoding
import TraceModel

/// The distinct attribute keys of one batch: an open-addressing table from a key's bytes to its index in `SpanBatch.keys`.
///
/// A slot holds the upper half of the hash and the index plus one; 0 is free. The hash is seeded per process, so a sender
/// cannot aim at one slot. At most half of the slots are taken.
///
/// Bounds argument: `base` has `count` readable bytes by contract with the callers; `ShortBytes.isEqual` reads `count` bytes of both
/// sides, and a stored key is only compared when its own count is the same. Slots are checked array accesses.
struct KeyInterner {
    private var slots: [UInt64]
    private var mask: Int
    private(set) var keys: [ByteRange] = []

    private static let processSeed = UInt64.random(in: .min ... .max)
    private let seed = processSeed

    init() {
        slots = Array(repeating: 0, count: 256)
        mask = 255
        keys.reserveCapacity(128)
    }

    /// The index of the key with these bytes, if it is known. `body` are the first `bodyCount` bytes of the batch, `appendix`
    /// the rest.
    @inline(__always)
    func index(
        of base: UnsafeRawPointer, count: Int, hash: UInt64, body: UnsafeRawPointer, bodyCount: Int, appendix: [UInt8]
    ) -> UInt32? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            if entry >> 32 == hash >> 32 {
                let index = UInt32(truncatingIfNeeded: entry) &- 1
                let key = keys[Int(index)]
                // Stored members only: `ByteRange`'s computed ones are calls into another module.
                if Int(key.length) == count {
                    let start = Int(key.offset)
                    if start < bodyCount || count == 0 {
                        if ShortBytes.isEqual(body + (count == 0 ? 0 : start), base, count) { return index }
                    } else if Self.isEqual(key, in: appendix, bodyCount: bodyCount, base) {
                        return index
                    }
                }
            }
            slot = (slot &+ 1) & mask
        }
    }

    @inline(__always)
    func hash(_ base: UnsafeRawPointer, count: Int) -> UInt64 { ShortHash.hash(base, count: count, seed: seed) }

    /// Adds a key that `index` did not find. `range` is where the batch keeps it.
    mutating func insert(_ range: ByteRange, hash: UInt64) -> UInt32 {
        if (keys.count + 1) * 2 > slots.count { grow() }
        keys.append(range)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(keys.count)
        hashes.append(hash)
        return UInt32(keys.count - 1)
    }

    /// Full hashes by key: growing needs the low halves that slots do not hold.
    private var hashes: [UInt64] = []

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        mask = slots.count - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(index + 1)
        }
    }

    @inline(never)
    private static func isEqual(_ key: ByteRange, in appendix: [UInt8], bodyCount: Int, _ other: UnsafeRawPointer) -> Bool {
        let start = key.start - bodyCount
        guard start >= 0, start + key.count <= appendix.count else { return false }
        return appendix.withUnsafeBytes { bytes in
            UnsafeRawBufferPointer(rebasing: bytes[start..<start + key.count])
                .elementsEqual(UnsafeRawBufferPointer(start: other, count: key.count))
        }
    }
}

import ByteCoding

/// Numbers the distinct 64-bit keys it is given from 0, in the order they come: open addressing with linear probing over
/// two flat arrays. Seeded per process, because keys may be a stranger's.
struct DenseTable {
    /// The keys in the order of their numbers.
    private(set) var keys: [UInt64] = []
    /// Number + 1 of the key in each slot; 0 where there is none.
    private var slots: [UInt32]
    private var shift: UInt64

    static let seed = UInt64.random(in: .min ... .max)

    init() {
        slots = Array(repeating: 0, count: 16)
        shift = 60
    }

    var count: Int { keys.count }

    mutating func number(of key: UInt64) -> UInt32 {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: Self.mix(key ^ Self.seed) >> shift)
        while true {
            let entry = slots[slot]
            if entry == 0 { break }
            if keys[Int(entry &- 1)] == key { return entry &- 1 }
            slot = (slot &+ 1) & mask
        }
        keys.append(key)
        slots[slot] = UInt32(keys.count)
        if keys.count &* 2 > slots.count { grow() }
        return UInt32(keys.count - 1)
    }

    /// The number of a key that may not be there; gives none.
    func existingNumber(of key: UInt64) -> UInt32? {
        let mask = slots.count &- 1
        var slot = Int(truncatingIfNeeded: Self.mix(key ^ Self.seed) >> shift)
        while true {
            let entry = slots[slot]
            if entry == 0 { return nil }
            if keys[Int(entry &- 1)] == key { return entry &- 1 }
            slot = (slot &+ 1) & mask
        }
    }

    private mutating func grow() {
        shift -= 1
        slots = Array(repeating: 0, count: slots.count * 2)
        let mask = slots.count &- 1
        for (number, key) in keys.enumerated() {
            var slot = Int(truncatingIfNeeded: Self.mix(key ^ Self.seed) >> shift)
            while slots[slot] != 0 { slot = (slot &+ 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }

    /// A bijection that spreads every bit (the finalizer of SplitMix64).
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

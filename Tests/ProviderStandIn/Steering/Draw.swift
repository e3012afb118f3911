/// Chance that comes out the same in every run: numbers drawn from a seed and names.

/// FNV-1a with a finishing mix: even in its high bits also for names that differ in their last letter only.
struct StableHash {
    private(set) var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // A border, so that "ab" + "c" is not "a" + "bc".
        state = (state ^ 0x1ff) &* 0x100_0000_01b3
    }

    mutating func add(_ text: String) { add(text.utf8) }

    var value: UInt64 {
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    static func of(_ parts: String...) -> UInt64 {
        var hash = StableHash()
        for part in parts { hash.add(part) }
        return hash.value
    }

    static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

enum Draw {
    /// Evenly spread in [0, 1): the same for the same seed, purpose, key and repetition.
    static func unit(seed: Int, purpose: String, key: String, repetition: Int) -> Double {
        Double(StableHash.of(String(seed), purpose, key, String(repetition)) >> 11) / Double(1 << 53)
    }
}

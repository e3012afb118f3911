/// Random numbers that replay from their seed: SplitMix64 (Steele, Lea, Flood 2014).
struct DemoRandom: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// From 0 to `bound - 1`; the bias of taking a remainder does not matter to a sample.
    mutating func below(_ bound: UInt64) -> UInt64 { bound == 0 ? 0 : next() % bound }

    /// Never zero, as ids must be.
    mutating func nonzero() -> UInt64 {
        let value = next()
        return value == 0 ? 1 : value
    }

    mutating func hexDigits(_ count: Int) -> String {
        String((0..<count).map { _ in Character(UnicodeScalar(Array("0123456789abcdef".utf8)[Int(below(16))])) })
    }
}

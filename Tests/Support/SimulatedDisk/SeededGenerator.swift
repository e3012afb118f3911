import Glibc

/// SplitMix64: random numbers that a printed seed brings back.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// True once in `count` times, on average.
    package mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// Seeds of a randomized test: the one in SPANDREL_TEST_SEED alone if that is set, else `count` fresh ones, or as many as
/// SPANDREL_TEST_SEED_COUNT says for a longer search.
package enum TestSeeds {
    package static func seeds(_ count: Int) -> [UInt64] {
        if let value = getenv("SPANDREL_TEST_SEED"), let seed = UInt64(String(cString: value)) { return [seed] }
        let count = getenv("SPANDREL_TEST_SEED_COUNT").flatMap { Int(String(cString: $0)) } ?? count
        return (0..<count).map { _ in UInt64.random(in: 1...UInt64.max) }
    }

    /// What a failing expectation should say.
    package static func hint(_ seed: UInt64) -> String { "replay with SPANDREL_TEST_SEED=\(seed)" }
}

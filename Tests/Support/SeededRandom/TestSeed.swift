/// Seeds of random tests, which print theirs when they fail: `SPANDREL_TEST_SEED` replays one.

import Glibc

package enum TestSeed {
    private static var replayed: UInt64? { getenv("SPANDREL_TEST_SEED").flatMap { UInt64(String(cString: $0)) } }

    /// The seed to replay, or a new one.
    package static func next() -> UInt64 { replayed ?? .random(in: 1...UInt64.max) }

    /// The seed to replay alone, or `count` new ones, or as many as SPANDREL_TEST_SEED_COUNT says for a longer search.
    package static func several(_ count: Int) -> [UInt64] {
        if let replayed { return [replayed] }
        let count = getenv("SPANDREL_TEST_SEED_COUNT").flatMap { Int(String(cString: $0)) } ?? count
        return (0..<count).map { _ in .random(in: 1...UInt64.max) }
    }

    /// One for the whole process, printed.
    package static let value: UInt64 = {
        let seed = next()
        print("SPANDREL_TEST_SEED=\(seed)")
        return seed
    }()

    /// What a failing expectation should say.
    package static func hint(_ seed: UInt64) -> String { "replay with SPANDREL_TEST_SEED=\(seed)" }
}

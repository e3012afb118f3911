/// The time of one password hash with the parameters in use, as sign-in compares it: one after another, and in as many lanes as the server has.

import Access
import ByteCoding

struct PasswordCost {
    /// Milliseconds of each, in order.
    let milliseconds: [Double]
    /// With all lanes at work.
    let perSecond: Double

    static func measure(count: Int, laneCount: Int) async throws -> PasswordCost {
        let clock = ContinuousClock()
        let hasher = PasswordHasher(laneCount: laneCount)
        let work = PasswordWork.anonymous("nobody@example.org", RequestOrigin())
        let stored = try await hasher.hash("a password of some length", for: work).text
        var milliseconds: [Double] = []
        for _ in 0..<count {
            milliseconds.append(
                try await clock.measure { _ = try await hasher.matches("another one", stored, for: work) } / .milliseconds(1))
        }
        let whole = try await clock.measure {
            try await withThrowingTaskGroup { group in
                for _ in 0..<laneCount {
                    group.addTask { for _ in 0..<count / laneCount { _ = try await hasher.matches("another one", stored, for: work) } }
                }
                try await group.waitForAll()
            }
        }
        return PasswordCost(
            milliseconds: milliseconds.sorted(), perSecond: Double(count / laneCount * laneCount) / (whole / .seconds(1)))
    }

    var json: String {
        var writer = JSONWriter(reserving: 256)
        writer.beginObject()
        writer.key("ms")
        writer.beginObject()
        for (name, share) in [("p50", 0.50), ("p95", 0.95), ("p99", 0.99)] {
            writer.key(name)
            writer.double((milliseconds[min(milliseconds.count - 1, Int(Double(milliseconds.count) * share))] * 100).rounded() / 100)
        }
        writer.endObject()
        writer.key("per_second")
        writer.double((perSecond * 100).rounded() / 100)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

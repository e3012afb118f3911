/// What every request pays before its handler runs: find the credential, authenticate, authorize, limit. The calls are spread over 1,000
/// API keys with every kind of limit, or 1,000 users with access tokens, first uses among them, which verify a token's signature.

import ByteCoding
import Glibc

struct CallCost {
    /// Microseconds of CPU a call may take.
    static let bar = 20.0
    static let callerCount = 1_000

    let callCount: Int
    /// Microseconds of CPU per call.
    private(set) var results: [(credential: String, taskCount: Int, microseconds: Double)] = []

    var isWithinBar: Bool { results.allSatisfy { $0.microseconds <= Self.bar } }

    /// On one thread, and on as many as there are processors: they meet at the locks of the caches and counters.
    static func measure(callCount: Int) async throws -> CallCost {
        var cost = CallCost(callCount: callCount)
        for taskCount in Set([1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))]).sorted() {
            // Callers of their own for each measurement: none is known beforehand.
            let callers = try await Callers(count: callerCount)
            cost.results.append(("api_key", taskCount, try await cost.microseconds(taskCount, callers.checkKey)))
            cost.results.append(("access_token", taskCount, try await cost.microseconds(taskCount, callers.checkUser)))
        }
        return cost
    }

    /// Every task goes through all callers, in steps that scatter them.
    private func microseconds(_ taskCount: Int, _ check: @escaping @Sendable (_ caller: Int) async throws -> Void) async throws -> Double {
        let callsPerTask = callCount / taskCount
        let start = Self.cpuMicroseconds()
        try await withThrowingTaskGroup { group in
            for task in 0..<taskCount {
                group.addTask {
                    for call in 0..<callsPerTask { try await check((call &* 7_919 &+ task &* 31) % Self.callerCount) }
                }
            }
            try await group.waitForAll()
        }
        return (Self.cpuMicroseconds() - start) / Double(callsPerTask * taskCount)
    }

    /// Of this process so far, all threads.
    private static func cpuMicroseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    var json: String {
        var writer = JSONWriter(reserving: 1_024)
        writer.beginObject()
        writer.key("calls")
        writer.integer(callCount)
        writer.key("callers")
        writer.integer(Self.callerCount)
        writer.key("cpu_us_per_call")
        writer.beginArray()
        for result in results {
            writer.beginObject()
            writer.key("credential")
            writer.string(result.credential)
            writer.key("threads")
            writer.integer(result.taskCount)
            writer.key("us")
            writer.double((result.microseconds * 100).rounded() / 100)
            writer.endObject()
        }
        writer.endArray()
        writer.key("bar_us")
        writer.double(Self.bar)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

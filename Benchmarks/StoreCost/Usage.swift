import AllocationCount
import Glibc

/// CPU time of all threads and allocations since the process began.
struct Usage {
    var cpuSeconds: Double
    var allocationCount: UInt64
    var allocatedByteCount: UInt64

    static var now: Usage {
        let allocations = allocation_counts()
        return Usage(
            cpuSeconds: seconds(CLOCK_PROCESS_CPUTIME_ID), allocationCount: allocations.count, allocatedByteCount: allocations.byte_count)
    }

    /// Seconds of the wall.
    static var clock: Double { seconds(CLOCK_MONOTONIC) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func - (a: Usage, b: Usage) -> Usage {
        Usage(
            cpuSeconds: a.cpuSeconds - b.cpuSeconds, allocationCount: a.allocationCount - b.allocationCount,
            allocatedByteCount: a.allocatedByteCount - b.allocatedByteCount)
    }
}

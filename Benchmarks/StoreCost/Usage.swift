import AllocationCount
import Glibc

/// CPU time of all threads and allocations since the process began.
struct Usage {
    var cpuSeconds: Double
    var allocationCount: UInt64
    var allocatedByteCount: UInt64

    static var now: Usage {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        let allocations = allocation_counts()
        return Usage(
            cpuSeconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9, allocationCount: allocations.count,
            allocatedByteCount: allocations.byte_count)
    }

    static func - (a: Usage, b: Usage) -> Usage {
        Usage(
            cpuSeconds: a.cpuSeconds - b.cpuSeconds, allocationCount: a.allocationCount - b.allocationCount,
            allocatedByteCount: a.allocatedByteCount - b.allocatedByteCount)
    }
}

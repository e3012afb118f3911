import Glibc
import Metastore

/// The system's clocks.
package struct SystemAccessClock: AccessClock {
    package init() {}

    package func monotonicNano() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    package func unixNano() -> Int64 { UnixTime.now() }
}

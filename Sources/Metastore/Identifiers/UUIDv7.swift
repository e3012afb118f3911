/// UUID version 7 (RFC 9562, section 5.7): ids that sort by the time they were made.
///
///     bits    what
///     48      milliseconds since 1970
///     4       version 7
///     12      the fraction of the millisecond, in 1/4096 (method 3 of section 6.2)
///     2       variant 10
///     62      random, from the system's generator

import Glibc

package enum UUIDv7 {
    /// A new id as two big-endian numbers.
    package static func generate() -> (high: UInt64, low: UInt64) {
        var generator = SystemRandomNumberGenerator()
        return make(unixNano: UnixTime.now(), random: generator.next())
    }

    /// `random`: its upper two bits are replaced.
    static func make(unixNano: Int64, random: UInt64) -> (high: UInt64, low: UInt64) {
        let time = UInt64(clamping: unixNano)
        let milliseconds = time / 1_000_000 & 0xffff_ffff_ffff
        let fraction = time % 1_000_000 * 4096 / 1_000_000
        return (milliseconds << 16 | 0x7000 | fraction, random & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000)
    }
}

package enum UnixTime {
    /// Nanoseconds since 1970 UTC by the system's clock.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

import CCRC32C
import CXXHash

/// CRC-32C (Castagnoli): the checksum of every WAL group, manifest edit and private blob.
package enum CRC32C {
    /// The checksum of `bytes`, continuing from `previous` (0 to start).
    package static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        guard let base = bytes.baseAddress else { return previous }
        return spandrel_crc32c(previous, base, bytes.count)
    }

    package static func checksum(_ bytes: [UInt8], continuing previous: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0, continuing: previous) }
    }
}

/// XXH64, as Parquet's split-block bloom filter wants it (seed 0).
package enum XXH64 {
    package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        CXXHash.XXH64(bytes.baseAddress, bytes.count, seed)
    }
}

/// 128 seeded bits over a body: tells a retried request from a new one. Not a defence against an adversary: whoever
/// could forge a collision could only hide a request of the same project from itself.
package struct ContentHash: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// XXH3-128.
    package init(of bytes: UnsafeRawBufferPointer, seed: UInt64) {
        let hash = spandrel_xxh3_128(bytes.baseAddress, bytes.count, seed)
        self.init(high: hash.high64, low: hash.low64)
    }
}

/// A seeded 64-bit hash for the interners' open-addressing tables, small enough to inline. The seed is random per
/// process, so that a sender cannot choose keys that collide.
public enum ShortHash {
    @inlinable @inline(__always)
    public static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    @inlinable @inline(__always)
    public static func hash(_ base: UnsafeRawPointer, count: Int, seed: UInt64) -> UInt64 {
        var state = seed ^ 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while count &- offset > 16 {
            let a = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let b = base.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)
            state = mix(a ^ 0xE703_7ED1_A0B4_28DB, b ^ state)
            offset &+= 16
        }
        let rest = count &- offset
        var a: UInt64 = 0
        var b: UInt64 = 0
        if rest >= 8 {
            a = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            b = base.loadUnaligned(fromByteOffset: offset &+ rest &- 8, as: UInt64.self)
        } else if rest >= 4 {
            a = UInt64(base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            b = UInt64(base.loadUnaligned(fromByteOffset: offset &+ rest &- 4, as: UInt32.self))
        } else if rest > 0 {
            a =
                UInt64(base.load(fromByteOffset: offset, as: UInt8.self)) &<< 16
                | UInt64(base.load(fromByteOffset: offset &+ rest &>> 1, as: UInt8.self)) &<< 8
                | UInt64(base.load(fromByteOffset: offset &+ rest &- 1, as: UInt8.self))
        }
        state = mix(a ^ 0x8EBC_6AF0_9C88_C6E3, b ^ state)
        return mix(state ^ UInt64(truncatingIfNeeded: count), 0x5899_65CC_7537_4CC3)
    }
}

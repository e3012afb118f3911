/// Equality of short texts, small enough to inline: what hash tables ask for each text they find, where a call of `memcmp` costs more than
/// the comparing.
public enum ShortBytes {
    /// Whether `count` bytes at both places are the same; they are there by the callers' word.
    ///
    /// Bounds: a load of n bytes at `position` stands behind `position + n <= count`, or is the last n of at least n bytes.
    @inlinable @inline(__always)
    public static func isEqual(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
        if count >= 8 {
            let last = count &- 8
            var position = 0
            while position < last {
                if a.loadUnaligned(fromByteOffset: position, as: UInt64.self) != b.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                {
                    return false
                }
                position &+= 8
            }
            return a.loadUnaligned(fromByteOffset: last, as: UInt64.self) == b.loadUnaligned(fromByteOffset: last, as: UInt64.self)
        }
        if count >= 4 {
            let last = count &- 4
            return a.loadUnaligned(as: UInt32.self) == b.loadUnaligned(as: UInt32.self)
                && a.loadUnaligned(fromByteOffset: last, as: UInt32.self) == b.loadUnaligned(fromByteOffset: last, as: UInt32.self)
        }
        var position = 0
        while position < count {
            if a.load(fromByteOffset: position, as: UInt8.self) != b.load(fromByteOffset: position, as: UInt8.self) { return false }
            position &+= 1
        }
        return true
    }
}

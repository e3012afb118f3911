import ByteCoding

#if canImport(Glibc)
    import Glibc
#endif

/// Parquet's split-block bloom filter: blocks of eight 32-bit words, one bit in each word per value.
///
/// | part | meaning |
/// |---|---|
/// | block | `(upper 32 bits of the hash * block count) >> 32` |
/// | bit of word i | `(lower 32 bits of the hash * salt[i]) >> 27` |
///
/// Hash: XXH64 with seed 0 of the value's PLAIN bytes (byte arrays without their length).
/// Source: parquet-format, BloomFilter.md.
package struct BloomFilter: Equatable, Sendable {
    /// Eight words a block.
    private(set) var words: [UInt32]

    private static let salts = SIMD8<UInt32>(
        0x47b6_137b, 0x4497_4d91, 0x8824_ad5b, 0xa2b7_289d, 0x7054_95c7, 0x2df1_424b, 0x9efc_4947, 0x5c6b_fb31)

    /// Sized for a false positive in a thousand lookups: 16.9 bits a distinct value. Bits = -8 n / ln(1 - p^(1/8)).
    package init(distinctCount: Int) {
        let bits = Double(max(1, distinctCount)) * 16.92
        let blockCount = min(Int(bits / 256) + 1, ParquetLimits.maximumBloomFilterByteCount / 32)
        words = [UInt32](repeating: 0, count: blockCount * 8)
    }

    /// Without a value. At least one block.
    init(blockCount: Int) { words = [UInt32](repeating: 0, count: max(1, blockCount) * 8) }

    /// From the bytes of a filter in a file; a whole number of blocks, at least one.
    init(bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        guard bytes.count >= 32, bytes.count % 32 == 0 else { throw .corrupt("a bloom filter of \(bytes.count) bytes") }
        words = (0..<bytes.count / 4).map { UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)) }
    }

    package static func hash(_ value: UnsafeRawBufferPointer) -> UInt64 { XXH64.hash(value) }

    package mutating func insert(_ hash: UInt64) {
        let start = blockStart(hash)
        let bits = Self.bits(hash)
        words.withUnsafeMutableBufferPointer { words in
            for index in 0..<8 { words[start + index] |= bits[index] }
        }
    }

    /// False only if no value of this hash was inserted.
    package func mightContain(_ hash: UInt64) -> Bool {
        let start = blockStart(hash)
        let bits = Self.bits(hash)
        for index in 0..<8 where words[start + index] & bits[index] == 0 { return false }
        return true
    }

    package var byteCount: Int { words.count * 4 }

    /// BloomFilterHeader and the words.
    func encode() -> [UInt8] {
        var writer = ThriftCompactWriter()
        writer.structElement { writer in
            writer.i32(1, Int32(byteCount))
            writer.structure(2) { $0.structure(1) { _ in } }
            writer.structure(3) { $0.structure(1) { _ in } }
            writer.structure(4) { $0.structure(1) { _ in } }
        }
        var bytes = writer.bytes
        bytes.reserveCapacity(bytes.count + byteCount)
        for word in words { withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    private func blockStart(_ hash: UInt64) -> Int { Self.blockIndex(hash, blockCount: words.count / 8) * 8 }

    static let blockByteCount = 32

    static func blockIndex(_ hash: UInt64, blockCount: Int) -> Int {
        // Both factors are below 2^32; the block is below the block count.
        Int(((hash >> 32) &* UInt64(blockCount)) >> 32)
    }

    private static func bits(_ hash: UInt64) -> SIMD8<UInt32> {
        let key = SIMD8<UInt32>(repeating: UInt32(truncatingIfNeeded: hash))
        return SIMD8<UInt32>(repeating: 1) &<< ((key &* salts) &>> 27)
    }
}

extension BloomFilter {
    /// Inserts every value of a leaf; equal neighbours (sorted ids) are hashed once, dictionary entries once each.
    mutating func insert(_ values: ColumnValues) {
        switch values {
        case .fixedLength(let bytes, let width):
            guard let base = bytes.baseAddress else { return }
            for index in 0..<values.count {
                let value = base + index &* width
                if index > 0, memcmp(value, value - width, width) == 0 { continue }
                insert(XXH64.hash(UnsafeRawBufferPointer(start: value, count: width)))
            }
        case .byteArray(let offsets, let bytes), .dictionary(_, let offsets, let bytes):
            for index in 0..<max(0, offsets.count - 1) {
                insert(XXH64.hash(UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])))
            }
        case .boolean, .int32, .int64, .double:
            break
        }
    }
}

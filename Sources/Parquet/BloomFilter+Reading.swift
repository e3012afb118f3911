/// BloomFilterHeader and the words behind it.
extension BloomFilter {
    /// A header is about 20 bytes; files of old writers do not say how long header and words are together.
    private static let headerReadByteCount = 256

    static func read(_ source: any ParquetSource, _ region: FileRegion, _ context: ParquetReadContext) throws(ParquetError) -> BloomFilter {
        let available = source.byteCount - Int(clamping: region.offset)
        let bytes = try context.read(source, at: region.offset, byteCount: region.byteCount ?? min(headerReadByteCount, max(0, available)))
        let (headerByteCount, byteCount) = try header(bytes)
        if region.byteCount != nil {
            guard byteCount <= bytes.count - headerByteCount else { throw .corrupt("a bloom filter longer than its region") }
            return try BloomFilter(bytes: UnsafeRawBufferPointer(rebasing: bytes[headerByteCount..<headerByteCount + byteCount]))
        }
        return try BloomFilter(bytes: try context.read(source, at: region.offset + Int64(headerByteCount), byteCount: byteCount))
    }

    /// Where the words of a filter in a file lie: found once, then a look-up reads one block.
    package struct Blocks: Sendable {
        private let offset: Int64
        private let count: Int

        init(_ source: any ParquetSource, _ region: FileRegion, _ context: ParquetReadContext) throws(ParquetError) {
            let available = min(region.byteCount ?? .max, max(0, source.byteCount - Int(clamping: region.offset)))
            let (headerByteCount, byteCount) = try BloomFilter.header(
                try context.read(source, at: region.offset, byteCount: min(headerReadByteCount, available)))
            guard byteCount % blockByteCount == 0, byteCount <= available - headerByteCount else {
                throw .corrupt("a bloom filter longer than its region")
            }
            offset = region.offset + Int64(headerByteCount)
            count = byteCount / blockByteCount
        }

        func mightContain(_ hash: UInt64, _ source: any ParquetSource, _ context: ParquetReadContext) throws(ParquetError) -> Bool {
            let block = BloomFilter.blockIndex(hash, blockCount: count)
            let bytes = try context.read(source, at: offset + Int64(block * blockByteCount), byteCount: blockByteCount)
            // A filter of one block: every hash falls into it.
            return try BloomFilter(bytes: bytes).mightContain(hash)
        }
    }

    private static func header(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) -> (headerByteCount: Int, byteCount: Int) {
        var reader = ThriftCompactReader(bytes)
        var byteCount: Int32 = -1
        // Algorithm, hash and compression are unions of which only the first member is defined: split blocks, XXH64, none.
        var isKnown = true
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: byteCount = try reader.i32(field)
            case 2, 3, 4:
                try reader.structure(field) { (reader, member) throws(ParquetError) in
                    isKnown = isKnown && member.id == 1
                    try reader.skip(member)
                }
            default: try reader.skip(field)
            }
        }
        guard isKnown else { throw .unsupported("a bloom filter of another kind") }
        guard byteCount > 0, Int(byteCount) <= ParquetLimits.maximumBloomFilterByteCount else {
            throw .corrupt("a bloom filter of \(byteCount) bytes")
        }
        return (reader.offset, Int(byteCount))
    }
}

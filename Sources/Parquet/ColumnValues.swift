/// The values of one leaf of one row group, borrowed from the caller for the length of one call.
///
/// Only values that are present are listed: where definition levels go with them, there are as many values as levels that equal the
/// leaf's maximum.
package enum ColumnValues {
    case boolean(UnsafeBufferPointer<Bool>)
    case int32(UnsafeBufferPointer<Int32>)
    case int64(UnsafeBufferPointer<Int64>)
    case double(UnsafeBufferPointer<Double>)
    /// Values of `width` bytes, one behind the other.
    case fixedLength(UnsafeRawBufferPointer, width: Int)
    /// Value `i` is `bytes[offsets[i]..<offsets[i + 1]]`; one offset more than values. The first offset need not be 0.
    case byteArray(offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer)
    /// A code per value into entries that lie as in `byteArray`. Written as the chunk's dictionary, or expanded where the options
    /// ask for another encoding.
    case dictionary(codes: UnsafeBufferPointer<UInt32>, offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer)

    package var count: Int {
        switch self {
        case .boolean(let values): values.count
        case .int32(let values): values.count
        case .int64(let values): values.count
        case .double(let values): values.count
        case .fixedLength(let bytes, let width): width > 0 ? bytes.count / width : 0
        case .byteArray(let offsets, _): max(0, offsets.count - 1)
        case .dictionary(let codes, _, _): codes.count
        }
    }

    /// The one check before the loops without checks: type, width, ascending offsets inside the bytes, codes inside the dictionary.
    func validate(for leaf: ParquetSchema.Leaf) throws(ParquetError) {
        switch (self, leaf.type) {
        case (.boolean, .boolean), (.int32, .int32), (.int64, .int64), (.double, .double): return
        case (.fixedLength(let bytes, let width), .fixedLengthByteArray(let expected)):
            guard width == expected, bytes.count % width == 0 else { throw .invalid("\(leaf.path): values are not \(expected) bytes wide") }
        case (.byteArray(let offsets, let bytes), .byteArray):
            try Self.validate(offsets, bytes, leaf)
        case (.dictionary(let codes, let offsets, let bytes), .byteArray):
            try Self.validate(offsets, bytes, leaf)
            var largest: UInt32 = 0
            for code in codes { largest = max(largest, code) }
            guard codes.isEmpty || Int(largest) < offsets.count - 1 else {
                throw .invalid("\(leaf.path): a code outside of the dictionary")
            }
        default: throw .invalid("\(leaf.path): values of another type than the leaf's")
        }
    }

    private static func validate(
        _ offsets: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeRawBufferPointer, _ leaf: ParquetSchema.Leaf
    ) throws(ParquetError) {
        guard let base = offsets.baseAddress, let last = offsets.last else { return }
        var ascends = true
        for index in 1..<max(1, offsets.count) { ascends = ascends && base[index &- 1] <= base[index] }
        guard ascends, Int(last) <= bytes.count else { throw .invalid("\(leaf.path): offsets do not ascend inside the bytes") }
    }
}

/// How one leaf is laid out. Cheap to make: a store keeps one per column.
package struct ColumnOptions: Equatable, Sendable {
    package enum Encoding: Equatable, Sendable {
        case plain
        /// Dictionary page and RLE_DICTIONARY data pages. Values that come without codes get a dictionary built here; where that would
        /// pass `ParquetLimits.maximumBuiltDictionaryByteCount`, they are written plain.
        case dictionary
        case deltaBinaryPacked
        case deltaLengthByteArray
        case byteStreamSplit
    }

    package enum Compression: Equatable, Sendable {
        case uncompressed
        case zstd(level: Int32)

        var codec: CompressionCodec {
            switch self {
            case .uncompressed: .uncompressed
            case .zstd: .zstd
            }
        }
    }

    package var encoding: Encoding
    package var compression: Compression
    /// Bytes of encoded values a data page aims at. Pages end between rows, so one row may exceed it.
    package var pageByteCount: Int
    /// Rows a data page holds at most, however small they are: what a point read has to decode of every column.
    package var maximumPageRowCount: Int
    /// Minimum, maximum and null count of the chunk and (for flat leaves) of every page.
    package var writesStatistics: Bool
    /// Distinct values the bloom filter is sized for, at 0.1 % false positives; nil for none. Byte arrays and fixed lengths only.
    package var bloomFilterDistinctCount: Int?

    /// Pages of a bit or two a row would reach far. Halving it again adds a page header and an entry of each index for every column.
    package static let usualPageRowCount = 8_192

    package init(
        encoding: Encoding = .plain, compression: Compression = .zstd(level: 1), pageByteCount: Int = 64 << 10,
        maximumPageRowCount: Int = Self.usualPageRowCount, writesStatistics: Bool = true, bloomFilterDistinctCount: Int? = nil
    ) {
        self.encoding = encoding
        self.compression = compression
        self.pageByteCount = max(1, pageByteCount)
        self.maximumPageRowCount = max(1, maximumPageRowCount)
        self.writesStatistics = writesStatistics
        self.bloomFilterDistinctCount = bloomFilterDistinctCount
    }
}

/// The enumerations of parquet.thrift that this room reads and writes. Raw values are the format's own numbers.
package enum PhysicalType: Hashable, Sendable {
    case boolean
    case int32
    case int64
    /// Deprecated 12-byte timestamps; read as fixed-length bytes, never written.
    case int96
    /// Read as doubles (exact), never written.
    case float
    case double
    case byteArray
    case fixedLengthByteArray(Int)

    var thriftValue: Int32 {
        switch self {
        case .boolean: 0
        case .int32: 1
        case .int64: 2
        case .int96: 3
        case .float: 4
        case .double: 5
        case .byteArray: 6
        case .fixedLengthByteArray: 7
        }
    }

    init(thriftValue: Int32, typeLength: Int32?) throws(ParquetError) {
        switch thriftValue {
        case 0: self = .boolean
        case 1: self = .int32
        case 2: self = .int64
        case 3: self = .int96
        case 4: self = .float
        case 5: self = .double
        case 6: self = .byteArray
        case 7:
            guard let typeLength, typeLength > 0, typeLength <= 1 << 20 else { throw .corrupt("fixed-length type without a usable length") }
            self = .fixedLengthByteArray(Int(typeLength))
        default: throw .unsupported("physical type \(thriftValue)")
        }
    }

    /// Bytes of one PLAIN value; nil for booleans (bits) and byte arrays (their own length).
    package var byteWidth: Int? {
        switch self {
        case .boolean, .byteArray: nil
        case .int32, .float: 4
        case .int64, .double: 8
        case .int96: 12
        case .fixedLengthByteArray(let width): width
        }
    }
}

/// What the values of a leaf mean beyond their physical type.
package enum LogicalType: Hashable, Sendable {
    case none
    /// UTF-8 text.
    case string
    /// Nanoseconds since 1970 in UTC, as INT64.
    case timestampNanosecondsUTC
    /// Some other annotation of a file that was not written here.
    case other
}

package enum Repetition: Int32, Sendable {
    case required = 0
    case optional = 1
    case repeated = 2
}

package enum ParquetEncoding: Int32, Sendable {
    case plain = 0
    case plainDictionary = 2
    case runLength = 3
    case bitPacked = 4
    case deltaBinaryPacked = 5
    case deltaLengthByteArray = 6
    case deltaByteArray = 7
    case runLengthDictionary = 8
    case byteStreamSplit = 9

    var isDictionary: Bool { self == .plainDictionary || self == .runLengthDictionary }
}

package enum CompressionCodec: Int32, Sendable {
    case uncompressed = 0
    case snappy = 1
    case gzip = 2
    case zstd = 6
}

enum PageType: Int32 {
    case data = 0
    case index = 1
    case dictionary = 2
    case dataV2 = 3
}

package enum BoundaryOrder: Int32, Sendable {
    case unordered = 0
    case ascending = 1
    case descending = 2
}

/// The order of rows inside a row group, told to readers: `sorting_columns`.
package struct SortingColumn: Equatable, Sendable {
    package var leafIndex: Int
    package var descending: Bool
    package var nullsFirst: Bool

    package init(leafIndex: Int, descending: Bool = false, nullsFirst: Bool = false) {
        self.leafIndex = leafIndex
        self.descending = descending
        self.nullsFirst = nullsFirst
    }
}

/// Thrift's compact protocol, the writing half: as much of it as Parquet's structures use.
///
/// | part | bytes |
/// |---|---|
/// | field header | `(id - previous id) << 4 or type`, or `type` and the zigzag id where the difference is not in 1...15 |
/// | i16, i32, i64 | zigzag varint |
/// | bool field | no bytes: the type says true (1) or false (2) |
/// | binary | varint length, bytes |
/// | list | `count << 4 or element type` (count < 15), else `0xF0 or element type` and a varint count |
/// | struct | fields, then 0 |
///
/// Source: thrift/doc/specs/thrift-compact-protocol.md of Apache Thrift.
struct ThriftCompactWriter {
    private(set) var bytes: [UInt8] = []
    private var previousFieldID: Int16 = 0

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        previousFieldID = 0
    }

    mutating func i32(_ id: Int16, _ value: Int32) {
        header(id, .i32)
        zigzag(Int64(value))
    }

    mutating func i64(_ id: Int16, _ value: Int64) {
        header(id, .i64)
        zigzag(value)
    }

    mutating func bool(_ id: Int16, _ value: Bool) { header(id, value ? .booleanTrue : .booleanFalse) }

    mutating func binary(_ id: Int16, _ value: some Collection<UInt8>) {
        header(id, .binary)
        binaryElement(value)
    }

    /// A field that is a structure (or a union: a structure with one field set).
    mutating func structure(_ id: Int16, _ body: (inout Self) -> Void) {
        header(id, .structure)
        structElement(body)
    }

    mutating func list(_ id: Int16, of type: ThriftType, count: Int) {
        header(id, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type.rawValue)
        } else {
            bytes.append(0xF0 | type.rawValue)
            varint(UInt64(count))
        }
    }

    /// A structure as an element of a list, or the outermost one.
    mutating func structElement(_ body: (inout Self) -> Void) {
        let outer = previousFieldID
        previousFieldID = 0
        body(&self)
        bytes.append(0)
        previousFieldID = outer
    }

    mutating func binaryElement(_ value: some Collection<UInt8>) {
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func integerElement(_ value: Int64) { zigzag(value) }

    mutating func boolElement(_ value: Bool) {
        bytes.append((value ? ThriftType.booleanTrue : .booleanFalse).rawValue)
    }

    private mutating func header(_ id: Int16, _ type: ThriftType) {
        let step = Int(id) - Int(previousFieldID)
        if step > 0, step <= 15 {
            bytes.append(UInt8(step) << 4 | type.rawValue)
        } else {
            bytes.append(type.rawValue)
            zigzag(Int64(id))
        }
        previousFieldID = id
    }

    private mutating func zigzag(_ value: Int64) { varint(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}

enum ThriftType: UInt8 {
    case booleanTrue = 1
    case booleanFalse = 2
    case i8 = 3
    case i16 = 4
    case i32 = 5
    case i64 = 6
    case double = 7
    case binary = 8
    case list = 9
    case set = 10
    case map = 11
    case structure = 12
}

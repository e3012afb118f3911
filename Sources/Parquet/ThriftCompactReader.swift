/// Thrift's compact protocol, the reading half. Bytes may be anything: every length is held against what is left, nesting of unknown
/// fields against `ParquetLimits.maximumThriftDepth`. Layout: see `ThriftCompactWriter`.
struct ThriftCompactReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    struct Field {
        var id: Int16
        var type: ThriftType
    }

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Reads a structure: `body` is called for each field and must read or `skip` its value.
    mutating func structure(_ body: (inout Self, Field) throws(ParquetError) -> Void) throws(ParquetError) {
        var previous: Int16 = 0
        while true {
            let header = try byte()
            if header == 0 { return }
            guard let type = ThriftType(rawValue: header & 0x0F) else { throw .corrupt("thrift type \(header & 0x0F)") }
            let step = Int16(header >> 4)
            let (id, overflows) = step == 0 ? (try i16Value(), false) : previous.addingReportingOverflow(step)
            guard !overflows else { throw .corrupt("thrift field number out of range") }
            previous = id
            try body(&self, Field(id: id, type: type))
        }
    }

    /// A field that is a structure.
    mutating func structure(
        _ field: Field, _ body: (inout Self, Field) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        try expect(field, .structure)
        try structure(body)
    }

    mutating func i32(_ field: Field) throws(ParquetError) -> Int32 {
        try expect(field, .i32)
        return try i32Element()
    }

    mutating func i64(_ field: Field) throws(ParquetError) -> Int64 {
        try expect(field, .i64)
        return try zigzag()
    }

    mutating func bool(_ field: Field) throws(ParquetError) -> Bool {
        switch field.type {
        case .booleanTrue: return true
        case .booleanFalse: return false
        default: throw .corrupt("thrift field \(field.id) is not a boolean")
        }
    }

    mutating func binary(_ field: Field) throws(ParquetError) -> UnsafeRawBufferPointer {
        try expect(field, .binary)
        return try binaryElement()
    }

    mutating func text(_ field: Field) throws(ParquetError) -> String { String(decoding: try binary(field), as: UTF8.self) }

    /// The number of elements that follow. Every element has at least one byte, so a count above what is left is a lie.
    mutating func list(_ field: Field, of type: ThriftType) throws(ParquetError) -> Int {
        try expect(field, .list)
        let (found, count) = try listHeader()
        // Writers disagree on which of the two boolean types a list of them has.
        let isBoolean = type == .booleanFalse && found == .booleanTrue
        guard count == 0 || found == type || isBoolean else { throw .corrupt("thrift list \(field.id) holds another type") }
        return count
    }

    mutating func i32Element() throws(ParquetError) -> Int32 {
        guard let value = Int32(exactly: try zigzag()) else { throw .corrupt("thrift integer out of range") }
        return value
    }

    mutating func i64Element() throws(ParquetError) -> Int64 { try zigzag() }

    mutating func boolElement() throws(ParquetError) -> Bool { try byte() == ThriftType.booleanTrue.rawValue }

    mutating func binaryElement() throws(ParquetError) -> UnsafeRawBufferPointer {
        guard let count = Int(exactly: try varint()), count <= bytes.count - offset else { throw .corrupt("thrift bytes run past the end") }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    mutating func skip(_ field: Field) throws(ParquetError) {
        // A boolean field has no bytes of its own; as an element of a list it has one.
        if field.type == .booleanTrue || field.type == .booleanFalse { return }
        try skipElement(field.type, depth: 0)
    }

    private mutating func skipElement(_ type: ThriftType, depth: Int) throws(ParquetError) {
        guard depth < ParquetLimits.maximumThriftDepth else { throw .limit("thrift structures nest too deeply") }
        switch type {
        case .booleanTrue, .booleanFalse, .i8: _ = try byte()
        case .i16, .i32, .i64: _ = try varint()
        case .double: try skipBytes(8)
        case .binary: _ = try binaryElement()
        case .list, .set:
            let (element, count) = try listHeader()
            for _ in 0..<count { try skipElement(element, depth: depth + 1) }
        case .map: try skipMap(depth: depth)
        case .structure:
            try structure { (reader, field) throws(ParquetError) in
                if field.type == .booleanTrue || field.type == .booleanFalse { return }
                try reader.skipElement(field.type, depth: depth + 1)
            }
        }
    }

    private mutating func skipMap(depth: Int) throws(ParquetError) {
        guard let count = Int(exactly: try varint()), count <= bytes.count - offset else { throw .corrupt("thrift map runs past the end") }
        guard count > 0 else { return }
        let types = try byte()
        guard let key = ThriftType(rawValue: types >> 4), let value = ThriftType(rawValue: types & 0x0F) else {
            throw .corrupt("thrift map of unknown types")
        }
        for _ in 0..<count {
            try skipElement(key, depth: depth + 1)
            try skipElement(value, depth: depth + 1)
        }
    }

    private mutating func listHeader() throws(ParquetError) -> (ThriftType, Int) {
        let header = try byte()
        let short = Int(header >> 4)
        guard let count = short < 15 ? short : Int(exactly: try varint()), count <= bytes.count - offset else {
            throw .corrupt("thrift list runs past the end")
        }
        // Old writers leave the type of an empty list at 0.
        if count == 0 { return (.i8, 0) }
        guard let type = ThriftType(rawValue: header & 0x0F) else { throw .corrupt("thrift type \(header & 0x0F)") }
        return (type, count)
    }

    private func expect(_ field: Field, _ type: ThriftType) throws(ParquetError) {
        guard field.type == type else { throw .corrupt("thrift field \(field.id) has another type than the format says") }
    }

    private mutating func skipBytes(_ count: Int) throws(ParquetError) {
        guard count <= bytes.count - offset else { throw .corrupt("thrift bytes run past the end") }
        offset += count
    }

    private mutating func i16Value() throws(ParquetError) -> Int16 {
        guard let value = Int16(exactly: try zigzag()) else { throw .corrupt("thrift field number out of range") }
        return value
    }

    private mutating func byte() throws(ParquetError) -> UInt8 {
        guard offset < bytes.count else { throw .corrupt("thrift structure is cut short") }
        defer { offset += 1 }
        return bytes[offset]
    }

    private mutating func zigzag() throws(ParquetError) -> Int64 {
        let raw = try varint()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }

    private mutating func varint() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 || next <= 1 else { throw .corrupt("thrift varint out of range") }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
            guard shift <= 63 else { throw .corrupt("thrift varint out of range") }
        }
    }
}

import Testing

@testable import Parquet

@Suite("Thrift compact protocol")
struct ThriftCompactTests {
    @Test("fields, lists and structures have the bytes of the specification")
    func knownBytes() {
        var writer = ThriftCompactWriter()
        writer.structElement {
            $0.i32(1, -3)
            $0.i64(20, 300)
            $0.bool(21, true)
            $0.binary(22, Array("hi".utf8))
            $0.list(23, of: .i32, count: 2)
            $0.integerElement(1)
            $0.integerElement(-1)
            $0.structure(24) { $0.bool(1, false) }
        }
        #expect(writer.bytes == [0x15, 5, 0x06, 40, 0xD8, 4, 0x11, 0x18, 2, 104, 105, 0x19, 0x25, 2, 1, 0x1C, 0x12, 0, 0])
    }

    @Test("what is written is read, unknown fields of every type are passed over")
    func skipping() throws {
        var writer = ThriftCompactWriter()
        writer.structElement { writer in
            writer.list(1, of: .structure, count: 20)
            for index in 0..<20 {
                writer.structElement {
                    $0.i32(1, Int32(index))
                    $0.list(2, of: .booleanFalse, count: 1)
                    $0.boolElement(true)
                    $0.bool(3, true)
                    $0.structure(4) { $0.binary(1, [1, 2, 3]) }
                }
            }
            writer.i64(2, .min)
        }
        // A map of one i32 to a binary, and a double, as other writers may add: fields 3 and 4 behind.
        let bytes = writer.bytes.dropLast() + [0x1B, 1, 0x58, 2, 1, 65, 0x17, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0]
        var last: Int64 = 0
        try bytes.withUnsafeBytes { bytes in
            var reader = ThriftCompactReader(bytes)
            try reader.structure { (reader, field) throws(ParquetError) in
                if field.id == 2 { last = try reader.i64(field) } else { try reader.skip(field) }
            }
            #expect(reader.offset == bytes.count)
        }
        #expect(last == .min)
    }

    @Test("structures nested without end, lists longer than their bytes and varints of eleven bytes are refused")
    func malformed() {
        let nested = [UInt8](repeating: 0x1C, count: 10_000)
        let nestedLists = [0x19] + [UInt8](repeating: 0x19, count: 10_000)
        let longList: [UInt8] = [0x19, 0xF5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]
        let longVarint: [UInt8] = [0x15] + [UInt8](repeating: 0xFF, count: 11)
        for bytes in [nested, nestedLists, longList, longVarint, [], [0x18, 5, 1], [0x1D]] {
            #expect(throws: ParquetError.self) {
                try bytes.withUnsafeBytes { bytes in
                    var reader = ThriftCompactReader(bytes)
                    try reader.structure { (reader, field) throws(ParquetError) in try reader.skip(field) }
                }
            }
        }
    }
}

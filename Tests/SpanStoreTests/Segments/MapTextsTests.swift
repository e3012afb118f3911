import OTLP
import SeededRandom
import Testing
import TraceModel

@testable import SpanStore

@Suite("Texts of attribute maps")
struct MapTextsTests {
    @Test("are those of the values, the first time and again")
    func sameAsEncoded() throws {
        let memtable = Memtable(
            partition: PartitionID(project: ProjectID(high: 1, low: 2), receiveDay: 0), registry: PromotionRegistry(),
            compression: try CompressionQueue(recentByteCount: 0), seed: 7)
        func text(_ bytes: [UInt8]) -> UInt64 {
            bytes.withUnsafeBytes { $0.isEmpty ? ArenaText.empty.bits : memtable.arena.append($0.baseAddress!, count: $0.count).bits }
        }
        func bits(_ value: AttributeValue) -> UInt64 {
            switch value {
            case .string(let string): text(Array(string.utf8))
            case .bytes(let bytes): text(bytes)
            case .array, .keyValueList: text(AttributeValueEncoder.encodeList(value) ?? [])
            case .bool(let flag): flag ? 1 : 0
            case .int(let number): UInt64(bitPattern: number)
            case .double(let number): number.bitPattern
            case .empty: 0
            }
        }
        // An array and a key-value list, and bytes, that are the same message: none.
        let values: [AttributeValue] = [
            .string("stop"), .array([]), .keyValueList([]), .bytes([]), .array([.string("stop")]), .array([.string("length"), .int(3)]),
            .keyValueList([KeyValue("a", .bool(true))]), .bytes([1, 2, 3]), .array([.bytes([9])]), .int(-5), .double(0.1), .bool(true),
            .empty,
        ]
        func type(_ value: AttributeValue) -> AttributeType {
            switch value {
            case .string: .string
            case .bytes: .bytes
            case .array: .array
            case .keyValueList: .keyValueList
            case .bool: .bool
            case .int: .int
            case .double: .double
            case .empty: .empty
            }
        }
        let cells = values.map { AttributeCell(bits: bits($0), keyCode: 0, type: type($0).rawValue) }
        let texts = MapTexts(memtable)
        for _ in 0..<3 {
            for (value, cell) in zip(values, cells).shuffled() {
                let expected = StoredValue.encode(value)
                var found: ([UInt8], UInt8)?
                try texts.withText(of: cell) { found = (Array($0), $1) }
                #expect(found?.0 == expected.text && found?.1 == expected.tag, "\(value)")
            }
        }
    }
}

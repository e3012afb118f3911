import SeededRandom
@testable import Parquet

/// Rows that suit a schema, from a seed: some columns with few distinct values, some with many, runs of nulls, long texts.
struct RandomRows {
    var generator: SeededGenerator
    /// Texts end up in JSON in interoperability tests; other bytes do not.
    var textsAreReadable = true

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Every shape the store writes, and some it does not.
    static func everyShape() throws -> ParquetSchema {
        let attributes = ParquetSchema.Node.map("attributes", .required, value: .optional("value", .byteArray, .string))
        return try ParquetSchema([
            .required("trace_id", .fixedLengthByteArray(16)), .optional("parent_span_id", .fixedLengthByteArray(8)),
            .optional("odd_width", .fixedLengthByteArray(5)), .required("start_time", .int64, .timestampNanosecondsUTC),
            .optional("duration", .int64), .required("kind", .int32), .optional("parent_row", .int32), .optional("cost", .double),
            .required("score", .double), .optional("sampled", .boolean), .required("flag", .boolean),
            .required("name", .byteArray, .string),
            .optional("attributes.http.route", .byteArray, .string), .optional("raw", .byteArray), .optional("empty", .byteArray, .string),
            .group("status", .optional, [.optional("code", .int32), .required("message", .byteArray, .string)]), attributes,
            .list(
                "events",
                element: .group(
                    "event", .optional,
                    [
                        .required("time", .int64, .timestampNanosecondsUTC), .optional("name", .byteArray, .string),
                        .map("attributes", .optional, value: .optional("value", .byteArray, .string)),
                    ])),
            .list("tags", .required, element: .required("tag", .byteArray, .string)),
            .list("matrix", element: .list("row", element: .optional("cell", .double))),
        ])
    }

    /// An encoding that suits the leaf, and a page size that makes several pages of few rows.
    mutating func options(for leaf: ParquetSchema.Leaf) -> ColumnOptions {
        let encodings: [ColumnOptions.Encoding] =
            switch leaf.type {
            case .boolean: [.plain]
            case .int32, .int64: [.plain, .dictionary, .deltaBinaryPacked, .byteStreamSplit]
            case .double: [.plain, .dictionary, .byteStreamSplit]
            case .byteArray: [.plain, .dictionary, .deltaLengthByteArray]
            default: [.plain, .dictionary]
            }
        let takesBloom = leaf.isFlat && (leaf.type == .byteArray || leaf.type.byteWidth.map { $0 > 8 } ?? false)
        return ColumnOptions(
            encoding: encodings.randomElement(using: &generator) ?? .plain,
            compression: [.uncompressed, .zstd(level: 1), .zstd(level: 3)].randomElement(using: &generator) ?? .uncompressed,
            pageByteCount: [64, 700, 5_000, 64 << 10].randomElement(using: &generator) ?? 64,
            maximumPageRowCount: [7, 100, 20_000].randomElement(using: &generator) ?? 100,
            writesStatistics: Int.random(in: 0..<5, using: &generator) > 0, bloomFilterDistinctCount: takesBloom ? 500 : nil)
    }

    mutating func rows(_ schema: ParquetSchema, count: Int) -> [[TestValue]] {
        (0..<count).map { row in schema.columns.map { value($0, row: row) } }
    }

    private mutating func value(_ node: ParquetSchema.Node, row: Int) -> TestValue {
        switch node.repetition {
        case .required: return content(node, row: row)
        case .optional:
            // Long runs of nulls and of values beside scattered ones.
            let isNull = row / 50 % 3 == 0 ? Bool.random(using: &generator) : row / 50 % 3 == 1
            return isNull || node.name == "empty" ? .null : content(node, row: row)
        case .repeated:
            let count = Int.random(in: 0...4, using: &generator)
            return .list((0..<count).map { _ in content(node, row: row) })
        }
    }

    private mutating func content(_ node: ParquetSchema.Node, row: Int) -> TestValue {
        switch node.content {
        case .group(let children, let annotation):
            var values = children.map { value($0, row: row) }
            // Readers refuse a map with equal keys.
            if annotation == .map, case .list(let entries) = values[0] {
                values[0] = .list(
                    entries.enumerated().map { index, entry in
                        guard case .group(var parts) = entry else { return entry }
                        parts[0] = .bytes(Array("key-\(index)".utf8))
                        return .group(parts)
                    })
            }
            return .group(values)
        case .leaf(let type, let logicalType): return leafValue(type, logicalType, row: row)
        }
    }

    private mutating func leafValue(_ type: PhysicalType, _ logicalType: LogicalType, row: Int) -> TestValue {
        switch type {
        case .boolean: return .boolean(Bool.random(using: &generator))
        case .int32: return .integer(Int64(row % 4 == 0 ? Int32.random(in: .min ... .max, using: &generator) : Int32(row % 7)))
        case .int64:
            if logicalType == .timestampNanosecondsUTC {
                return .integer(1_700_000_000_000_000_000 + Int64(row) * 1_000 + Int64.random(in: 0...999, using: &generator))
            }
            return .integer(row % 5 == 0 ? Int64.random(in: .min ... .max, using: &generator) : Int64(row))
        case .double: return .double(row % 3 == 0 ? Double(row) : Double.random(in: -1e12...1e12, using: &generator))
        case .fixedLengthByteArray(let width):
            return .bytes(
                Int.random(in: 0...1, using: &generator) == 0
                    ? Array(repeating: UInt8(row / 9 & 0xFF), count: width) : generator.bytes(width))
        default: return .bytes(text(isText: logicalType == .string, row: row))
        }
    }

    private mutating func text(isText: Bool, row: Int) -> [UInt8] {
        guard isText else { return generator.bytes(Int.random(in: 0...40, using: &generator)) }
        switch Int.random(in: 0...9, using: &generator) {
        case 0: return []
        case 1:
            return Array(
                String(repeating: ["ä", "漢", "\u{10FFFF}", "z", "\u{D7FF}"].randomElement(using: &generator) ?? "z", count: 70).utf8)
        case 2: return Array("value \(Int.random(in: 0...1_000_000, using: &generator))".utf8)
        default: return Array("name-\(row % 13)".utf8)
        }
    }
}

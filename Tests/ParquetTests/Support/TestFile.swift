@testable import Parquet

/// Writes rows of nested values through the writer under test.
enum TestFile {
    /// The file's bytes. Every row group takes the next of `rowGroupSizes` rows.
    static func write(
        _ schema: ParquetSchema, rows: [[TestValue]], rowGroupSizes: [Int], options: [ColumnOptions],
        keyValues: [(String, String)] = []
    ) throws -> [UInt8] {
        var file: [UInt8] = []
        let writer = try ParquetFileWriter(schema: schema) { file.append(contentsOf: $0) }
        var start = 0
        for size in rowGroupSizes {
            var shredder = Shredder(schema: schema)
            for row in rows[start..<start + size] { shredder.add(row: row) }
            try writer.beginRowGroup(rowCount: size)
            for (leaf, shredded) in zip(schema.leaves, shredder.leaves) { try write(shredded, leaf, options[leaf.index], to: writer) }
            try writer.endRowGroup()
            start += size
        }
        try writer.finish(keyValueMetadata: keyValues)
        return file
    }

    static func write(_ shredded: ShreddedLeaf, _ leaf: ParquetSchema.Leaf, _ options: ColumnOptions, to writer: ParquetFileWriter) throws {
        // Levels that say nothing are left out in one of two ways the writer knows.
        let allDefined = shredded.definition.allSatisfy { Int($0) == leaf.maximumDefinitionLevel }
        try shredded.definition.withUnsafeBufferPointer { definition in
            try shredded.repetition.withUnsafeBufferPointer { repetition in
                try withValues(shredded.values, leaf, asDictionary: options.encoding == .dictionary && leaf.index % 2 == 0) { values in
                    try writer.writeColumn(
                        values, definitionLevels: allDefined ? nil : definition, repetitionLevels: leaf.isFlat ? nil : repetition,
                        options: options)
                }
            }
        }
    }

    /// Lends the values in the form the writer takes.
    static func withValues(
        _ values: [TestValue], _ leaf: ParquetSchema.Leaf, asDictionary: Bool, _ body: (ColumnValues) throws -> Void
    ) throws {
        switch leaf.type {
        case .boolean:
            try values.map { if case .boolean(let value) = $0 { value } else { false } }.withUnsafeBufferPointer { try body(.boolean($0)) }
        case .int32: try values.map { Int32(truncatingIfNeeded: $0.integer) }.withUnsafeBufferPointer { try body(.int32($0)) }
        case .int64: try values.map(\.integer).withUnsafeBufferPointer { try body(.int64($0)) }
        case .double:
            try values.map { if case .double(let value) = $0 { value } else { 0 } }.withUnsafeBufferPointer { try body(.double($0)) }
        case .fixedLengthByteArray(let width):
            try values.flatMap(\.raw).withUnsafeBytes { try body(.fixedLength($0, width: width)) }
        case .byteArray:
            var entries = values.map(\.raw)
            var codes: [UInt32] = []
            if asDictionary {
                let distinct = Array(Set(entries))
                let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, UInt32($0)) })
                codes = entries.map { places[$0] ?? 0 }
                entries = distinct
            }
            var offsets: [UInt32] = [0]
            for entry in entries { offsets.append((offsets.last ?? 0) + UInt32(entry.count)) }
            try offsets.withUnsafeBufferPointer { offsets in
                try entries.flatMap { $0 }.withUnsafeBytes { bytes in
                    guard asDictionary else { return try body(.byteArray(offsets: offsets, bytes: bytes)) }
                    try codes.withUnsafeBufferPointer { try body(.dictionary(codes: $0, offsets: offsets, bytes: bytes)) }
                }
            }
        case .int96, .float: preconditionFailure("never written")
        }
    }

    /// Rows of one row group, read leaf by leaf.
    static func rows(_ file: ParquetFile, rowGroup: Int, _ rows: Range<Int>? = nil) throws -> [[TestValue]] {
        let leaves = try file.schema.leaves.map { try file.readLeaf(rowGroup: rowGroup, leaf: $0.index, rows: rows) }
        var assembler = Assembler(schema: file.schema, leaves: leaves.map(\.shredded))
        return assembler.rows(rows?.count ?? file.metadata.rowGroups[rowGroup].rowCount)
    }
}

extension TestValue {
    var integer: Int64 { if case .integer(let value) = self { value } else { 0 } }
    var raw: [UInt8] { if case .bytes(let value) = self { value } else { [] } }
}

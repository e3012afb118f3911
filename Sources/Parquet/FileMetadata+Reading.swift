/// A footer back to values. Everything that a later read relies on is held against the schema and the size of the file here, once.
extension FileMetadata {
    /// `dataByteCount`: bytes in front of the footer, which is as far as anything it points at may reach.
    init(footer: UnsafeRawBufferPointer, dataByteCount: Int64) throws(ParquetError) {
        var reader = ThriftCompactReader(footer)
        var schema: ParquetSchema?
        var rowCount: Int64?
        var rowGroups: [RowGroupMetadata] = []
        var keyValues: [(key: String, value: String)] = []
        var createdBy = ""
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 2: schema = try Self.schema(&reader, field)
            case 3: rowCount = try reader.i64(field)
            case 4:
                // Fields come in the order of their numbers; chunks are checked against the schema as they are read.
                guard let schema else { throw .corrupt("row groups come before the schema") }
                for _ in 0..<(try reader.list(field, of: .structure)) {
                    rowGroups.append(try RowGroupMetadata(from: &reader, schema: schema, dataByteCount: dataByteCount))
                }
            case 5:
                for _ in 0..<(try reader.list(field, of: .structure)) { keyValues.append(try Self.keyValue(&reader)) }
            case 6: createdBy = try reader.text(field)
            case 8: throw .unsupported("encrypted columns")
            default: try reader.skip(field)
            }
        }
        guard let schema, let rowCount else { throw .corrupt("the footer lacks schema or row count") }
        var total: Int64 = 0
        for rowGroup in rowGroups { total = total.addingReportingOverflow(Int64(rowGroup.rowCount)).partialValue }
        guard total == rowCount else { throw .corrupt("row groups hold \(total) rows, the footer says \(rowCount)") }
        self.init(schema: schema, rowCount: rowCount, rowGroups: rowGroups, keyValues: keyValues, createdBy: createdBy)
    }

    private static func schema(
        _ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field
    ) throws(ParquetError) -> ParquetSchema {
        let count = try reader.list(field, of: .structure)
        guard count <= ParquetLimits.maximumSchemaNodeCount else { throw .limit("a schema of \(count) nodes") }
        var elements: [SchemaElement] = []
        for _ in 0..<count { elements.append(try SchemaElement(from: &reader)) }
        return try ParquetSchema(elements: elements)
    }

    private static func keyValue(_ reader: inout ThriftCompactReader) throws(ParquetError) -> (key: String, value: String) {
        var key: String?
        var value = ""
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: key = try reader.text(field)
            case 2: value = try reader.text(field)
            default: try reader.skip(field)
            }
        }
        guard let key else { throw .corrupt("a key/value without a key") }
        return (key, value)
    }
}

extension RowGroupMetadata {
    init(from reader: inout ThriftCompactReader, schema: ParquetSchema, dataByteCount: Int64) throws(ParquetError) {
        var group = RowGroupMetadata(
            columns: [], rowCount: -1, totalUncompressedByteCount: 0, totalCompressedByteCount: 0, fileOffset: 0, sortingColumns: [])
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1:
                let count = try reader.list(field, of: .structure)
                guard count == schema.leaves.count else {
                    throw .corrupt("a row group of \(count) chunks for \(schema.leaves.count) leaves")
                }
                for leaf in schema.leaves {
                    group.columns.append(try ColumnChunkMetadata(from: &reader, leaf: leaf, dataByteCount: dataByteCount))
                }
            case 2: group.totalUncompressedByteCount = try reader.i64(field)
            case 3:
                let count = try reader.i64(field)
                guard count >= 0, count <= Int64(Int32.max) else { throw .corrupt("a row group of \(count) rows") }
                group.rowCount = Int(count)
            case 4:
                for _ in 0..<(try reader.list(field, of: .structure)) { group.sortingColumns.append(try SortingColumn(from: &reader)) }
            case 5: group.fileOffset = try reader.i64(field)
            case 6: group.totalCompressedByteCount = try reader.i64(field)
            default: try reader.skip(field)
            }
        }
        guard group.rowCount >= 0, group.columns.count == schema.leaves.count else { throw .corrupt("a row group without rows or columns") }
        for (leaf, column) in zip(schema.leaves, group.columns) {
            let isEnough = leaf.isFlat ? column.valueCount == group.rowCount : column.valueCount >= group.rowCount
            guard isEnough else { throw .corrupt("\(leaf.path): \(column.valueCount) entries in a row group of \(group.rowCount) rows") }
        }
        self = group
    }
}

extension SortingColumn {
    init(from reader: inout ThriftCompactReader) throws(ParquetError) {
        var column = SortingColumn(leafIndex: 0)
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: column.leafIndex = Int(try reader.i32(field))
            case 2: column.descending = try reader.bool(field)
            case 3: column.nullsFirst = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self = column
    }
}

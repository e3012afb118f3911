/// A page header as it is read. Sizes are held against the limits, not yet against the bytes that follow.
struct PageHeader {
    enum Kind {
        /// The level encodings are raw: writers fill them in even for leaves without levels.
        case data(entryCount: Int, encoding: ParquetEncoding, definitionEncoding: Int32, repetitionEncoding: Int32)
        case dataV2(entryCount: Int, encoding: ParquetEncoding, definitionByteCount: Int, repetitionByteCount: Int, isCompressed: Bool)
        case dictionary(entryCount: Int, encoding: ParquetEncoding)
        /// Index pages and kinds to come: passed over.
        case other
    }

    var kind: Kind
    var uncompressedByteCount: Int
    var compressedByteCount: Int
    var checksum: Int32?
    /// Bytes of the header itself.
    var byteCount: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        var reader = ThriftCompactReader(UnsafeRawBufferPointer(rebasing: bytes.prefix(ParquetLimits.maximumPageHeaderByteCount)))
        var type: Int32?
        var uncompressed: Int32 = -1
        var compressed: Int32 = -1
        var checksum: Int32?
        var data = DataFields()
        try reader.structure { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: type = try reader.i32(field)
            case 2: uncompressed = try reader.i32(field)
            case 3: compressed = try reader.i32(field)
            case 4: checksum = try reader.i32(field)
            case 5: try data.readVersion1(&reader, field)
            case 7: try data.readDictionary(&reader, field)
            case 8: try data.readVersion2(&reader, field)
            default: try reader.skip(field)
            }
        }
        guard let type, uncompressed >= 0, compressed >= 0 else { throw .corrupt("a page header without type or sizes") }
        guard Int(uncompressed) <= ParquetLimits.maximumPageByteCount, Int(compressed) <= ParquetLimits.maximumPageByteCount else {
            throw .limit("a page of \(max(uncompressed, compressed)) bytes")
        }
        kind = try data.kind(PageType(rawValue: type))
        uncompressedByteCount = Int(uncompressed)
        compressedByteCount = Int(compressed)
        self.checksum = checksum
        byteCount = reader.offset
    }
}

extension PageHeader {
    /// Entries of a data page; 0 for other pages.
    var dataEntryCount: Int {
        switch kind {
        case .data(let entryCount, _, _, _), .dataV2(let entryCount, _, _, _, _): entryCount
        case .dictionary, .other: 0
        }
    }
}

/// The fields of the three kinds of inner headers.
private struct DataFields {
    private var entryCount: Int32 = -1
    private var encoding: Int32 = -1
    private var definitionEncoding: Int32 = ParquetEncoding.runLength.rawValue
    private var repetitionEncoding: Int32 = ParquetEncoding.runLength.rawValue
    private var definitionByteCount: Int32 = 0
    private var repetitionByteCount: Int32 = 0
    private var isCompressed = true

    mutating func readVersion1(_ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field) throws(ParquetError) {
        var fields = self
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: fields.entryCount = try reader.i32(field)
            case 2: fields.encoding = try reader.i32(field)
            case 3: fields.definitionEncoding = try reader.i32(field)
            case 4: fields.repetitionEncoding = try reader.i32(field)
            default: try reader.skip(field)
            }
        }
        self = fields
    }

    mutating func readDictionary(_ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field) throws(ParquetError) {
        var fields = self
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: fields.entryCount = try reader.i32(field)
            case 2: fields.encoding = try reader.i32(field)
            default: try reader.skip(field)
            }
        }
        self = fields
    }

    mutating func readVersion2(_ reader: inout ThriftCompactReader, _ field: ThriftCompactReader.Field) throws(ParquetError) {
        var fields = self
        try reader.structure(field) { (reader, field) throws(ParquetError) in
            switch field.id {
            case 1: fields.entryCount = try reader.i32(field)
            case 4: fields.encoding = try reader.i32(field)
            case 5: fields.definitionByteCount = try reader.i32(field)
            case 6: fields.repetitionByteCount = try reader.i32(field)
            case 7: fields.isCompressed = try reader.bool(field)
            default: try reader.skip(field)
            }
        }
        self = fields
    }

    func kind(_ type: PageType?) throws(ParquetError) -> PageHeader.Kind {
        guard let type, type != .index else { return .other }
        guard entryCount >= 0 else { throw .corrupt("a page header without its inner header") }
        guard Int(entryCount) <= ParquetLimits.maximumValueCount else { throw .limit("a page of \(entryCount) values") }
        guard let encoding = ParquetEncoding(rawValue: encoding) else { throw .unsupported("encoding \(encoding)") }
        let count = Int(entryCount)
        switch type {
        case .data:
            return .data(
                entryCount: count, encoding: encoding, definitionEncoding: definitionEncoding, repetitionEncoding: repetitionEncoding)
        case .dataV2:
            guard definitionByteCount >= 0, repetitionByteCount >= 0 else { throw .corrupt("levels of a negative length") }
            return .dataV2(
                entryCount: count, encoding: encoding, definitionByteCount: Int(definitionByteCount),
                repetitionByteCount: Int(repetitionByteCount), isCompressed: isCompressed)
        case .dictionary: return .dictionary(entryCount: count, encoding: encoding)
        case .index: return .other
        }
    }
}

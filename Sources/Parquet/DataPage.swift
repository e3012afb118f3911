/// A data page taken apart: levels decoded, values as bytes. The bytes belong to the context and last until its next page.
struct DataPage {
    var entryCount: Int
    var encoding: ParquetEncoding
    /// Nil where the leaf has none, or all equal the maximum.
    var definitionLevels: [UInt8]?
    var repetitionLevels: [UInt8]?
    /// Values that are present.
    var valueCount: Int
    var values: UnsafeRawBufferPointer

    /// Nil for pages that are not data pages. `body` is what lies behind the header, of the length the header says.
    init?(
        _ header: PageHeader, body: UnsafeRawBufferPointer, leaf: ParquetSchema.Leaf, codec: CompressionCodec, context: ParquetReadContext
    ) throws(ParquetError) {
        switch header.kind {
        case .data(let entryCount, let encoding, let definitionEncoding, let repetitionEncoding):
            self.init(
                entryCount: entryCount, encoding: encoding, page: try Self.decompress(body, header.uncompressedByteCount, codec, context))
            try takeRepetitionLevels(leaf, byteCount: try levelByteCount(leaf.maximumRepetitionLevel, encoding: repetitionEncoding))
            try takeDefinitionLevels(leaf, byteCount: try levelByteCount(leaf.maximumDefinitionLevel, encoding: definitionEncoding))
        case .dataV2(let entryCount, let encoding, let definitionByteCount, let repetitionByteCount, let isCompressed):
            let levelByteCount = definitionByteCount + repetitionByteCount
            guard levelByteCount <= body.count, levelByteCount <= header.uncompressedByteCount else {
                throw .corrupt("levels longer than their page")
            }
            self.init(entryCount: entryCount, encoding: encoding, page: UnsafeRawBufferPointer(rebasing: body[0..<levelByteCount]))
            try takeRepetitionLevels(leaf, byteCount: repetitionByteCount)
            try takeDefinitionLevels(leaf, byteCount: definitionByteCount)
            let rest = UnsafeRawBufferPointer(rebasing: body[levelByteCount...])
            values = try Self.decompress(
                rest, header.uncompressedByteCount - levelByteCount, isCompressed ? codec : .uncompressed, context)
        case .dictionary, .other: return nil
        }
    }

    private init(entryCount: Int, encoding: ParquetEncoding, page: UnsafeRawBufferPointer) {
        self.entryCount = entryCount
        self.encoding = encoding
        valueCount = entryCount
        values = page
    }

    /// The bytes of a page; not copied where they are not compressed.
    static func decompress(
        _ bytes: UnsafeRawBufferPointer, _ byteCount: Int, _ codec: CompressionCodec, _ context: ParquetReadContext
    ) throws(ParquetError) -> UnsafeRawBufferPointer {
        if codec == .uncompressed {
            guard bytes.count == byteCount else { throw .corrupt("an uncompressed page of another length than it says") }
            return bytes
        }
        context.page.removeAll()
        let target = UnsafeMutableRawBufferPointer(start: context.page.reserve(byteCount), count: byteCount)
        try context.decompressor.decompress(bytes, codec: codec, into: target)
        context.page.advance(by: byteCount)
        return context.page.bytes
    }

    /// Takes the 4-byte length in front of version 1 levels; 0 where the leaf has no such levels.
    private mutating func levelByteCount(_ maximum: Int, encoding: Int32) throws(ParquetError) -> Int {
        guard maximum > 0 else { return 0 }
        // Levels as BIT_PACKED were given up in 2014.
        guard encoding == ParquetEncoding.runLength.rawValue else { throw .unsupported("levels that are not RLE") }
        guard values.count >= 4 else { throw .corrupt("levels are cut short") }
        let length = Int(UInt32(littleEndian: values.loadUnaligned(as: UInt32.self)))
        values = UnsafeRawBufferPointer(rebasing: values[4...])
        return length
    }

    private mutating func takeRepetitionLevels(_ leaf: ParquetSchema.Leaf, byteCount: Int) throws(ParquetError) {
        repetitionLevels = try takeLevels(maximum: leaf.maximumRepetitionLevel, byteCount: byteCount)?.levels
    }

    private mutating func takeDefinitionLevels(_ leaf: ParquetSchema.Leaf, byteCount: Int) throws(ParquetError) {
        guard let (levels, atMaximum) = try takeLevels(maximum: leaf.maximumDefinitionLevel, byteCount: byteCount) else { return }
        valueCount = atMaximum
        definitionLevels = valueCount == entryCount ? nil : levels
    }

    /// Also answers how many levels equal the maximum; none is above it.
    private mutating func takeLevels(maximum: Int, byteCount: Int) throws(ParquetError) -> (levels: [UInt8], atMaximum: Int)? {
        guard byteCount <= values.count else { throw .corrupt("levels longer than their page") }
        let bytes = UnsafeRawBufferPointer(rebasing: values[0..<byteCount])
        values = UnsafeRawBufferPointer(rebasing: values[byteCount...])
        guard maximum > 0 else { return nil }
        var decoder = try RunLengthBitPackedDecoder(bytes, bitWidth: Levels.bitWidth(maximum: maximum))
        let levels = try decoder.levels(entryCount)
        return (levels, try Levels.countPresent(levels, 0..<entryCount, maximum: maximum))
    }
}

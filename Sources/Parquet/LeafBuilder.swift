/// Collects the rows of a leaf while its pages are decoded. Which of the arrays is in use depends on the leaf's type; byte arrays stay
/// codes as long as every page is dictionary-coded.
struct LeafBuilder {
    let leaf: ParquetSchema.Leaf
    private(set) var entryCount = 0
    private(set) var definitionLevels: [UInt8]?
    private(set) var repetitionLevels: [UInt8] = []
    var booleans: [Bool] = []
    var int32s: [Int32] = []
    var int64s: [Int64] = []
    var doubles: [Double] = []
    var fixed: [UInt8] = []
    var strings = ByteArrayColumn()
    private var codes: [UInt32] = []
    /// Codes of numbers, on their way to be looked up.
    private var lookups: [UInt32] = []
    private var dictionary: ChunkDictionary?

    init(leaf: ParquetSchema.Leaf) { self.leaf = leaf }

    // MARK: Levels

    /// `definition` nil: all entries are at the maximum.
    mutating func appendLevels(
        count: Int, definition: ArraySlice<UInt8>?, repetition: ArraySlice<UInt8>?
    ) throws(ParquetError) {
        guard count <= ParquetLimits.maximumValueCount - entryCount else { throw .limit("\(leaf.path): too many entries in one read") }
        if let definition {
            var levels = definitionLevels ?? Array(repeating: UInt8(truncatingIfNeeded: leaf.maximumDefinitionLevel), count: entryCount)
            definitionLevels = nil
            levels.append(contentsOf: definition)
            definitionLevels = levels
        } else if definitionLevels != nil {
            definitionLevels?.append(contentsOf: repeatElement(UInt8(truncatingIfNeeded: leaf.maximumDefinitionLevel), count: count))
        }
        if let repetition { repetitionLevels.append(contentsOf: repetition) }
        entryCount += count
    }

    // MARK: Values

    /// Values of one width, as they lie in a page or a dictionary.
    mutating func appendFixed(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        switch leaf.type {
        case .int32: int32s.append(rawBytes: bytes, zero: 0)
        case .int64: int64s.append(rawBytes: bytes, zero: 0)
        case .double: doubles.append(rawBytes: bytes, zero: 0)
        case .float:
            doubles.reserveCapacity(doubles.count + bytes.count / 4)
            for index in 0..<bytes.count / 4 {
                doubles.append(Double(Float(bitPattern: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))))
            }
        case .int96, .fixedLengthByteArray:
            guard bytes.count <= ParquetLimits.maximumDecodedByteCount - fixed.count else { throw .limit("\(leaf.path): too many bytes") }
            fixed.append(contentsOf: bytes)
        case .boolean, .byteArray: throw .corrupt("\(leaf.path): fixed-width values for \(leaf.type)")
        }
    }

    /// Codes of values, each held against the dictionary's count here. Numbers are looked up at once; byte arrays stay codes unless
    /// other pages of the chunk were not coded.
    mutating func appendCodes(
        _ count: Int, from decoder: inout RunLengthBitPackedDecoder, dictionary: ChunkDictionary
    ) throws(ParquetError) {
        if case .byteArray(let offsets, let bytes) = dictionary.values {
            self.dictionary = dictionary
            let start = codes.count
            try decoder.take(count, into: &codes)
            try check(codes[start...], dictionary)
            if strings.count > 0 { try expandCodes(offsets, bytes) }
            return
        }
        lookups.removeAll(keepingCapacity: true)
        try decoder.take(count, into: &lookups)
        try check(lookups[...], dictionary)
        switch dictionary.values {
        case .int32(let entries): int32s.append(contentsOf: lookups.lazy.map { entries[Int($0)] })
        case .int64(let entries): int64s.append(contentsOf: lookups.lazy.map { entries[Int($0)] })
        case .double(let entries): doubles.append(contentsOf: lookups.lazy.map { entries[Int($0)] })
        case .fixedLength(let entries, let width):
            guard count * width <= ParquetLimits.maximumDecodedByteCount - fixed.count else { throw .limit("\(leaf.path): too many bytes") }
            for code in lookups { fixed.append(contentsOf: entries[Int(code) * width..<(Int(code) + 1) * width]) }
        case .boolean, .byteArray, .dictionary: throw .corrupt("\(leaf.path): a dictionary of \(leaf.type)")
        }
    }

    private func check(_ codes: ArraySlice<UInt32>, _ dictionary: ChunkDictionary) throws(ParquetError) {
        var largest: UInt32 = 0
        for code in codes { largest = max(largest, code) }
        guard codes.isEmpty || Int(largest) < dictionary.count else { throw .corrupt("\(leaf.path): a code outside of the dictionary") }
    }

    /// Must come before values are added to `strings`: codes collected so far become values.
    mutating func expandCodes() throws(ParquetError) {
        guard !codes.isEmpty, let dictionary, case .byteArray(let offsets, let bytes) = dictionary.values else { return }
        try expandCodes(offsets, bytes)
    }

    private mutating func expandCodes(_ offsets: [UInt32], _ bytes: [UInt8]) throws(ParquetError) {
        var total = 0
        for code in codes { total += Int(offsets[Int(code) + 1] - offsets[Int(code)]) }
        try strings.makeRoom(total)
        strings.bytes.reserveCapacity(strings.bytes.count + total)
        for code in codes {
            strings.bytes.append(contentsOf: bytes[Int(offsets[Int(code)])..<Int(offsets[Int(code) + 1])])
            strings.offsets.append(UInt32(truncatingIfNeeded: strings.bytes.count))
        }
        codes.removeAll()
    }

    func finish(rowCount: Int) throws(ParquetError) -> DecodedLeaf {
        let leafIsNested = leaf.maximumRepetitionLevel > 0
        let foundRowCount = leafIsNested ? repetitionLevels.reduce(0) { $0 + ($1 == 0 ? 1 : 0) } : entryCount
        guard foundRowCount == rowCount else { throw .corrupt("\(leaf.path): \(foundRowCount) rows where \(rowCount) belong") }
        let values: DecodedLeaf.Values =
            switch leaf.type {
            case .boolean: .boolean(booleans)
            case .int32: .int32(int32s)
            case .int64: .int64(int64s)
            case .float, .double: .double(doubles)
            case .int96: .fixedLength(fixed, width: 12)
            case .fixedLengthByteArray(let width): .fixedLength(fixed, width: width)
            case .byteArray:
                if strings.count == 0, let dictionary, case .byteArray(let offsets, let bytes) = dictionary.values {
                    .dictionary(codes: codes, offsets: offsets, bytes: bytes)
                } else {
                    .byteArray(offsets: strings.offsets, bytes: strings.bytes)
                }
            }
        return DecodedLeaf(
            values: values, definitionLevels: definitionLevels, repetitionLevels: leafIsNested ? repetitionLevels : nil, rowCount: rowCount,
            maximumDefinitionLevel: leaf.maximumDefinitionLevel)
    }
}

/// The entries of a chunk's dictionary page; never itself `.dictionary`.
package struct ChunkDictionary: Sendable {
    package let values: DecodedLeaf.Values
    var count: Int { values.count }

    /// Bytes of memory, roughly.
    package var approximateByteCount: Int {
        switch values {
        case .byteArray(let offsets, let bytes), .dictionary(_, let offsets, let bytes): offsets.count * 4 + bytes.count
        case .fixedLength(let bytes, _): bytes.count
        case .boolean, .int32, .int64, .double: count * 8
        }
    }

    init(_ page: UnsafeRawBufferPointer, entryCount: Int, leaf: ParquetSchema.Leaf) throws(ParquetError) {
        var builder = LeafBuilder(leaf: leaf)
        if leaf.type == .byteArray {
            var decoder = PlainByteArrayDecoder(page)
            try decoder.take(entryCount, into: &builder.strings)
            values = .byteArray(offsets: builder.strings.offsets, bytes: builder.strings.bytes)
        } else if let width = leaf.type.byteWidth {
            try builder.appendFixed(try PlainFixedDecoder.slice(page, position: 0, count: entryCount, width: width))
            switch leaf.type {
            case .int32: values = .int32(builder.int32s)
            case .int64: values = .int64(builder.int64s)
            case .float, .double: values = .double(builder.doubles)
            default: values = .fixedLength(builder.fixed, width: width)
            }
        } else {
            throw .corrupt("\(leaf.path): a dictionary of booleans")
        }
    }
}

extension Array where Element: BitwiseCopyable {
    /// Whole elements as they lie in memory; little-endian, as are all machines this runs on.
    mutating func append(rawBytes: UnsafeRawBufferPointer, zero: Element) {
        let start = count
        append(contentsOf: repeatElement(zero, count: rawBytes.count / MemoryLayout<Element>.size))
        withUnsafeMutableBytes { $0[(start * MemoryLayout<Element>.size)...].copyBytes(from: rawBytes) }
    }
}

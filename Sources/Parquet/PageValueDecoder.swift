/// The values of one data page, passed over or taken in order. Which decoder meets which type is decided here, once a page.
struct PageValueDecoder {
    private enum Kind {
        case plainFixed
        case plainBooleans
        case plainByteArrays
        case codes
        case runLengthBooleans
        case deltas
        /// Delta-coded values of a page that is not taken whole: each rests on the one before, so all were decoded once.
        case int32s
        case int64s
        case lengthsFirst
        case sharedPrefixes
        case split
    }

    private let page: UnsafeRawBufferPointer
    private let leaf: ParquetSchema.Leaf
    /// Values in the page.
    private let total: Int
    private var position = 0
    private var kind: Kind
    // What the kinds need. Separate properties, not payloads of the cases: those would be copied out and in at every step.
    private let width: Int
    private var plainByteArrays: PlainByteArrayDecoder
    private var runs: RunLengthBitPackedDecoder
    private let dictionary: ChunkDictionary?
    private var int32s: [Int32] = []
    private var int64s: [Int64] = []
    private var offsets: [UInt32] = []
    private var bytesBehindLengths: UnsafeRawBufferPointer
    private var prefixed = ByteArrayColumn()

    init(
        _ page: UnsafeRawBufferPointer, encoding: ParquetEncoding, valueCount: Int, leaf: ParquetSchema.Leaf, dictionary: ChunkDictionary?
    ) throws(ParquetError) {
        self.page = page
        self.leaf = leaf
        self.dictionary = dictionary
        total = valueCount
        width = leaf.type.byteWidth ?? 0
        plainByteArrays = PlainByteArrayDecoder(page)
        runs = try RunLengthBitPackedDecoder(page, bitWidth: 0)
        bytesBehindLengths = page
        switch (encoding, leaf.type) {
        case (.plain, .boolean): kind = .plainBooleans
        case (.plain, .byteArray): kind = .plainByteArrays
        case (.plain, _): kind = .plainFixed
        case (.runLength, .boolean):
            kind = .runLengthBooleans
            runs = try Self.booleanRuns(page, valueCount: valueCount)
        case (.plainDictionary, _), (.runLengthDictionary, _):
            guard dictionary != nil else { throw .corrupt("\(leaf.path): codes without a dictionary") }
            kind = .codes
            // A page of nulls may lack even the byte that says how wide codes are.
            runs = try RunLengthBitPackedDecoder(UnsafeRawBufferPointer(rebasing: page.dropFirst()), bitWidth: Int(page.first ?? 0))
        case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): kind = .deltas
        case (.deltaLengthByteArray, .byteArray):
            kind = .lengthsFirst
            if valueCount > 0 { (offsets, bytesBehindLengths) = try DeltaLengthByteArrayDecoder.decode(page, count: valueCount) }
        case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLengthByteArray):
            kind = .sharedPrefixes
            if valueCount > 0 { prefixed = try DeltaByteArrayDecoder.decode(page, count: valueCount) }
        case (.byteStreamSplit, let type):
            guard type.byteWidth != nil else { throw .unsupported("\(leaf.path): \(encoding) for \(type)") }
            kind = .split
        default: throw .unsupported("\(leaf.path): \(encoding) for \(leaf.type)")
        }
    }

    /// Version 1 and 2 pages alike: a 4-byte length, then runs of one bit.
    private static func booleanRuns(_ page: UnsafeRawBufferPointer, valueCount: Int) throws(ParquetError) -> RunLengthBitPackedDecoder {
        guard page.count >= 4 else {
            guard valueCount == 0 else { throw .corrupt("run-length booleans are cut short") }
            return try RunLengthBitPackedDecoder(page, bitWidth: 1)
        }
        let length = Int(UInt32(littleEndian: page.loadUnaligned(as: UInt32.self)))
        guard length <= page.count - 4 else { throw .corrupt("run-length booleans are cut short") }
        return try RunLengthBitPackedDecoder(UnsafeRawBufferPointer(rebasing: page[4..<4 + length]), bitWidth: 1)
    }

    mutating func skip(_ count: Int) throws(ParquetError) {
        guard count > 0 else { return }
        switch kind {
        case .plainByteArrays: try plainByteArrays.skip(count)
        case .codes, .runLengthBooleans: try runs.skip(count)
        case .plainFixed, .plainBooleans, .deltas, .int32s, .int64s, .lengthsFirst, .sharedPrefixes, .split: break
        }
        position += count
    }

    /// Callers ask for no more than the page's values in all.
    mutating func take(_ count: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        guard count > 0 else { return }
        guard count <= total - position else { throw .corrupt("\(leaf.path): more values asked of a page than it has") }
        switch kind {
        case .plainFixed:
            try builder.appendFixed(try PlainFixedDecoder.slice(page, position: position, count: count, width: width))
        case .plainBooleans:
            try PlainFixedDecoder.booleans(page, position: position, count: count, into: &builder.booleans)
        case .plainByteArrays:
            try builder.expandCodes()
            try plainByteArrays.take(count, into: &builder.strings)
        case .codes:
            if let dictionary { try builder.appendCodes(count, from: &runs, dictionary: dictionary) }
        case .runLengthBooleans: builder.booleans.append(contentsOf: try runs.levels(count).lazy.map { $0 != 0 })
        case .deltas: try takeDeltas(count, into: &builder)
        case .int32s: builder.int32s.append(contentsOf: int32s[position..<position + count])
        case .int64s: builder.int64s.append(contentsOf: int64s[position..<position + count])
        case .lengthsFirst:
            try builder.expandCodes()
            try builder.strings.append(position..<position + count, offsets: offsets, bytes: bytesBehindLengths)
        case .sharedPrefixes: try takeSharedPrefixes(count, into: &builder)
        case .split: try takeSplit(count, into: &builder)
        }
        position += count
    }

    private mutating func takeDeltas(_ count: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        let isWhole = position == 0 && count == total
        switch (leaf.type, isWhole) {
        case (.int32, true):
            let start = builder.int32s.count
            builder.int32s.append(contentsOf: repeatElement(0, count: count))
            _ = try builder.int32s.decodeDeltas(page, from: start)
        case (.int32, false):
            int32s = Array(repeating: 0, count: total)
            _ = try int32s.decodeDeltas(page, from: 0)
            kind = .int32s
            builder.int32s.append(contentsOf: int32s[position..<position + count])
        case (_, true):
            let start = builder.int64s.count
            builder.int64s.append(contentsOf: repeatElement(0, count: count))
            _ = try builder.int64s.decodeDeltas(page, from: start)
        case (_, false):
            int64s = Array(repeating: 0, count: total)
            _ = try int64s.decodeDeltas(page, from: 0)
            kind = .int64s
            builder.int64s.append(contentsOf: int64s[position..<position + count])
        }
    }

    private func takeSharedPrefixes(_ count: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        if leaf.type != .byteArray {
            for index in position..<position + count {
                let value = Int(prefixed.offsets[index])..<Int(prefixed.offsets[index + 1])
                guard value.count == width else { throw .corrupt("\(leaf.path): a value of \(value.count) bytes") }
                builder.fixed.append(contentsOf: prefixed.bytes[value])
            }
            return
        }
        try builder.expandCodes()
        var result: Result<Void, ParquetError> = .success(())
        prefixed.bytes.withUnsafeBytes { bytes in
            result = Result { () throws(ParquetError) in
                try builder.strings.append(position..<position + count, offsets: prefixed.offsets, bytes: bytes)
            }
        }
        try result.get()
    }

    private func takeSplit(_ count: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        guard total * width <= page.count else { throw .corrupt("\(leaf.path): split values are cut short") }
        let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: count * width, alignment: 8)
        defer { whole.deallocate() }
        try ByteStreamSplitDecoder.decode(page, total: total, position: position, count: count, width: width, into: whole)
        try builder.appendFixed(UnsafeRawBufferPointer(whole))
    }
}

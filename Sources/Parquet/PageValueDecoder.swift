/// The values of one data page, passed over or taken in order. Which decoder meets which type is decided here, once a page.
struct PageValueDecoder {
    private enum State {
        case plainFixed(width: Int)
        case plainBooleans
        case plainByteArrays(PlainByteArrayDecoder)
        case codes(RunLengthBitPackedDecoder, DictionaryEntries)
        case runLengthBooleans(RunLengthBitPackedDecoder)
        case deltas
        /// Delta-coded values of a page that is not taken whole: each rests on the one before, so all were decoded once.
        case int32s([Int32])
        case int64s([Int64])
        case byteArrays(offsets: [UInt32], bytes: UnsafeRawBufferPointer)
        case sharedPrefixes(ByteArrayColumn)
        case split(width: Int)
    }

    private let page: UnsafeRawBufferPointer
    private let leaf: ParquetSchema.Leaf
    /// Values in the page.
    private let total: Int
    private var position = 0
    private var state: State

    init(
        _ page: UnsafeRawBufferPointer, encoding: ParquetEncoding, valueCount: Int, leaf: ParquetSchema.Leaf, dictionary: DictionaryEntries?
    ) throws(ParquetError) {
        self.page = page
        self.leaf = leaf
        total = valueCount
        switch (encoding, leaf.type) {
        case (.plain, .boolean): state = .plainBooleans
        case (.plain, .byteArray): state = .plainByteArrays(PlainByteArrayDecoder(page))
        case (.plain, let type): state = .plainFixed(width: type.byteWidth ?? 0)
        case (.runLength, .boolean): state = .runLengthBooleans(try Self.booleanRuns(page, valueCount: valueCount))
        case (.plainDictionary, _), (.runLengthDictionary, _):
            guard let dictionary else { throw .corrupt("\(leaf.path): codes without a dictionary") }
            // A page of nulls may lack even the byte that says how wide codes are.
            let bitWidth = page.first ?? 0
            state = .codes(try RunLengthBitPackedDecoder(UnsafeRawBufferPointer(rebasing: page.dropFirst()), bitWidth: Int(bitWidth)), dictionary)
        case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): state = .deltas
        case (.deltaLengthByteArray, .byteArray):
            let (offsets, bytes) = valueCount == 0 ? ([0], page) : try DeltaLengthByteArrayDecoder.decode(page, count: valueCount)
            state = .byteArrays(offsets: offsets, bytes: bytes)
        case (.deltaByteArray, .byteArray), (.deltaByteArray, .fixedLengthByteArray):
            state = .sharedPrefixes(valueCount == 0 ? ByteArrayColumn() : try DeltaByteArrayDecoder.decode(page, count: valueCount))
        case (.byteStreamSplit, let type):
            guard let width = type.byteWidth else { throw .unsupported("\(leaf.path): \(encoding) for \(type)") }
            state = .split(width: width)
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
        switch state {
        case .plainByteArrays(var decoder):
            try decoder.skip(count)
            state = .plainByteArrays(decoder)
        case .codes(var decoder, let dictionary):
            try decoder.skip(count)
            state = .codes(decoder, dictionary)
        case .runLengthBooleans(var decoder):
            try decoder.skip(count)
            state = .runLengthBooleans(decoder)
        case .plainFixed, .plainBooleans, .deltas, .int32s, .int64s, .byteArrays, .sharedPrefixes, .split: break
        }
        position += count
    }

    /// Callers ask for no more than the page's values in all.
    mutating func take(_ count: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        guard count > 0 else { return }
        guard count <= total - position else { throw .corrupt("\(leaf.path): more values asked of a page than it has") }
        defer { position += count }
        switch state {
        case .plainFixed(let width):
            try builder.appendFixed(try PlainFixedDecoder.slice(page, position: position, count: count, width: width))
        case .plainBooleans:
            try PlainFixedDecoder.booleans(page, position: position, count: count, into: &builder.booleans)
        case .plainByteArrays(var decoder):
            try builder.expandCodes()
            try decoder.take(count, into: &builder.strings)
            state = .plainByteArrays(decoder)
        case .codes(var decoder, let dictionary):
            try builder.appendCodes(count, from: &decoder, dictionary: dictionary)
            state = .codes(decoder, dictionary)
        case .runLengthBooleans(var decoder):
            let bits = try decoder.levels(count).levels
            state = .runLengthBooleans(decoder)
            for bit in bits { builder.booleans.append(bit != 0) }
        case .deltas: try takeDeltas(count, into: &builder)
        case .int32s(let values): builder.int32s.append(contentsOf: values[position..<position + count])
        case .int64s(let values): builder.int64s.append(contentsOf: values[position..<position + count])
        case .byteArrays(let offsets, let bytes):
            try builder.expandCodes()
            try builder.strings.append(position..<position + count, offsets: offsets, bytes: bytes)
        case .sharedPrefixes(let column): try takeSharedPrefixes(column, count, into: &builder)
        case .split(let width): try takeSplit(count, width: width, into: &builder)
        }
    }

    private mutating func takeDeltas(_ count: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        let isWhole = position == 0 && count == total
        switch (leaf.type, isWhole) {
        case (.int32, true):
            let start = builder.int32s.count
            builder.int32s.append(contentsOf: repeatElement(0, count: count))
            _ = try builder.int32s.decodeDeltas(page, from: start)
        case (.int32, false):
            var all = [Int32](repeating: 0, count: total)
            _ = try all.decodeDeltas(page, from: 0)
            builder.int32s.append(contentsOf: all[position..<position + count])
            state = .int32s(all)
        case (_, true):
            let start = builder.int64s.count
            builder.int64s.append(contentsOf: repeatElement(0, count: count))
            _ = try builder.int64s.decodeDeltas(page, from: start)
        case (_, false):
            var all = [Int64](repeating: 0, count: total)
            _ = try all.decodeDeltas(page, from: 0)
            builder.int64s.append(contentsOf: all[position..<position + count])
            state = .int64s(all)
        }
    }

    private func takeSharedPrefixes(_ column: ByteArrayColumn, _ count: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        if case .fixedLengthByteArray(let width) = leaf.type {
            for index in position..<position + count {
                let value = Int(column.offsets[index])..<Int(column.offsets[index + 1])
                guard value.count == width else { throw .corrupt("\(leaf.path): a value of \(value.count) bytes") }
                builder.fixed.append(contentsOf: column.bytes[value])
            }
            return
        }
        try builder.expandCodes()
        var result: Result<Void, ParquetError> = .success(())
        column.bytes.withUnsafeBytes { bytes in
            result = Result { () throws(ParquetError) in
                try builder.strings.append(position..<position + count, offsets: column.offsets, bytes: bytes)
            }
        }
        try result.get()
    }

    private func takeSplit(_ count: Int, width: Int, into builder: inout LeafBuilder) throws(ParquetError) {
        guard total * width <= page.count else { throw .corrupt("\(leaf.path): split values are cut short") }
        let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: count * width, alignment: 8)
        defer { whole.deallocate() }
        try ByteStreamSplitDecoder.decode(page, total: total, position: position, count: count, width: width, into: whole)
        try builder.appendFixed(UnsafeRawBufferPointer(whole))
    }
}

extension RunLengthBitPackedDecoder {
    /// Appends `count` codes.
    mutating func take(_ count: Int, into codes: inout [UInt32]) throws(ParquetError) {
        let start = codes.count
        codes.append(contentsOf: repeatElement(0, count: count))
        var decoder = self
        var failure: ParquetError?
        codes.withUnsafeMutableBufferPointer { buffer in
            do throws(ParquetError) {
                try decoder.decode(into: UnsafeMutableBufferPointer(rebasing: buffer[start...]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        self = decoder
    }

    mutating func levels(_ count: Int) throws(ParquetError) -> (levels: [UInt8], largest: UInt8) {
        var decoder = self
        var failure: ParquetError?
        var largest: UInt8 = 0
        let levels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(ParquetError) {
                largest = try decoder.decode(into: UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
                initialized = count
            } catch {
                failure = error
                initialized = 0
            }
        }
        if let failure { throw failure }
        self = decoder
        return (levels, largest)
    }
}

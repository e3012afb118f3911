/// Encodes a range of a chunk's values as the chunk's options ask: which encoder meets which type is decided here, once a chunk.
struct PageValueWriter {
    let values: ColumnValues
    /// Set where data pages hold codes.
    let codes: UnsafeBufferPointer<UInt32>?
    let encoding: ParquetEncoding
    private let codeBitWidth: Int

    init(values: ColumnValues, codes: UnsafeBufferPointer<UInt32>?, encoding: ColumnOptions.Encoding, entryCount: Int) throws(ParquetError)
    {
        self.values = values
        self.codes = codes
        codeBitWidth = entryCount > 1 ? Int.bitWidth - (entryCount - 1).leadingZeroBitCount : 0
        if codes != nil {
            self.encoding = .runLengthDictionary
            return
        }
        switch (encoding, values) {
        // A dictionary that was not worth building, or that the type has no use for.
        case (.plain, _), (.dictionary, _): self.encoding = .plain
        case (.deltaBinaryPacked, .int32), (.deltaBinaryPacked, .int64): self.encoding = .deltaBinaryPacked
        case (.deltaLengthByteArray, .byteArray), (.deltaLengthByteArray, .dictionary): self.encoding = .deltaLengthByteArray
        // Not for fixed-length bytes, though the format has that since 2.11: DuckDB 2.0 refuses the whole file.
        case (.byteStreamSplit, .int32), (.byteStreamSplit, .int64), (.byteStreamSplit, .double): self.encoding = .byteStreamSplit
        default: throw .invalid("encoding \(encoding) does not go with the leaf's type")
        }
    }

    /// What one value adds to a page, in bits; nil where that depends on the value.
    var bitsPerValue: Int? {
        if codes != nil { return codeBitWidth }
        switch values {
        case .boolean: return 1
        case .int32: return 32
        case .int64, .double: return 64
        case .fixedLength(_, let width): return 8 * width
        case .byteArray, .dictionary: return nil
        }
    }

    func append(_ range: Range<Int>, into buffer: PageBuffer) {
        if let codes {
            // Data pages of codes begin with one byte: the bit width.
            buffer.reserve(1).storeBytes(of: UInt8(codeBitWidth), as: UInt8.self)
            buffer.advance(by: 1)
            RunLengthBitPackedEncoder.encodeCodes(UnsafeBufferPointer(rebasing: codes[range]), bitWidth: codeBitWidth, into: buffer)
            return
        }
        switch values {
        case .boolean(let values):
            PlainEncoder.encode(UnsafeBufferPointer(rebasing: values[range]), into: buffer)
        case .int32(let values):
            let slice = UnsafeBufferPointer(rebasing: values[range])
            encoding == .deltaBinaryPacked
                ? DeltaBinaryPackedEncoder.encode(slice, into: buffer) : appendFixed(UnsafeRawBufferPointer(slice), width: 4, into: buffer)
        case .int64(let values):
            let slice = UnsafeBufferPointer(rebasing: values[range])
            encoding == .deltaBinaryPacked
                ? DeltaBinaryPackedEncoder.encode(slice, into: buffer) : appendFixed(UnsafeRawBufferPointer(slice), width: 8, into: buffer)
        case .double(let values):
            appendFixed(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: values[range])), width: 8, into: buffer)
        case .fixedLength(let bytes, let width):
            let slice = UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound * width..<range.upperBound * width])
            appendFixed(slice, width: width, into: buffer)
        case .byteArray(let offsets, let bytes):
            guard !range.isEmpty else { return appendEmpty(into: buffer) }
            let slice = UnsafeBufferPointer(rebasing: offsets[range.lowerBound...range.upperBound])
            encoding == .deltaLengthByteArray
                ? DeltaLengthByteArrayEncoder.encode(offsets: slice, bytes: bytes, into: buffer)
                : PlainEncoder.encode(offsets: slice, bytes: bytes, into: buffer)
        case .dictionary(let codes, let offsets, let bytes):
            let slice = UnsafeBufferPointer(rebasing: codes[range])
            encoding == .deltaLengthByteArray
                ? DeltaLengthByteArrayEncoder.encode(codes: slice, offsets: offsets, bytes: bytes, into: buffer)
                : PlainEncoder.encode(codes: slice, offsets: offsets, bytes: bytes, into: buffer)
        }
    }

    private func appendFixed(_ bytes: UnsafeRawBufferPointer, width: Int, into buffer: PageBuffer) {
        encoding == .byteStreamSplit
            ? ByteStreamSplitEncoder.encode(bytes, width: width, into: buffer) : PlainEncoder.encode(bytes, into: buffer)
    }

    /// A page of nulls: PLAIN has no bytes then, the delta encodings still have a header.
    private func appendEmpty(into buffer: PageBuffer) {
        guard encoding == .deltaLengthByteArray else { return }
        DeltaBinaryPackedEncoder.encode(UnsafeBufferPointer<Int32>(start: nil, count: 0), into: buffer)
    }
}

/// The entries of a dictionary, for its PLAIN page.
enum DictionaryPage {
    case byteArrays(offsets: UnsafeBufferPointer<UInt32>, bytes: UnsafeRawBufferPointer)
    case fixed(UnsafeRawBufferPointer, count: Int)

    var count: Int {
        switch self {
        case .byteArrays(let offsets, _): max(0, offsets.count - 1)
        case .fixed(_, let count): count
        }
    }

    /// Of the page, lengths included.
    var byteCount: Int {
        switch self {
        case .byteArrays(let offsets, _): Int((offsets.last ?? 0) - (offsets.first ?? 0)) + 4 * count
        case .fixed(let bytes, _): bytes.count
        }
    }

    func encode(into buffer: PageBuffer) {
        switch self {
        case .byteArrays(let offsets, let bytes): PlainEncoder.encode(offsets: offsets, bytes: bytes, into: buffer)
        case .fixed(let bytes, _): PlainEncoder.encode(bytes, into: buffer)
        }
    }
}

extension ColumnValues {
    /// The raw bytes of values that all have one width.
    var fixedWidthBytes: (UnsafeRawBufferPointer, Int)? {
        switch self {
        case .int32(let values): (UnsafeRawBufferPointer(values), 4)
        case .int64(let values): (UnsafeRawBufferPointer(values), 8)
        case .double(let values): (UnsafeRawBufferPointer(values), 8)
        case .fixedLength(let bytes, let width): (bytes, width)
        case .boolean, .byteArray, .dictionary: nil
        }
    }
}

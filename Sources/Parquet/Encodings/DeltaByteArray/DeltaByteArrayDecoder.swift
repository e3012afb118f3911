/// DELTA_BYTE_ARRAY (encoding 7), read only: how many bytes each value shares with the one before (DELTA_BINARY_PACKED), then what
/// follows them (DELTA_LENGTH_BYTE_ARRAY).
/// Source: parquet-format, Encodings.md, "Delta Strings".
enum DeltaByteArrayDecoder {
    static func decode(_ page: UnsafeRawBufferPointer, count: Int) throws(ParquetError) -> ByteArrayColumn {
        let (prefixes, consumed) = try DeltaLengthByteArrayDecoder.lengths(page, count: count)
        let (offsets, bytes) = try DeltaLengthByteArrayDecoder.decode(UnsafeRawBufferPointer(rebasing: page[consumed...]), count: count)
        var column = ByteArrayColumn()
        column.offsets.reserveCapacity(count + 1)
        var previous = 0..<0
        for index in 0..<count {
            let prefix = Int(prefixes[index])
            guard prefix >= 0, prefix <= previous.count else { throw .corrupt("a shared prefix longer than the value before") }
            let suffix = UnsafeRawBufferPointer(rebasing: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
            // Prefixes let a page of a megabyte stand for a terabyte.
            try column.makeRoom(prefix + suffix.count)
            let start = column.bytes.count
            column.bytes.append(contentsOf: column.bytes[previous.lowerBound..<previous.lowerBound + prefix])
            column.bytes.append(contentsOf: suffix)
            previous = start..<column.bytes.count
            column.offsets.append(UInt32(truncatingIfNeeded: column.bytes.count))
        }
        return column
    }
}

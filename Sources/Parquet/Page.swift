/// Page headers, and pages that were encoded before their place in the file was known.
///
/// | part | what |
/// |---|---|
/// | PageHeader | Thrift: type, sizes, CRC-32 of the bytes behind it, a header of the page's own kind |
/// | page | compressed as a whole (version 1): repetition levels, definition levels, values |
enum PageHeaderWriter {
    static func dataPage(
        entryCount: Int, encoding: ParquetEncoding, uncompressedByteCount: Int, compressedByteCount: Int, checksum: Int32,
        into writer: inout ThriftCompactWriter
    ) {
        writer.removeAll()
        writer.structElement { writer in
            writer.i32(1, PageType.data.rawValue)
            writer.i32(2, Int32(uncompressedByteCount))
            writer.i32(3, Int32(compressedByteCount))
            writer.i32(4, checksum)
            writer.structure(5) {
                $0.i32(1, Int32(entryCount))
                $0.i32(2, encoding.rawValue)
                $0.i32(3, ParquetEncoding.runLength.rawValue)
                $0.i32(4, ParquetEncoding.runLength.rawValue)
            }
        }
    }

    static func dictionaryPage(
        entryCount: Int, uncompressedByteCount: Int, compressedByteCount: Int, checksum: Int32, into writer: inout ThriftCompactWriter
    ) {
        writer.removeAll()
        writer.structElement { writer in
            writer.i32(1, PageType.dictionary.rawValue)
            writer.i32(2, Int32(uncompressedByteCount))
            writer.i32(3, Int32(compressedByteCount))
            writer.i32(4, checksum)
            writer.structure(7) {
                $0.i32(1, Int32(entryCount))
                $0.i32(2, ParquetEncoding.plain.rawValue)
            }
        }
    }
}

/// A data page of a required flat leaf, compressed ahead of time: payload pages are made while spans arrive and only copied at seal.
package struct EncodedPage: Sendable {
    package var valueCount: Int
    /// Rows and values are the same number for a required flat leaf, the only kind this is for.
    package var rowCount: Int
    package var uncompressedByteCount: Int
    package var compressed: [UInt8]
    package var encoding: ParquetEncoding
    package var codec: CompressionCodec
    package var checksum: Int32

    /// From values already in PLAIN form: each a 4-byte little-endian length and its bytes.
    package static func plainByteArray(
        uncompressed: UnsafeRawBufferPointer, valueCount: Int, compressor: ZstdCompressor,
        parameters: ZstdParameters = ZstdParameters(level: 3)
    ) throws(ParquetError) -> EncodedPage {
        guard uncompressed.count <= ParquetLimits.maximumPageByteCount else {
            throw .limit("a page of \(uncompressed.count) bytes; at most \(ParquetLimits.maximumPageByteCount)")
        }
        let compressed = try compressor.compress(uncompressed, parameters)
        return EncodedPage(
            valueCount: valueCount, rowCount: valueCount, uncompressedByteCount: uncompressed.count, compressed: Array(compressed),
            encoding: .plain, codec: .zstd, checksum: PageChecksum.checksum(compressed))
    }
}

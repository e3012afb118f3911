/// The footer of a file as values: what parquet.thrift calls FileMetaData and the structures below it.
package struct FileMetadata: Sendable {
    package var schema: ParquetSchema
    package var rowCount: Int64
    package var rowGroups: [RowGroupMetadata]
    package var keyValues: [(key: String, value: String)]
    package var createdBy: String

    /// The first value of a key of the file's own metadata.
    package func value(forKey key: String) -> String? { keyValues.first { $0.key == key }?.value }
}

package struct RowGroupMetadata: Sendable {
    package var columns: [ColumnChunkMetadata]
    package var rowCount: Int
    package var totalUncompressedByteCount: Int64
    package var totalCompressedByteCount: Int64
    package var fileOffset: Int64
    package var sortingColumns: [SortingColumn]
}

/// Where one leaf of one row group lies and what is known of it.
package struct ColumnChunkMetadata: Sendable {
    package var type: PhysicalType
    package var path: [String]
    package var encodings: [ParquetEncoding]
    package var codec: CompressionCodec
    /// Entries, nulls included.
    package var valueCount: Int64
    package var uncompressedByteCount: Int64
    package var compressedByteCount: Int64
    package var dataPageOffset: Int64
    package var dictionaryPageOffset: Int64?
    package var statistics: ColumnStatistics?
    /// How many data pages have which encoding; empty where the writer did not say.
    package var dataPageCounts: [DataPageCount]
    package var bloomFilter: FileRegion?
    package var offsetIndex: FileRegion?
    package var columnIndex: FileRegion?

    /// The first byte of the chunk: its dictionary page where there is one.
    package var startOffset: Int64 {
        guard let dictionaryPageOffset, dictionaryPageOffset > 0, dictionaryPageOffset < dataPageOffset else { return dataPageOffset }
        return dictionaryPageOffset
    }

    /// True only if every data page is known to be dictionary-coded: then the dictionary holds every value of the chunk.
    package var isWhollyDictionaryCoded: Bool {
        dictionaryPageOffset != nil && !dataPageCounts.isEmpty && dataPageCounts.allSatisfy { $0.encoding?.isDictionary == true }
    }
}

package struct DataPageCount: Equatable, Sendable {
    /// Nil for an encoding this room does not know.
    package var encoding: ParquetEncoding?
    package var count: Int
}

/// A piece of the file outside of the column chunks. Bloom filters of old writers do not say how long they are (nil).
package struct FileRegion: Equatable, Sendable {
    package var offset: Int64
    package var byteCount: Int?
}

/// Bounds are PLAIN-encoded values without a length in front (little-endian numbers, raw bytes).
package struct ColumnStatistics: Equatable, Sendable {
    package var minimum: [UInt8]?
    package var maximum: [UInt8]?
    package var nullCount: Int64?
    /// False where a text bound was cut short: a lower or an upper bound then, not a value.
    package var isMinimumExact: Bool
    package var isMaximumExact: Bool
}

import FileSystem
import GenAIConventions
import Parquet
import TraceModel

/// Spans as one Parquet file with the columns of a segment's spans file and every value in its place: long texts stand in their column or
/// map, not in a file beside it. For exports; not a segment, and nobody's manifest names it.
///
/// Columns are those of the core and of the keys that every project starts with; other attributes are in the maps. What was appended is
/// held as a memtable until it makes a row group: memory is bounded by `maximumRowGroupByteCount`, not by the file. Used by one task at a time.
package final class SpanFileWriter {
    private let file: SequentialFileWriter
    private let writer: ParquetFileWriter
    private let schema: SpanSchema
    private let registry = PromotionRegistry()
    private let compression: CompressionQueue
    private let limits = StoreLimits()
    private var memtable: Memtable
    package private(set) var rowCount = 0

    /// A file of that name is replaced.
    package init(fileSystem: any FileSystem, path: String) throws {
        file = try SequentialFileWriter(fileSystem: fileSystem, path: path)
        schema = try SpanSchema(
            spanKeys: registry.spanKeys.enumerated().map { ($0.offset, $0.element) },
            resourceKeys: registry.resourceKeys.enumerated().map { ($0.offset, $0.element) })
        let sorting = [SortingColumn(leafIndex: 0), SortingColumn(leafIndex: 4)]  // trace_id, start_time
        let file = file
        writer = try ParquetFileWriter(schema: schema.parquet, sortingColumns: sorting) { try file.append($0) }
        // No value is long here, so none is looked for among those that came before.
        compression = try CompressionQueue(recentByteCount: 0)
        memtable = Self.memtable(registry, compression)
    }

    private static func memtable(_ registry: PromotionRegistry, _ compression: CompressionQueue) -> Memtable {
        let partition = PartitionID(project: ProjectID(high: 0, low: 0), receiveDay: 0)
        return Memtable(
            partition: partition, registry: registry, compression: compression, seed: .random(in: 0 ... .max),
            inlineBounds: .unlimited)
    }

    /// A batch as a decoder made it, with the fields that the mapping found in it.
    package func append(_ batch: SpanBatch, fields: LLMFields) throws {
        memtable.append(batch, fields: fields, lsn: 1, receivedUnixNano: 0)
        if memtable.rowCount >= limits.maximumRowGroupRowCount || memtable.byteCount >= limits.maximumRowGroupByteCount
            || !memtable.hasArenaRoom
        {
            try flush()
        }
    }

    private func flush() throws {
        let order = SegmentOrder(
            memtable: memtable, rowCount: memtable.visibleRowCount, maximumRowGroupRowCount: limits.maximumRowGroupRowCount)
        let columns = SegmentColumns(writer: writer)
        for group in order.rowGroups {
            try writer.beginRowGroup(rowCount: group.count)
            try SegmentRowGroup(memtable: memtable, rows: group, schema: schema, sequence: 0, columns: columns).write()
            try writer.endRowGroup()
            rowCount += group.count
        }
        memtable = Self.memtable(registry, compression)
    }

    /// The file is whole and on disk when this returns. Answers its size.
    package func finish() throws -> Int {
        if memtable.visibleRowCount > 0 { try flush() }
        try writer.finish(keyValueMetadata: [
            (SegmentKey.formatVersion, String(SegmentFormat.version(hasEvents: false, hasParts: false))),
            (SegmentKey.mappingVersion, String(AttributeMapping.current.version)),
            (SegmentKey.schemaFingerprint, String(schema.fingerprint, radix: 16)),
        ])
        try file.finish()
        return file.byteCount
    }

    /// Gives up and removes what was written.
    package func abandon() { file.abandon() }
}

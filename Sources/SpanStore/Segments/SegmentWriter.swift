import FileSystem
import OTLP
import Parquet
import TraceModel

/// Writes the segment pair of a frozen memtable: the spans file and, if there are payloads, the payloads file.
///
/// Both are written under temporary names, synchronized and only then renamed; the caller makes them count with a manifest
/// edit. Runs on the sealing thread, a row group at a time: columns are gathered from the memtable in the row group's
/// order, so memory stays at one column of one row group.
struct SegmentWriter {
    let fileSystem: any FileSystem
    let root: String
    let nodeID: UInt64
    let mappingVersion: UInt16
    let limits: StoreLimits

    /// Returns nil when the memtable has no row to keep.
    func write(_ memtable: Memtable, sequence: UInt64) throws -> SegmentDescriptor? {
        let rowCount = memtable.visibleRowCount
        let bytesPerRow = max(1, (memtable.byteCount - memtable.payloads.byteCount) / max(1, rowCount))
        let order = SegmentOrder(
            memtable: memtable, rowCount: rowCount,
            maximumRowGroupRowCount: min(limits.maximumRowGroupRowCount, max(4096, limits.maximumRowGroupByteCount / bytesPerRow)))
        guard !order.rowGroups.isEmpty else { return nil }
        let schema = try schema(of: memtable)
        let partition = memtable.partition
        memtable.payloadWriter.finish()
        let pages = try memtable.payloads.finish()
        let metadata = keyValues(memtable, sequence: sequence, schema: schema)
        let payloadByteCount = pages.isEmpty ? 0 : try writePayloads(pages, partition: partition, sequence: sequence, metadata: metadata)

        let temporary = StoreFileNames.temporarySpans(root, sequence)
        let file = try SequentialFileWriter(fileSystem: fileSystem, path: temporary)
        var spanRowCount = 0
        do {
            let sorting = [SortingColumn(leafIndex: 0), SortingColumn(leafIndex: 4)]  // trace_id, start_time
            let writer = try ParquetFileWriter(schema: schema.parquet, sortingColumns: sorting) { try file.append($0) }
            let columns = SegmentColumns(writer: writer)
            for group in order.rowGroups {
                try writer.beginRowGroup(rowCount: group.count)
                try SegmentRowGroup(memtable: memtable, rows: group, schema: schema, sequence: sequence, columns: columns).write()
                try writer.endRowGroup()
                spanRowCount += group.count
            }
            try writer.finish(keyValueMetadata: metadata)
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
        try publish(temporary, as: StoreFileNames.spans(partition, sequence))
        var minimumStart = UInt64.max, maximumStart: UInt64 = 0
        for row in order.rowGroups.joined() {
            minimumStart = min(minimumStart, memtable.startTimes[Int(row)])
            maximumStart = max(maximumStart, memtable.startTimes[Int(row)])
        }
        return SegmentDescriptor(
            sequence: sequence, project: partition.project, receiveDay: partition.receiveDay, spanRowCount: spanRowCount,
            spanFileByteCount: file.byteCount, payloadFileByteCount: payloadByteCount,
            minimumStartTimeUnixNano: minimumStart, maximumStartTimeUnixNano: maximumStart, minimumLSN: memtable.minimumLSN,
            maximumLSN: memtable.maximumLSN, minimumReceivedUnixNano: memtable.minimumReceivedUnixNano,
            maximumReceivedUnixNano: memtable.maximumReceivedUnixNano, schemaFingerprint: schema.fingerprint,
            mappingVersion: mappingVersion,
            rowGroupCount: order.rowGroups.count)
    }

    /// Columns only for promoted keys that some row uses.
    private func schema(of memtable: Memtable) throws -> SpanSchema {
        let spanKeys = memtable.registry.spanKeys.enumerated().filter { index, _ in
            (memtable.promotedTexts[index]?.rows.count ?? memtable.promotedNumbers[index]?.rows.count ?? 0) > 0
        }
        let resources = memtable.resources.all
        let resourceKeys = memtable.registry.resourceKeys.enumerated().filter { _, key in
            resources.contains { $0.attributes.contains { $0.key == key.key && $0.value.isString } }
        }
        return try SpanSchema(
            spanKeys: spanKeys.map { ($0.offset, $0.element) }, resourceKeys: resourceKeys.map { ($0.offset, $0.element) })
    }

    private func keyValues(_ memtable: Memtable, sequence: UInt64, schema: SpanSchema) -> [(String, String)] {
        [
            (
                SegmentKey.formatVersion,
                String(SegmentFormat.version(hasEvents: memtable.eventRows.count > 0, hasParts: memtable.payloadWriter.hasParts))
            ),
            (SegmentKey.project, memtable.partition.project.uuid),
            (SegmentKey.receiveDay, CalendarDay.text(daysSince1970: Int(memtable.partition.receiveDay))),
            (SegmentKey.sequence, String(sequence)),
            (SegmentKey.minimumLSN, String(memtable.minimumLSN)),
            (SegmentKey.maximumLSN, String(memtable.maximumLSN)),
            (SegmentKey.nodeID, String(nodeID, radix: 16)),
            (SegmentKey.mappingVersion, String(mappingVersion)),
            (SegmentKey.schemaFingerprint, String(schema.fingerprint, radix: 16)),
        ]
    }

    /// Row groups of at most 64 MiB as stored; the payload pages are written as they were compressed.
    private func writePayloads(_ pages: [EncodedPage], partition: PartitionID, sequence: UInt64, metadata: [(String, String)]) throws -> Int
    {
        let temporary = StoreFileNames.temporaryPayloads(root, sequence)
        let file = try SequentialFileWriter(fileSystem: fileSystem, path: temporary)
        do {
            let writer = try ParquetFileWriter(
                schema: ParquetSchema(SpanSchema.payloadColumns), sortingColumns: [SortingColumn(leafIndex: 0)]
            ) { try file.append($0) }
            var rest = pages[...]
            var ordinal: Int64 = 0
            while !rest.isEmpty {
                var group: [EncodedPage] = []
                var byteCount = 0
                while let page = rest.first, group.isEmpty || byteCount + page.compressed.count <= limits.maximumRowGroupByteCount {
                    byteCount += page.compressed.count
                    group.append(page)
                    rest.removeFirst()
                }
                let count = group.reduce(0) { $0 + $1.valueCount }
                try writer.beginRowGroup(rowCount: count)
                let ids = (0..<Int64(count)).map { Int64(sequence) << 32 | (ordinal + $0) }
                try ids.withUnsafeBufferPointer { try writer.writeColumn(.int64($0), options: ColumnOptions(encoding: .deltaBinaryPacked)) }
                try writer.writePreencodedColumn(group)
                try writer.endRowGroup()
                ordinal += Int64(count)
            }
            try writer.finish(keyValueMetadata: metadata)
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
        try publish(temporary, as: StoreFileNames.payloads(partition, sequence))
        return file.byteCount
    }

    /// Gives a whole and synchronized file its name, durably.
    func publish(_ temporary: String, as name: String) throws {
        let path = root + "/" + name
        try fileSystem.createDirectory(FilePath.parent(of: path))
        try fileSystem.rename(temporary, to: path)
        try fileSystem.synchronizeDirectory(FilePath.parent(of: path))
    }
}

extension AttributeValue {
    var isString: Bool { if case .string = self { true } else { false } }
}

/// Appends to a new file in large steps and lets the disk start on each step early, so that the synchronization at the end
/// (and the WAL's beside it) finds little left to do. Used by one thread.
final class SequentialFileWriter {
    private let fileSystem: any FileSystem
    private let file: any File
    private let path: String
    private var buffer: [UInt8] = []
    private var flushedByteCount = 0

    private static let stepByteCount = 1 << 20

    init(fileSystem: any FileSystem, path: String) throws {
        self.fileSystem = fileSystem
        self.path = path
        if try fileSystem.exists(path) { try fileSystem.remove(path) }
        file = try fileSystem.open(path, .create)
        buffer.reserveCapacity(Self.stepByteCount * 2)
    }

    var byteCount: Int { flushedByteCount + buffer.count }

    func append(_ bytes: UnsafeRawBufferPointer) throws {
        // A page of long texts is large enough to go as it lies.
        if bytes.count >= Self.stepByteCount / 4 { return try flush(with: bytes) }
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.stepByteCount { try flush() }
    }

    /// Writes what was collected, and what follows it.
    private func flush(with rest: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) throws {
        try buffer.withUnsafeBytes { try file.write(rest.isEmpty ? [$0] : [$0, rest], at: flushedByteCount) }
        let byteCount = buffer.count + rest.count
        try file.beginWriteback(offset: flushedByteCount, count: byteCount)
        flushedByteCount += byteCount
        buffer.removeAll(keepingCapacity: true)
    }

    /// Everything is on disk when this returns.
    func finish() throws {
        try flush()
        try file.synchronizeData()
        file.close()
    }

    func abandon() {
        file.close()
        // A leftover is removed at the next start; failing to remove it now is no second error.
        try? fileSystem.remove(path)
    }
}

import FileSystem
import Parquet
import TraceModel

/// Makes one segment of one or more segments of a partition, without the rows that are masked: compaction, and what follows a deletion.
/// Or one of one, in which the fields of the rows are what a newer mapping or newer prices make of them.
///
///     segments with masks -> RewritePlan -> copied and merged row groups -> spans file
///                         -> SegmentReviser  -> their mapped columns     ->
///                         -> PayloadIDs  -> PayloadCopier                -> payloads file
///
/// Or one of one, whose payloads are compressed for long keeping.
///
/// Writes files and nothing else: the caller publishes the descriptor with a manifest edit that drops the sources. On an error nothing of
/// the new files stays, as far as the disk allows.
struct SegmentRewriter {
    let writer: SegmentWriter
    /// Throws where the rewrite is to be given up: asked before every column and page of payloads.
    var check: @Sendable () throws -> Void = {}

    struct Result: Sendable {
        /// Nil where no row was left.
        var descriptor: SegmentDescriptor?
        var mapping: RowMapping
        var report: RewriteReport
    }

    /// - Parameters:
    ///   - handles: of one project and one month, at least one.
    ///   - registry: of the project: in what order its columns stand.
    func rewrite(_ handles: [SegmentHandle], registry: PromotionRegistry, sequence: UInt64) throws -> Result {
        let handles = handles.sorted { $0.descriptor.sequence < $1.descriptor.sequence }
        guard let partition = Self.partition(of: handles) else {
            throw StoreError(.invalid, "only segments of one project and one month are rewritten together")
        }
        do {
            return try rewrite(
                handles.map { RewritePlan.Source(handle: $0, files: try $0.files()) }, partition: partition, registry: registry,
                sequence: sequence)
        } catch {
            remove(partition, sequence)
            throw error
        }
    }

    /// Where the segment made of these belongs: to the youngest of their days. Nil where they do not belong together.
    static func partition(of handles: [SegmentHandle]) -> PartitionID? {
        let descriptors = handles.map(\.descriptor)
        guard let youngest = descriptors.max(by: { $0.receiveDay < $1.receiveDay }),
            let first = descriptors.map(\.firstReceiveDay).min(),
            descriptors.allSatisfy({ $0.project == youngest.project }),
            first == youngest.receiveDay || first >= CalendarDay.firstOfMonth(daysSince1970: youngest.receiveDay)
        else { return nil }
        return youngest.partition
    }

    /// Files that no edit has published.
    func remove(_ partition: PartitionID, _ sequence: UInt64) {
        // What cannot be removed now is an orphan that the next start removes.
        try? writer.fileSystem.remove(writer.root + "/" + StoreFileNames.spans(partition, sequence))
        try? writer.fileSystem.remove(writer.root + "/" + StoreFileNames.payloads(partition, sequence))
    }

    /// Writes a segment anew whose fields change; nil where none does, and nothing is written. The rows stay where they are, but for
    /// those that are masked: every other column of a row group without these is copied byte for byte.
    ///
    /// - Parameters:
    ///   - sequence: the number of the new segment, asked for once it is needed.
    ///   - progress: told of rows that were looked at.
    func revise(
        _ handle: SegmentHandle, by revision: FieldRevision, registry: PromotionRegistry, sequence: () -> UInt64,
        progress: @escaping (Int) -> Void
    ) throws -> (result: Result?, report: ReapplicationReport) {
        let source = RewritePlan.Source(handle: handle, files: try handle.files()), costs = ScanCostCounter()
        let plan = try RewritePlan(inPlace: source, costs: costs)
        var reviser: SegmentReviser? = SegmentReviser(
            source, plan.outputs, revision, limits: writer.limits, isKept: true, costs: costs, check: check, progress: progress)
        let isChanged = try reviser?.findChange() ?? false
        var result: Result?
        if isChanged {
            let partition = handle.descriptor.partition, number = sequence()
            do {
                result = try write(
                    plan, [source], partition: partition, registry: registry, sequence: number, &reviser,
                    versions: revision.versions(of: handle.descriptor), costs)
            } catch {
                remove(partition, number)
                throw error
            }
        }
        var report = reviser?.report ?? ReapplicationReport()
        report.segmentCount = 1
        report.rewrittenSegmentCount = isChanged ? 1 : 0
        return (result, report)
    }

    /// Counts what `revise` would change.
    func review(
        _ handle: SegmentHandle, by revision: FieldRevision, progress: @escaping (Int) -> Void
    ) throws -> ReapplicationReport {
        let source = RewritePlan.Source(handle: handle, files: try handle.files()), costs = ScanCostCounter()
        let plan = try RewritePlan(inPlace: source, costs: costs)
        var reviser = SegmentReviser(
            source, plan.outputs, revision, limits: writer.limits, isKept: false, costs: costs, check: check, progress: progress)
        try reviser.countAll()
        var report = reviser.report
        report.segmentCount = 1
        return report
    }

    /// Writes a segment anew with its payloads compressed for long keeping; rows stay where they are. Nil where they already are, or where
    /// it has none.
    func pack(_ handle: SegmentHandle, registry: PromotionRegistry, sequence: () -> UInt64) throws -> Result? {
        let source = RewritePlan.Source(handle: handle, files: try handle.files()), costs = ScanCostCounter()
        guard let payloads = source.files.payloads, !payloads.isCold else { return nil }
        let plan = try RewritePlan(inPlace: source, costs: costs)
        let partition = handle.descriptor.partition, number = sequence()
        var none: SegmentReviser?
        do {
            return try write(
                plan, [source], partition: partition, registry: registry, sequence: number, &none,
                versions: (handle.descriptor.mappingVersion, handle.descriptor.priceVersion), isForLongKeeping: true, costs)
        } catch {
            remove(partition, number)
            throw error
        }
    }

    private func rewrite(
        _ sources: [RewritePlan.Source], partition: PartitionID, registry: PromotionRegistry, sequence: UInt64
    ) throws -> Result {
        let costs = ScanCostCounter()
        let plan = try RewritePlan(sources, limits: writer.limits, costs: costs)
        let descriptors = sources.map(\.handle.descriptor)
        let versions = (descriptors.map(\.mappingVersion).min() ?? 0, descriptors.map(\.priceVersion).min() ?? 0)
        var none: SegmentReviser?
        return try write(
            plan, sources, partition: partition, registry: registry, sequence: sequence, &none, versions: versions, costs)
    }

    private func write(
        _ plan: RewritePlan, _ sources: [RewritePlan.Source], partition: PartitionID, registry: PromotionRegistry, sequence: UInt64,
        _ reviser: inout SegmentReviser?, versions: (mapping: UInt16, prices: UInt64), isForLongKeeping: Bool = false,
        _ costs: ScanCostCounter
    ) throws -> Result {
        var report = RewriteReport(
            segmentCount: sources.count, rowsRead: sources.reduce(0) { $0 + $1.handle.descriptor.spanRowCount },
            bytesRead: sources.reduce(0) { $0 + $1.handle.descriptor.byteCount })
        let mapping = plan.mapping(sources)
        guard !plan.outputs.isEmpty else { return Result(descriptor: nil, mapping: mapping, report: report) }
        let schema = try Self.union(sources, registry)
        let metadata = try keyValues(sources, sequence: sequence, schema: schema, mappingVersion: versions.mapping)
        let payloadByteCount = try writePayloads(
            sources, partition, sequence, metadata, isForLongKeeping: isForLongKeeping, &report, costs)
        let spanByteCount = try writeSpans(plan, sources, schema, partition, sequence, metadata, &reviser, &report, costs)
        report.sequence = sequence
        report.bytesWritten = spanByteCount + payloadByteCount
        let descriptors = sources.map(\.handle.descriptor)
        func least<Value: Comparable>(_ value: (SegmentDescriptor) -> Value) -> Value {
            descriptors.dropFirst().reduce(value(descriptors[0])) { min($0, value($1)) }
        }
        func most<Value: Comparable>(_ value: (SegmentDescriptor) -> Value) -> Value {
            descriptors.dropFirst().reduce(value(descriptors[0])) { max($0, value($1)) }
        }
        let descriptor = SegmentDescriptor(
            sequence: sequence, project: partition.project, receiveDay: partition.receiveDay, spanRowCount: report.rowsWritten,
            spanFileByteCount: spanByteCount, payloadFileByteCount: payloadByteCount,
            minimumStartTimeUnixNano: plan.minimumStartTimeUnixNano, maximumStartTimeUnixNano: plan.maximumStartTimeUnixNano,
            minimumLSN: least(\.minimumLSN), maximumLSN: most(\.maximumLSN), minimumReceivedUnixNano: least(\.minimumReceivedUnixNano),
            maximumReceivedUnixNano: most(\.maximumReceivedUnixNano), schemaFingerprint: schema.fingerprint,
            mappingVersion: versions.mapping, priceVersion: versions.prices, rowGroupCount: plan.outputs.count)
        return Result(descriptor: descriptor, mapping: mapping, report: report)
    }

    // MARK: Schema

    /// Every column that some source has, in the order of the registry.
    static func union(_ sources: [RewritePlan.Source], _ registry: PromotionRegistry) throws -> SpanSchema {
        func keys(_ scope: PromotedKey.Scope, _ column: (String) -> String, prefix: String, _ known: [PromotedKey]) throws
            -> [(index: Int, key: PromotedKey)]
        {
            var found: [String: PromotedKey] = [:]
            for leaf in sources.lazy.flatMap({ $0.files.spans.schema.leaves }) where leaf.path.count == 1 && leaf.path[0].hasPrefix(prefix)
            {
                let name = String(leaf.path[0].dropFirst(prefix.count))
                guard let type = PromotedKey.ColumnType(column: leaf.type), found[name].map({ $0.type == type }) ?? true else {
                    throw StoreError(.corrupt, "the column \(leaf.path[0]) has two types")
                }
                found[name] = PromotedKey(scope: scope, key: name, type: type, day: 0)
            }
            let order = Dictionary(known.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { first, _ in first })
            return found.values.map { (order[$0.key] ?? Int.max, $0) }.sorted { ($0.0, $0.1.key) < ($1.0, $1.1.key) }
        }
        return try SpanSchema(
            spanKeys: keys(.span, SpanSchema.spanColumn, prefix: SpanSchema.spanColumn(""), registry.spanKeys),
            resourceKeys: keys(.resource, SpanSchema.resourceColumn, prefix: SpanSchema.resourceColumn(""), registry.resourceKeys))
    }

    private func keyValues(
        _ sources: [RewritePlan.Source], sequence: UInt64, schema: SpanSchema, mappingVersion: UInt16
    ) throws -> [(String, String)] {
        let descriptors = sources.map(\.handle.descriptor)
        let version = sources.compactMap { $0.files.spans.keyValue(SegmentKey.formatVersion).flatMap { Int($0) } }.max()
        guard let version, let first = descriptors.first else { throw StoreError(.corrupt, "a segment does not say which format it has") }
        return [
            (SegmentKey.formatVersion, String(version)),
            (SegmentKey.project, first.project.uuid),
            (SegmentKey.receiveDay, CalendarDay.text(daysSince1970: Int(descriptors.map(\.receiveDay).max() ?? first.receiveDay))),
            (SegmentKey.sequence, String(sequence)),
            (SegmentKey.minimumLSN, String(descriptors.map(\.minimumLSN).min() ?? 0)),
            (SegmentKey.maximumLSN, String(descriptors.map(\.maximumLSN).max() ?? 0)),
            (SegmentKey.nodeID, String(writer.nodeID, radix: 16)),
            (SegmentKey.mappingVersion, String(mappingVersion)),
            (SegmentKey.schemaFingerprint, String(schema.fingerprint, radix: 16)),
        ]
    }

    // MARK: Files

    private func writePayloads(
        _ sources: [RewritePlan.Source], _ partition: PartitionID, _ sequence: UInt64, _ metadata: [(String, String)],
        isForLongKeeping: Bool, _ report: inout RewriteReport, _ costs: ScanCostCounter
    ) throws -> Int {
        let kept = try sources.compactMap { source -> PayloadCopier.Source? in
            guard let file = source.files.payloads else { return nil }
            return PayloadCopier.Source(file: file, kept: try Self.keptPayloads(source, costs))
        }
        guard !kept.isEmpty else { return 0 }
        var copier = PayloadCopier(kept, isForLongKeeping: isForLongKeeping, limits: writer.limits, check: check, costs: costs)
        let isCold = isForLongKeeping || kept.allSatisfy(\.file.isCold)
        let temporary = StoreFileNames.temporaryPayloads(writer.root, sequence)
        let file = try SequentialFileWriter(fileSystem: writer.fileSystem, path: temporary)
        do {
            var parquet: ParquetFileWriter?
            _ = try copier.write {
                let begun = try ParquetFileWriter(
                    schema: ParquetSchema(SpanSchema.payloadColumns), sortingColumns: [SortingColumn(leafIndex: 0)]
                ) { try file.append($0) }
                parquet = begun
                return begun
            }
            report.copiedPayloadPageCount = copier.copiedPageCount
            report.filteredPayloadPageCount = copier.filteredPageCount
            report.coldPayloadPageCount = copier.coldPageCount
            guard let parquet else {
                file.abandon()
                return 0
            }
            try parquet.finish(keyValueMetadata: metadata + (isCold ? [(SegmentKey.payloadTier, PayloadFile.coldTier)] : []))
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
        try writer.publish(temporary, as: StoreFileNames.payloads(partition, sequence))
        return file.byteCount
    }

    /// Nil where nothing is masked: payloads that no row refers to (of spans that were replaced while in memory) go with the first mask.
    private static func keptPayloads(_ source: RewritePlan.Source, _ costs: ScanCostCounter) throws -> PayloadIDs? {
        guard !source.handle.mask.isEmpty else { return nil }
        let masked = Set(source.handle.mask)
        var ranges: [Range<Int64>] = []
        for (group, first) in source.firstRows.enumerated() {
            let rows = (0..<Int32(source.files.spans.rowCount(ofRowGroup: group))).filter { !masked.contains(Int32(first) + $0) }
            if !rows.isEmpty { ranges += try PayloadIDs.referred(from: rows, ofRowGroup: group, source.files, costs) }
        }
        return PayloadIDs(ranges)
    }

    private func writeSpans(
        _ plan: RewritePlan, _ sources: [RewritePlan.Source], _ schema: SpanSchema, _ partition: PartitionID, _ sequence: UInt64,
        _ metadata: [(String, String)], _ reviser: inout SegmentReviser?, _ report: inout RewriteReport, _ costs: ScanCostCounter
    ) throws -> Int {
        let temporary = StoreFileNames.temporarySpans(writer.root, sequence)
        let file = try SequentialFileWriter(fileSystem: writer.fileSystem, path: temporary)
        do {
            let sorting = [SortingColumn(leafIndex: 0), SortingColumn(leafIndex: 4)]  // trace_id, start_time
            let parquet = try ParquetFileWriter(schema: schema.parquet, sortingColumns: sorting) { try file.append($0) }
            for (number, output) in plan.outputs.enumerated() {
                let revised = try reviser?.columns(ofOutput: number)
                switch output {
                case .copied(let source, let group):
                    report.rowsWritten += try copy(group, of: sources[source].files, revised, to: parquet, costs)
                    report.copiedRowGroupCount += 1
                case .merged(let merged):
                    try parquet.beginRowGroup(rowCount: merged.order.count)
                    var merger = RowGroupMerger(
                        pieces: merged.pieces.map { .init(files: sources[$0.source].files, rowGroup: $0.rowGroup, rows: $0.rows) },
                        order: merged.order, writer: parquet, costs: costs)
                    for leaf in schema.parquet.leaves {
                        try check()
                        if let revised, revised.replaces(leaf) { try revised.write(leaf, to: parquet) } else { try merger.write(leaf) }
                    }
                    try parquet.endRowGroup()
                    report.rowsWritten += merged.order.count
                    report.mergedRowGroupCount += 1
                }
            }
            try parquet.finish(keyValueMetadata: metadata)
            try file.finish()
        } catch {
            file.abandon()
            throw error
        }
        try writer.publish(temporary, as: StoreFileNames.spans(partition, sequence))
        return file.byteCount
    }

    private func copy(
        _ group: Int, of files: SegmentFiles, _ revised: RevisedColumns?, to parquet: ParquetFileWriter, _ costs: ScanCostCounter
    ) throws -> Int {
        let rowCount = files.spans.rowCount(ofRowGroup: group)
        try parquet.beginRowGroup(rowCount: rowCount)
        var absent: RowGroupMerger?
        for leaf in parquet.schema.leaves {
            try check()
            if let revised, revised.replaces(leaf) {
                try revised.write(leaf, to: parquet)
            } else if let source = files.leaf(at: leaf.path) {
                try ReadContextPool.shared.use(costs) {
                    try parquet.copyColumn(from: files.spans.file, rowGroup: group, leaf: source, context: $0)
                }
            } else {
                if absent == nil { absent = RowGroupMerger(whole: files, rowGroup: group, writer: parquet, costs: costs) }
                try absent?.write(leaf)
            }
        }
        try parquet.endRowGroup()
        return rowCount
    }
}

extension PromotedKey.ColumnType {
    /// The type of keys whose column has this physical type.
    init?(column type: PhysicalType) {
        switch type {
        case .byteArray: self = .string
        case .boolean: self = .boolean
        case .int64: self = .integer
        case .double: self = .double
        default: return nil
        }
    }
}

import ByteCoding
import FileSystem
import Parquet
import TraceModel

/// Reads a segment's pair of files from front to back and changes nothing: every page and index (`ParquetInspection`), what the manifest
/// and the footer say against what the rows have, the order of rows, parents, and that every reference to a payload finds it.
///
/// In memory are one page, the ids and times of one row group, and of each payload its length.
package struct SegmentInspection {
    private let fileSystem: any FileSystem
    private let root: String
    private let observer: InspectionObserver

    /// What is to be read, and what is known of it from elsewhere.
    package struct Target: Sendable {
        /// Relative to the store's folder, or absolute.
        package var spansPath: String
        /// Nil where the segment has no payloads.
        package var payloadsPath: String?
        /// Of the manifest; nil for files that are looked at by themselves.
        package var descriptor: SegmentDescriptor?
        package var nodeID: UInt64?
        package var maskedRowCount = 0

        package init(spansPath: String, payloadsPath: String?) {
            self.spansPath = spansPath
            self.payloadsPath = payloadsPath
        }

        package init(_ descriptor: SegmentDescriptor, nodeID: UInt64?, maskedRowCount: Int) {
            spansPath = StoreFileNames.spans(descriptor.partition, descriptor.sequence)
            payloadsPath = descriptor.payloadFileByteCount > 0 ? StoreFileNames.payloads(descriptor.partition, descriptor.sequence) : nil
            self.descriptor = descriptor
            self.nodeID = nodeID
            self.maskedRowCount = maskedRowCount
        }
    }

    package struct Report: Sendable, Equatable {
        package var sequence: UInt64?
        package var spansPath = ""
        package var formatVersion: Int?
        package var byteCount = 0
        package var rowCount = 0
        package var eventRowCount = 0
        package var maskedRowCount = 0
        package var rowGroupCount = 0
        package var columnCount = 0
        package var traceCount = 0
        package var payloadCount = 0
        /// References of rows to payloads; several may mean the same.
        package var payloadReferenceCount = 0
        package var findings = InspectionFindings()
    }

    package init(fileSystem: any FileSystem, root: String, observer: InspectionObserver) {
        self.fileSystem = fileSystem
        self.root = root
        self.observer = observer
    }

    /// Errors: a file cannot be read (that it is not there is a finding).
    package func run(_ target: Target) throws -> Report {
        var report = Report()
        report.sequence = target.descriptor?.sequence
        report.spansPath = target.spansPath
        report.maskedRowCount = target.maskedRowCount
        let payloads = try target.payloadsPath.flatMap { path in try open(path, target, target.descriptor?.payloadFileByteCount, &report) }
        guard var spans = try open(target.spansPath, target, target.descriptor?.spanFileByteCount, &report) else { return report }
        let metadata = spans.file.metadata
        report.formatVersion = metadata.value(forKey: SegmentKey.formatVersion).flatMap { Int($0) }
        report.sequence = report.sequence ?? metadata.value(forKey: SegmentKey.sequence).flatMap { UInt64($0) }
        report.rowCount = Int(clamping: metadata.rowCount)
        report.rowGroupCount = metadata.rowGroups.count
        report.columnCount = spans.file.schema.leaves.count
        let footer = SegmentFooterCheck(target, sequence: report.sequence)
        for message in footer.problems(ofSpans: metadata) { damage(target.spansPath, message, &report) }
        var index: PayloadIndex?
        if let payloadsPath = target.payloadsPath, var payloads {
            for message in footer.problems(ofPayloads: payloads.file.metadata, spans: metadata) { damage(payloadsPath, message, &report) }
            index = try checkPayloads(&payloads, payloadsPath, &report)
        }
        try checkSpans(&spans, target, index, &report)
        return report
    }

    private func damage(_ path: String, _ message: String, at byteOffset: Int64? = nil, _ report: inout Report) {
        report.findings.damage(path, at: byteOffset.map { Int(clamping: $0) }, segment: report.sequence, message)
    }

    /// Nil where there is nothing to go on with; what is wrong is in the report then.
    private func open(
        _ path: String, _ target: Target, _ expectedByteCount: Int?, _ report: inout Report
    ) throws -> ParquetInspection? {
        do {
            let source = try FileSource(fileSystem.open(path.hasPrefix("/") ? path : FilePath.join(root, path), .read))
            report.byteCount += source.byteCount
            if let expectedByteCount, source.byteCount != expectedByteCount {
                damage(path, "it has \(source.byteCount) bytes, the manifest says \(expectedByteCount)", &report)
            }
            var inspection = try ParquetInspection(source)
            let version = inspection.file.metadata.value(forKey: SegmentKey.formatVersion).flatMap { Int($0) }
            if let version, version > SegmentFormat.version {
                let message = "it has segment format \(version); this program reads up to \(SegmentFormat.version)"
                report.findings.unreadable(path, segment: report.sequence, message)
                return nil
            }
            try inspection.checkLayout()
            add(&inspection, path, &report)
            return inspection
        } catch let error as FileSystemError where error.code == .notFound {
            damage(path, "the file is missing", &report)
        } catch let error as ParquetError where error.code != .source {
            damage(path, error.message, &report)
        }
        return nil
    }

    /// Moves what the Parquet room found into the report.
    private func add(_ inspection: inout ParquetInspection, _ path: String, _ report: inout Report) {
        for finding in inspection.takeFindings() {
            let offset = finding.byteOffset.map { Int(clamping: $0) }
            if finding.isHarmless {
                report.findings.note(path, at: offset, segment: report.sequence, finding.message)
            } else {
                report.findings.damage(path, at: offset, segment: report.sequence, finding.message)
            }
        }
    }

    // MARK: Payloads

    private func checkPayloads(_ inspection: inout ParquetInspection, _ path: String, _ report: inout Report) throws -> PayloadIndex? {
        guard (try? ParquetSchema(SpanSchema.payloadColumns)) == inspection.file.schema else {
            damage(path, "its columns are not those of a payloads file", &report)
            return nil
        }
        var index = PayloadIndex()
        for group in 0..<inspection.file.rowGroupCount {
            inspection.checkRowGroup(group, sortedBy: [0])
            try inspection.checkChunk(rowGroup: group, leaf: 0) { _, leaf in
                guard case .int64(let ids) = leaf.values else { return }
                for id in ids where !index.append(id) {
                    damage(path, "payload \(id) stands behind payload \(index.lastID ?? 0)", &report)
                }
            }
            try inspection.checkChunk(rowGroup: group, leaf: 1) { _, leaf in index.appendLengths(of: leaf.values) }
            progress(inspection.file, group)
        }
        add(&inspection, path, &report)
        report.payloadCount = index.count
        if let last = index.lastID, let sequence = report.sequence, UInt64(bitPattern: last) >> 32 > sequence {
            damage(path, "payload \(last) was first written by a later segment", &report)
        }
        return index
    }

    private func progress(_ file: ParquetFile, _ group: Int) {
        observer.progress(Int(clamping: file.metadata.rowGroups[group].totalCompressedByteCount))
    }

    // MARK: Spans

    private func checkSpans(
        _ inspection: inout ParquetInspection, _ target: Target, _ payloads: PayloadIndex?, _ report: inout Report
    ) throws {
        let schema = inspection.file.schema
        let path = target.spansPath
        let sorting = ["trace_id", "start_time"].compactMap { schema.leaf(at: [$0])?.index }
        var minimumStart = UInt64.max, maximumStart: UInt64 = 0, row = 0
        for group in 0..<inspection.file.rowGroupCount {
            inspection.checkRowGroup(group, sortedBy: sorting)
            var rows = SegmentRows()
            for leaf in schema.leaves {
                try inspection.checkChunk(rowGroup: group, leaf: leaf.index) { _, decoded in
                    rows.take(decoded, of: leaf, keepsNames: observer.item != nil)
                }
            }
            progress(inspection.file, group)
            add(&inspection, path, &report)
            guard rows.isWhole(rowCount: inspection.file.metadata.rowGroups[group].rowCount) else {
                damage(
                    path, "row group \(group): its ids and times cannot all be read, so what hangs together by them is not checked", &report
                )
                continue
            }
            for problem in rows.problems(payloads: payloads, formatVersion: report.formatVersion) {
                damage(path, "row group \(group): \(problem)", &report)
            }
            report.eventRowCount += rows.eventCount
            report.traceCount += rows.traceCount
            report.payloadReferenceCount += rows.references.count
            minimumStart = min(minimumStart, rows.starts.min() ?? .max)
            maximumStart = max(maximumStart, rows.starts.max() ?? 0)
            if let item = observer.item {
                for index in rows.starts.indices { item(rows.members(of: index, segment: report.sequence, group: group, firstRow: row)) }
            }
            row += rows.starts.count
        }
        guard let descriptor = target.descriptor, report.findings.isSound else { return }
        if (minimumStart, maximumStart) != (descriptor.minimumStartTimeUnixNano, descriptor.maximumStartTimeUnixNano) {
            damage(path, "its rows start at other times than the manifest says", &report)
        }
    }
}

/// What footer and manifest say of a segment, against each other and against the columns.
struct SegmentFooterCheck {
    private let target: SegmentInspection.Target
    private let sequence: UInt64?

    init(_ target: SegmentInspection.Target, sequence: UInt64?) {
        self.target = target
        self.sequence = sequence
    }

    func problems(ofSpans metadata: FileMetadata) -> [String] {
        var problems = keyProblems(metadata)
        let fingerprint = SpanSchema.fingerprint(of: metadata.schema)
        if metadata.value(forKey: SegmentKey.schemaFingerprint) != String(fingerprint, radix: 16) {
            problems.append("its columns do not have the fingerprint that the footer says")
        }
        guard let descriptor = target.descriptor else { return problems }
        if metadata.rowCount != Int64(descriptor.spanRowCount) {
            problems.append("it has \(metadata.rowCount) rows, the manifest says \(descriptor.spanRowCount)")
        }
        if metadata.rowGroups.count != descriptor.rowGroupCount {
            problems.append("it has \(metadata.rowGroups.count) row groups, the manifest says \(descriptor.rowGroupCount)")
        }
        if fingerprint != descriptor.schemaFingerprint { problems.append("its columns do not have the fingerprint that the manifest says") }
        return problems
    }

    /// Both files of a pair say the same of themselves.
    func problems(ofPayloads metadata: FileMetadata, spans: FileMetadata) -> [String] {
        var problems = keyProblems(metadata)
        for (key, value) in spans.keyValues where metadata.value(forKey: key) != value {
            problems.append("\(key) is \(metadata.value(forKey: key) ?? "missing"), in the spans file \(value)")
        }
        return problems
    }

    private func keyProblems(_ metadata: FileMetadata) -> [String] {
        var expected: [(String, String?)] = [
            (SegmentKey.formatVersion, nil), (SegmentKey.schemaFingerprint, nil), (SegmentKey.sequence, sequence.map { String($0) }),
            (SegmentKey.nodeID, target.nodeID.map { String($0, radix: 16) }),
        ]
        let descriptor = target.descriptor
        expected += [
            (SegmentKey.project, descriptor?.project.uuid),
            (SegmentKey.receiveDay, descriptor.map { CalendarDay.text(daysSince1970: Int($0.receiveDay)) }),
            (SegmentKey.minimumLSN, descriptor.map { String($0.minimumLSN) }),
            (SegmentKey.maximumLSN, descriptor.map { String($0.maximumLSN) }),
            (SegmentKey.mappingVersion, nil),
        ]
        var problems: [String] = []
        // Lower in a file that a newer mapping was found to change nothing of.
        if let descriptor, let text = metadata.value(forKey: SegmentKey.mappingVersion),
            Int(text).map({ $0 > Int(descriptor.mappingVersion) }) ?? true
        {
            problems.append("\(SegmentKey.mappingVersion) is \(text), expected \(descriptor.mappingVersion) or less")
        }
        for (key, value) in expected {
            let found = metadata.value(forKey: key)
            if found == nil {
                problems.append("the footer does not say \(key)")
            } else if let value, found != value {
                problems.append("\(key) is \(found ?? ""), expected \(value)")
            }
        }
        if let version = metadata.value(forKey: SegmentKey.formatVersion), Int(version).map({ $0 < 1 }) ?? true {
            problems.append("\(SegmentKey.formatVersion) is \(version)")
        }
        return problems
    }
}

import ByteCoding
import FileSystem
import TraceModel

/// Puts aside what an inspection found damaged, so that a start finds nothing but whole segments. Offline: it takes the directory's lock.
///
/// Damaged segments are moved to `quarantine/segments/`, each with a report, and then dropped by one edit of the manifest; files that
/// belong to nobody are removed. What the store's own start does anyway (damaged ranges of the log, its torn tail) is left to it. A repair that
/// ends half-way can be repeated: a segment whose files were moved already is missing then, and is dropped.
package struct StoreRepair {
    private let fileSystem: any FileSystem
    private let root: String
    private let observer: InspectionObserver

    package struct Report: Sendable {
        /// As it was before.
        package var inspection: StoreInspection.Report
        package var movedSegments: [UInt64] = []
        package var lostSpanRowCount = 0
        /// Where they lie now, relative to the store's folder.
        package var movedFiles: [String] = []
        package var removedOrphans: [String] = []
    }

    package static let folder = "quarantine/segments"

    package init(fileSystem: any FileSystem, root: String, observer: InspectionObserver = InspectionObserver()) {
        self.fileSystem = fileSystem
        self.root = root
        self.observer = observer
    }

    /// Errors: the directory is locked, the manifest is damaged (nothing was changed then), or a file cannot be moved.
    package func run() throws -> Report {
        _ = try fileSystem.list(root)
        let lock = try fileSystem.lockDirectory(root)
        defer { lock.release() }
        var report = Report(inspection: try StoreInspection(fileSystem: fileSystem, root: root, observer: observer).run())
        guard let state = report.inspection.manifest.state, report.inspection.manifest.findings.isSound else {
            throw StoreError(
                .corrupt,
                "the manifest is damaged, and without it nobody can tell which segments count: restore the data directory from a backup")
        }
        let damaged = report.inspection.damagedSegments
        if !damaged.isEmpty {
            let target = FilePath.join(root, Self.folder)
            try fileSystem.createDirectory(target)
            for sequence in damaged {
                guard let descriptor = state.segments[sequence] else { continue }
                try move(descriptor, report.inspection, &report)
            }
            try fileSystem.synchronizeDirectory(target)
            let manifest = try ManifestLog.open(fileSystem: fileSystem, directory: StoreFileNames.manifest(root))
            defer { manifest.close() }
            try manifest.append(ManifestEdit(damaged.map { .dropSegment(sequence: $0) }))
            report.movedSegments = damaged
        }
        for orphan in report.inspection.orphans {
            try fileSystem.remove(FilePath.join(root, orphan))
            report.removedOrphans.append(orphan)
        }
        return report
    }

    private func move(_ descriptor: SegmentDescriptor, _ inspection: StoreInspection.Report, _ report: inout Report) throws {
        let number = FilePath.name(of: StoreFileNames.spans(descriptor.partition, descriptor.sequence)).dropLast(".parquet".count)
        let findings = inspection.segments.first { $0.sequence == descriptor.sequence }?.findings.list ?? []
        // The report first: moved files without it would tell nobody why they are there.
        let reportPath = FilePath.join(root, "\(Self.folder)/\(number).json")
        try fileSystem.replace(reportPath, with: Self.report(of: descriptor, findings).bytes + Array("\n".utf8))
        var pairs = [(StoreFileNames.spans(descriptor.partition, descriptor.sequence), "spans")]
        if descriptor.payloadFileByteCount > 0 {
            pairs.append((StoreFileNames.payloads(descriptor.partition, descriptor.sequence), "payloads"))
        }
        for (path, kind) in pairs where try fileSystem.exists(FilePath.join(root, path)) {
            let target = "\(Self.folder)/\(number).\(kind).parquet"
            try fileSystem.rename(FilePath.join(root, path), to: FilePath.join(root, target))
            try fileSystem.synchronizeDirectory(FilePath.parent(of: FilePath.join(root, path)))
            report.movedFiles.append(target)
        }
        report.lostSpanRowCount += descriptor.spanRowCount
    }

    private static func report(of descriptor: SegmentDescriptor, _ findings: [InspectionFinding]) -> JSONValue {
        .object([
            JSONMember(key: "segment", value: .integer(Int64(clamping: descriptor.sequence))),
            JSONMember(key: "project", value: .string(descriptor.project.uuid)),
            JSONMember(key: "received", value: .string(CalendarDay.text(daysSince1970: Int(descriptor.receiveDay)))),
            JSONMember(key: "span_rows", value: .integer(Int64(descriptor.spanRowCount))),
            JSONMember(key: "minimum_lsn", value: .integer(Int64(clamping: descriptor.minimumLSN))),
            JSONMember(key: "maximum_lsn", value: .integer(Int64(clamping: descriptor.maximumLSN))),
            JSONMember(key: "findings", value: .array(findings.map(\.json))),
        ])
    }
}

extension InspectionFinding {
    package var json: JSONValue {
        .object([
            JSONMember(key: "severity", value: .string(severity.rawValue)),
            JSONMember(key: "file", value: .string(file)),
            JSONMember(key: "offset", value: byteOffset.map { .integer(Int64($0)) } ?? .null),
            JSONMember(key: "segment", value: segment.map { .integer(Int64(clamping: $0)) } ?? .null),
            JSONMember(key: "message", value: .string(message)),
        ])
    }
}

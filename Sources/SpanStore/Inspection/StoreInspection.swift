import FileSystem
import TraceModel

/// Reads a whole store and changes nothing: the node's number, the manifest, the log, every segment, and what lies beside them; what is
/// missing, and what belongs to nobody. Works beside a running server: of a segment that goes away while it is read, nothing is said.
package struct StoreInspection {
    private let fileSystem: any FileSystem
    private let root: String
    private let observer: InspectionObserver

    package struct Report: Sendable {
        package var nodeID: UInt64?
        package var manifest = ManifestInspection.Report()
        package var log = WALInspection.Report()
        package var segments: [SegmentInspection.Report] = []
        package var rejectedSpanCount = 0
        package var receiptCount = 0
        /// What recoveries and repairs have put aside.
        package var keptFiles: [String] = []
        /// Files that no start would keep: what a crash left.
        package var orphans: [String] = []
        /// All of them together.
        package var findings = InspectionFindings()

        /// Sequences of segments that have damage.
        package var damagedSegments: [UInt64] { segments.filter { $0.findings.damageCount > 0 }.compactMap(\.sequence).sorted() }
    }

    package init(fileSystem: any FileSystem, root: String, observer: InspectionObserver = InspectionObserver()) {
        self.fileSystem = fileSystem
        self.root = root
        self.observer = observer
    }

    /// Bytes of all files: what an inspection will look at, roughly, for showing how far it is.
    package func byteCount() throws(FileSystemError) -> Int {
        var total = 0
        for name in try StoreFiles.list(fileSystem, root, below: "") { total += (try? fileSystem.size(of: FilePath.join(root, name))) ?? 0 }
        return total
    }

    /// Errors: the store's folder is not there, or cannot be read.
    package func run() throws -> Report {
        var report = Report()
        _ = try fileSystem.list(root)
        report.nodeID = try node(&report.findings)
        report.manifest = try ManifestInspection(fileSystem: fileSystem, root: root, observer: observer).run()
        report.findings.merge(report.manifest.findings)
        report.log = try WALInspection(
            fileSystem: fileSystem, root: root, nodeID: report.nodeID, manifest: report.manifest.state, observer: observer
        ).run()
        report.findings.merge(report.log.findings)
        if let state = report.manifest.state { try readSegments(of: state, &report) }
        let side = try SideFilesInspection(fileSystem: fileSystem, root: root, observer: observer).run()
        report.rejectedSpanCount = side.rejectedSpanCount
        report.receiptCount = side.receiptCount
        report.keptFiles = side.keptFiles
        report.findings.merge(side.findings)
        return report
    }

    /// The number in `NODE`; a store that never was opened has none.
    package func node(_ findings: inout InspectionFindings) throws(FileSystemError) -> UInt64? {
        do throws(FileSystemError) {
            let bytes = try fileSystem.readWhole(FilePath.join(root, "NODE"), maximumByteCount: 64)
            let text = String(decoding: bytes, as: UTF8.self)
            if let id = UInt64(text.filter { !$0.isWhitespace }, radix: 16), text == String(id, radix: 16) + "\n" { return id }
            findings.damage("NODE", at: 0, "it does not hold a node id; the log and the segments name the right one")
        } catch {
            guard error.code == .notFound else { throw error }
            findings.note("NODE", "the store has not been opened yet")
        }
        return nil
    }

    // MARK: Segments

    private func readSegments(of state: ManifestState, _ report: inout Report) throws {
        let inspection = SegmentInspection(fileSystem: fileSystem, root: root, observer: observer)
        for descriptor in state.segments.values.sorted(by: { $0.sequence < $1.sequence }) {
            let masked = state.rowMasks[descriptor.sequence]?.rows.count ?? 0
            let segment = try inspection.run(.init(descriptor, nodeID: report.nodeID, maskedRowCount: masked))
            if !segment.findings.isSound, try isDropped(descriptor.sequence) { continue }
            report.segments.append(segment)
            report.findings.merge(segment.findings)
        }
        report.orphans = try orphans(state)
        for orphan in report.orphans { report.findings.note(orphan, "the manifest does not name it; the next start removes it") }
    }

    /// Whether a running server has dropped the segment since.
    private func isDropped(_ sequence: UInt64) throws(FileSystemError) -> Bool {
        let manifest = try ManifestInspection(fileSystem: fileSystem, root: root, observer: InspectionObserver()).run()
        return manifest.state.map { $0.segments[sequence] == nil } ?? false
    }

    /// Files below `spans`, `payloads` and `temporary` that no segment of the manifest has; with a running server also what it is writing.
    private func orphans(_ state: ManifestState) throws(FileSystemError) -> [String] {
        var known = Set<String>()
        for descriptor in state.segments.values {
            known.insert(StoreFileNames.spans(descriptor.partition, descriptor.sequence))
            if descriptor.payloadFileByteCount > 0 { known.insert(StoreFileNames.payloads(descriptor.partition, descriptor.sequence)) }
        }
        var orphans: [String] = []
        for top in ["spans", "payloads", "temporary"] {
            orphans += try StoreFiles.list(fileSystem, root, below: top).filter { !known.contains($0) }
        }
        guard !orphans.isEmpty else { return [] }
        // A running server may have published them since the manifest was read.
        let manifest = try ManifestInspection(fileSystem: fileSystem, root: root, observer: InspectionObserver()).run()
        for descriptor in manifest.state.map({ Array($0.segments.values) }) ?? [] {
            known.insert(StoreFileNames.spans(descriptor.partition, descriptor.sequence))
            known.insert(StoreFileNames.payloads(descriptor.partition, descriptor.sequence))
        }
        return orphans.filter { path in !known.contains(path) && ((try? fileSystem.exists(FilePath.join(root, path))) ?? false) }
    }
}

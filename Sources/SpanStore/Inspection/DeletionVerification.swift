import ByteCoding
import FileSystem
import TraceModel

/// Proves over the files of a store that nothing is left of what was deleted, or says what is.
///
/// Two independent looks: the rows of every segment, with and without the masks, found as the deletion finds them; and the bytes of every
/// file, the log's that wait to be written over, the quarantine and the receipts among them, in which neither the traces' ids nor the
/// session or user as an attribute's value may occur. What came in after the deletion is told apart where the receipt says when that was.
package struct DeletionVerification {
    private let fileSystem: any FileSystem
    private let root: String
    private let subject: Subject
    private let observer: InspectionObserver

    /// What should be gone.
    package struct Subject: Sendable {
        package var selection: DeletionSelection
        /// Nil: whoever has it. A whole project has to be named.
        package var project: ProjectID?
        /// What the receipt names beside the selection: the traces that carried the session or user.
        package var traces: Set<TraceID>
        /// When it was deleted: what was received later is none of it. Nil where that is not known.
        package var deletedUnixNano: UInt64?
        /// Files of the log behind this one were begun after the deletion.
        package var throughLogFile: UInt64?

        package init(
            _ selection: DeletionSelection, of project: ProjectID? = nil, traces: Set<TraceID> = [], deletedUnixNano: UInt64? = nil,
            throughLogFile: UInt64? = nil
        ) {
            self.selection = selection
            self.project = project
            self.traces = traces
            self.deletedUnixNano = deletedUnixNano
            self.throughLogFile = throughLogFile
        }
    }

    /// A segment that has rows of it.
    package struct Rows: Equatable, Sendable {
        package var file: String
        /// That answers still have.
        package var leftRowCount: Int
        /// That no answer has, and that a rewrite will leave out.
        package var maskedRowCount: Int
        /// All of the segment came in after the deletion.
        package var isLater: Bool
    }

    package struct Report: Sendable {
        package var rows: [Rows] = []
        package var segmentCount = 0
        package var bytes = StoreSearch.Report()
        /// Hits in what was begun after the deletion.
        package var laterHits: [StoreSearch.Hit] = []
        /// Hits in segments that have no row of it: rows of other traces that name it, in a link or an attribute.
        package var mentions: [StoreSearch.Hit] = []
        /// The session or user is too short to be looked for in bytes.
        package var isValueTooShort = false

        package var leftRowCount: Int { rows.filter { !$0.isLater }.reduce(0) { $0 + $1.leftRowCount } }
        package var maskedRowCount: Int { rows.reduce(0) { $0 + $1.maskedRowCount } }
        package var laterRowCount: Int { rows.filter(\.isLater).reduce(0) { $0 + $1.leftRowCount } }
        package var isClean: Bool { leftRowCount == 0 && maskedRowCount == 0 && bytes.isClean }
    }

    /// Below it a value occurs by chance.
    static let minimumValueByteCount = 4

    package init(
        fileSystem: any FileSystem, root: String, subject: Subject, observer: InspectionObserver = InspectionObserver()
    ) {
        self.fileSystem = fileSystem
        self.root = root
        self.subject = subject
        self.observer = observer
    }

    /// Errors: the store's folder cannot be read.
    package func run() throws -> Report {
        _ = try fileSystem.list(root)
        var report = Report()
        let state = try manifest()
        let wanted = state.segments.values.filter { subject.project == nil || subject.project == $0.project }
        report.segmentCount = wanted.count
        // Also where there is no segment to search.
        var traces = DeletionSearch(subject.selection, known: subject.traces).traces
        for (_, segments) in Dictionary(grouping: wanted, by: \.project) {
            traces.formUnion(try searchRows(segments.sorted { $0.sequence < $1.sequence }, state, &report))
        }
        report.rows.sort { $0.file < $1.file }
        if subject.selection == .project { try searchProject(state, &report) } else { try searchBytes(traces, state, &report) }
        return report
    }

    private func manifest() throws(FileSystemError) -> ManifestState {
        try ManifestInspection(fileSystem: fileSystem, root: root, observer: InspectionObserver()).run().state ?? ManifestState()
    }

    // MARK: Rows

    /// Answers the traces that were looked for.
    private func searchRows(_ segments: [SegmentDescriptor], _ state: ManifestState, _ report: inout Report) throws -> Set<TraceID> {
        var open: [SegmentHandle] = []
        for descriptor in segments {
            let handle = SegmentHandle(descriptor, fileSystem: fileSystem, root: root, mask: [])
            do throws(StoreError) {
                _ = try handle.files()
                open.append(handle)
            } catch {
                // A running server may have dropped it since.
                if try manifest().segments[descriptor.sequence] != nil {
                    report.bytes.unreadable.append("\(StoreFileNames.spans(descriptor.partition, descriptor.sequence)): \(error)")
                }
            }
        }
        func mask(_ handle: SegmentHandle) -> [Int32] { state.rowMasks[handle.descriptor.sequence]?.rows.rows ?? [] }
        if subject.selection == .project {
            for handle in open {
                let masked = mask(handle).count
                add(handle.descriptor, left: handle.descriptor.spanRowCount - masked, masked: masked, &report)
            }
            return []
        }
        var every = DeletionSearch(subject.selection, known: subject.traces)
        try every.search(open)
        var left = DeletionSearch(subject.selection, known: every.traces)
        try left.search(open.map { $0.masking(mask($0)) })
        for handle in open {
            let all = every.found[handle.descriptor.sequence]?.rows.count ?? 0
            let unmasked = left.found[handle.descriptor.sequence]?.rows.count ?? 0
            if all > 0 { add(handle.descriptor, left: unmasked, masked: all - unmasked, &report) }
        }
        return every.traces
    }

    private func add(_ descriptor: SegmentDescriptor, left: Int, masked: Int, _ report: inout Report) {
        report.rows.append(
            Rows(
                file: StoreFileNames.spans(descriptor.partition, descriptor.sequence), leftRowCount: left, maskedRowCount: masked,
                isLater: isLater(descriptor)))
    }

    private func isLater(_ descriptor: SegmentDescriptor) -> Bool {
        subject.deletedUnixNano.map { descriptor.minimumReceivedUnixNano > $0 } ?? false
    }

    // MARK: Bytes

    private func searchBytes(_ traces: Set<TraceID>, _ state: ManifestState, _ report: inout Report) throws {
        var patterns = DeletionPatterns(subject.selection, traces: traces.sorted())
        if case .session(let value) = subject.selection, value.utf8.count < Self.minimumValueByteCount { report.isValueTooShort = true }
        if case .user(let value) = subject.selection, value.utf8.count < Self.minimumValueByteCount { report.isValueTooShort = true }
        if report.isValueTooShort { patterns = DeletionPatterns(.project, traces: traces.sorted()) }
        let own = subject.project.map { "/\(StoreFileNames.folder(of: $0))/" }
        let later = Set(
            state.segments.values.filter(isLater).flatMap {
                [StoreFileNames.spans($0.partition, $0.sequence), StoreFileNames.payloads($0.partition, $0.sequence)]
            })
        let unreadable = report.bytes.unreadable
        report.bytes = try search(patterns.all) { path in
            if later.contains(path) { return false }
            guard let own, path.contains("/project=") else { return true }
            return path.contains(own)
        }
        report.bytes.unreadable = unreadable + report.bytes.unreadable
        setMentionsAside(&report)
        setLaterAside(&report)
    }

    /// A published segment's page that holds an id in another column than the rows' own is of a row that names it; so are the bounds in
    /// that file's footer. Whether there are rows of it the search of rows says.
    private func setMentionsAside(_ report: inout Report) {
        let own = Set(report.rows.map(\.file) + report.bytes.hits.filter { $0.place.hasSuffix("column trace_id") }.map(\.file))
        let naming = Set(report.bytes.hits.filter { $0.kind == .segment && !$0.place.hasPrefix("byte ") }.map(\.file))
        func isMention(_ hit: StoreSearch.Hit) -> Bool { hit.kind == .segment && naming.contains(hit.file) && !own.contains(hit.file) }
        report.mentions = report.bytes.hits.filter(isMention)
        report.bytes.hits.removeAll(where: isMention)
    }

    /// Files that are the project's by their path, and its id in the log.
    private func searchProject(_ state: ManifestState, _ report: inout Report) throws {
        guard let project = subject.project else { return }
        let unreadable = report.bytes.unreadable
        var writer = ByteWriter()
        writer.project(project)
        report.bytes = try search([writer.bytes]) { $0.hasPrefix("wal/") }
        report.bytes.unreadable = unreadable + report.bytes.unreadable
        var known = Set<String>()
        for descriptor in state.segments.values where descriptor.project == project {
            known.insert(StoreFileNames.spans(descriptor.partition, descriptor.sequence))
            known.insert(StoreFileNames.payloads(descriptor.partition, descriptor.sequence))
        }
        for path in try StoreFiles.list(fileSystem, root, below: "")
        where path.contains("/\(StoreFileNames.folder(of: project))/") && !known.contains(path) {
            let kind: StoreSearch.Kind =
                path.hasPrefix("quarantine/") ? .quarantine : path.hasPrefix("receipts/") ? .receipts : .orphan
            let hit = StoreSearch.Hit(file: path, kind: kind, place: "the whole file", count: 1)
            if kind != .orphan, isLater(numberedFile: path) { report.laterHits.append(hit) } else { report.bytes.hits.append(hit) }
        }
        setLaterAside(&report)
    }

    /// Files of refused spans and receipts are named after the second in which they were begun.
    private func isLater(numberedFile path: String) -> Bool {
        guard let deleted = subject.deletedUnixNano, let name = path.split(separator: "/").last?.split(separator: ".").first,
            let second = UInt64(name)
        else { return false }
        return second > deleted / 1_000_000_000
    }

    private func search(_ patterns: [[UInt8]], isWanted: @escaping @Sendable (String) -> Bool) throws -> StoreSearch.Report {
        try StoreSearch(
            fileSystem: fileSystem, root: root, needle: .patterns(patterns), observer: observer, isWanted: isWanted
        ).run()
    }

    /// The log's files that were begun after the deletion hold what came in since.
    private func setLaterAside(_ report: inout Report) {
        guard let through = subject.throughLogFile else { return }
        func isLater(_ hit: StoreSearch.Hit) -> Bool {
            hit.file.split(separator: "/").last.flatMap { WALFileName.number(of: String($0)) }.map { $0 > through } ?? false
        }
        report.laterHits += report.bytes.hits.filter { $0.kind == .log && isLater($0) }
        report.bytes.hits.removeAll { $0.kind == .log && isLater($0) }
    }
}

import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Keeps refused spans per project, so that whoever sends them can see what was wrong, and what is mended can be taken in after all:
/// bounded in size and age, the oldest go first, listable with reasons and counts, across restarts.
///
/// Written on a queue of its own, behind the acknowledgement: a refused span was already counted in the sender's reply.
/// What cannot be kept (too much waiting, the disk failing) is counted, never dropped in silence.
package final class RejectedSpanQuarantine: Sendable {
    package struct Statistics: Sendable, Equatable {
        package var keptCount = 0
        /// Refused for the quarantine because too much was waiting.
        package var overflowCount = 0
        /// Lost because the disk failed or was full.
        package var failedCount = 0
        /// Gone to make room for younger ones.
        package var evictedCount = 0
        /// Gone because of their age.
        package var expiredCount = 0
        /// Gone because a replay stored them, or found them stored.
        package var replayedCount = 0
        /// Gone because somebody deleted them.
        package var deletedCount = 0
        /// Records that could not be read back.
        package var damagedCount = 0
        /// Files of a newer version, or damaged in their header, that were met and left as they are until all is deleted.
        package var unknownFileCount: Int { unknownFileNames.count }
        var unknownFileNames: Set<String> = []
    }

    private struct Waiting {
        /// Handed over and not written yet.
        var spans: [ProjectID: [RejectedSpan]] = [:]
        var byteCount = 0
        /// Projects whose spans are about to be written: whatever comes until then goes with them.
        var scheduled: Set<ProjectID> = []
        var statistics = Statistics()
    }

    /// A project's files behind a lock of their own, held across file work: nothing on the ack path takes it.
    private final class ProjectFiles: Sendable {
        /// Nil until first needed.
        let files = Mutex<RejectedSpanFiles?>(nil)
    }

    private let fileSystem: any FileSystem
    private let directory: String
    private let limits: QuarantineLimits
    private let log: @Sendable (StoreLogLevel, String) -> Void
    /// Writes what was handed over. Not private, so that tests can hold it up.
    let writeQueue = DispatchQueue(label: "spandrel.quarantine.write")
    /// Whoever asks waits for the project's own files only.
    private let readQueue = DispatchQueue(label: "spandrel.quarantine.read", attributes: .concurrent)
    private let waiting = Mutex(Waiting())
    private let projects = Mutex([ProjectID: ProjectFiles]())
    /// When ages were looked at last.
    private let lastExpiry = Mutex<UInt64?>(nil)

    /// `directory` is the folder `quarantine/` of the data directory. Nothing is read or made before it is needed.
    package init(
        fileSystem: any FileSystem, directory: String, limits: QuarantineLimits = QuarantineLimits(),
        log: @escaping @Sendable (StoreLogLevel, String) -> Void = { _, _ in }
    ) {
        self.fileSystem = fileSystem
        self.directory = directory
        self.limits = limits
        self.log = log
    }

    package var statistics: Statistics { waiting.withLock { $0.statistics } }

    /// Hands refused spans over and returns at once.
    package func submit(_ spans: [RejectedSpan], of project: ProjectID) {
        guard !spans.isEmpty else { return }
        let byteCount = Self.byteCount(of: spans)
        let mustSchedule = waiting.withLock { waiting -> Bool in
            guard waiting.byteCount == 0 || waiting.byteCount + byteCount <= limits.maximumQueuedByteCount else {
                waiting.statistics.overflowCount += spans.count
                return false
            }
            waiting.byteCount += byteCount
            waiting.spans[project, default: []].append(contentsOf: spans)
            return waiting.scheduled.insert(project).inserted
        }
        guard mustSchedule else { return }
        writeQueue.async { [self] in
            waiting.withLock { _ = $0.scheduled.remove(project) }
            // What cannot be kept has been counted.
            try? withFiles(of: project) { _ in }
        }
    }

    /// Writes what waits, all of a project at once. With its lock held.
    private func writeWaiting(of project: ProjectID, _ files: inout RejectedSpanFiles) {
        guard let spans = waiting.withLock({ $0.spans.removeValue(forKey: project) }) else { return }
        let appended = files.append(spans)
        waiting.withLock { waiting in
            waiting.byteCount -= Self.byteCount(of: spans)
            waiting.statistics.keptCount += appended.keptCount
            waiting.statistics.evictedCount += appended.evictedCount
            waiting.statistics.failedCount += appended.failedCount
        }
    }

    /// Gives up what waits: the project's files cannot be read.
    private func loseWaiting(of project: ProjectID) {
        waiting.withLock { waiting in
            guard let spans = waiting.spans.removeValue(forKey: project) else { return }
            waiting.byteCount -= Self.byteCount(of: spans)
            waiting.statistics.failedCount += spans.count
        }
    }

    private static func byteCount(of spans: [RejectedSpan]) -> Int {
        var byteCount = 0
        var lastOrigin: RejectedSpanOrigin?
        for span in spans {
            byteCount += RejectedSpanCoding.maximumByteCount(of: span)
            if let origin = span.origin, origin !== lastOrigin {
                byteCount += RejectedSpanCoding.maximumByteCount(of: origin)
                lastOrigin = origin
            }
        }
        return byteCount
    }

    /// Waits until everything submitted so far is written or counted as lost.
    package func flush() { writeQueue.sync {} }

    /// Runs work on files, like all below here, on a thread that may block: no event loop, and none of Swift's own few.
    package func onThread<R: Sendable>(
        _ body: @escaping @Sendable (RejectedSpanQuarantine) throws(StoreError) -> R
    ) async throws(StoreError) -> R {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<R, StoreError>, Never>) in
            readQueue.async { [self] in continuation.resume(returning: Result { () throws(StoreError) in try body(self) }) }
        }
        return try result.get()
    }

    // MARK: What is kept

    /// The youngest first, of those below an id.
    package func spans(
        of project: ProjectID, _ selection: RejectedSpanSelection = RejectedSpanSelection(), below id: KeptSpan.ID = .max, maximumCount: Int
    ) throws(StoreError) -> [KeptSpan] {
        try onFiles(of: project) { (files) throws(FileSystemError) in
            try files.spans(selection, below: id, maximumCount: maximumCount)
        }
    }

    /// What is kept, by reason.
    package func groups(of project: ProjectID) throws(StoreError) -> [String: RejectedSpanGroup] {
        try onFiles(of: project) { $0.groups }
    }

    /// How many are kept for each reason.
    package func countsByReason(of project: ProjectID) throws(StoreError) -> [String: Int] {
        try groups(of: project).mapValues(\.spanCount)
    }

    /// Above the id of every span of the project that is kept now.
    package func nextID(of project: ProjectID) throws(StoreError) -> KeptSpan.ID { try onFiles(of: project) { $0.nextID } }

    /// Selected spans from `first` on, oldest first: those of one file, a few MiB. Empty when there are none.
    package func oldestSpans(
        of project: ProjectID, _ selection: RejectedSpanSelection, from first: KeptSpan.ID, below end: KeptSpan.ID
    ) throws(StoreError) -> [KeptSpan] {
        try onFiles(of: project) { (files) throws(FileSystemError) in try files.oldestSpans(selection, from: first, below: end) }
    }

    // MARK: What goes

    /// What a replay came to: spans that are stored now go, others have a new reason. Durable when this returns; a crash before leaves
    /// all as it was.
    package func resolve(
        of project: ProjectID, removing ids: Set<KeptSpan.ID>, reasons: [KeptSpan.ID: String]
    ) throws(StoreError) {
        let count = try changing(project) { (files) throws(FileSystemError) in try files.resolve(removing: ids, reasons: reasons) }
        waiting.withLock { $0.statistics.replayedCount += count }
    }

    /// Deletes the selected spans and frees their bytes. Returns how many.
    package func remove(_ selection: RejectedSpanSelection, of project: ProjectID) throws(StoreError) -> Int {
        let (count, swept) = try changing(project) { (files) throws(FileSystemError) in
            let unknown = Set(files.unknownFileNames)
            let count = try files.remove(selection)
            return (count, unknown.subtracting(files.unknownFileNames))
        }
        waiting.withLock { waiting in
            waiting.statistics.deletedCount += count
            waiting.statistics.unknownFileNames.subtract(swept)
        }
        return count
    }

    /// Deletes the spans that match, as their bytes tell, and frees their bytes. Returns how many.
    package func remove(of project: ProjectID, where matches: (RejectedSpan) -> Bool) throws(StoreError) -> Int {
        let directory = directory(of: project)
        let mayHoldSome = try reading { () throws(FileSystemError) -> Bool in
            if waiting.withLock({ $0.spans[project] != nil }) { return true }
            return try fileSystem.exists(directory)
        }
        guard mayHoldSome else { return 0 }
        let count = try changing(project) { (files) throws(FileSystemError) in try files.remove(where: matches) }
        waiting.withLock { $0.statistics.deletedCount += count }
        return count
    }

    /// Forgets a project's refused spans and frees their bytes.
    package func removeAll(of project: ProjectID) throws(StoreError) {
        try reading {
            () throws(FileSystemError) in
            try withFiles(of: project, forgetsAfterwards: true) { (files) throws(FileSystemError) in try files.removeAll() }
        }
    }

    /// Takes away what is too old, of all projects, when it was not looked at for an interval.
    package func expire(nowUnixNano now: UInt64) throws(StoreError) {
        let isDue = lastExpiry.withLock { last -> Bool in
            if let last, now < last &+ UInt64(limits.expiryIntervalSeconds) * 1_000_000_000 { return false }
            last = now
            return true
        }
        let age = UInt64(limits.maximumAgeDays) * 86_400_000_000_000
        guard isDue, now > age else { return }
        let names = try reading { () throws(FileSystemError) in
            try fileSystem.exists(directory) ? try fileSystem.list(directory) : []
        }
        var failure: StoreError?
        for project in names.compactMap(Self.project(ofName:)) {
            // One project's damaged folder keeps nobody else's spans.
            do throws(StoreError) { try removeSpans(of: project, before: now - age) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Takes away what came before then. Of a project that nobody asked for only the headers of files are read when all is younger.
    package func removeSpans(of project: ProjectID, before unixNano: UInt64) throws(StoreError) {
        let directory = directory(of: project)
        let mayHoldSome = try reading { () throws(FileSystemError) -> Bool in
            try projectFiles(project).files.withLock { (files) throws(FileSystemError) -> Bool in
                if files != nil || waiting.withLock({ $0.spans[project] != nil }) { return true }
                guard try fileSystem.exists(directory) else { return false }
                return try RejectedSpanFiles.mayHoldSpans(before: unixNano, fileSystem, directory: directory)
            }
        }
        guard mayHoldSome else { return }
        let count = try changing(project) { (files) throws(FileSystemError) in try files.removeSpans(before: unixNano) }
        waiting.withLock { $0.statistics.expiredCount += count }
    }

    // MARK: Files

    private func onFiles<R: Sendable>(
        of project: ProjectID, _ body: (inout RejectedSpanFiles) throws(FileSystemError) -> R
    ) throws(StoreError) -> R {
        try reading { () throws(FileSystemError) in
            try withFiles(of: project) { (files) throws(FileSystemError) in try body(&files) }
        }
    }

    private func changing<R: Sendable>(
        _ project: ProjectID, _ body: (inout RejectedSpanFiles) throws(FileSystemError) -> R
    ) throws(StoreError) -> R {
        // After an error it is not known which of the files took another's place: they are read again.
        try reading { () throws(FileSystemError) in
            try withFiles(of: project, forgetsAfterErrors: true) { (files) throws(FileSystemError) in try body(&files) }
        }
    }

    private func reading<R: Sendable>(_ body: () throws(FileSystemError) -> R) throws(StoreError) -> R {
        do throws(FileSystemError) { return try body() } catch { throw StoreError(error, while: "reading the quarantine") }
    }

    private func projectFiles(_ project: ProjectID) -> ProjectFiles {
        projects.withLock { projects in
            if let known = projects[project] { return known }
            let new = ProjectFiles()
            projects[project] = new
            return new
        }
    }

    /// What was submitted so far is written first, so that whoever asks sees it.
    private func withFiles<R: Sendable>(
        of project: ProjectID, forgetsAfterErrors: Bool = false, forgetsAfterwards: Bool = false,
        _ body: (inout RejectedSpanFiles) throws(FileSystemError) -> R
    ) throws(FileSystemError) -> R {
        try projectFiles(project).files.withLock { (loaded) throws(FileSystemError) -> R in
            var files: RejectedSpanFiles
            if let known = loaded {
                files = known
            } else {
                do throws(FileSystemError) { files = try load(project) } catch {
                    loseWaiting(of: project)
                    throw error
                }
            }
            writeWaiting(of: project, &files)
            do throws(FileSystemError) {
                let result = try body(&files)
                loaded = forgetsAfterwards ? nil : files
                return result
            } catch {
                loaded = forgetsAfterErrors || forgetsAfterwards ? nil : files
                throw error
            }
        }
    }

    private func load(_ project: ProjectID) throws(FileSystemError) -> RejectedSpanFiles {
        let files = try RejectedSpanFiles(fileSystem: fileSystem, directory: directory(of: project), limits: limits)
        let unknown = files.unknownFileNames
        waiting.withLock { waiting in
            waiting.statistics.damagedCount += files.damagedRecordCount
            waiting.statistics.unknownFileNames.formUnion(unknown)
        }
        for name in unknown {
            log(
                .warning,
                "the file of refused spans \(name) is of a newer version or damaged: it is left as it is until all refused spans of its "
                    + "project are deleted, and its spans are not listed")
        }
        return files
    }

    private static let namePrefix = "project="

    private func directory(of project: ProjectID) -> String { FilePath.join(directory, Self.namePrefix + project.uuid) }

    private static func project(ofName name: String) -> ProjectID? {
        name.hasPrefix(namePrefix) ? ProjectID(uuid: name.dropFirst(namePrefix.count)) : nil
    }
}

import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Keeps refused spans per project, so that whoever sends them can see what was wrong and send them again: bounded, the
/// oldest go first, listable with reasons and counts, across restarts.
///
/// Written on a queue of its own, behind the acknowledgement: a refused span was already counted in the sender's reply.
/// What cannot be kept (too much waiting, the disk failing) is counted, never dropped in silence.
package final class RejectedSpanQuarantine: Sendable {
    package struct Limits: Sendable {
        /// Per project. One noisy sender must not fill the disk.
        package var maximumByteCount = 16 << 20
        /// Per project. More than anyone reads.
        package var maximumSpanCount = 10_000
        /// Waiting to be written, all projects together.
        package var maximumQueuedByteCount = 32 << 20

        package init() {}
    }

    package struct Statistics: Sendable, Equatable {
        package var keptCount = 0
        /// Refused for the quarantine because too much was waiting.
        package var overflowCount = 0
        /// Lost because the disk failed or was full.
        package var failedCount = 0
        /// Gone to make room for younger ones.
        package var evictedCount = 0
    }

    private let fileSystem: any FileSystem
    private let directory: String
    private let limits: Limits
    private let queue = DispatchQueue(label: "spandrel.quarantine")
    private let waiting = Mutex((byteCount: 0, statistics: Statistics()))
    /// Read from disk when first asked for. The lock is held across file work: nothing on the ack path takes it.
    private let projects = Mutex([ProjectID: RejectedSpanFiles]())

    /// `directory` is the folder `quarantine/` of the data directory. Nothing is read or made before it is needed.
    package init(fileSystem: any FileSystem, directory: String, limits: Limits = Limits()) {
        self.fileSystem = fileSystem
        self.directory = directory
        self.limits = limits
    }

    package var statistics: Statistics { waiting.withLock { $0.statistics } }

    /// Hands refused spans over and returns at once.
    package func submit(_ spans: [RejectedSpan], of project: ProjectID) {
        let byteCount = spans.reduce(0) { $0 + $1.recordByteCount }
        let isTaken = waiting.withLock { waiting -> Bool in
            guard waiting.byteCount == 0 || waiting.byteCount + byteCount <= limits.maximumQueuedByteCount else {
                waiting.statistics.overflowCount += spans.count
                return false
            }
            waiting.byteCount += byteCount
            return true
        }
        guard isTaken, !spans.isEmpty else { return }
        queue.async { [self] in
            let evictedCount = projects.withLock { projects -> Int? in
                do throws(FileSystemError) {
                    return try withFiles(of: project, &projects) { (files) throws(FileSystemError) in try files.append(spans) }
                } catch {
                    return nil
                }
            }
            waiting.withLock { waiting in
                waiting.byteCount -= byteCount
                if let evictedCount {
                    waiting.statistics.keptCount += spans.count
                    waiting.statistics.evictedCount += evictedCount
                } else {
                    waiting.statistics.failedCount += spans.count
                }
            }
        }
    }

    /// Waits until everything submitted so far is written or counted as lost.
    package func flush() { queue.sync {} }

    /// The youngest first, after the `skipping` youngest ones.
    package func spans(of project: ProjectID, skipping: Int = 0, maximumCount: Int) throws(StoreError) -> [RejectedSpan] {
        try reading { (projects) throws(FileSystemError) in
            try withFiles(of: project, &projects) { (files) throws(FileSystemError) in
                try files.spans(skipping: skipping, maximumCount: maximumCount)
            }
        }
    }

    /// How many are kept for each reason.
    package func countsByReason(of project: ProjectID) throws(StoreError) -> [String: Int] {
        try reading { (projects) throws(FileSystemError) in
            try withFiles(of: project, &projects) { $0.countsByReason }
        }
    }

    /// Forgets a project's refused spans and frees their bytes.
    package func removeAll(of project: ProjectID) throws(StoreError) {
        try reading { (projects) throws(FileSystemError) in
            try withFiles(of: project, &projects) { (files) throws(FileSystemError) in try files.removeAll() }
            projects[project] = nil
        }
    }

    private func reading<R: Sendable>(
        _ body: (inout [ProjectID: RejectedSpanFiles]) throws(FileSystemError) -> R
    ) throws(StoreError) -> R {
        flush()
        return try projects.withLock { (projects) throws(StoreError) in
            do throws(FileSystemError) { return try body(&projects) } catch { throw StoreError(error, while: "reading the quarantine") }
        }
    }

    private func withFiles<R>(
        of project: ProjectID, _ projects: inout [ProjectID: RejectedSpanFiles],
        _ body: (inout RejectedSpanFiles) throws(FileSystemError) -> R
    ) throws(FileSystemError) -> R {
        var files: RejectedSpanFiles
        if let known = projects[project] {
            files = known
        } else {
            files = try RejectedSpanFiles(
                fileSystem: fileSystem, directory: FilePath.join(directory, "project=\(project.uuid)"), limits: limits)
        }
        defer { projects[project] = files }
        return try body(&files)
    }
}

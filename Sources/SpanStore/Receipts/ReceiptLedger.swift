import Dispatch
import FileSystem
import Synchronization
import TraceModel

/// Remembers what became of every accepted request: by its LSN, for some days and in bounded space.
///
/// The log is the source, so acknowledging costs no further write: a receipt is kept in memory for as long as its entry is in the log,
/// rebuilt from there after a crash, and made durable before the log lets go of the entry. Where more is in memory than shall be, receipts
/// are written ahead of that, on a queue of their own.
package final class ReceiptLedger: Sendable {
    package struct Statistics: Sendable, Equatable {
        /// In memory now.
        package var pendingCount = 0
        /// Written to files since the start.
        package var writtenCount = 0
        /// Gone to make room for younger ones.
        package var evictedCount = 0
        /// Dropped from memory because the disk did not take them.
        package var lostCount = 0
    }

    /// Of one project, in the order of their LSNs.
    private struct Pending {
        var receipts: [ExportReceipt] = []
        var variableByteCount = 0
    }

    private struct Waiting {
        var projects: [ProjectID: Pending] = [:]
        var byteCount = 0
        var isWritingAhead = false
        /// When ages were looked at last.
        var lastExpiryUnixNano: UInt64?
        var statistics = Statistics()
    }

    /// A project's files behind a lock of their own, held across file work: never taken on the way of a request that is stored.
    private final class ProjectFiles: Sendable {
        /// Nil until first needed.
        let files = Mutex<ReceiptFiles?>(nil)
    }

    private let fileSystem: any FileSystem
    private let directory: String
    private let limits: ReceiptLimits
    private let waiting = Mutex(Waiting())
    private let projects = Mutex([ProjectID: ProjectFiles]())
    private let writeQueue = DispatchQueue(label: "spandrel.receipts.write")
    private let readQueue = DispatchQueue(label: "spandrel.receipts.read")

    /// Times what may wait in memory before more than that is dropped, when the disk takes nothing.
    private static let maximumPendingFactor = 4

    /// `directory` is the folder `receipts/` of the store. Nothing is read or made before it is needed.
    package init(fileSystem: any FileSystem, directory: String, limits: ReceiptLimits = ReceiptLimits()) {
        self.fileSystem = fileSystem
        self.directory = directory
        self.limits = limits
    }

    package var statistics: Statistics { waiting.withLock { $0.statistics } }
    package var maximumAgeNanoseconds: UInt64 { UInt64(limits.maximumAgeDays) * CalendarDay.nanoseconds }
    package var maximumAgeDays: Int { limits.maximumAgeDays }
    package var maximumCount: Int { limits.maximumCount }

    // MARK: Adding

    /// A request was made durable. Called in the order of LSNs, before it is answered; returns at once.
    func record(_ receipt: ExportReceipt, of project: ProjectID) {
        guard add(receipt, of: project) else { return }
        writeQueue.async { [self] in writeAhead() }
    }

    /// An entry was read back from the log. Blocks for file work; the log is replayed alone.
    func restore(_ receipt: ExportReceipt, of project: ProjectID) {
        let isWritten = try? withFiles(of: project) { (files) throws(FileSystemError) in files.covers(receipt) }
        if isWritten == true { return }
        if add(receipt, of: project) { writeAhead() }
    }

    /// Whether there is too much in memory now, and the caller is to see that it is written.
    private func add(_ receipt: ExportReceipt, of project: ProjectID) -> Bool {
        waiting.withLock { waiting in
            let byteCount = receipt.variableByteCount
            waiting.projects[project, default: Pending()].receipts.append(receipt)
            waiting.projects[project, default: Pending()].variableByteCount += byteCount
            waiting.byteCount += byteCount
            waiting.statistics.pendingCount += 1
            guard waiting.statistics.pendingCount > limits.maximumPendingCount || waiting.byteCount > limits.maximumPendingByteCount else {
                return false
            }
            if waiting.statistics.pendingCount > limits.maximumPendingCount * Self.maximumPendingFactor
                || waiting.byteCount > limits.maximumPendingByteCount * Self.maximumPendingFactor
            {
                dropHalf(of: project, &waiting)
            }
            guard !waiting.isWritingAhead else { return false }
            waiting.isWritingAhead = true
            return true
        }
    }

    private func dropHalf(of project: ProjectID, _ waiting: inout Waiting) {
        guard let receipts = waiting.projects[project]?.receipts, receipts.count > 1 else { return }
        let dropped = receipts.count / 2
        remove(through: receipts[dropped - 1].lsn, of: project, &waiting)
        waiting.statistics.lostCount += dropped
    }

    private func remove(through lsn: UInt64, of project: ProjectID, _ waiting: inout Waiting) {
        guard var pending = waiting.projects.removeValue(forKey: project) else { return }
        let removed = pending.receipts.prefix { $0.lsn <= lsn }
        let byteCount = removed.reduce(0) { $0 + $1.variableByteCount }
        let count = removed.count
        pending.receipts.removeFirst(count)
        pending.variableByteCount -= byteCount
        waiting.byteCount -= byteCount
        waiting.statistics.pendingCount -= count
        if !pending.receipts.isEmpty { waiting.projects[project] = pending }
    }

    // MARK: Writing

    /// Calls back behind what is being written ahead.
    func settle(_ body: @escaping @Sendable () -> Void) { writeQueue.async(execute: body) }

    /// What cannot be written stays in memory and is tried again with the next one.
    private func writeAhead() {
        let projects = waiting.withLock { Array($0.projects.keys) }
        for project in projects { try? flush(project) }
        waiting.withLock { $0.isWritingAhead = false }
    }

    /// Makes the project's receipts durable, all of requests that were recorded so far. Blocks.
    func flush(_ project: ProjectID) throws(StoreError) {
        guard waiting.withLock({ $0.projects[project] != nil }) else { return }
        do throws(FileSystemError) {
            try withFiles(of: project) { (files) throws(FileSystemError) in
                // Read behind the lock: whoever held it before has taken away what it wrote.
                let receipts = waiting.withLock { $0.projects[project]?.receipts ?? [] }
                guard let last = receipts.last else { return }
                let evictedCount = try files.append(receipts)
                waiting.withLock { waiting in
                    remove(through: last.lsn, of: project, &waiting)
                    waiting.statistics.writtenCount += receipts.count
                    waiting.statistics.evictedCount += evictedCount
                }
            }
        } catch {
            throw StoreError(error, while: "writing receipts")
        }
    }

    /// Makes all receipts durable that can be.
    func flushAll() { writeAhead() }

    // MARK: Reading

    /// The receipt of an LSN; nil when the project has none of it (any more).
    package func receipt(_ lsn: UInt64, of project: ProjectID) async throws(StoreError) -> ExportReceipt? {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<ExportReceipt?, StoreError>, Never>) in
            readQueue.async { [self] in
                continuation.resume(returning: Result { () throws(StoreError) in try find(lsn, of: project) })
            }
        }
        return try result.get()
    }

    func find(_ lsn: UInt64, of project: ProjectID) throws(StoreError) -> ExportReceipt? {
        let pending = waiting.withLock { $0.projects[project]?.receipts ?? [] }
        if let receipt = Self.find(lsn, in: pending) { return receipt }
        do throws(FileSystemError) {
            return try withFiles(of: project) { (files) throws(FileSystemError) in try files.find(lsn) }
        } catch {
            throw StoreError(error, while: "reading receipts")
        }
    }

    private static func find(_ lsn: UInt64, in receipts: [ExportReceipt]) -> ExportReceipt? {
        var low = 0, high = receipts.count
        while low < high {
            let middle = (low + high) / 2
            if receipts[middle].lsn < lsn { low = middle + 1 } else { high = middle }
        }
        return low < receipts.count && receipts[low].lsn == lsn ? receipts[low] : nil
    }

    // MARK: What goes

    /// Takes away what is too old, of all projects, when it was not looked at for an interval.
    func expire(nowUnixNano now: UInt64) async throws(StoreError) {
        let isDue = waiting.withLock { waiting -> Bool in
            if let last = waiting.lastExpiryUnixNano, now < last &+ UInt64(limits.expiryIntervalSeconds) * 1_000_000_000 { return false }
            waiting.lastExpiryUnixNano = now
            return now > maximumAgeNanoseconds
        }
        guard isDue else { return }
        try await onWriteQueue { (ledger) throws(StoreError) in try ledger.removeExpired(nowUnixNano: now) }
    }

    /// Takes away the receipts of receive days before one.
    func removeReceipts(of project: ProjectID, beforeReceiveDay day: Int32) async throws(StoreError) {
        try await onWriteQueue { (ledger) throws(StoreError) in try ledger.removeReceipts(of: project, beforeDay: day) }
    }

    /// Takes the ids of traces out of all receipts, those in memory, too.
    func forget(_ traces: Set<TraceID>, of project: ProjectID) async throws(StoreError) {
        guard !traces.isEmpty else { return }
        try await onWriteQueue { (ledger) throws(StoreError) in
            // What is in memory alone is written with the rest: the log's entries of it are sealed.
            try ledger.flush(project)
            do throws(FileSystemError) {
                guard try ledger.fileSystem.exists(ledger.directory(of: project)) else { return }
                try ledger.withFiles(of: project) { (files) throws(FileSystemError) in try files.forget(traces) }
            } catch {
                throw StoreError(error, while: "taking deleted traces out of receipts")
            }
        }
    }

    private func onWriteQueue(_ body: @escaping @Sendable (ReceiptLedger) throws(StoreError) -> Void) async throws(StoreError) {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, StoreError>, Never>) in
            writeQueue.async { [self] in continuation.resume(returning: Result { () throws(StoreError) in try body(self) }) }
        }
        try result.get()
    }

    private func removeExpired(nowUnixNano now: UInt64) throws(StoreError) {
        let day = CalendarDay.daysSince1970(unixNano: now - maximumAgeNanoseconds)
        var names: [String] = []
        do throws(FileSystemError) {
            if try fileSystem.exists(directory) { names = try fileSystem.list(directory) }
        } catch {
            throw StoreError(error, while: "listing receipts")
        }
        var failure: StoreError?
        for project in names.compactMap(Self.project(ofName:)) {
            // One project's damaged folder keeps nobody else's receipts.
            do throws(StoreError) { try removeReceipts(of: project, beforeDay: day) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Blocks.
    func removeReceipts(of project: ProjectID, beforeDay day: Int32) throws(StoreError) {
        let known = projects.withLock { $0[project] }, directory = directory(of: project)
        do throws(FileSystemError) {
            guard try fileSystem.exists(directory) else { return }
            guard let known else { return try ReceiptFiles.removeFiles(beforeDay: day, fileSystem, directory: directory) }
            try known.files.withLock { (files) throws(FileSystemError) in
                guard files != nil else { return try ReceiptFiles.removeFiles(beforeDay: day, fileSystem, directory: directory) }
                try files?.removeFiles(beforeDay: day)
            }
        } catch {
            throw StoreError(error, while: "removing receipts")
        }
    }

    // MARK: Files

    private func withFiles<R: Sendable>(
        of project: ProjectID, _ body: (inout ReceiptFiles) throws(FileSystemError) -> R
    ) throws(FileSystemError) -> R {
        let known = projects.withLock { projects in
            if let known = projects[project] { return known }
            let new = ProjectFiles()
            projects[project] = new
            return new
        }
        return try known.files.withLock { (loaded) throws(FileSystemError) -> R in
            var files: ReceiptFiles
            if let known = loaded {
                files = known
            } else {
                files = try ReceiptFiles(fileSystem: fileSystem, directory: directory(of: project), limits: limits)
            }
            // Kept after an error, too: it knows what became of the file it wrote.
            defer { loaded = files }
            return try body(&files)
        }
    }

    private static let namePrefix = "project="

    private func directory(of project: ProjectID) -> String { FilePath.join(directory, Self.namePrefix + project.uuid) }

    private static func project(ofName name: String) -> ProjectID? {
        name.hasPrefix(namePrefix) ? ProjectID(uuid: name.dropFirst(namePrefix.count)) : nil
    }
}

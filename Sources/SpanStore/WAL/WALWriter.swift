import Dispatch
import FileSystem
import Glibc
import Synchronization

/// The log's front: takes entries from any thread without blocking and makes them durable in groups on a thread of its own.
///
/// There is no timer: whatever arrives while one group is being made durable forms the next. Completions run on the
/// log's thread in LSN order, after the fdatasync; the store applies the entry to its memtable there and then answers the
/// sender, so that LSN order, memtable order and acknowledgement order are one. They must be short and must not block.
package final class WALWriter: Sendable {
    package typealias Completion = @Sendable (Result<WALReceipt, StoreError>) -> Void

    let configuration: WALConfiguration
    private let table: SharedWALFileTable
    private let shared: Shared

    /// What the front and the thread have in common. The thread keeps it alive until it has ended.
    private final class Shared: Sendable {
        let queue = Mutex(Queue())
        let wake = DispatchSemaphore(value: 0)
        let counters = Mutex(WALLog.Counters())
    }

    private struct Queue {
        var pending: [Submission] = []
        var pendingByteCount = 0
        /// Taken by the thread and not answered yet.
        var inFlightByteCount = 0
        var busyCount = 0
        var isAsleep = false
        var scrubs: [@Sendable (Result<UInt64, StoreError>) -> Void] = []
        /// Whether there may be something to scrub: looked at while nothing waits.
        var mayScrub = true
        /// Whether the current file may need to grow: looked at while nothing waits.
        var mayGrow = false
        var spareRemovals: [SpareRemoval] = []
        var copies: [CopySubmission] = []
        /// To be told once nothing is left to do.
        var idle: [@Sendable () -> Void] = []
        var closing: (@Sendable (Result<Void, StoreError>) -> Void)?
        var isClosed = false
    }

    private struct CopySubmission {
        let copies: WALCopies
        let completion: @Sendable (Bool) -> Void
    }

    private struct SpareRemoval {
        let currentByteCount: Int
        let completion: @Sendable (Int) -> Void
    }

    struct Submission: Sendable {
        let entry: WALEntry
        let byteCount: Int
        let completion: Completion
    }

    /// Starts the log behind a recovery. Nothing is written before the first entry comes.
    package init(fileSystem: any FileSystem, configuration: WALConfiguration, after recovery: WALRecoveryReport) throws(StoreError) {
        self.configuration = configuration
        let table = SharedWALFileTable(recovery.fileTable)
        let shared = Shared()
        self.table = table
        self.shared = shared
        let position = recovery.position
        shared.queue.withLock { $0.mayScrub = configuration.scrubsByItself }
        try WALThread.start {
            let log = WALLog(fileSystem: fileSystem, configuration: configuration, position: position, table: table)
            shared.counters.withLock { $0 = log.counters }
            Self.run(
                log, shared, maximumGroupByteCount: min(configuration.maximumGroupByteCount, configuration.maximumBodyByteCount),
                scrubsByItself: configuration.scrubsByItself)
        }
    }

    deinit { close { _ in } }

    /// Hands an entry over. The completion runs later on the log's thread, or at once on this one if the entry is refused
    /// without being tried: `.limit` (too large), `.busy` (too much waiting), `.closed`.
    package func submit(_ entry: WALEntry, completion: @escaping Completion) {
        let byteCount = WALEntryCoding.maximumByteCount(of: entry)
        if let refusal = refusal(of: entry, byteCount: byteCount) { return completion(.failure(refusal)) }
        let (refusal, mustWake) = shared.queue.withLock { queue -> (StoreError?, Bool) in
            if queue.isClosed || queue.closing != nil { return (StoreError(.closed, "the store is closing"), false) }
            let waiting = queue.pendingByteCount + queue.inFlightByteCount
            if waiting > 0, waiting + byteCount > configuration.maximumQueuedByteCount {
                queue.busyCount += 1
                return (StoreError(.busy, "\(waiting) bytes are waiting to be written to the log; try again in a moment"), false)
            }
            queue.pending.append(Submission(entry: entry, byteCount: byteCount, completion: completion))
            queue.pendingByteCount += byteCount
            defer { queue.isAsleep = false }
            return (nil, queue.isAsleep)
        }
        if let refusal { return completion(.failure(refusal)) }
        if mustWake { shared.wake.signal() }
    }

    private func refusal(of entry: WALEntry, byteCount: Int) -> StoreError? {
        guard entry.bodyLength >= 0, entry.bodyLength <= entry.bytes.count else {
            return StoreError(.invalid, "the entry's body of \(entry.bodyLength) bytes does not lie in its \(entry.bytes.count) bytes")
        }
        guard entry.bodyLength <= configuration.maximumBodyByteCount, byteCount <= configuration.maximumEntryByteCount else {
            return StoreError(
                .limit,
                "the entry has \(byteCount) bytes, the log takes bodies of at most \(configuration.maximumBodyByteCount); send less at once"
            )
        }
        return nil
    }

    /// A partition's entries up to `sealedLSN` are in published segments: files that hold nothing else are used again.
    /// To be called only after the manifest edit that says so is durable.
    package func release(partition: PartitionID, sealedLSN: UInt64) {
        table.withLock { $0.sealed(partition, through: sealedLSN) }
        if configuration.scrubsByItself { wake { $0.mayScrub = true } }
    }

    /// Has everything the log holds now overwritten once it is sealed. The completion runs on the log's thread, when that will happen
    /// whatever comes between; with the number of the last file that is meant.
    package func scrub(completion: @escaping @Sendable (Result<UInt64, StoreError>) -> Void) {
        let isClosed = wake { queue in
            if queue.isClosed || queue.closing != nil { return true }
            queue.scrubs.append(completion)
            return false
        }
        if isClosed { completion(.failure(StoreError(.closed, "the store is closing"))) }
    }

    /// Gives the disk back what the log keeps to be used again, and the current file where it takes more than `currentByteCount` and all it
    /// holds is sealed. The completion runs on the log's thread with the bytes that are free now, at once where the log is closing.
    func removeSpares(withCurrentOver currentByteCount: Int, completion: @escaping @Sendable (Int) -> Void) {
        let isClosed = wake { queue in
            if queue.isClosed || queue.closing != nil { return true }
            queue.spareRemovals.append(SpareRemoval(currentByteCount: currentByteCount, completion: completion))
            return false
        }
        if isClosed { completion(0) }
    }

    /// Has entries of the oldest file stand in the current one, too. The completion runs on the log's thread, when they do, or with false
    /// where nothing came of it.
    func copy(_ copies: WALCopies, completion: @escaping @Sendable (Bool) -> Void) {
        let isClosed = wake { queue in
            if queue.isClosed || queue.closing != nil { return true }
            queue.copies.append(CopySubmission(copies: copies, completion: completion))
            return false
        }
        if isClosed { completion(false) }
    }

    var oldestClosedFileNumber: UInt64? { table.withLock { $0.oldestClosedFileNumber } }

    /// The oldest file where it takes no more entries, and what keeps it from being let go.
    var oldestClosedFile: (number: UInt64, unsealed: [PartitionID: WALFileTable.Share])? { table.withLock { $0.oldestClosedFile } }

    /// Calls back once everything handed over so far is done, what is scrubbed included. On the log's thread, or at once when it has ended.
    func whenIdle(_ body: @escaping @Sendable () -> Void) {
        let isClosed = wake { queue in
            queue.mayScrub = true
            if !queue.isClosed, queue.closing == nil { queue.idle.append(body) }
            return queue.isClosed || queue.closing != nil
        }
        if isClosed { body() }
    }

    @discardableResult
    private func wake<R: Sendable>(_ change: (inout Queue) -> R) -> R {
        let (result, mustWake) = shared.queue.withLock { queue -> (R, Bool) in
            let result = change(&queue)
            defer { queue.isAsleep = false }
            return (result, queue.isAsleep)
        }
        if mustWake { shared.wake.signal() }
        return result
    }

    /// Bytes of the files that hold entries not sealed yet (and of the current file).
    package var bytesInUse: Int { table.withLock { $0.heldByteCount } }

    /// Of these, those that hold groups.
    package var filledByteCount: Int { table.withLock { $0.filledByteCount } }

    /// The partitions to seal first when the log runs full: those with entries in the oldest file.
    package var oldestUnsealedPartitions: [PartitionID] { table.withLock { $0.oldestUnsealedPartitions } }

    /// Where the log's files begin: everything below is sealed. Nil when no file holds entries.
    package var firstHeldLSN: UInt64? { table.withLock { $0.firstHeldLSN } }

    package var statistics: WALStatistics {
        var statistics = WALStatistics()
        shared.counters.withLock { counters in
            statistics.groupCount = counters.groupCount
            statistics.entryCount = counters.entryCount
            statistics.writtenByteCount = counters.writtenByteCount
            statistics.failedGroupCount = counters.failedGroupCount
            statistics.abandonedFileCount = counters.abandonedFileCount
            statistics.createdFileCount = counters.createdFileCount
            statistics.recycledFileCount = counters.recycledFileCount
            statistics.copiedEntryCount = counters.copiedEntryCount
            statistics.copiedByteCount = counters.copiedByteCount
            statistics.scrubbedFileCount = counters.scrubbedFileCount
            statistics.firstUnscrubbedFile = counters.firstUnscrubbedFile
            statistics.synchronizeDurations = counters.synchronizeDurations
        }
        shared.queue.withLock { queue in
            statistics.busyCount = queue.busyCount
            statistics.queuedByteCount = queue.pendingByteCount + queue.inFlightByteCount
        }
        table.withLock { table in
            statistics.bytesInUse = table.heldByteCount
            statistics.sealedCurrentByteCount = table.sealedCurrentByteCount
            statistics.totalByteCount = table.totalByteCount
            statistics.heldFileCount = table.held.count
            statistics.spareFileCount = table.spares.count
        }
        return statistics
    }

    /// Refuses new entries, makes those waiting durable, writes the final marker and ends the thread, on which the
    /// completion runs. A second call completes at once.
    package func close(completion: @escaping @Sendable (Result<Void, StoreError>) -> Void) {
        let isFirst = shared.queue.withLock { queue -> Bool in
            guard !queue.isClosed, queue.closing == nil else { return false }
            queue.closing = completion
            queue.isAsleep = false
            return true
        }
        if isFirst { shared.wake.signal() } else { completion(.success(())) }
    }
}

/// The thread.
extension WALWriter {
    private enum Work {
        case group([Submission], byteCount: Int)
        case beginScrub([@Sendable (Result<UInt64, StoreError>) -> Void])
        case grow
        case scrub
        case removeSpares([SpareRemoval])
        case copy([CopySubmission])
        case idle([@Sendable () -> Void])
        case close(@Sendable (Result<Void, StoreError>) -> Void)
        case sleep
    }

    private static func run(_ log: WALLog, _ shared: Shared, maximumGroupByteCount: Int, scrubsByItself: Bool) {
        while true {
            switch shared.queue.withLock({ next(&$0, maximumGroupByteCount: maximumGroupByteCount) }) {
            case .sleep:
                shared.wake.wait()
            case .group(let submissions, let byteCount):
                let result = Result { () throws(StoreError) in try log.append(submissions.map(\.entry)) }
                shared.counters.withLock { $0 = log.counters }
                switch result {
                case .success(let receipts):
                    for (submission, receipt) in zip(submissions, receipts) { submission.completion(.success(receipt)) }
                case .failure(let error):
                    for submission in submissions { submission.completion(.failure(error)) }
                }
                shared.queue.withLock { queue in
                    queue.inFlightByteCount -= byteCount
                    queue.mayGrow = true
                }
            case .grow:
                let isMore = log.growAhead()
                shared.counters.withLock { $0 = log.counters }
                if isMore { shared.queue.withLock { $0.mayGrow = true } }
            case .beginScrub(let completions):
                let result = Result { () throws(StoreError) in try log.beginScrub() }
                shared.counters.withLock { $0 = log.counters }
                if scrubsByItself { shared.queue.withLock { $0.mayScrub = true } }
                for completion in completions { completion(result) }
            case .scrub:
                let isMore = log.scrubStep()
                shared.counters.withLock { $0 = log.counters }
                if isMore { shared.queue.withLock { $0.mayScrub = true } }
            case .removeSpares(let removals):
                for removal in removals {
                    let byteCount = log.removeSpares(withCurrentOver: removal.currentByteCount)
                    shared.counters.withLock { $0 = log.counters }
                    removal.completion(byteCount)
                }
            case .copy(let submissions):
                for submission in submissions {
                    let isDone = (try? log.append(submission.copies)) ?? false
                    shared.counters.withLock { $0 = log.counters }
                    submission.completion(isDone)
                }
            case .idle(let bodies):
                for body in bodies { body() }
            case .close(let completion):
                for body in shared.queue.withLock({ $0.idle }) { body() }
                let result = Result { () throws(StoreError) in try log.finish() }
                shared.counters.withLock { $0 = log.counters }
                completion(result)
                return
            }
        }
    }

    /// The next group: what waits, in order, up to the size limit; one entry always fits.
    private static func next(_ queue: inout Queue, maximumGroupByteCount: Int) -> Work {
        // Before the next group: it may need the room of the file that is let go.
        if !queue.copies.isEmpty {
            defer { queue.copies = [] }
            return .copy(queue.copies)
        }
        guard let first = queue.pending.first else {
            if !queue.scrubs.isEmpty {
                defer { queue.scrubs = [] }
                return .beginScrub(queue.scrubs)
            }
            if !queue.spareRemovals.isEmpty {
                defer { queue.spareRemovals = [] }
                return .removeSpares(queue.spareRemovals)
            }
            if let closing = queue.closing {
                queue.closing = nil
                queue.isClosed = true
                return .close(closing)
            }
            if queue.mayGrow {
                queue.mayGrow = false
                return .grow
            }
            if queue.mayScrub {
                queue.mayScrub = false
                return .scrub
            }
            if !queue.idle.isEmpty {
                defer { queue.idle = [] }
                return .idle(queue.idle)
            }
            queue.isAsleep = true
            return .sleep
        }
        var byteCount = first.byteCount
        var count = 1
        while count < queue.pending.count, byteCount + queue.pending[count].byteCount <= maximumGroupByteCount {
            byteCount += queue.pending[count].byteCount
            count += 1
        }
        let group = Array(queue.pending[..<count])
        queue.pending.removeFirst(count)
        queue.pendingByteCount -= byteCount
        queue.inFlightByteCount += byteCount
        return .group(group, byteCount: byteCount)
    }
}

import ByteCoding
import Dispatch
import FileSystem
import GenAIConventions
import OTLP
import Synchronization
import TraceModel

/// The store: appends batches durably, shows them to queries at once, seals them into Parquet segments.
///
/// Three serial places do the work, so that no state is shared but through `StoreState`:
/// - the WAL's thread writes groups and makes them durable;
/// - the apply queue is the only writer of memtables; it takes durable entries in the order of their LSNs, publishes them and
///   answers the senders. It also freezes memtables;
/// - the seal queue writes the segments of memtables and drops what retention has ended.
/// Beside them the compactor writes segments anew, one at a time, on a queue of its own; who edits the manifest has the sealer's lock.
/// Payload pages are compressed on a queue of their own. None of this runs on an event loop or the cooperative pool.
package final class SpanStore: Sendable {
    let configuration: StoreConfiguration
    let state: Mutex<StoreState>
    let counters = Mutex(Counters())
    let wal: WALWriter
    let applyQueue = DispatchQueue(label: "spandrel.apply")
    let sealQueue = BackgroundThread()
    /// Looks for rows to delete: reads as much as a query does.
    let deletionQueue = DispatchQueue(label: "spandrel.deletion", qos: .utility)
    let sealer: Mutex<Sealer>
    let compression: CompressionQueue
    let compactor = Compactor()
    /// Asked on the apply queue.
    let logRoom: Mutex<LogRoom>
    /// Of compression, seals and rewrites.
    let backgroundCPU: BackgroundCPU
    let disk: DiskGuard
    /// Of the last sweep; nil before the first. A disk that fills up does not wait for the next.
    let retention = Mutex<[ProjectID: RetentionRule]?>(nil)
    /// Decoded columns that queries ask for again and again.
    let columns: ColumnCache
    package let nodeID: UInt64
    let walCapacityByteCount: Int
    /// Seeds the memtables' hash tables: random per process, so that nobody can choose keys that collide.
    let hashSeed = UInt64.random(in: 0 ... .max)
    private let lock: any DirectoryLock
    private let requests: Mutex<Requests>
    /// When receipts and refused spans were last held against retention, nanoseconds since 1970.
    let lastSmallExpiry = Mutex<UInt64>(0)
    /// When files that nobody reads were closed, nanoseconds since 1970.
    private let lastFileLook = Mutex<UInt64>(0)
    let isClosed = Atomic<Bool>(false)
    /// What recovery found, for health and logs.
    package let recovery: WALRecoveryReport
    /// Spans that were refused, with their reasons.
    package let quarantine: RejectedSpanQuarantine
    /// What became of requests.
    package let receipts: ReceiptLedger
    /// Makes the ids of receipts unguessable.
    package let receiptKey: [UInt8]
    /// Who wants to know that spans came in.
    package let arrivals = ArrivalListeners()
    /// Counts what a newer mapping or newer prices would change.
    let reviewQueue = DispatchQueue(label: "spandrel.review", qos: .utility)

    struct Counters {
        /// Memory of all memtables, frozen ones included.
        var memtablesByteCount = 0
        /// Its highest since memory was last given back.
        var highestMemtablesByteCount = 0
        var appendedSpanCount = 0
        var appendedEventCount = 0
        var duplicateRequestCount = 0
        var duplicateSpanCount = 0
        /// Since the start.
        var sealed = SealReport()
        var sealFailureCount = 0
        var damagedSegmentCount = 0
        var sealedByteCount = 0
    }

    /// The sender of a request whose twin is being stored.
    private struct Waiter {
        let continuation: CheckedContinuation<Result<AppendOutcome, StoreError>, Never>
        let receivedUnixNano: UInt64
    }

    private struct Requests {
        var recent: RecentRequests
        var nextWaiter: RecentRequests.WaiterID = 1
        var waiting: [RecentRequests.WaiterID: Waiter] = [:]
    }

    /// The parts that `open` has put together.
    struct Parts {
        var configuration: StoreConfiguration
        var lock: any DirectoryLock
        var state: StoreState
        var sealer: Sealer
        var compression: CompressionQueue
        var disk: DiskGuard
        var recent: RecentRequests
        var wal: WALWriter
        var recovery: WALRecoveryReport
        var nodeID: UInt64
        var walCapacityByteCount: Int
        var counters: Counters
        var quarantine: RejectedSpanQuarantine
        var receipts: ReceiptLedger
        var receiptKey: [UInt8]
    }

    init(_ parts: consuming Parts) {
        configuration = parts.configuration
        lock = parts.lock
        state = Mutex(parts.state)
        sealer = Mutex(parts.sealer)
        compression = parts.compression
        backgroundCPU = parts.compression.cpu
        disk = parts.disk
        columns = ColumnCache(maximumByteCount: parts.configuration.limits.maximumColumnCacheByteCount, now: parts.configuration.now)
        requests = Mutex(Requests(recent: parts.recent))
        wal = parts.wal
        logRoom = Mutex(LogRoom(parts.wal.configuration))
        recovery = parts.recovery
        nodeID = parts.nodeID
        walCapacityByteCount = parts.walCapacityByteCount
        quarantine = parts.quarantine
        receipts = parts.receipts
        receiptKey = parts.receiptKey
        let restored = parts.counters
        counters.withLock { $0 = restored }
    }

    // MARK: Append

    /// Bytes of the body of one request at most, as the log holds it.
    package var maximumBodyByteCount: Int { wal.configuration.maximumBodyByteCount }

    /// Stores a batch. Returns when it is on disk and visible to queries; throws when it is neither.
    ///
    /// `.busy`, `.full` and `.poisoned` pass: the sender should try again. A body that was stored within the last 15 minutes is
    /// not stored again and gets the first one's reply, also when the first is still on its way.
    package func append(_ request: AppendRequest) async throws(StoreError) -> AppendOutcome {
        guard !isClosed.load(ordering: .acquiring) else { throw StoreError(.closed, "the store is closing") }
        try disk.requireRoom()
        let held = counters.withLock { $0.memtablesByteCount }
        guard held <= configuration.limits.maximumMemtablesByteCount else {
            throw StoreError(.busy, "\(held) bytes wait to be sealed; try again in a few seconds")
        }
        let delay = AppendPacing.delayMilliseconds(
            logPart: Double(wal.filledByteCount) / Double(walCapacityByteCount),
            memoryPart: Double(held) / Double(configuration.limits.maximumMemtablesByteCount))
        // A cancelled wait is no reason to refuse: the append is as welcome as before.
        if delay > 0 { try? await Task.sleep(for: .milliseconds(delay)) }
        let bodyLength = request.batch.bodyLength
        let hash = request.batch.bytes.withUnsafeBytes {
            ContentHash(of: UnsafeRawBufferPointer(rebasing: $0[0..<bodyLength]), seed: nodeID)
        }
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<AppendOutcome, StoreError>, Never>) in
            begin(request, hash: hash, continuation)
        }
        return try result.get()
    }

    private func begin(
        _ request: AppendRequest, hash: ContentHash, _ continuation: CheckedContinuation<Result<AppendOutcome, StoreError>, Never>
    ) {
        let now = configuration.now()
        let beginning = requests.withLock { requests in
            let waiter = requests.nextWaiter
            requests.nextWaiter += 1
            let beginning = requests.recent.begin(request.project, hash, waiter: waiter, nowUnixNano: now)
            if beginning == .wait { requests.waiting[waiter] = Waiter(continuation: continuation, receivedUnixNano: now) }
            return beginning
        }
        switch beginning {
        case .wait: return
        case .duplicate(let reply, let lsn):
            counters.withLock { $0.duplicateRequestCount += 1 }
            continuation.resume(returning: .success(AppendOutcome(isDuplicate: true, reply: reply, lsn: lsn, receivedUnixNano: now)))
        case .new:
            let ordinals = request.batch.ordinals
            let entry = WALEntry(
                project: request.project, receivedUnixNano: now, kind: request.batch.record == .event ? .events : .spans,
                codec: request.codec, decoderVersion: ExportTraceRequestDecoder.version,
                rejectedOrdinals: request.batch.rejections.map { UInt32($0.ordinal) }.sorted(),
                enrichment: Enrichment.encode(request.fields, ordinals: ordinals, rejections: request.rejections), reply: request.reply,
                bytes: request.batch.bytes,
                bodyLength: request.batch.bodyLength)
            wal.submit(entry) { [self] result in
                // On the WAL's thread, in the order of LSNs; the apply queue keeps that order.
                applyQueue.async { [self] in finish(request, hash: hash, result, continuation) }
            }
        }
    }

    private func finish(
        _ request: AppendRequest, hash: ContentHash, _ result: Result<WALReceipt, StoreError>,
        _ continuation: CheckedContinuation<Result<AppendOutcome, StoreError>, Never>
    ) {
        let outcome: RecentRequests.Outcome
        let answer: Result<AppendOutcome, StoreError>
        var filled: Memtable?
        switch result {
        case .success(let receipt):
            filled = apply(request.batch, fields: request.fields, receipt)
            arrivals.ring(request.project)
            outcome = .stored(request.reply, receivedUnixNano: receipt.receivedUnixNano, lsn: receipt.lsn)
            answer = .success(
                AppendOutcome(isDuplicate: false, reply: request.reply, lsn: receipt.lsn, receivedUnixNano: receipt.receivedUnixNano))
            receipts.record(
                ExportReceipt(
                    lsn: receipt.lsn, receivedUnixNano: receipt.receivedUnixNano, visibleUnixNano: configuration.now(),
                    storedSpanCount: request.batch.spanCount, reply: request.reply, rejections: request.rejections), of: request.project)
        case .failure(let error):
            outcome = .failed
            answer = .failure(error)
            if error.code == .full { freezeWhatPinsTheLog() }
        }
        let waiting = requests.withLock { requests in
            requests.recent.finish(request.project, hash, outcome).compactMap { requests.waiting.removeValue(forKey: $0) }
        }
        // Not before the request is known as stored: the seal writes down which requests of the memtable a repetition may refer to, and
        // the log lets go of them.
        if let filled { freezeIfFull(filled) }
        continuation.resume(returning: answer)
        if case .success = answer { counters.withLock { $0.duplicateRequestCount += waiting.count } }
        for waiter in waiting {
            let repeated = answer.map {
                AppendOutcome(isDuplicate: true, reply: $0.reply, lsn: $0.lsn, receivedUnixNano: waiter.receivedUnixNano)
            }
            waiter.continuation.resume(returning: repeated)
        }
    }

    /// Puts a durable batch into its partition's memtable, which it answers. Apply queue only.
    private func apply(_ batch: SpanBatch, fields: LLMFields, _ receipt: WALReceipt) -> Memtable {
        let memtable = activeMemtable(of: receipt.partition)
        let duplicateSpanCount = memtable.duplicateSpanCount
        memtable.append(batch, fields: fields, lsn: receipt.lsn, receivedUnixNano: receipt.receivedUnixNano)
        let change = memtable.account()
        counters.withLock { counters in
            switch batch.record {
            case .span: counters.appendedSpanCount += batch.spanCount
            case .event: counters.appendedEventCount += batch.spanCount
            }
            counters.duplicateSpanCount += memtable.duplicateSpanCount - duplicateSpanCount
            counters.memtablesByteCount += change
            counters.highestMemtablesByteCount = max(counters.highestMemtablesByteCount, counters.memtablesByteCount)
        }
        return memtable
    }

    /// Has a memtable sealed that has reached a limit, or what keeps the log long. Apply queue only.
    private func freezeIfFull(_ memtable: Memtable) {
        if memtable.rowCount >= configuration.limits.maximumMemtableRowCount
            || memtable.accountedByteCount >= configuration.limits.maximumMemtableByteCount
            || !memtable.hasArenaRoom
        {
            freeze([memtable.partition])
        } else {
            makeRoomInTheLog()
        }
    }

    private func activeMemtable(of partition: PartitionID) -> Memtable {
        state.withLock { state in
            if let memtable = state.active[partition] { return memtable }
            let memtable = Memtable(
                partition: partition, registry: state.registry(of: partition.project), compression: compression, seed: hashSeed)
            state.begin(memtable, nowUnixNano: configuration.now())
            return memtable
        }
    }

    // MARK: Sealing

    /// Seals every memtable now, or those of one project. Returns when the segments are published.
    @discardableResult
    package func seal(_ project: ProjectID? = nil) async throws(StoreError) -> SealReport {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<SealReport, StoreError>, Never>) in
            applyQueue.async { [self] in
                let before = counters.withLock { $0.sealed }
                let frozenCount = state.withLock { state in
                    state.freeze(state.active.keys.filter { project == nil || $0.project == project }.sorted())
                }
                sealQueue.async { [self] in
                    // A seal that was under way may have taken these memtables along.
                    continuation.resume(
                        returning: sealFrozen(through: frozenCount).map {
                            let after = counters.withLock { $0.sealed }
                            return SealReport(
                                segmentCount: after.segmentCount - before.segmentCount, spanCount: after.spanCount - before.spanCount)
                        })
                }
            }
        }
        return try result.get()
    }

    /// What has to happen from time to time: seals memtables whose day is over or whose rows have waited, and tries again
    /// what could not be sealed; refused spans that are too old go.
    package func maintain() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            applyQueue.async { [self] in
                var limits = configuration.limits
                // What was deleted leaves the log when everything beside it is sealed.
                if isScrubPending { limits.smallMemtableByteCount = 0 }
                let frozenCount = state.withLock { [limits] state in
                    state.freeze(state.due(nowUnixNano: configuration.now(), limits: limits))
                }
                sealQueue.async { [self] in
                    sealFrozen(through: frozenCount)
                    continuation.resume()
                }
            }
        }
        wakeCompactor()
        let now = configuration.now()
        columns.removeUnused(nowUnixNano: now)
        closeUnusedFiles(nowUnixNano: now)
        do throws(StoreError) {
            try await quarantine.onThread { (quarantine) throws(StoreError) in try quarantine.expire(nowUnixNano: now) }
        } catch {
            configuration.log(.warning, "refused spans that are too old could not be removed: \(error)")
        }
        do throws(StoreError) { try await receipts.expire(nowUnixNano: configuration.now()) } catch {
            configuration.log(.warning, "receipts that are too old could not be removed: \(error)")
        }
    }

    /// Also one that was asked for before the start.
    var isScrubPending: Bool {
        let path = FilePath.join(StoreFileNames.wal(configuration.root), WALScrubber.fileName)
        return (try? configuration.fileSystem.exists(path)) ?? false
    }

    private func closeUnusedFiles(nowUnixNano now: UInt64) {
        let isDue = lastFileLook.withLock { last in
            guard now >= last &+ StoreLimits.unusedFileLookNanoseconds else { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let horizon = now - min(now, StoreLimits.maximumUnusedFileNanoseconds)
        for handle in state.withLock({ $0.loadedHandles }) { handle.closeUnused(sinceUnixNano: horizon, nowUnixNano: now) }
        let removed = state.withLock { $0.removeUnusedHandles(sinceUnixNano: horizon, nowUnixNano: now) }
        withExtendedLifetime(removed) {}
    }

    /// Requests that a repetition may still refer to once the log has let go of them. Seal queue.
    func recentRequests(of partition: PartitionID, throughLSN lsn: UInt64) -> [RecentRequest] {
        requests.withLock { $0.recent.requests(of: partition, throughLSN: lsn, nowUnixNano: configuration.now()) }
    }

    /// A repetition of a request whose spans have all been deleted is stored. In memory only: a restart within the 15 minutes knows such
    /// requests again.
    func forgetRequests(of project: ProjectID, storedIn segments: [SegmentDescriptor]) {
        requests.withLock { $0.recent.forget(project, storedIn: segments.map { $0.minimumLSN...$0.maximumLSN }) }
    }

    // MARK: Reading

    /// A fixed view of a project's rows.
    package func snapshot(of project: ProjectID) -> any StoreSnapshot {
        let (memtables, segments) = state.withLock { state in
            let active = state.active.values.filter { $0.partition.project == project }
            let frozen = state.frozen.filter { $0.partition.project == project }
            return ((active + frozen).map { MemtableUnit($0) }, state.handles(of: project))
        }
        return PinnedSnapshot(project: project, memtables: memtables, segments: segments, columns: columns)
    }

    package var statistics: StoreStatistics {
        var statistics = StoreStatistics()
        state.withLock { state in
            statistics.memtableCount = state.active.count
            statistics.frozenMemtableCount = state.frozen.count
            statistics.memtableRowCount = (Array(state.active.values) + state.frozen).reduce(0) { $0 + $1.visibleRowCount }
            statistics.segmentCount = state.segmentCount
            statistics.segmentRowCount = state.segmentRowCount
            statistics.segmentByteCount = state.segmentByteCount
            statistics.maskedRowCount = state.maskedRowCount
        }
        counters.withLock { counters in
            statistics.memtableByteCount = counters.memtablesByteCount
            statistics.appendedSpanCount = counters.appendedSpanCount
            statistics.appendedEventCount = counters.appendedEventCount
            statistics.duplicateRequestCount = counters.duplicateRequestCount
            statistics.duplicateSpanCount = counters.duplicateSpanCount
            statistics.sealedSegmentCount = counters.sealed.segmentCount
            statistics.sealFailureCount = counters.sealFailureCount
            statistics.damagedSegmentCount = counters.damagedSegmentCount
            statistics.sealedByteCount = counters.sealedByteCount
        }
        statistics.columns = columns.statistics
        statistics.wal = wal.statistics
        statistics.compaction = compactor.statistics
        statistics.backgroundCPUNanoseconds = backgroundCPU.nanosecondsByWork
        return statistics
    }

    /// Free on the disk the store lies on; nil when it cannot be read.
    package var freeByteCount: Int? { (try? configuration.fileSystem.space(at: configuration.root))?.freeByteCount }

    /// Bytes of all published segments.
    var fileByteCount: Int { state.withLock { $0.segmentByteCount } }

    /// Bytes of a project's published segments.
    package func fileByteCount(of project: ProjectID) -> Int {
        state.withLock { $0.descriptors(of: project) }.reduce(0) { $0 + $1.byteCount }
    }

    /// The published files of a project, relative to the store's folder, oldest first.
    package func files(of project: ProjectID) -> [(spans: String, payloads: String?, descriptor: SegmentDescriptor)] {
        state.withLock { $0.descriptors(of: project) }.map { descriptor in
            (
                StoreFileNames.spans(descriptor.partition, descriptor.sequence),
                descriptor.payloadFileByteCount > 0 ? StoreFileNames.payloads(descriptor.partition, descriptor.sequence) : nil, descriptor
            )
        }
    }

    /// Returns when what was begun so far is done: seals, receipts, the compaction under way, the log's overwriting. For tests that count what
    /// the store does with its disk.
    package func settle() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            applyQueue.async { [self] in
                sealQueue.async { [self] in
                    compactor.queue.async { [self] in receipts.settle { [self] in wal.whenIdle { continuation.resume() } } }
                }
            }
        }
    }

    /// Refuses new appends, lets those under way finish, writes the log's final marker and gives the directory free.
    /// Memtables stay in the log and are read back at the next start.
    package func close() async {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        await compactor.stop()
        // Behind a look at the disk: it drops and seals.
        await withCheckedContinuation { continuation in disk.queue.async { continuation.resume() } }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            wal.close { [self] _ in
                // Behind every answer that the log has handed to the apply queue, and behind the seal under way.
                applyQueue.async { [self] in
                    sealQueue.async { [self] in
                        receipts.flushAll()
                        continuation.resume()
                    }
                }
            }
        }
        lock.release()
    }
}

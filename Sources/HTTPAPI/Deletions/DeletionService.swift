/// Works through deletions: one after the other, in the store first and then in PostgreSQL, and looks until their bytes are gone.
///
/// Everything it needs to go on after a crash stands in the deletion's row; taking a step again does no harm.

import ByteCoding
import Logging
import Metastore
import ServiceLifecycle
import SpanStore
import Synchronization
import TraceModel

package final class DeletionService: Service {
    private let store: SpanStore
    private let deletions: DeletionRepository
    private let logger: Logger
    /// How long a request waits for its deletion.
    let waitSeconds: Double
    private let waiting = Mutex(Waiting())
    private let bell: AsyncStream<Void>, ring: AsyncStream<Void>.Continuation

    /// Requests that wait until something is in no answer any more.
    private struct Waiting {
        var next: UInt64 = 0
        var continuations: [UInt64: (deletion: TaskID, continuation: CheckedContinuation<Void, Never>)] = [:]
    }

    package init(
        store: SpanStore, deletions: DeletionRepository, waitSeconds: Double? = nil, logger: Logger
    ) {
        self.store = store
        self.deletions = deletions
        self.logger = logger
        self.waitSeconds = waitSeconds ?? APILimits.deletionWaitSeconds
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Tells stores apart.
    package var node: UInt64 { store.identity }

    /// There is something new to do.
    package func wake() { ring.yield() }

    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [self] in
                    while !Task.isCancelled {
                        wake()
                        do { try await Task.sleep(for: .seconds(APILimits.deletionLookSeconds)) } catch { return }
                    }
                }
                group.addTask { [self] in
                    for await _ in bell {
                        if Task.isCancelled { break }
                        do { try await look() } catch is CancellationError { break } catch {
                            logger.warning("deletions cannot be worked through", metadata: ["error": "\(error)"])
                        }
                    }
                }
            }
        }
        let left = waiting.withLock { waiting in
            defer { waiting.continuations = [:] }
            return waiting.continuations.values.map(\.continuation)
        }
        for continuation in left { continuation.resume() }
    }

    // MARK: - Waiting

    /// Returns once the deletion is in no answer any more, or after some seconds.
    func waitUntilMasked(_ id: TaskID) async {
        guard waitSeconds > 0 else { return wake() }
        let number = waiting.withLock { waiting in
            waiting.next += 1
            return waiting.next
        }
        let timeout = Task { [self] in
            try? await Task.sleep(for: .seconds(waitSeconds))
            waiting.withLock { $0.continuations.removeValue(forKey: number) }?.continuation.resume()
        }
        defer { timeout.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting.withLock { $0.continuations[number] = (id, continuation) }
                // A cancellation from before it waited has found nobody.
                if Task.isCancelled { resume([number]) } else { wake() }
            }
        } onCancel: {
            waiting.withLock { $0.continuations.removeValue(forKey: number) }?.continuation.resume()
        }
    }

    private func resume(_ numbers: [UInt64]) {
        let meant = waiting.withLock { waiting in numbers.compactMap { waiting.continuations.removeValue(forKey: $0)?.continuation } }
        for continuation in meant { continuation.resume() }
    }

    /// Whoever waits for one of these, or for any but these.
    private func waiters(where isMeant: (TaskID) -> Bool) -> [UInt64] {
        waiting.withLock { waiting in waiting.continuations.filter { isMeant($0.value.deletion) }.map(\.key) }
    }

    // MARK: - Work

    /// One look at everything that is open. Throws MetastoreError, `CancellationError`.
    package func look() async throws {
        // Those that wait by now: what they wait for is in the list, unless it is done.
        let before = waiters { _ in true }
        let open = try await deletions.open(node: store.identity)
        let running = Set(open.filter { $0.state == .running }.map(\.id))
        if open.count < MetastoreLimits.maximumSweepCount {
            let over = Set(waiters { !running.contains($0) })
            resume(before.filter { over.contains($0) })
        }
        for deletion in open {
            try Task.checkCancellation()
            do {
                switch deletion.state {
                case .running:
                    try await mask(deletion)
                    resume(waiters { $0 == deletion.id })
                case .masked: try await finish(deletion)
                case .done: break
                }
            } catch let error as StoreError {
                if error.code == .closed { throw CancellationError() }
                logger.warning("a deletion does not get on", metadata: ["deletion": "\(deletion.id.uuid)", "error": "\(error)"])
                try await deletions.setProblem(deletion.id, "\(error)")
            }
        }
    }

    /// Finds, writes down what was found, deletes.
    private func mask(_ deletion: DeletionRecord) async throws {
        guard let selection = DeletionSelection(deletion) else {
            return try await deletions.setProblem(deletion.id, "what is to be deleted cannot be read")
        }
        let prepared = try await store.prepareDeletion(selection, of: deletion.projectID, known: Set(deletion.traceIDs))
        let found = DeletionCounts(prepared.found).joined(withFound: deletion.found)
        try await deletions.note(deletion.id, traces: prepared.found.traces, found: found)
        let outcome = try await store.complete(prepared)
        // What was found and is not deleted now had been deleted by the try before.
        let counts = DeletionCounts(outcome).joined(withFound: deletion.found)
        let record = try await deletions.recordMasked(
            deletion.id, traces: outcome.traces, counts: counts, maskedUnixNano: outcome.maskedUnixNano,
            throughLogFile: outcome.throughLogFile, deadlineSeconds: store.deletionDeadlineSeconds)
        guard let record else { return }
        logger.info(
            "deleted",
            metadata: [
                "deletion": "\(record.id.uuid)", "kind": "\(record.kind.rawValue)", "spans": "\(counts.spanCount)",
                "events": "\(counts.eventCount)",
            ])
    }

    /// Done once nothing is left on disk; has the store get on with what is.
    private func finish(_ deletion: DeletionRecord) async throws {
        guard let maskedUnixNano = deletion.maskedUnixNano, let logFile = deletion.throughLogFile, let masked = deletion.maskedTimeUnixNano,
            let deadline = deletion.deadlineTimeUnixNano
        else { return }
        let remains = try await store.remains(of: deletion.projectID, deletedUnixNano: maskedUnixNano, throughLogFile: logFile)
        if remains.isEmpty {
            try await deletions.recordDone(deletion.id)
            return logger.info("bytes of a deletion are gone", metadata: ["deletion": "\(deletion.id.uuid)"])
        }
        store.wakeCompactor()
        // The log lets go of its files once all projects' entries in them are sealed, which takes ten minutes at most by itself.
        if remains.isInLog, Int64(clamping: WallClock.nowUnixNano()) >= masked + (deadline - masked) / 2 { _ = try await store.seal() }
        try await deletions.setProblem(
            deletion.id,
            remains.damagedSegmentCount == 0
                ? ""
                : "\(remains.damagedSegmentCount) segments cannot be read, and so not written anew: see spandrel inspect store --repair")
    }
}

extension DeletionSelection {
    init?(_ deletion: DeletionRecord) {
        switch deletion.kind {
        case .trace:
            guard let trace = TraceID(hex: deletion.subject) else { return nil }
            self = .trace(trace)
        case .session: self = .session(deletion.subject)
        case .user: self = .user(deletion.subject)
        case .project: self = .project
        }
    }
}

extension DeletionCounts {
    init(_ outcome: DeletionOutcome) {
        self.init()
        spanCount = Int64(outcome.spanCount)
        eventCount = Int64(outcome.eventCount)
        refusedSpanCount = Int64(outcome.refusedSpanCount)
        keptPayloadByteCount = Int64(outcome.keptPayloadByteCount)
    }
}

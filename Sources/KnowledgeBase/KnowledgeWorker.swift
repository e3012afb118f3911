/// Works on uploads and promotions: leases them, holds the leases while it works, takes over from workers that died; and collects what nobody
/// refers to any more. Any number of workers, in any number of processes, share the work through PostgreSQL alone.
///
/// Stopping gracefully, it takes on nothing new, gives a call under way a while to end, and hands the rest to whoever comes next.

import JobQueue
import Logging
import Metastore
import RunExecution
import ServiceLifecycle
import Synchronization
import TraceModel

package final class KnowledgeWorker: Service {
    private let name: String
    private let resources: RunResources
    private let logger: Logger
    private let gates = GateBells()
    private let isStopping = Mutex(false)

    private var uploads: KnowledgeUploadRepository { resources.metastore.knowledgeUploads }
    private var promotions: KnowledgePromotionRepository { resources.metastore.knowledgePromotions }

    /// - Parameter name: tells workers apart in attempts and logs.
    package init(name: String, resources: RunResources, logger: Logger) {
        self.name = name
        self.resources = resources
        self.logger = logger
    }

    package func run() async throws {
        let uploading = uploadWork(), promoting = promotionWork()
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { beside in
                beside.addTask {
                    await self.listen {
                        uploading.ring(); promoting.ring()
                    }
                }
                beside.addTask { await self.hearRuns() }
                beside.addTask { await KnowledgeCollector(knowledge: self.resources.metastore.knowledge, logger: self.logger).run() }
                beside.addTask {
                    await self.rescueLost {
                        uploading.ring(); promoting.ring()
                    }
                }
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await uploading.run() }
                    group.addTask { await promoting.run() }
                }
                beside.cancelAll()
            }
        } onGracefulShutdown: {
            self.isStopping.withLock { $0 = true }
            uploading.stop()
            promoting.stop()
            // Those that wait for a gate look up and see that they are to stop.
            self.gates.hear(.resumed)
            Task {
                try? await Task.sleep(for: .seconds(KnowledgeWorkLimits.drainSeconds))
                uploading.cancelAll()
                promoting.cancelAll()
            }
        }
    }

    // MARK: - Uploads

    private func uploadWork() -> LeasedWork<LeasedKnowledgeUpload> {
        let (uploads, name) = (uploads, name)
        return LeasedWork(maximumCount: KnowledgeWorkLimits.uploadCount, logger: logger) { () throws(MetastoreError) in
            try await uploads.lease(worker: name)
        } extend: { piece throws(MetastoreError) in
            try await uploads.extendLease(piece)
        } work: { piece in
            await self.execute(piece)
        }
    }

    private func execute(_ leased: LeasedKnowledgeUpload) async {
        do { try await KnowledgeUploadWork(leased: leased, uploads: uploads).run() } catch {
            let maximum = KnowledgeWorkLimits.maximumUploadAttemptCount
            await end("an upload", leased.id, AttemptEnd(error, attempt: leased.job.attempt, maximumAttemptCount: maximum)) {
                outcome, message throws(MetastoreError) in
                try await self.uploads.end(leased, outcome, message: message)
            }
        }
    }

    // MARK: - Promotions

    private func promotionWork() -> LeasedWork<LeasedKnowledgePromotion> {
        let (promotions, name) = (promotions, name)
        return LeasedWork(maximumCount: KnowledgeWorkLimits.promotionCount, logger: logger) { () throws(MetastoreError) in
            try await promotions.lease(worker: name)
        } extend: { piece throws(MetastoreError) in
            try await promotions.extendLease(piece)
        } work: { piece in
            await self.execute(piece)
        }
    }

    private func execute(_ leased: LeasedKnowledgePromotion) async {
        let awaited = Mutex<RunID?>(nil)
        let work = KnowledgePromotionWork(leased: leased, resources: resources) { run in
            awaited.withLock { $0 = run }
            await self.gates.wait(for: run)
        } isStopping: {
            self.isStopping.withLock { $0 }
        }
        do {
            if let revision = try await work.run() {
                let told: Logger.Metadata = [
                    "promotion": "\(leased.id.uuid)", "revision": "\(revision.number)", "entries": "\(revision.entryCount)",
                ]
                logger.info("a knowledge base has a new revision", metadata: told)
            } else {
                logger.info("a promotion was superseded", metadata: ["promotion": "\(leased.id.uuid)"])
            }
        } catch {
            let maximum = KnowledgeWorkLimits.maximumPromotionAttemptCount
            await end("a promotion", leased.id, AttemptEnd(error, attempt: leased.job.attempt, maximumAttemptCount: maximum)) {
                outcome, message throws(MetastoreError) in
                try await self.promotions.end(leased, outcome, message: message)
            }
        }
        if let run = awaited.withLock({ $0 }) { gates.forget(run) }
    }

    // MARK: - Ends

    /// In a task of its own: what ends an attempt is to be written although the attempt was cancelled. A database that is away leaves the
    /// lease to run out.
    private func end(
        _ what: String, _ id: TaskID, _ end: AttemptEnd,
        _ write: @escaping @Sendable (EndedAttempt.Result, String) async throws(MetastoreError) -> Void
    ) async {
        let outcome: EndedAttempt.Result, message: String
        switch end {
        case .nothing:
            logger.info("\(what) is not this worker's any more", metadata: ["task": "\(id.uuid)"])
            return
        case .failed(let reason): (outcome, message) = (.failed, reason)
        case .retry(let seconds, let reason):
            (outcome, message) = (.retry(afterSeconds: seconds), reason)
            logger.warning("\(what) is tried again", metadata: ["task": "\(id.uuid)", "error": "\(reason)"])
        case .released: (outcome, message) = (.released, "the worker stopped")
        }
        await Task {
            do throws(MetastoreError) { try await write(outcome, message) } catch {
                self.logger.warning("an attempt cannot be ended", metadata: ["task": "\(id.uuid)", "error": "\(error)"])
            }
        }.value
    }

    // MARK: - Beside the work

    /// PostgreSQL tells when there is work; without hearing it the worker looks by itself every few seconds.
    private func listen(_ ring: @Sendable () -> Void) async {
        for await _ in resources.metastore.jobAnnouncements(logger: logger) { ring() }
    }

    private func hearRuns() async {
        for await announcement in resources.metastore.taskAnnouncements(logger: logger) { gates.hear(announcement) }
    }

    /// Takes over from workers that died.
    private func rescueLost(_ ring: @Sendable () -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(KnowledgeWorkLimits.heartbeatSeconds))
            do throws(MetastoreError) { if try await resources.metastore.runs.rescue() > 0 { ring() } } catch {
                if error.code != .cancelled { logger.warning("lost work cannot be looked for", metadata: ["error": "\(error)"]) }
            }
        }
    }
}

/// Works on requests for drafts beside cells and spans: leases one at a time, holds its lease while it asks models, hands it back when the
/// worker stops. What a worker that dies leaves behind is rescued with the cells.

import JobQueue
import Logging
import Metastore
import Synchronization
import TraceModel

final class DraftWriter: Sendable {
    private struct Current {
        let leased: LeasedDraftRequest
        let task: Task<Void, Never>
    }

    private let name: String
    private let repository: DraftRepository
    private let model: @Sendable (ProjectID) async throws -> any DraftModel
    private let logger: Logger
    private let current = Mutex<Current?>(nil)
    private let isStopping = Mutex(false)
    private let bell = Doorbell()
    /// There are spans to deliver.
    private let spansWereWritten: @Sendable () -> Void

    /// - Parameter model: of a project; throws `CellFault`, MetastoreError.
    init(
        name: String, repository: DraftRepository, logger: Logger, model: @escaping @Sendable (ProjectID) async throws -> any DraftModel,
        spansWereWritten: @escaping @Sendable () -> Void
    ) {
        self.name = name
        self.repository = repository
        self.logger = logger
        self.model = model
        self.spansWereWritten = spansWereWritten
    }

    /// There may be work.
    func ring() { bell.ring() }

    /// Takes nothing new, and gives back what is under way: a call in flight is made again by whoever goes on.
    func stop() {
        isStopping.withLock { $0 = true }
        current.withLock { $0?.task }?.cancel()
        bell.ring()
    }

    private var mayWork: Bool { !isStopping.withLock { $0 } && !Task.isCancelled }

    func run() async {
        let heartbeat = Task { await keepLease() }
        while mayWork {
            var leased: LeasedDraftRequest?
            do throws(MetastoreError) { leased = try await repository.lease(worker: name) } catch { log(error, "drafts cannot be leased") }
            guard let leased else {
                await bell.wait(.seconds(RunExecutionLimits.idleSeconds))
                continue
            }
            let task = Task { await self.execute(leased) }
            current.withLock { $0 = Current(leased: leased, task: task) }
            if !mayWork { task.cancel() }
            await task.value
            current.withLock { $0 = nil }
            spansWereWritten()
        }
        heartbeat.cancel()
    }

    private func execute(_ leased: LeasedDraftRequest) async {
        let execution = DraftExecution(leased: leased, repository: repository, model: model)
        do { try await execution.run() } catch {
            if !(error is CancellationError) {
                logger.warning("a request for drafts was given back", metadata: ["task": "\(leased.id.uuid)", "error": "\(error)"])
            }
            let outcome: EndedAttempt.Result = error is CancellationError ? .released : .retry(afterSeconds: 5)
            // In a task of its own: written although this one was cancelled. A database that is away leaves the lease to run out.
            await Task {
                do throws(MetastoreError) { try await self.repository.end(leased, outcome) } catch {
                    self.log(error, "an attempt at drafts cannot be ended")
                }
            }.value
        }
    }

    private func keepLease() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(RunExecutionLimits.heartbeatSeconds))
            guard let (leased, task) = current.withLock({ current in current.map { ($0.leased, $0.task) } }) else { continue }
            do throws(MetastoreError) {
                if try await !repository.extendLease(leased) { task.cancel() }
            } catch { log(error, "the lease of drafts cannot be kept") }
        }
    }

    private func log(_ error: MetastoreError, _ message: Logger.Message) {
        if error.code != .cancelled { logger.warning(message, metadata: ["error": "\(error)"]) }
    }
}

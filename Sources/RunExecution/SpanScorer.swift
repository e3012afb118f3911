/// Scores stored spans beside the cells of runs: leases them, runs their scorers, writes what came of each in one transaction. What a
/// worker that dies leaves behind is rescued with the cells.

import ContentReading
import Evaluation
import EvaluationModel
import JobQueue
import Logging
import Metastore
import Synchronization

final class SpanScorer: Sendable {
    private let name: String
    private let concurrency: Int
    private let repository: SpanScoringRepository
    private let preparation: SpanScoringPreparation
    private let logger: Logger
    private let running = Mutex<[JobID: Running]>([:])
    private let bell = Doorbell()
    private let isStopping = Mutex(false)
    /// There are spans to deliver.
    private let spansWereWritten: @Sendable () -> Void

    fileprivate struct Running {
        let span: LeasedSpan
        /// nil between the lease and the start.
        var task: Task<Void, Never>?
        /// Its lease went to somebody else: whatever comes of it is not written.
        var isVoid = false
    }

    /// - Parameter concurrency: spans under way at a time.
    init(name: String, concurrency: Int, resources: RunResources, logger: Logger, spansWereWritten: @escaping @Sendable () -> Void) {
        self.name = name
        self.concurrency = max(1, concurrency)
        self.logger = logger
        self.spansWereWritten = spansWereWritten
        repository = resources.metastore.spanScoring
        preparation = SpanScoringPreparation(resources)
    }

    /// There may be work.
    func ring() { bell.ring() }

    /// Takes nothing new; `run` returns when what is under way has ended or was given back.
    func stop() {
        isStopping.withLock { $0 = true }
        bell.ring()
    }

    private var mayWork: Bool { !isStopping.withLock { $0 } && !Task.isCancelled }

    func run() async {
        let heartbeat = Task { await keepLeases() }
        while mayWork {
            let capacity = concurrency - running.withLock { $0.count }
            var leased: [LeasedSpan] = []
            do throws(MetastoreError) {
                if capacity > 0 { leased = try await repository.lease(worker: name, capacity: capacity) }
            } catch { log(error, "spans to score cannot be leased") }
            for span in leased { start(span) }
            if leased.isEmpty || leased.count == capacity {
                let isBusy = running.withLock { !$0.isEmpty }
                await bell.wait(isBusy ? .milliseconds(RunExecutionLimits.busyMilliseconds) : .seconds(RunExecutionLimits.idleSeconds))
            }
        }
        await drain()
        heartbeat.cancel()
    }

    private func start(_ span: LeasedSpan) {
        running.withLock { $0[span.job.id] = Running(span: span) }
        let task = Task {
            await self.score(span)
            // The same job may be held under another lease by now.
            self.running.withLock { if $0.isHeld(span) { $0[span.job.id] = nil } }
            self.bell.ring()
        }
        running.withLock { if $0.isHeld(span) { $0[span.job.id]?.task = task } }
    }

    private func score(_ span: LeasedSpan) async {
        var ended: EndedSpan
        do {
            if let refusal = SpanScoreExecution.refusal(span) {
                ended = refusal
            } else {
                ended = try await SpanScoreExecution(span: span, scorers: try await preparation.scorers(of: span)).run()
            }
        } catch is CancellationError {
            ended = EndedSpan(span, .released)
        } catch let fault as CellFault {
            ended = EndedSpan(span, .failed([], reason: fault.message))
        } catch let problem as InvalidContent {
            ended = EndedSpan(span, .failed([], reason: "the scorers cannot be read: \(problem)"))
        } catch {
            logger.warning("a span was given back", metadata: ["decision": "\(span.decision.uuid)", "error": "\(error)"])
            ended = EndedSpan(span, .retry(afterSeconds: 5, error: CellFault("worker", "\(error)").json))
        }
        let result = ended
        // Written to the end even when the worker stops: it was paid for.
        await Task { await self.write(result) }.value
    }

    /// A database that is away for a while does not cost the answers that were paid for.
    private func write(_ ended: EndedSpan) async {
        for attempt in 1...RunExecutionLimits.recordAttemptCount {
            guard running.withLock({ $0.isHeld(ended.span) && $0[ended.span.job.id]?.isVoid == false }) else { return }
            do {
                if try await repository.record(ended) {
                    if ended.spans != nil { spansWereWritten() }
                } else {
                    logger.info("a score came too late", metadata: ["decision": "\(ended.span.decision.uuid)"])
                }
                return
            } catch {
                guard error.code == .unavailable, attempt < RunExecutionLimits.recordAttemptCount else {
                    logger.error("a score is lost", metadata: ["decision": "\(ended.span.decision.uuid)", "error": "\(error)"])
                    return
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func drain() async {
        let deadline = ContinuousClock.now + .seconds(RunExecutionLimits.drainSeconds)
        while ContinuousClock.now < deadline, !Task.isCancelled, running.withLock({ !$0.isEmpty }) {
            await bell.wait(.milliseconds(RunExecutionLimits.busyMilliseconds))
        }
        let left = running.withLock { $0.values.compactMap(\.task) }
        for task in left { task.cancel() }
        for task in left { await task.value }
    }

    private func keepLeases() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(RunExecutionLimits.heartbeatSeconds))
            let mine = running.withLock { $0.values.map(\.span) }
            guard !mine.isEmpty else { continue }
            do throws(MetastoreError) {
                let held = try await repository.extendLeases(mine)
                giveUp(mine.filter { !held.contains($0.job.id) })
            } catch { log(error, "leases of spans cannot be kept") }
        }
    }

    private func giveUp(_ lost: [LeasedSpan]) {
        let tasks = running.withLock { running in
            lost.compactMap { span -> Task<Void, Never>? in
                guard running.isHeld(span) else { return nil }
                running[span.job.id]?.isVoid = true
                return running[span.job.id]?.task
            }
        }
        for task in tasks { task.cancel() }
    }

    private func log(_ error: MetastoreError, _ message: Logger.Message) {
        if error.code != .cancelled { logger.warning(message, metadata: ["error": "\(error)"]) }
    }
}

extension [JobID: SpanScorer.Running] {
    /// Whether this lease of the job is the one that is there.
    fileprivate func isHeld(_ span: LeasedSpan) -> Bool { self[span.job.id]?.span.job.lease == span.job.lease }
}

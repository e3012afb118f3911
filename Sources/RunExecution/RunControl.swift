/// Works on runs as wholes, one at a time: plans them, reviews them, concludes them. A large run's verdict takes longer than a lease:
/// whoever works on one keeps it by heartbeats, and gives it up when it is somebody else's.

import ByteCoding
import EvaluationModel
import JobQueue
import Logging
import Metastore
import Synchronization

final class RunControl: Sendable {
    private struct Current {
        let job: RunControlJob
        let task: Task<Void, Never>
    }

    private let name: String
    private let runs: RunRepository
    private let logger: Logger
    private let current = Mutex<Current?>(nil)

    init(name: String, runs: RunRepository, logger: Logger) {
        self.name = name
        self.runs = runs
        self.logger = logger
    }

    /// Does the job that is next; false when there is none. Errors: MetastoreError (`unavailable`).
    func workOnNext() async throws(MetastoreError) -> Bool {
        guard let job = try await runs.leaseControl(worker: name) else { return false }
        let task = Task { await work(on: job) }
        current.withLock { $0 = Current(job: job, task: task) }
        await task.value
        current.withLock { $0 = nil }
        return true
    }

    /// The heartbeat of what is under way. Errors: MetastoreError (`unavailable`).
    func keepLease() async throws(MetastoreError) {
        guard let (job, task) = current.withLock({ current in current.map { ($0.job, $0.task) } }) else { return }
        if try await !runs.extendLease(of: job) { task.cancel() }
    }

    private func work(on job: RunControlJob) async {
        do {
            guard let run = try await runs.find(job.run), !run.state.isFinal else { return try await runs.endControl(job, .succeeded) }
            // Workers that die take their attempt with them: a run that kills one after the other is stopped here.
            guard job.job.attempt <= RunLimits.maximumAttemptCount else {
                try await runs.fail(job.run, reason: "\(job.job.attempt - 1) workers died at it")
                return try await runs.endControl(job, .failed)
            }
            switch job.step {
            case .plan: try await runs.plan(job.run, try RunSpecification(json: try JSONValue.parse(run.specification)))
            case .review: try await RunReview(runs: runs).endIfDecided(run, by: job)
            case .conclude:
                let (verdict, reason) = try await RunConclusion(runs: runs).verdict(of: run)
                try await runs.conclude(job.run, verdict: verdict, reason: reason, by: job)
            }
            try await runs.endControl(job, .succeeded)
        } catch {
            // Somebody else's by now.
            if Task.isCancelled { return }
            logger.error("a run cannot go on", metadata: ["run": "\(job.run.uuid)", "step": "\(job.step)", "error": "\(error)"])
            let isLast = job.job.attempt >= RunLimits.maximumAttemptCount
            if isLast { try? await runs.fail(job.run, reason: "\(error)") }
            try? await runs.endControl(job, isLast ? .failed : .retry(afterSeconds: 2), error: CellFault("worker", "\(error)").json)
        }
    }
}

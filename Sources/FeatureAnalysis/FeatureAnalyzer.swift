/// Works on analyses: leases one at a time, holds its lease while it works, takes over from workers that died. Any number of workers, in
/// any number of processes, share the work through PostgreSQL alone.
///
/// Stopping gracefully, it makes no further call, gives the one under way a while to end, and hands the rest to whoever comes next.

import JobQueue
import Logging
import Metastore
import RunExecution
import ServiceLifecycle
import Synchronization

package final class FeatureAnalyzer: Service {
    private let name: String
    private let resources: RunResources
    private let delivery: SpanDelivery
    private let logger: Logger
    private let workBell = Doorbell(), deliveryBell = Doorbell()
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var current: (leased: LeasedAnalysis, task: Task<Void, Never>)?
    }

    private var features: FeatureRepository { resources.metastore.features }

    /// - Parameter name: tells workers apart in attempts and logs.
    package init(name: String, resources: RunResources, logger: Logger) {
        self.name = name
        self.resources = resources
        self.logger = logger
        delivery = SpanDelivery(outbox: resources.metastore.spanOutbox, destination: resources.spans, logger: logger)
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepLease() }
                group.addTask { await self.deliverSpans() }
                group.addTask { await self.listen() }
                await self.work()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        state.withLock { $0.isStopping = true }
        workBell.ring()
        // A call that has not ended by then is given up: it is made again by whoever goes on.
        Task {
            try? await Task.sleep(for: .seconds(FeatureAnalysisLimits.drainSeconds))
            self.state.withLock { $0.current?.task }?.cancel()
        }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } || Task.isCancelled }

    private func work() async {
        while !isStopping {
            var leased: LeasedAnalysis?
            do throws(MetastoreError) { leased = try await features.lease(worker: name) } catch { log(error, "analyses cannot be leased") }
            guard let leased else {
                await workBell.wait(.seconds(FeatureAnalysisLimits.idleSeconds))
                continue
            }
            let task = Task { await self.execute(leased) }
            state.withLock { $0.current = (leased, task) }
            await withTaskCancellationHandler {
                await task.value
            } onCancel: {
                task.cancel()
            }
            state.withLock { $0.current = nil }
            deliveryBell.ring()
        }
    }

    private func execute(_ leased: LeasedAnalysis) async {
        let work = AnalysisWork(leased: leased, resources: resources) { [weak self] in self?.isStopping ?? true }
        do {
            try await work.run()
        } catch AnalysisFault.gone {
            logger.info("an analysis is not this worker's any more", metadata: ["analysis": "\(leased.id.uuid)"])
        } catch AnalysisFault.final(let message) {
            await end(leased) { () throws(MetastoreError) in try await self.features.fail(leased, message: message) }
        } catch AnalysisFault.transient(let message, let delay) {
            await retry(leased, message, delay)
        } catch AnalysisFault.released {
            await end(leased) { () throws(MetastoreError) in try await self.features.giveBack(leased, .released) }
        } catch is CancellationError {
            await end(leased) { () throws(MetastoreError) in try await self.features.giveBack(leased, .released) }
        } catch {
            await retry(leased, "\(error)", nil)
        }
    }

    private func retry(_ leased: LeasedAnalysis, _ message: String, _ delay: Double?) async {
        let attempt = leased.job.attempt
        logger.warning("an analysis is tried again", metadata: ["analysis": "\(leased.id.uuid)", "error": "\(message)"])
        await end(leased) { () throws(MetastoreError) in
            guard attempt < FeatureAnalysisLimits.maximumAttemptCount, (delay ?? 0) <= FeatureAnalysisLimits.maximumObeyedDelaySeconds
            else { return try await self.features.fail(leased, message: message) }
            let doubled = FeatureAnalysisLimits.firstRetryDelaySeconds * Double(1 << min(attempt - 1, 16))
            let seconds = max(delay ?? 0, min(FeatureAnalysisLimits.maximumRetryDelaySeconds, doubled))
            try await self.features.giveBack(leased, .retry(afterSeconds: seconds), message: message)
        }
    }

    /// In a task of its own: what ends an attempt is to be written although the attempt was cancelled. A database that is away leaves the
    /// lease to run out.
    private func end(_ leased: LeasedAnalysis, _ body: @escaping @Sendable () async throws(MetastoreError) -> Void) async {
        await Task {
            do throws(MetastoreError) { try await body() } catch { self.log(error, "an attempt cannot be ended") }
        }.value
    }

    // MARK: - Beside the work

    private func keepLease() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(FeatureAnalysisLimits.heartbeatSeconds))
            do throws(MetastoreError) {
                if let current = state.withLock({ $0.current }), try await !features.extendLease(current.leased) { current.task.cancel() }
                if try await features.rescue() > 0 { workBell.ring() }
            } catch { log(error, "leases cannot be kept") }
        }
    }

    /// PostgreSQL tells when there is work; without hearing it the worker looks by itself every few seconds.
    private func listen() async {
        for await _ in resources.metastore.jobAnnouncements(logger: logger) { workBell.ring() }
    }

    private func deliverSpans() async {
        while !Task.isCancelled {
            let isDone = (try? await delivery.deliverAll()) ?? false
            await deliveryBell.wait(.seconds(isDone ? FeatureAnalysisLimits.idleSeconds : FeatureAnalysisLimits.deliveryPauseSeconds))
        }
    }

    private func log(_ error: MetastoreError, _ message: Logger.Message) {
        if error.code != .cancelled { logger.warning(message, metadata: ["error": "\(error)"]) }
    }
}

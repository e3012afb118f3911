/// Does what `/api/v1/mappings/reapply` and `/api/v1/prices/reapply` ask for: takes the reapplications of this server's store out of
/// PostgreSQL, has the store work segment after segment, and writes down how far it is.
///
/// Which segments are done their descriptors say, so one that was interrupted, by a crash too, goes on where it was. What fails for a
/// time (a full disk, a database that is away) is tried again.

import ByteCoding
import GenAIConventions
import Logging
import Metastore
import ServiceLifecycle
import SpanStore
import Synchronization
import TraceModel

struct ReapplicationService: Service {
    private let store: SpanStore
    private let reapplications: ReapplicationRepository
    private let priceTable: PriceRepository
    private let prices: CurrentPriceBook
    private let logger: Logger

    /// How often new ones are looked for, and how often progress is written down.
    private static let lookInterval = Duration.seconds(1)
    /// After a failure.
    private static let retryInterval = Duration.seconds(5)

    init(store: SpanStore, metastore: Metastore, prices: CurrentPriceBook, logger: Logger) {
        self.store = store
        reapplications = metastore.reapplications
        priceTable = metastore.prices
        self.prices = prices
        self.logger = logger
    }

    func run() async throws {
        let active = ActiveTasks()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    do {
                        for found in try await reapplications.open(node: store.identity)
                        where active.begin(found.id) {
                            group.addTask {
                                await attempt(found)
                                active.end(found.id)
                            }
                        }
                    } catch {
                        logger.warning("reapplications cannot be looked for", metadata: ["error": "\(error)"])
                    }
                    do { try await Task.sleep(for: Self.lookInterval) } catch { return }
                }
            }
        }
    }

    private func attempt(_ reapplication: Reapplication) async {
        let task: Logger.Metadata = ["task": "\(reapplication.id.uuid)"]
        do {
            try await work(on: reapplication)
        } catch is CancellationError {
            return
        } catch {
            logger.warning(
                "a reapplication is put off and goes on later", metadata: task.merging(["error": "\(error)"]) { first, _ in first })
            try? await Task.sleep(for: Self.retryInterval)
        }
    }

    private func work(on reapplication: Reapplication) async throws {
        let project = reapplication.projectID
        let horizon: UInt64
        if let known = reapplication.horizonLSN { horizon = known } else { horizon = try await store.beginReapplication(of: project) }
        guard try await reapplications.begin(reapplication.id, horizonLSN: horizon) else { return }
        // Another server may have changed them within the last minute.
        prices.replace(with: try await priceTable.allBooks())
        let revision = FieldRevision(
            reapplication.subject == .mapping ? .mapping : .prices, prices: prices.book(of: project))
        let days = reapplication.firstDay.map { $0...(reapplication.lastDay ?? .max) } ?? reapplication.lastDay.map { 0...$0 }
        let scope = ReapplicationScope(project: project, receiveDays: days, horizonLSN: horizon)
        let run = ReapplicationRun(
            store: store, reapplications: reapplications, reapplication: reapplication, revision: revision, scope: scope)
        // Whoever waits for the shutdown does not wait for a segment.
        let report = try await withTaskCancellationHandler {
            try await run.run()
        } onCancel: {
            run.progress.cancel()
        }
        guard let report, try await run.tell(nil, nil) else { return }
        try await reapplications.succeed(reapplication.id, result: Self.result(report, reapplication, revision))
        logger.info(
            "a reapplication is done",
            metadata: [
                "task": "\(reapplication.id.uuid)", "subject": "\(reapplication.subject.rawValue)", "dry_run": "\(reapplication.isDryRun)",
                "spans": "\(report.spanCount)", "changed": "\(report.changedSpanCount)", "skipped": "\(report.skipped.count)",
            ])
    }

    private static func result(_ report: ReapplicationReport, _ order: Reapplication, _ revision: FieldRevision) -> [UInt8] {
        var members = [
            JSONMember(key: "subject", value: .string(order.subject.rawValue)), JSONMember(key: "dry_run", value: .bool(order.isDryRun)),
            JSONMember(key: "mapping_version", value: .integer(Int64(revision.mapping.version))),
            JSONMember(key: "price_version", value: .integer(revision.prices.version)),
        ]
        if case .object(let counts) = report.json(isShown: true) { members += counts }
        return JSONValue.object(members).bytes
    }
}

/// Those that are worked on.
private final class ActiveTasks: Sendable {
    private let tasks = Mutex<Set<TaskID>>([])

    /// False for one that is worked on already.
    func begin(_ task: TaskID) -> Bool { tasks.withLock { $0.insert(task).inserted } }
    func end(_ task: TaskID) { tasks.withLock { _ = $0.remove(task) } }
}

/// One attempt at a reapplication.
private struct ReapplicationRun: Sendable {
    let store: SpanStore
    let reapplications: ReapplicationRepository
    let reapplication: Reapplication
    let revision: FieldRevision
    let scope: ReapplicationScope
    let progress = ReapplicationProgress()

    /// Nil where it has ended by another hand.
    func run() async throws -> ReapplicationReport? {
        let before = reapplication.isDryRun ? 0 : reapplication.progressDone
        let left = store.rowsLeft(revision, in: scope)
        guard try await tell(before, Int64(left)) else { return nil }
        return try await withThrowingTaskGroup(of: ReapplicationReport?.self) { group in
            group.addTask {
                // Tells how far it is, and hears that it was cancelled.
                while !Task.isCancelled {
                    let done = before + Int64(progress.rowCount)
                    let isOpen = try? await reapplications.reportProgress(
                        reapplication.id, done: done, total: before + Int64(left), report: nil)
                    if isOpen == false {
                        progress.cancel()
                        return nil
                    }
                    do { try await Task.sleep(for: .seconds(1)) } catch { break }
                }
                return nil
            }
            group.addTask {
                do {
                    return try await reapplication.isDryRun
                        ? store.reviewReapplication(revision, in: scope, progress: progress) : rewrite(before, Int64(left))
                } catch is CancellationError {
                    return nil
                }
            }
            defer { group.cancelAll() }
            // The first that ends is the work, or the word that it is not wanted any more.
            return try await group.next() ?? nil
        }
    }

    /// Writes down how far it is; without numbers that it is through. False where it has ended by another hand.
    func tell(_ before: Int64?, _ left: Int64?) async throws -> Bool {
        let done = (before ?? (reapplication.isDryRun ? 0 : reapplication.progressDone)) + Int64(progress.rowCount)
        return try await reapplications.reportProgress(reapplication.id, done: done, total: done + (left ?? 0), report: nil)
    }

    private func rewrite(_ before: Int64, _ left: Int64) async throws -> ReapplicationReport? {
        var report = ReapplicationReport(json: (try? JSONValue.parse(reapplication.report)) ?? .null)
        // What was damaged then may be whole after a restart.
        report.skipped = []
        while let step = try await store.reapplyNext(
            revision, in: scope, skipping: Set(report.skipped.map(\.sequence)), progress: progress)
        {
            report.add(step)
            let isOpen = try await reapplications.reportProgress(
                reapplication.id, done: before + Int64(progress.rowCount), total: before + left, report: report.json(isShown: false).bytes)
            guard isOpen else { return nil }
        }
        return report
    }
}

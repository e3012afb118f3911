/// The server's part of scoring stored spans, as a service: follows the rules and plans the backfills until the group shuts down.

import Logging
import Metastore
import ServiceLifecycle
import SpanStore
import TraceModel
import TraceQuery

package struct SpanScoringService: Service {
    private let follower: RuleFollower
    private let planner: BackfillPlanner
    private let logger: Logger

    package init(store: SpanStore, threads: ScanThreads, metastore: Metastore, logger: Logger) {
        follower = RuleFollower(store: store, threads: threads, ledger: metastore.scoreDecisions, logger: logger)
        planner = BackfillPlanner(
            store: store, executor: QueryExecutor(threads: threads), backfills: metastore.scoreBackfills, logger: logger)
        self.logger = logger
    }

    /// Where the store stands now: a rule that is enabled holds from here on.
    package func newestPosition(of project: ProjectID) async -> StorePosition { await follower.newestPosition(of: project) }

    /// Tells stores apart.
    package var node: UInt64 { planner.store.identity }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await repeatUntilCancelled("score rules cannot be followed") { try await follower.look() } }
                group.addTask {
                    await repeatUntilCancelled("backfills cannot be planned") {
                        while !Task.isCancelled, try await planner.planSome() {}
                    }
                }
            }
        }
    }

    /// What fails is tried again at the next look: a database that is away comes back.
    private func repeatUntilCancelled(_ failure: Logger.Message, _ body: () async throws -> Void) async {
        while !Task.isCancelled {
            do {
                try await body()
            } catch is CancellationError {
                return
            } catch {
                logger.warning(failure, metadata: ["error": "\(error)"])
            }
            do { try await Task.sleep(for: .seconds(SpanScoringLimits.lookSeconds)) } catch { return }
        }
    }
}

extension Array {
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

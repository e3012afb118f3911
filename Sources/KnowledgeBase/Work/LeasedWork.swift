/// Pieces of one kind of work that a process holds at a time: leased, worked on each in a task of its own, kept by heartbeats, given up when
/// they are somebody else's.

import Logging
import Metastore
import RunExecution
import Synchronization

final class LeasedWork<Piece: Sendable>: Sendable {
    private struct State {
        var number = 0
        var held: [Int: (piece: Piece, task: Task<Void, Never>?)] = [:]
        var isStopping = false
    }

    private let maximumCount: Int
    private let lease: @Sendable () async throws(MetastoreError) -> Piece?
    private let extend: @Sendable (Piece) async throws(MetastoreError) -> Bool
    private let work: @Sendable (Piece) async -> Void
    private let logger: Logger
    private let bell = Doorbell()
    private let state = Mutex(State())

    /// - Parameters:
    ///   - maximumCount: pieces at a time.
    ///   - lease: the next piece; nil while there is none.
    ///   - extend: the heartbeat; false: it is not the worker's any more.
    ///   - work: all of the work on a piece, its end included.
    init(
        maximumCount: Int, logger: Logger, lease: @escaping @Sendable () async throws(MetastoreError) -> Piece?,
        extend: @escaping @Sendable (Piece) async throws(MetastoreError) -> Bool, work: @escaping @Sendable (Piece) async -> Void
    ) {
        self.maximumCount = maximumCount
        self.logger = logger
        self.lease = lease
        self.extend = extend
        self.work = work
    }

    /// There may be work.
    func ring() { bell.ring() }

    /// Nothing new is taken on.
    func stop() {
        state.withLock { $0.isStopping = true }
        bell.ring()
    }

    /// What is under way is given up; its work says what that means.
    func cancelAll() {
        for task in state.withLock({ $0.held.values.compactMap(\.task) }) { task.cancel() }
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Until `stop`, or its task is cancelled; returns when all that was under way has ended.
    func run() async {
        let heartbeat = Task { await keepLeases() }
        await withTaskGroup(of: Void.self) { group in
            while !isStopping, !Task.isCancelled {
                var piece: Piece?
                if state.withLock({ $0.held.count }) < maximumCount {
                    do throws(MetastoreError) { piece = try await lease() } catch { log(error, "work cannot be leased") }
                }
                guard let piece else {
                    await bell.wait(.seconds(KnowledgeWorkLimits.idleSeconds))
                    continue
                }
                let number = state.withLock { state in
                    state.number += 1
                    state.held[state.number] = (piece, nil)
                    return state.number
                }
                group.addTask { await self.execute(piece, number) }
            }
            if Task.isCancelled { cancelAll() }
        }
        heartbeat.cancel()
    }

    private func execute(_ piece: Piece, _ number: Int) async {
        let task = Task { await work(piece) }
        state.withLock { $0.held[number]?.task = task }
        await task.value
        state.withLock { $0.held[number] = nil }
        bell.ring()
    }

    private func keepLeases() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(KnowledgeWorkLimits.heartbeatSeconds))
            for (piece, task) in state.withLock({ Array($0.held.values) }) {
                do throws(MetastoreError) { if try await !extend(piece) { task?.cancel() } } catch { log(error, "a lease cannot be kept") }
            }
        }
    }

    private func log(_ error: MetastoreError, _ message: Logger.Message) {
        if error.code != .cancelled { logger.warning(message, metadata: ["error": "\(error)"]) }
    }
}

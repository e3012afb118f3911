import Synchronization
import TraceModel

/// Changes of a project's spans go one request after the other: each reads what is stored and writes what becomes of it. The server alone
/// writes its store, so turns within it are enough.
final class ChangeTurns: Sendable {
    private struct State {
        var busy: Set<ProjectID> = []
        /// In the order in which they came.
        var waiting: [ProjectID: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    /// Waits for the turn, and gives it on when `body` has ended.
    func take<T: Sendable>(
        _ project: ProjectID, _ body: () async throws(IngestError) -> T
    ) async throws(IngestError) -> T {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isFree = state.withLock { state in
                if state.busy.insert(project).inserted { return true }
                state.waiting[project, default: []].append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { give(project) }
        return try await body()
    }

    private func give(_ project: ProjectID) {
        let next: CheckedContinuation<Void, Never>? = state.withLock { state in
            guard var waiting = state.waiting[project], !waiting.isEmpty else {
                state.busy.remove(project)
                state.waiting[project] = nil
                return nil
            }
            let next = waiting.removeFirst()
            state.waiting[project] = waiting
            return next
        }
        next?.resume()
    }
}

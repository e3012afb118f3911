import Synchronization
import TraceModel

/// Who takes spans out of a project's quarantine now: a replay, for the spans of one file, or a deletion. One after the other in the order
/// they came, so that what was deleted while a replay is under way is not stored by it afterwards.
final class QuarantineTurns: Sendable {
    /// Who waits, by project; a project has an entry while it is somebody's turn.
    private let waiting = Mutex([ProjectID: [CheckedContinuation<Void, Never>]]())

    func take<R: Sendable>(_ project: ProjectID, _ body: () async throws(IngestError) -> R) async throws(IngestError) -> R {
        await withCheckedContinuation { continuation in
            let isFree = waiting.withLock { waiting -> Bool in
                guard waiting[project] != nil else {
                    waiting[project] = []
                    return true
                }
                waiting[project]?.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
        defer { pass(project) }
        return try await body()
    }

    private func pass(_ project: ProjectID) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard let first = waiting[project]?.first else {
                waiting[project] = nil
                return nil
            }
            waiting[project]?.removeFirst()
            return first
        }
        next?.resume()
    }
}

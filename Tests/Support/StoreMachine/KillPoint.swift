import FileSystem
import Glibc
import Synchronization

/// Where a process ends itself: in front of, in the middle of or behind one call of the file system.
package struct KillPoint: Sendable, Equatable {
    package enum Position: String, Sendable, CaseIterable { case before, halfway, after }

    /// The step the call belongs to (`FileCall.step`); nil: any call that changes something.
    package var step: String?
    /// Counted from 1.
    package var occurrence: Int
    package var position: Position

    package init(step: String?, occurrence: Int, position: Position) {
        self.step = step
        self.occurrence = occurrence
        self.position = position
    }

    package var text: String { "\(position.rawValue)|\(occurrence)|\(step ?? "")" }

    package init?(text: String) {
        let parts = text.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let position = Position(rawValue: String(parts[0])), let occurrence = Int(parts[1]) else { return nil }
        self.init(step: parts[2].isEmpty ? nil : String(parts[2]), occurrence: occurrence, position: position)
    }
}

/// Counts calls by their steps, and ends the process at one of them.
package final class KillObserver: FileObserver {
    private struct State {
        var counts: [String: Int] = [:]
        var changeCount = 0
        /// The call that is under way and to end with the process.
        var last: String?
    }

    private let point: KillPoint?
    private let root: String
    private let state = Mutex(State())
    /// Says which step it was, just before the end.
    private let say: @Sendable (String) -> Void

    package init(_ point: KillPoint?, root: String, say: @escaping @Sendable (String) -> Void) {
        self.point = point
        self.root = root
        self.say = say
    }

    /// Of the calls that change something, how often each step came.
    package var counts: [String: Int] { state.withLock { $0.counts } }

    package func verdict(on call: FileCall) -> FileVerdict {
        guard call.kind.changes else { return .proceed }
        let step = call.step(below: root)
        let isIt = state.withLock { state -> Bool in
            state.counts[step, default: 0] += 1
            state.changeCount += 1
            guard let point else { return false }
            return point.occurrence == (point.step == nil ? state.changeCount : point.step == step ? state.counts[step] : 0)
        }
        guard isIt, let point else { return .proceed }
        switch point.position {
        case .before: end(step)
        case .halfway:
            guard call.kind == .write else { end(step) }
            state.withLock { $0.last = step }
            return .failAfter(call.byteCount / 2, FileSystemError(.io, operation: "write to", path: call.path, errno: EIO))
        case .after: state.withLock { $0.last = step }
        }
        return .proceed
    }

    package func finished(_ call: FileCall, failed: Bool) {
        guard call.kind.changes, let last = state.withLock({ $0.last }), last == call.step(below: root) else { return }
        end(last)
    }

    private func end(_ step: String) -> Never {
        say("K \(point?.position.rawValue ?? "") \(step)")
        kill(getpid(), SIGKILL)
        while true { pause() }
    }
}

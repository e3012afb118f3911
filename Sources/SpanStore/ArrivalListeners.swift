/// Who wants to know that spans of a project came in. The store rings behind every batch it has applied; a ring says no more than "look".
/// Without listeners that is one load of an atomic, with some a look into a table: the path of appends does nothing for what they make of it.

import Synchronization
import TraceModel

package final class ArrivalListeners: Sendable {
    private struct State {
        var rings: [ProjectID: [UInt64: @Sendable () -> Void]] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())
    private let count = Atomic<Int>(0)

    /// `ring` is called on the store's queue: it must return at once. Until the listening goes.
    package func listen(to project: ProjectID, _ ring: @escaping @Sendable () -> Void) -> ArrivalListening {
        let number = state.withLock { state in
            state.lastNumber += 1
            state.rings[project, default: [:]][state.lastNumber] = ring
            return state.lastNumber
        }
        count.add(1, ordering: .relaxed)
        return ArrivalListening(listeners: self, project: project, number: number)
    }

    fileprivate func end(_ number: UInt64, of project: ProjectID) {
        count.subtract(1, ordering: .relaxed)
        state.withLock { state in
            state.rings[project]?[number] = nil
            if state.rings[project]?.isEmpty == true { state.rings[project] = nil }
        }
    }

    func ring(_ project: ProjectID) {
        guard count.load(ordering: .relaxed) > 0 else { return }
        guard let rings = state.withLock({ $0.rings[project] }) else { return }
        for ring in rings.values { ring() }
    }
}

/// Ends with its last reference.
package final class ArrivalListening: Sendable {
    private let listeners: ArrivalListeners
    private let project: ProjectID
    private let number: UInt64

    fileprivate init(listeners: ArrivalListeners, project: ProjectID, number: UInt64) {
        self.listeners = listeners
        self.project = project
        self.number = number
    }

    deinit { listeners.end(number, of: project) }
}

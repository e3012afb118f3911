import FileSystem
import Glibc
import SpanStore
import Synchronization

/// Writes down every call, its beginning and its end: for machines on which no process may look at another's system calls.
package final class CallRecorder: FileObserver {
    private struct State {
        var events: [WriteOrder.Event] = []
        /// The call each thread is in.
        var current: [UInt: Int] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())
    package init() {}

    package var events: [WriteOrder.Event] { state.withLock { $0.events } }
    package func answered(_ text: String) { state.withLock { $0.events.append(.answered(text)) } }

    package func verdict(on call: FileCall) -> FileVerdict {
        state.withLock { state in
            state.nextID += 1
            state.current[UInt(pthread_self())] = state.nextID
            state.events.append(.began(id: state.nextID, call))
        }
        return .proceed
    }

    package func finished(_ call: FileCall, failed: Bool) {
        state.withLock { state in
            if let id = state.current.removeValue(forKey: UInt(pthread_self())) { state.events.append(.ended(id: id, failed: failed)) }
        }
    }
}

/// A life of a store in this process, with every call of it written down.
package enum RecordedLife {
    package static func run(seed: UInt64, root: String, stepCount: Int) async throws -> [WriteOrder.Event] {
        let recorder = CallRecorder(), clock = MachineClock()
        let files = ObservedFileSystem(LocalFileSystem(), recorder)
        var history = History(seed: seed, kind: .killed)
        func open() throws -> StoreLife {
            try StoreLife(
                GaugedFileSystem(files, root: root, isReal: true), workload: history.workload, clock: clock, isSerial: true)
        }
        var life: StoreLife?
        for _ in 0..<stepCount {
            let step = history.next()
            clock.set(step.nowUnixNano)
            let current = try life ?? open()
            life = current
            let outcome = try await current.perform(step.action)
            if case .reopen = step.action {
                await current.store.close()
                life = try open()
            }
            if !outcome.text.contains("refused"), !outcome.text.hasPrefix("F") { recorder.answered("S \(step.number) \(outcome.text)") }
            await life?.store.settle()
        }
        await life?.store.close()
        return recorder.events
    }
}

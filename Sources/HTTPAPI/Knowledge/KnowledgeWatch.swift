/// Requests that wait for another active revision. PostgreSQL announces it, and those that wait for that project look again; nobody looks
/// without being told.

import HTTPServer
import HTTPTypes
import Metastore
import NIOCore
import ServiceLifecycle
import Synchronization
import TraceModel

final class KnowledgeWatch: Sendable {
    private struct Waiter {
        let project: ProjectID
        let bell: Bell
    }

    private struct State {
        var waiters: [Int: Waiter] = [:]
        /// Of the projects that somebody waits for.
        var counts: [ProjectID: Int] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())
    private let maximumWaiterCount: Int, maximumProjectWaiterCount: Int

    init(
        maximumWaiterCount: Int = APILimits.maximumKnowledgeWaiterCount,
        maximumProjectWaiterCount: Int = APILimits.maximumProjectKnowledgeWaiterCount
    ) {
        self.maximumWaiterCount = maximumWaiterCount
        self.maximumProjectWaiterCount = maximumProjectWaiterCount
    }

    var waiterCount: Int { state.withLock { $0.waiters.count } }

    func announced(_ announcement: KnowledgeAnnouncement) {
        let bells = state.withLock { state in
            switch announcement {
            case .resumed: state.waiters.values.map(\.bell)
            case .activated(let project, _): state.waiters.values.filter { $0.project == project }.map(\.bell)
            }
        }
        for bell in bells { bell.ring() }
    }

    /// The active revision, once it is a later one than `revision`; as it is when the time is over, the client has gone or the server
    /// closes. `active` asks what it is.
    ///
    /// Throws a 503 when too many wait already, a 429 when they are of this project, and what `active` throws.
    func wait(
        for project: ProjectID, after revision: Int, nanoseconds: Int64, channel: any Channel, active: () async throws -> Int
    ) async throws -> Int {
        let bell = Bell()
        let number = try register(Waiter(project: project, bell: bell))
        defer { unregister(number, project) }
        let clock = ContinuousClock(), deadline = clock.now.advanced(by: .nanoseconds(nanoseconds))
        // Registered first: what becomes active after this look is announced to the bell.
        var found = try await active()
        guard found <= revision else { return found }
        let ending = Ending(bell: bell)
        channel.closeFuture.whenComplete { _ in ending.end() }
        // A client that goes while nothing is sent to it closes its side, and no more.
        channel.triggerUserOutboundEvent(InputEndWatch { ending.end() }, promise: nil)
        while found <= revision, !ending.isOver, !Task.isCancelled {
            let left = Int64((deadline - clock.now) / .nanoseconds(1))
            guard left > 0 else { break }
            let isRung = await withGracefulShutdownHandler {
                await bell.wait(nanoseconds: left)
            } onGracefulShutdown: {
                ending.end()
            }
            guard isRung else { break }
            found = try await active()
        }
        return found
    }

    private func register(_ waiter: Waiter) throws(Problem) -> Int {
        try state.withLock { (state) throws(Problem) in
            guard state.waiters.count < maximumWaiterCount else { throw Self.problem(.serviceUnavailable, "too many requests") }
            let count = state.counts[waiter.project, default: 0]
            guard count < maximumProjectWaiterCount else {
                throw Self.problem(.tooManyRequests, "\(count) requests of this project, as many as may,")
            }
            state.counts[waiter.project] = count + 1
            state.lastNumber += 1
            state.waiters[state.lastNumber] = waiter
            return state.lastNumber
        }
    }

    private func unregister(_ number: Int, _ project: ProjectID) {
        state.withLock { state in
            state.waiters[number] = nil
            let count = state.counts[project, default: 1] - 1
            state.counts[project] = count > 0 ? count : nil
        }
    }

    private static func problem(_ status: HTTPResponse.Status, _ who: String) -> Problem {
        Problem(
            status, "\(who) wait for another revision; ask without wait, or later", kind: "too-many-waiters", retryAfterSeconds: 10)
    }

    /// Nobody is there any more to be answered, or nobody to answer.
    private final class Ending: Sendable {
        private let flag = Atomic(false)
        private let bell: Bell

        init(bell: Bell) { self.bell = bell }

        var isOver: Bool { flag.load(ordering: .acquiring) }

        func end() {
            flag.store(true, ordering: .releasing)
            bell.ring()
        }
    }
}

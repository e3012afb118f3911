/// A bounded pool of connections: the shell around PoolStateMachine, which decides everything.
///
/// The lock covers the state machine and the tables beside it; actions run outside of it.

import Logging
import Synchronization

package final class PostgresPool: Sendable {
    typealias ConnectionID = PoolStateMachine.ConnectionID
    typealias WaiterID = PoolStateMachine.WaiterID

    /// A connection on loan, with its number in the state machine.
    struct Lease: Sendable {
        let id: ConnectionID
        let connection: PostgresConnection
    }

    private struct Waiter {
        let continuation: CheckedContinuation<Result<Lease, PostgresError>, Never>
        var timer: Task<Void, Never>?
    }

    private struct State {
        var machine: PoolStateMachine
        /// Of connections opened from now on.
        var configuration: PostgresConfiguration
        var connections: [ConnectionID: PostgresConnection] = [:]
        var waiters: [WaiterID: Waiter] = [:]
        var lastWaiterNumber = 0
        var lastFailure: PostgresError?
        var shutDownWaiters: [CheckedContinuation<Void, Never>] = []
    }

    let logger: Logger
    private let state: Mutex<State>

    /// Opens nothing yet; the first caller does. `maximumConnectionCount`: 1 or more.
    package init(
        _ configuration: PostgresConfiguration, maximumConnectionCount: Int = PostgresLimits.maximumConnectionCount, logger: Logger
    ) {
        self.logger = logger
        var limits = PoolStateMachine.Limits()
        limits.maximumConnectionCount = max(1, maximumConnectionCount)
        state = Mutex(State(machine: PoolStateMachine(limits: limits), configuration: configuration))
    }

    package var configuration: PostgresConfiguration { state.withLock { $0.configuration } }

    /// Connections opened from now on act as this role; to be called before the first one is.
    package func adopt(_ role: EverydayRole) { state.withLock { $0.configuration.everydayRole = role } }

    // MARK: Use

    /// Lends a connection to `body`; it comes back when the body ends. Errors: `poolExhausted`, `connection`, `closed`,
    /// `cancelled`, and the body's.
    package func withConnection<T: Sendable>(
        _ body: (PostgresConnection) async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        let lease = try await lendOpenConnection()
        let result: Result<T, PostgresError>
        do throws(PostgresError) { result = .success(try await body(lease.connection)) } catch { result = .failure(error) }
        release(lease, isReusable: await lease.connection.isReusable)
        return try result.get()
    }

    /// One statement on any connection.
    @discardableResult
    package func query(_ sql: String, _ parameters: [PostgresValue] = []) async throws(PostgresError) -> PostgresRows {
        try await withConnection { connection throws(PostgresError) in try await connection.query(sql, parameters) }
    }

    /// All of the body's statements or none; see PostgresConnection.withTransaction.
    package func withTransaction<T: Sendable>(
        _ body: (PostgresConnection) async throws(PostgresError) -> T
    ) async throws(PostgresError) -> T {
        try await withConnection { connection throws(PostgresError) in try await connection.withTransaction(body) }
    }

    package struct Statistics: Sendable, Equatable {
        package var connectionCount: Int
        package var idleConnectionCount: Int
        package var leasedConnectionCount: Int
        package var waiterCount: Int
    }

    package var statistics: Statistics {
        state.withLock { state in
            Statistics(
                connectionCount: state.machine.connectionCount, idleConnectionCount: state.machine.idleConnectionCount,
                leasedConnectionCount: state.machine.leasedConnectionCount, waiterCount: state.machine.waiterCount)
        }
    }

    /// Asks the server for a sign of life; for readiness. Errors: as `query`.
    package func ping() async throws(PostgresError) { try await query("SELECT 1") }

    /// Refuses new callers, waits for the lent connections, closes all.
    package func shutDown() async {
        await withCheckedContinuation { continuation in
            change { state in
                state.shutDownWaiters.append(continuation)
                return state.machine.shutDown()
            }
        }
    }

    // MARK: Leases

    /// Lends a connection that stands: one whose server went away while it was idle is replaced here, not found out by the
    /// caller's statement.
    private func lendOpenConnection() async throws(PostgresError) -> Lease {
        while true {
            let lease = try await lend()
            guard lease.connection.hasUnexpectedInput else { return lease }
            release(lease, isReusable: false)
        }
    }

    private func lend() async throws(PostgresError) -> Lease {
        let waiter = state.withLock { state in
            state.lastWaiterNumber += 1
            return WaiterID(number: state.lastWaiterNumber)
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                change { state in
                    state.waiters[waiter] = Waiter(continuation: continuation)
                    let actions = state.machine.leaseRequested(waiter)
                    // The handler below may have run before the waiter was known; then it is seen here.
                    return Task.isCancelled ? actions + state.machine.waiterCancelled(waiter) : actions
                }
            }
        } onCancel: {
            change { $0.machine.waiterCancelled(waiter) }
        }
        return try result.get()
    }

    private func release(_ lease: Lease, isReusable: Bool) { change { $0.machine.released(lease.id, isReusable: isReusable) } }

    // MARK: Actions

    /// What is left to do once the lock is free again.
    private enum Effect {
        case resume(CheckedContinuation<Result<Lease, PostgresError>, Never>, Task<Void, Never>?, Result<Lease, PostgresError>)
        case open(ConnectionID)
        case drop(PostgresConnection?)
        case waitTimer(WaiterID)
        case backOffTimer(Int)
        case idleTimer(ConnectionID)
        case drained([CheckedContinuation<Void, Never>])
    }

    private func change(_ event: (inout State) -> [PoolStateMachine.Action]) {
        let effects = state.withLock { state in
            var effects: [Effect] = []
            for action in event(&state) { Self.effect(of: action, in: &state).map { effects.append($0) } }
            return effects
        }
        for effect in effects { run(effect) }
    }

    private static func effect(of action: PoolStateMachine.Action, in state: inout State) -> Effect? {
        switch action {
        case .connect(let id): return .open(id)
        case .close(let id): return .drop(state.connections.removeValue(forKey: id))
        case .startWaitTimer(let waiter): return .waitTimer(waiter)
        case .startBackOffTimer(let milliseconds): return .backOffTimer(milliseconds)
        case .startIdleTimer(let id): return .idleTimer(id)
        case .lease(let id, let waiter):
            guard let entry = state.waiters.removeValue(forKey: waiter), let connection = state.connections[id] else { return nil }
            return .resume(entry.continuation, entry.timer, .success(Lease(id: id, connection: connection)))
        case .fail(let waiter, let failure):
            guard let entry = state.waiters.removeValue(forKey: waiter) else { return nil }
            return .resume(entry.continuation, entry.timer, .failure(error(for: failure, cause: state.lastFailure)))
        case .drained:
            defer { state.shutDownWaiters = [] }
            return .drained(state.shutDownWaiters)
        }
    }

    private func run(_ effect: Effect) {
        switch effect {
        case .resume(let continuation, let timer, let result):
            timer?.cancel()
            continuation.resume(returning: result)
        case .open(let id): Task { await self.open(id) }
        case .drop: break  // The last reference goes with the effect; the connection's deinit closes it.
        case .waitTimer(let waiter):
            let timer = after(milliseconds: PostgresLimits.maximumWaitMilliseconds) { $0.change { $0.machine.waiterTimedOut(waiter) } }
            let isWaiting = state.withLock { state in
                state.waiters[waiter]?.timer = timer
                return state.waiters[waiter] != nil
            }
            if !isWaiting { timer.cancel() }
        case .backOffTimer(let milliseconds): _ = after(milliseconds: milliseconds) { $0.change { $0.machine.backOffElapsed() } }
        case .idleTimer(let id):
            _ = after(milliseconds: PostgresLimits.maximumIdleMilliseconds) { $0.change { $0.machine.idleTimerFired(id) } }
        case .drained(let continuations): for continuation in continuations { continuation.resume() }
        }
    }

    /// A timer which does not keep the pool alive and does nothing when cancelled.
    private func after(milliseconds: Int, _ body: @escaping @Sendable (PostgresPool) -> Void) -> Task<Void, Never> {
        Task { [weak self] in
            do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { return }
            if let self { body(self) }
        }
    }

    private func open(_ id: ConnectionID) async {
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(configuration)
            change { state in
                state.connections[id] = connection
                state.lastFailure = nil
                return state.machine.connected(id)
            }
        } catch {
            logger.warning("no connection to PostgreSQL", metadata: ["error": "\(error)"])
            change { state in
                state.lastFailure = error
                return state.machine.connectFailed(id)
            }
        }
    }

    private static func error(for failure: PoolStateMachine.Failure, cause: PostgresError?) -> PostgresError {
        switch failure {
        case .closed: PostgresError(.closed, "the connection pool is shut down")
        case .cancelled: PostgresError(.cancelled, "cancelled while waiting for a connection")
        case .tooManyWaiters: PostgresError(.poolExhausted, "too many callers wait for a connection already", advice: "try again later")
        case .unavailable: cause ?? PostgresError(.connection, "PostgreSQL cannot be reached")
        case .timedOut:
            cause
                ?? PostgresError(
                    .poolExhausted, "no connection became free within \(PostgresLimits.maximumWaitMilliseconds) ms",
                    advice: "try again later")
        }
    }
}

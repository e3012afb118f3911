/// What the pool does on every event, as a pure value: events in, actions out. No clock, no I/O, no lock; PostgresPool runs
/// the actions and reports back what came of them.
///
///     connection:  connecting -> idle <-> leased -> (closed)
///     waiter:      waiting -> leased a connection | failed
///     pool:        working -> backing off (a connect failed) -> unavailable (it failed again and again) -> working

struct PoolStateMachine {
    struct ConnectionID: Hashable, Comparable {
        let number: Int
        static func < (a: ConnectionID, b: ConnectionID) -> Bool { a.number < b.number }
    }

    struct WaiterID: Hashable { let number: Int }

    enum Failure: Hashable { case timedOut, cancelled, tooManyWaiters, unavailable, closed }

    enum Action: Equatable {
        /// Open a connection, then `connected` or `connectFailed`.
        case connect(ConnectionID)
        /// Hand the connection over; the waiter's timer is of no more use.
        case lease(ConnectionID, to: WaiterID)
        /// Close the connection; nothing is reported back.
        case close(ConnectionID)
        /// Fail the waiter; its timer is of no more use.
        case fail(WaiterID, Failure)
        /// Call `waiterTimedOut` after the longest wait.
        case startWaitTimer(WaiterID)
        /// Call `backOffElapsed` after so many milliseconds.
        case startBackOffTimer(milliseconds: Int)
        /// Call `idleTimerFired` after the longest idle time. Each connection has one such timer at most, however often it is lent.
        case startIdleTimer(ConnectionID)
        /// The pool is shut down and its last connection gone.
        case drained
    }

    struct Limits {
        var maximumConnectionCount = PostgresLimits.maximumConnectionCount
        var minimumIdleConnectionCount = PostgresLimits.minimumIdleConnectionCount
        var maximumWaiterCount = PostgresLimits.maximumWaiterCount
        var firstBackOffMilliseconds = PostgresLimits.firstBackOffMilliseconds
        var maximumBackOffMilliseconds = PostgresLimits.maximumBackOffMilliseconds
        var failedRoundsUntilUnavailable = PostgresLimits.failedRoundsUntilUnavailable
    }

    private enum Connection: Equatable {
        case connecting
        case idle
        case leased
    }

    private let limits: Limits
    private var connections: [ConnectionID: Connection] = [:]
    /// Most recently used last: it is lent first, so that the others can grow old and go.
    private var idle: [ConnectionID] = []
    private var waiters: [WaiterID] = []
    /// Those whose idle timer runs: whether they were lent since it started. It may outlive its connection.
    private var idleTimers: [ConnectionID: Bool] = [:]
    private var lastConnectionNumber = 0
    private var failedRoundCount = 0
    private var isBackingOff = false
    private(set) var isShutDown = false

    init(limits: Limits = Limits()) { self.limits = limits }

    var connectionCount: Int { connections.count }
    var idleConnectionCount: Int { idle.count }
    var leasedConnectionCount: Int { connections.values.count { $0 == .leased } }
    var waiterCount: Int { waiters.count }
    /// Connecting failed again and again, and no connection stands.
    var isUnavailable: Bool {
        failedRoundCount >= limits.failedRoundsUntilUnavailable && !connections.values.contains { $0 != .connecting }
    }

    // MARK: Callers

    mutating func leaseRequested(_ waiter: WaiterID) -> [Action] {
        if isShutDown { return [.fail(waiter, .closed)] }
        if let id = idle.popLast() { return [lend(id, to: waiter)] }
        if isUnavailable { return [.fail(waiter, .unavailable)] + connectAsNeeded() }
        if waiters.count >= limits.maximumWaiterCount { return [.fail(waiter, .tooManyWaiters)] }
        waiters.append(waiter)
        return [.startWaitTimer(waiter)] + connectAsNeeded()
    }

    mutating func waiterTimedOut(_ waiter: WaiterID) -> [Action] { remove(waiter) ? [.fail(waiter, .timedOut)] : [] }

    mutating func waiterCancelled(_ waiter: WaiterID) -> [Action] { remove(waiter) ? [.fail(waiter, .cancelled)] : [] }

    /// A lent connection comes back; a broken one is closed and replaced if somebody waits.
    mutating func released(_ id: ConnectionID, isReusable: Bool) -> [Action] {
        precondition(connections[id] == .leased, "only a lent connection comes back")
        guard isReusable, !isShutDown else {
            connections[id] = nil
            return [.close(id)] + (isShutDown ? drainedIfEmpty() : connectAsNeeded())
        }
        return serve(id)
    }

    // MARK: The server

    mutating func connected(_ id: ConnectionID) -> [Action] {
        precondition(connections[id] == .connecting, "only a connection that was asked for can be made")
        failedRoundCount = 0
        if isShutDown {
            connections[id] = nil
            return [.close(id)] + drainedIfEmpty()
        }
        return serve(id) + connectAsNeeded()
    }

    mutating func connectFailed(_ id: ConnectionID) -> [Action] {
        precondition(connections[id] == .connecting, "only a connection that was asked for can fail")
        connections[id] = nil
        if isShutDown { return drainedIfEmpty() }
        // Others of the same round fail for the same reason: one back-off covers them.
        if isBackingOff { return [] }
        failedRoundCount += 1
        isBackingOff = true
        let doublings = min(failedRoundCount - 1, 16)
        let delay = min(limits.firstBackOffMilliseconds << doublings, limits.maximumBackOffMilliseconds)
        var actions: [Action] = [.startBackOffTimer(milliseconds: delay)]
        if isUnavailable {
            actions += waiters.map { .fail($0, .unavailable) }
            waiters = []
        }
        return actions
    }

    mutating func backOffElapsed() -> [Action] {
        isBackingOff = false
        return isShutDown ? [] : connectAsNeeded()
    }

    /// A connection that was lent since its timer started gets another one: it goes between one and two longest idle times after its
    /// last loan.
    mutating func idleTimerFired(_ id: ConnectionID) -> [Action] {
        let wasLent = idleTimers.removeValue(forKey: id) ?? false
        guard connections[id] == .idle else { return [] }
        if wasLent { return startIdleTimer(id) }
        guard connections.count > limits.minimumIdleConnectionCount else { return [] }
        connections[id] = nil
        idle.removeAll { $0 == id }
        return [.close(id)]
    }

    mutating func shutDown() -> [Action] {
        if isShutDown { return drainedIfEmpty() }
        isShutDown = true
        let actions: [Action] = waiters.map { .fail($0, .closed) } + idle.map { .close($0) }
        for id in idle { connections[id] = nil }
        waiters = []
        idle = []
        return actions + drainedIfEmpty()
    }

    // MARK: Steps

    /// Gives a connection to the longest waiting, or lays it idle.
    private mutating func serve(_ id: ConnectionID) -> [Action] {
        if !waiters.isEmpty { return [lend(id, to: waiters.removeFirst())] }
        connections[id] = .idle
        idle.append(id)
        return idleTimers[id] == nil ? startIdleTimer(id) : []
    }

    private mutating func lend(_ id: ConnectionID, to waiter: WaiterID) -> Action {
        connections[id] = .leased
        if idleTimers[id] != nil { idleTimers[id] = true }
        return .lease(id, to: waiter)
    }

    private mutating func startIdleTimer(_ id: ConnectionID) -> [Action] {
        idleTimers[id] = false
        return [.startIdleTimer(id)]
    }

    /// Opens connections until each waiter has one on its way. After a failure one at a time, as a server that comes back is
    /// not to be met with a crowd; and while nothing stands, always one, waiters or not, to notice its return.
    private mutating func connectAsNeeded() -> [Action] {
        guard !isBackingOff else { return [] }
        var actions: [Action] = []
        var connectingCount = connections.values.count { $0 == .connecting }
        let wantedCount = isUnavailable ? 1 : failedRoundCount > 0 ? min(1, waiters.count) : waiters.count
        while connectingCount < wantedCount, connections.count < limits.maximumConnectionCount {
            actions.append(startConnecting())
            connectingCount += 1
        }
        return actions
    }

    private mutating func startConnecting() -> Action {
        lastConnectionNumber += 1
        let id = ConnectionID(number: lastConnectionNumber)
        connections[id] = .connecting
        return .connect(id)
    }

    private mutating func remove(_ waiter: WaiterID) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    private func drainedIfEmpty() -> [Action] { connections.isEmpty ? [.drained] : [] }
}

import PostgresTesting
import SeededRandom
import Testing

@testable import PostgresClient

/// Transcripts: an event, the actions it must lead to.
@Suite struct PoolStateMachineTests {
    typealias Connection = PoolStateMachine.ConnectionID
    typealias Waiter = PoolStateMachine.WaiterID
    private let c1 = Connection(number: 1), c2 = Connection(number: 2), c3 = Connection(number: 3), c4 = Connection(number: 4)
    private let w1 = Waiter(number: 1), w2 = Waiter(number: 2), w3 = Waiter(number: 3), w4 = Waiter(number: 4)

    private func makePool(connections: Int = 2, waiters: Int = 10) -> PoolStateMachine {
        PoolStateMachine(
            limits: .init(
                maximumConnectionCount: connections, minimumIdleConnectionCount: 1, maximumWaiterCount: waiters,
                firstBackOffMilliseconds: 50,
                maximumBackOffMilliseconds: 300, failedRoundsUntilUnavailable: 3))
    }

    @Test("the first caller opens a connection, the next one uses it again")
    func reuse() {
        var pool = makePool()
        #expect(pool.leaseRequested(w1) == [.startWaitTimer(w1), .connect(c1)])
        #expect(pool.connected(c1) == [.lease(c1, to: w1)])
        #expect(pool.released(c1, isReusable: true) == [.startIdleTimer(c1)])
        #expect(pool.leaseRequested(w2) == [.lease(c1, to: w2)])
        #expect(pool.leasedConnectionCount == 1 && pool.connectionCount == 1)
    }

    @Test("callers beyond the last connection wait in order and are served as connections come back")
    func order() {
        var pool = makePool()
        #expect(pool.leaseRequested(w1) == [.startWaitTimer(w1), .connect(c1)])
        #expect(pool.leaseRequested(w2) == [.startWaitTimer(w2), .connect(c2)])
        #expect(pool.leaseRequested(w3) == [.startWaitTimer(w3)])
        #expect(pool.leaseRequested(w4) == [.startWaitTimer(w4)])
        #expect(pool.connected(c2) == [.lease(c2, to: w1)])
        #expect(pool.connected(c1) == [.lease(c1, to: w2)])
        #expect(pool.released(c2, isReusable: true) == [.lease(c2, to: w3)])
        #expect(pool.released(c1, isReusable: true) == [.lease(c1, to: w4)])
        #expect(pool.waiterCount == 0)
    }

    @Test("a connection that becomes free before the new one is made goes to the waiter, and the new one lies idle")
    func overtaken() {
        var pool = makePool()
        _ = pool.leaseRequested(w1)
        _ = pool.connected(c1)
        #expect(pool.leaseRequested(w2) == [.startWaitTimer(w2), .connect(c2)])
        #expect(pool.released(c1, isReusable: true) == [.lease(c1, to: w2)])
        #expect(pool.connected(c2) == [.startIdleTimer(c2)])
    }

    @Test("a waiter that ran out of time or was cancelled is failed once and never served")
    func gone() {
        var pool = makePool(connections: 1)
        _ = pool.leaseRequested(w1)
        _ = pool.connected(c1)
        _ = pool.leaseRequested(w2)
        _ = pool.leaseRequested(w3)
        #expect(pool.waiterTimedOut(w2) == [.fail(w2, .timedOut)])
        #expect(pool.waiterTimedOut(w2) == [])
        #expect(pool.waiterCancelled(w3) == [.fail(w3, .cancelled)])
        #expect(pool.waiterCancelled(w1) == [], "w1 has its connection already")
        #expect(pool.released(c1, isReusable: true) == [.startIdleTimer(c1)])
    }

    @Test("more waiters than the limit are refused at once")
    func crowd() {
        var pool = makePool(connections: 1, waiters: 1)
        _ = pool.leaseRequested(w1)
        #expect(pool.leaseRequested(w2) == [.fail(w2, .tooManyWaiters)])
    }

    @Test("a broken connection is closed, and replaced only if somebody waits")
    func broken() {
        var pool = makePool(connections: 1)
        _ = pool.leaseRequested(w1)
        _ = pool.connected(c1)
        #expect(pool.released(c1, isReusable: false) == [.close(c1)])
        #expect(pool.leaseRequested(w2) == [.startWaitTimer(w2), .connect(c2)])
        _ = pool.connected(c2)
        _ = pool.leaseRequested(w3)
        #expect(pool.released(c2, isReusable: false) == [.close(c2), .connect(c3)])
        #expect(pool.connected(c3) == [.lease(c3, to: w3)])
    }

    @Test("failed connects back off, doubling up to the maximum, with one back-off per round")
    func backOff() {
        var pool = makePool()
        _ = pool.leaseRequested(w1)
        _ = pool.leaseRequested(w2)
        #expect(pool.connectFailed(c1) == [.startBackOffTimer(milliseconds: 50)])
        #expect(pool.connectFailed(c2) == [])
        #expect(pool.leaseRequested(w3) == [.startWaitTimer(w3)], "nothing is tried during the back-off")
        #expect(pool.backOffElapsed() == [.connect(c3)], "one attempt, though three wait")
        #expect(pool.connectFailed(c3) == [.startBackOffTimer(milliseconds: 100)])
        #expect(pool.backOffElapsed() == [.connect(c4)])
        #expect(pool.connected(c4) == [.lease(c4, to: w1), .connect(Connection(number: 5))], "and now for the others")
        #expect(!pool.isUnavailable)
    }

    @Test("after the last failed round waiters and newcomers fail at once, while one attempt after the other goes on")
    func unavailable() {
        var pool = makePool()
        _ = pool.leaseRequested(w1)
        _ = pool.leaseRequested(w2)
        _ = pool.connectFailed(c1)
        _ = pool.connectFailed(c2)
        _ = pool.backOffElapsed()
        _ = pool.connectFailed(c3)
        _ = pool.backOffElapsed()
        #expect(pool.connectFailed(c4) == [.startBackOffTimer(milliseconds: 200), .fail(w1, .unavailable), .fail(w2, .unavailable)])
        #expect(pool.isUnavailable)
        #expect(pool.leaseRequested(w3) == [.fail(w3, .unavailable)])
        let c5 = Connection(number: 5), c6 = Connection(number: 6)
        #expect(pool.backOffElapsed() == [.connect(c5)])
        #expect(pool.leaseRequested(w3) == [.fail(w3, .unavailable)], "the attempt is under way already")
        #expect(pool.connectFailed(c5) == [.startBackOffTimer(milliseconds: 300)])
        #expect(pool.backOffElapsed() == [.connect(c6)])
        #expect(pool.connected(c6) == [.startIdleTimer(c6)])
        #expect(pool.leaseRequested(w4) == [.lease(c6, to: w4)])
    }

    @Test("connections on loan keep the pool from giving up, and it looks for the server once they are gone")
    func lastConnectionGoes() {
        var pool = makePool(connections: 3)
        _ = pool.leaseRequested(w1)
        _ = pool.connected(c1)
        _ = pool.leaseRequested(w2)
        _ = pool.connectFailed(c2)
        _ = pool.backOffElapsed()
        _ = pool.connectFailed(c3)
        _ = pool.backOffElapsed()
        #expect(pool.connectFailed(c4) == [.startBackOffTimer(milliseconds: 200)], "w1 may bring its connection back to w2")
        #expect(pool.waiterTimedOut(w2) == [.fail(w2, .timedOut)])
        #expect(pool.backOffElapsed() == [], "nobody waits")
        #expect(pool.released(c1, isReusable: false) == [.close(c1), .connect(Connection(number: 5))])
    }

    @Test("a connection grows old only while it stays idle, and the last one stays")
    func idle() {
        var pool = makePool()
        _ = pool.leaseRequested(w1)
        _ = pool.leaseRequested(w2)
        _ = pool.connected(c1)
        _ = pool.connected(c2)
        #expect(pool.released(c1, isReusable: true) == [.startIdleTimer(c1)])
        #expect(pool.released(c2, isReusable: true) == [.startIdleTimer(c2)])
        #expect(pool.leaseRequested(w3) == [.lease(c2, to: w3)], "the one used last")
        #expect(pool.released(c2, isReusable: true) == [], "its timer runs")
        #expect(pool.idleTimerFired(c2) == [.startIdleTimer(c2)], "it was lent since")
        #expect(pool.idleTimerFired(c1) == [.close(c1)])
        #expect(pool.idleTimerFired(c2) == [], "the last one")
        #expect(pool.leaseRequested(w4) == [.lease(c2, to: w4)])
        #expect(pool.released(c2, isReusable: true) == [.startIdleTimer(c2)])
        _ = pool.leaseRequested(w4)
        #expect(pool.idleTimerFired(c2) == [], "it is on loan")
        #expect(pool.released(c2, isReusable: true) == [.startIdleTimer(c2)])
    }

    @Test("a connection has one idle timer however often it is lent, and the timer of a closed one does nothing")
    func oneTimer() {
        var pool = makePool()
        _ = pool.leaseRequested(w1)
        _ = pool.connected(c1)
        #expect(pool.released(c1, isReusable: true) == [.startIdleTimer(c1)])
        for _ in 0..<100 {
            _ = pool.leaseRequested(w2)
            #expect(pool.released(c1, isReusable: true) == [])
        }
        _ = pool.leaseRequested(w2)
        _ = pool.released(c1, isReusable: false)
        #expect(pool.idleTimerFired(c1) == [])
    }

    @Test("a shut-down pool refuses callers, closes what is idle, and is drained when the last loan ends")
    func shutDown() {
        var pool = makePool(connections: 3)
        for waiter in [w1, w2, w3, w4] { _ = pool.leaseRequested(waiter) }
        _ = pool.connected(c1)
        _ = pool.connected(c2)
        #expect(pool.released(c2, isReusable: true) == [.lease(c2, to: w3)])
        #expect(pool.released(c2, isReusable: true) == [.lease(c2, to: w4)])
        #expect(pool.released(c2, isReusable: true) == [.startIdleTimer(c2)])
        #expect(pool.shutDown() == [.close(c2)])
        #expect(pool.leaseRequested(Waiter(number: 9)) == [.fail(Waiter(number: 9), .closed)])
        #expect(pool.connected(c3) == [.close(c3)], "it came too late")
        #expect(pool.released(c1, isReusable: true) == [.close(c1), .drained])
    }

    @Test("shutting down fails the waiters; a failed connect then is the end, too")
    func shutDownWhileConnecting() {
        var pool = makePool()
        _ = pool.leaseRequested(w1)
        #expect(pool.shutDown() == [.fail(w1, .closed)])
        #expect(pool.connectFailed(c1) == [.drained])
        #expect(pool.backOffElapsed() == [])
        #expect(pool.shutDown() == [.drained])
    }

    @Test("under any order of events no connection is lent twice, none is lost, and each waiter is answered once")
    func anyOrder() {
        let seed = TestSeed.value
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var pool = makePool(connections: Int.random(in: 1...4, using: &random), waiters: 5)
            var model = PoolModel()
            for _ in 0..<200 { model.step(&pool, &random) }
            model.drain(&pool)
            #expect(model.faults.isEmpty, "seed \(seed): \(model.faults)")
        }
    }
}

/// The world around a pool: runs its actions and notes every one that makes no sense.
private struct PoolModel {
    var connecting: Set<PoolStateMachine.ConnectionID> = []
    var standing: Set<PoolStateMachine.ConnectionID> = []
    var leased: [PoolStateMachine.ConnectionID] = []
    var waiting: [PoolStateMachine.WaiterID] = []
    var isBackingOff = false
    var isDrained = false
    var idleTimers: [PoolStateMachine.ConnectionID] = []
    var lastWaiter = 0
    var faults: [String] = []

    mutating func run(_ actions: [PoolStateMachine.Action]) {
        for action in actions {
            switch action {
            case .connect(let id): if !connecting.insert(id).inserted || standing.contains(id) { faults.append("\(id) asked for twice") }
            case .lease(let id, let waiter):
                if !standing.contains(id) || leased.contains(id) { faults.append("\(id) lent, but it is not free") }
                leased.append(id)
                answer(waiter)
            case .close(let id): if standing.remove(id) == nil { faults.append("\(id) closed twice") }
            case .fail(let waiter, _): answer(waiter)
            case .startBackOffTimer:
                if isBackingOff { faults.append("two back-offs") }
                isBackingOff = true
            case .startIdleTimer(let id):
                if idleTimers.contains(id) { faults.append("two idle timers of \(id)") }
                idleTimers.append(id)
            case .startWaitTimer: break
            case .drained: isDrained = true
            }
        }
        if standing.count + connecting.count > 4 { faults.append("too many connections") }
    }

    mutating func answer(_ waiter: PoolStateMachine.WaiterID) {
        guard let index = waiting.firstIndex(of: waiter) else {
            faults.append("\(waiter) answered twice")
            return
        }
        waiting.remove(at: index)
    }

    mutating func step(_ pool: inout PoolStateMachine, _ random: inout SeededGenerator) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0, 1:
            lastWaiter += 1
            waiting.append(.init(number: lastWaiter))
            run(pool.leaseRequested(.init(number: lastWaiter)))
        case 2:
            guard let id = connecting.min() else { return }
            connecting.remove(id)
            standing.insert(id)
            run(pool.connected(id))
        case 3:
            guard let id = connecting.max() else { return }
            connecting.remove(id)
            run(pool.connectFailed(id))
        case 4:
            guard !leased.isEmpty else { return }
            run(pool.released(leased.removeFirst(), isReusable: Bool.random(using: &random)))
        case 5:
            guard let waiter = waiting.randomElement(using: &random) else { return }
            run(Bool.random(using: &random) ? pool.waiterTimedOut(waiter) : pool.waiterCancelled(waiter))
        case 6:
            guard isBackingOff else { return }
            isBackingOff = false
            run(pool.backOffElapsed())
        default:
            guard !idleTimers.isEmpty else { return }
            run(pool.idleTimerFired(idleTimers.removeFirst()))
        }
        if !waiting.isEmpty, leased.isEmpty, connecting.isEmpty, !isBackingOff { faults.append("waiters that nothing will ever serve") }
    }

    mutating func drain(_ pool: inout PoolStateMachine) {
        run(pool.shutDown())
        while let id = connecting.popFirst() { run(pool.connectFailed(id)) }
        while let id = leased.popLast() { run(pool.released(id, isReusable: true)) }
        if !isDrained || !standing.isEmpty || !waiting.isEmpty { faults.append("something is left after the end") }
    }
}

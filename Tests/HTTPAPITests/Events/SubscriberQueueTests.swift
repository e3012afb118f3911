import SeededRandom
import Testing

@testable import HTTPAPI

@Suite("A follower's queue") struct SubscriberQueueTests {
    private let second: Int64 = 1_000_000_000

    private func message(_ sequence: Int64, _ kind: EventMessage.Kind = .detail, size: Int = 10) -> EventMessage {
        EventMessage(kind, type: "case.finished", sequence: sequence, json: [UInt8](repeating: 0x20, count: size))
    }

    private func queue(
        _ detail: SubscriberQueue.Detail = .everything, after: Int64 = 0, heartbeats: Bool = true,
        _ change: (inout EventLimits) -> Void = { _ in }
    ) -> SubscriberQueue {
        var limits = EventLimits()
        change(&limits)
        return SubscriberQueue(detail, after: after, heartbeats: heartbeats, limits: limits, now: 0)
    }

    private func sequences(_ delivery: SubscriberQueue.Delivery?) -> [Int64]? {
        guard case .messages(let messages) = delivery else { return nil }
        return messages.map(\.sequence)
    }

    @Test("events come in order, each once, and none that the follower has")
    func order() {
        var queue = queue(after: 3)
        for sequence: Int64 in 1...6 { queue.add(message(sequence)) }
        #expect(sequences(queue.next(now: 1)) == [4, 5, 6])
        #expect(queue.lastSequence == 6)
        queue.add(message(6))
        queue.add(message(7))
        #expect(sequences(queue.next(now: 1)) == [7])
        #expect(queue.next(now: 1) == nil)
    }

    @Test("of the counters that wait only the newest is given, and it never overtakes the events it counts")
    func coalescing() {
        var queue = queue()
        queue.add(message(1))
        queue.add(message(1, .counters))
        queue.add(message(1, .counters))
        #expect(queue.count == 2)
        queue.add(message(2))
        queue.add(message(2, .counters))
        guard case .messages(let messages) = queue.next(now: 1) else {
            Issue.record("nothing was given")
            return
        }
        #expect(messages.map(\.sequence) == [1, 2, 2])
        #expect(messages.map(\.kind) == [.detail, .detail, .counters])
    }

    @Test("a follower of counters holds one message however long it reads nothing, and hears of changes of state")
    func countersOnly() {
        var queue = queue(.counters) { $0.maximumQueuedMessageCount = 3 }
        for sequence: Int64 in 1...1000 {
            queue.add(message(sequence))
            queue.add(message(sequence, .counters))
        }
        #expect(queue.count == 1)
        queue.add(message(1001, .state))
        #expect(sequences(queue.next(now: 1)) == [1000, 1001])
    }

    @Test("one message over the count, or one byte over the bytes, cuts the follower off and gives back what waited")
    func overflow() {
        var counted = queue(after: 0) { $0.maximumQueuedMessageCount = 2 }
        counted.add(message(1))
        #expect(sequences(counted.next(now: 1)) == [1])
        for sequence: Int64 in 2...4 { counted.add(message(sequence)) }
        #expect(counted.next(now: 1) == .ended(.overflowed))
        #expect(counted.lastSequence == 1 && counted.count == 0)
        counted.add(message(5))
        #expect(counted.count == 0)

        let size = message(1).byteCount
        var sized = queue { $0.maximumQueuedByteCount = 2 * size }
        sized.add(message(1))
        sized.add(message(2))
        #expect(!sized.isEnded)
        sized.add(message(3))
        #expect(sized.isEnded)
    }

    @Test("a finished or restarting stream gives what waits before it ends, a refused one does not; the first ending counts")
    func endings() {
        for (ending, isGiven) in [
            (SubscriberQueue.Ending.finished, true), (.restarting, true), (.refused, false), (.disconnected, false), (.unavailable, false),
        ] {
            var queue = queue()
            queue.add(message(1))
            queue.end(ending)
            queue.add(message(2))
            if isGiven { #expect(sequences(queue.next(now: 1)) == [1]) }
            #expect(queue.next(now: 1) == .ended(ending))
            queue.end(.restarting)
            #expect(queue.next(now: 1) == .ended(ending))
        }
    }

    @Test("a slow reader of a finished stream that is gone meanwhile ends at once")
    func goneAfterTheEnd() {
        var queue = queue()
        queue.add(message(1))
        queue.end(.finished)
        queue.end(.disconnected)
        #expect(queue.next(now: 1) == .ended(.disconnected))
    }

    @Test("large messages are handed over in pieces a connection can take")
    func pieces() {
        var queue = queue { $0.maximumWriteByteCount = 25 }
        for sequence: Int64 in 1...5 { queue.add(message(sequence)) }
        var pieces: [[Int64]] = []
        while let piece = sequences(queue.next(now: 1)) { pieces.append(piece) }
        #expect(pieces.flatMap { $0 } == [1, 2, 3, 4, 5])
        #expect(pieces.count == 2)
    }

    @Test("silence is broken after 15 s, and after 30 s the credentials are looked at again")
    func times() {
        var queue = queue()
        queue.tick(now: 14 * second)
        #expect(queue.next(now: 14 * second) == nil)
        queue.tick(now: 15 * second)
        #expect(queue.next(now: 15 * second) == .heartbeat)
        queue.add(message(1))
        #expect(sequences(queue.next(now: 20 * second)) == [1])
        queue.tick(now: 30 * second)
        #expect(queue.next(now: 30 * second) == .confirm)
        #expect(queue.next(now: 30 * second) == nil)
        queue.tick(now: 35 * second)
        #expect(queue.next(now: 35 * second) == .heartbeat)
        queue.tick(now: 59 * second)
        #expect(queue.next(now: 59 * second) == .heartbeat)
        queue.tick(now: 60 * second)
        #expect(queue.next(now: 60 * second) == .confirm)

        var webSocket = self.queue(heartbeats: false)
        webSocket.tick(now: 20 * second)
        #expect(!webSocket.hasDelivery)
    }

    @Test("random messages, reads and stalls: what is given is the events in order without a gap, until a cut")
    func randomWalks() {
        var generator = SystemRandomNumberGenerator()
        let seed = generator.next() as UInt64
        print("SubscriberQueueTests seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            var queue = queue { $0.maximumQueuedMessageCount = 20 }
            var added: Int64 = 0, given: [Int64] = []
            for _ in 0..<300 {
                if random.next() % 3 > 0 {
                    added += 1
                    queue.add(message(added))
                    if random.next() % 4 == 0 { queue.add(message(added, .counters)) }
                } else if random.next() % 4 > 0 {
                    guard case .messages(let messages) = queue.next(now: 1) else { continue }
                    let counters = messages.filter { $0.kind == .counters }
                    #expect(counters.count <= 1)
                    given += messages.filter { $0.kind == .detail }.map(\.sequence)
                    if let last = messages.last, last.kind == .counters { #expect(last.sequence == given.last ?? 0) }
                }
                if queue.isEnded { break }
            }
            #expect(given == (0..<given.count).map { Int64($0) + 1 })
            #expect(queue.lastSequence == given.last ?? 0)
        }
    }
}

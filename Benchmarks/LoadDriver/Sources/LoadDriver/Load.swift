// The load, from one thread with `select`. In a closed loop every connection sends its next body as soon as the last was answered: what the
// server does not answer is not sent, so the latency is the server's own. In an open loop bodies are due at times that hang on nothing, as
// with many senders, and a latency counts from when its body was due: one that finds every connection taken waits, and that counts.
import Glibc

struct Load {
    enum Pace {
        case closed
        /// Bodies a second; the time between two of them is exponentially distributed.
        case open(rate: Double)
    }

    struct Outcome {
        var latencies: [UInt64] = []
        var statuses: [Int: Int] = [:]
        var byteCount = 0
        var nanoseconds: UInt64 = 0
    }

    var port: UInt16
    var connectionCount: Int
    /// The request head, but for the length.
    var head: String
    var bodies: [Body]
    var pace: Pace

    /// Sends every body once; one that is refused with 429 or 503 again after the time the server names. Any other
    /// status ends the run.
    func run() throws -> Outcome {
        var outcome = Outcome()
        outcome.latencies.reserveCapacity(bodies.count)
        var connections = try (0..<connectionCount).map { _ in try Connection(port: port) }
        var next = 0
        var postponed: [(due: UInt64, index: Int)] = []
        var answered = 0
        let begin = nanoseconds()
        let due = dueTimes(from: begin)
        while answered < bodies.count {
            let now = nanoseconds()
            for slot in connections.indices where connections[slot].step == .idle {
                guard let index = take(&next, due, &postponed, at: now) else { break }
                connections[slot].start(
                    head: Array("\(head)Content-Length: \(bodies[index].bytes.count)\r\n\r\n".utf8), body: bodies[index], index: index,
                    at: due.isEmpty ? nanoseconds() : due[index])
                _ = try connections[slot].advance()
            }
            // Not before the next body is due, where a connection is free for it.
            var pause = postponed.isEmpty ? 30_000_000_000 : 10_000_000 as UInt64
            if next < due.count, connections.contains(where: { $0.step == .idle }) {
                let time = nanoseconds()
                pause = min(pause, due[next] > time ? due[next] - time : 0)
            }
            let ready = try wait(for: connections, nanoseconds: pause)
            for slot in connections.indices where ready[slot] {
                guard let reply = try connections[slot].advance() else { continue }
                let end = nanoseconds()
                outcome.statuses[reply.status, default: 0] += 1
                let index = connections[slot].bodyIndex
                switch reply.status {
                case 200:
                    outcome.latencies.append(end - connections[slot].sentAt)
                    outcome.byteCount += bodies[index].bytes.count
                    answered += 1
                case 429, 503: postponed.append((end + UInt64(reply.retryAfter ?? 1) * 1_000_000_000, index))
                default: throw Failure(message: "status \(reply.status) for body \(index)")
                }
            }
        }
        outcome.nanoseconds = nanoseconds() - begin
        return outcome
    }

    /// Which connections can go on, at the latest after this time. `poll` counts in milliseconds, which is the size of what is measured.
    private func wait(for connections: [Connection], nanoseconds: UInt64) throws -> [Bool] {
        var readable = fd_set(), writable = fd_set(), highest: Int32 = -1
        for connection in connections where connection.step != .idle {
            guard connection.descriptor < 1024 else { throw Failure(message: "too many connections") }
            if connection.step == .sending { writable.insert(connection.descriptor) } else { readable.insert(connection.descriptor) }
            highest = max(highest, connection.descriptor)
        }
        var timeout = timeval(tv_sec: Int(nanoseconds / 1_000_000_000), tv_usec: Int(nanoseconds % 1_000_000_000 / 1000))
        let count = select(highest + 1, &readable, &writable, nil, &timeout)
        guard count >= 0 || errno == EINTR else { throw Failure.system("select") }
        return connections.map { count > 0 && $0.step != .idle && (readable.contains($0.descriptor) || writable.contains($0.descriptor)) }
    }

    /// When each body is due; empty in a closed loop. The same times at every run.
    private func dueTimes(from begin: UInt64) -> [UInt64] {
        guard case .open(let rate) = pace else { return [] }
        var state: UInt64 = 1, seconds = 0.0
        return bodies.map { _ in
            // SplitMix64.
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
            let uniform = (Double((mixed ^ mixed >> 31) >> 11) + 0.5) / 0x1p53
            seconds -= log(uniform) / rate
            return begin + UInt64(seconds * 1e9)
        }
    }

    private func take(
        _ next: inout Int, _ due: [UInt64], _ postponed: inout [(due: UInt64, index: Int)], at now: UInt64
    ) -> Int? {
        if let due = postponed.firstIndex(where: { $0.due <= now }) { return postponed.remove(at: due).index }
        guard next < bodies.count, due.isEmpty || due[next] <= now else { return nil }
        next += 1
        return next - 1
    }
}

func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Bits by descriptor, 0 to 1023.
extension fd_set {
    mutating func insert(_ descriptor: Int32) {
        withUnsafeMutableBytes(of: &self) { $0[Int(descriptor) / 8] |= 1 << (descriptor % 8) }
    }

    func contains(_ descriptor: Int32) -> Bool {
        withUnsafeBytes(of: self) { $0[Int(descriptor) / 8] & 1 << (descriptor % 8) != 0 }
    }
}

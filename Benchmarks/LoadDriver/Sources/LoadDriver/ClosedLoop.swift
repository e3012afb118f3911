// The load: every connection sends its next body as soon as the last was answered. One thread, `poll`, no queue: what
// the server does not answer is not sent, so the latency is the server's own.
import Glibc

struct ClosedLoop {
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
        while answered < bodies.count {
            let now = nanoseconds()
            for slot in connections.indices where connections[slot].step == .idle {
                guard let index = take(&next, &postponed, at: now) else { break }
                connections[slot].start(
                    head: Array("\(head)Content-Length: \(bodies[index].bytes.count)\r\n\r\n".utf8), body: bodies[index], index: index,
                    at: nanoseconds())
                _ = try connections[slot].advance()
            }
            var waits = connections.map { pollfd(fd: $0.events == 0 ? -1 : $0.descriptor, events: $0.events, revents: 0) }
            guard poll(&waits, nfds_t(waits.count), postponed.isEmpty ? 30_000 : 10) >= 0 || errno == EINTR else {
                throw Failure.system("poll")
            }
            for slot in connections.indices where waits[slot].revents != 0 {
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

    private func take(_ next: inout Int, _ postponed: inout [(due: UInt64, index: Int)], at now: UInt64) -> Int? {
        if let due = postponed.firstIndex(where: { $0.due <= now }) { return postponed.remove(at: due).index }
        guard next < bodies.count else { return nil }
        next += 1
        return next - 1
    }
}

func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

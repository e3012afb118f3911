/// A request that was counted in, until its answer: its body counts from the moment its length is known.

import Synchronization
import TraceModel

package final class RequestAllowance: Sendable {
    private let limiter: RequestLimiter
    private let permit: RequestPermit?
    private let project: ProjectID?
    private let bytes = Mutex(Bytes())

    private struct Bytes {
        var counted = 0
        var arrived = 0
    }

    init(_ limiter: RequestLimiter, _ permit: RequestPermit?, project: ProjectID?) {
        self.limiter = limiter
        self.permit = permit
        self.project = project
    }

    /// The largest body that the limits in bytes leave room for: a minute's worth. What is larger could only be let in by shutting out
    /// everybody else for longer.
    package var maximumBodyByteCount: Int { limiter.maximumBodyByteCount(permit, project) ?? .max }

    /// Counts a body whose length is known before it comes, so that others that begin meanwhile see it. Errors: `rateLimited`.
    package func announce(_ byteCount: Int) throws(AccessError) { try count(upTo: byteCount) }

    /// Counts a part of the body that came, unless it was announced: whatever becomes of the rest. Errors: `rateLimited`.
    package func arrived(_ byteCount: Int) throws(AccessError) {
        try count(
            upTo: bytes.withLock { bytes in
                bytes.arrived += byteCount
                return bytes.arrived
            })
    }

    /// The request is answered; what was announced and did not come is not counted.
    package func end() {
        let missing = bytes.withLock { $0.counted - $0.arrived }
        if missing > 0 { limiter.takeBack(missing, permit, project) }
        if let permit { limiter.end(permit) }
    }

    private func count(upTo total: Int) throws(AccessError) {
        let more = bytes.withLock { total - $0.counted }
        guard more > 0 else { return }
        try limiter.count(more, permit, project)
        bytes.withLock { $0.counted = total }
    }
}

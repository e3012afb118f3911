/// Counts of requests by route and status, and how long they took: the server's own part of `/metrics`.

import Synchronization

package final class HTTPMetrics: Sendable {
    /// Upper bounds of the histogram in seconds: from an ingest request on an idle server to a query at its time limit.
    package static let bucketBounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

    package struct Key: Hashable, Comparable, Sendable {
        package let method: String
        /// The route's template, never the path: the number of series must stay bounded.
        package let route: String
        package let status: Int

        package static func < (a: Key, b: Key) -> Bool { (a.route, a.method, a.status) < (b.route, b.method, b.status) }
    }

    package struct Series: Sendable {
        package var count = 0
        package var secondsSum = 0.0
        /// Not cumulative; one more than there are bounds.
        package var buckets = [Int](repeating: 0, count: HTTPMetrics.bucketBounds.count + 1)
    }

    private let state = Mutex<[Key: Series]>([:])
    private let started = Atomic<Int>(0)
    private let ended = Atomic<Int>(0)

    private let openConnections = Atomic<Int>(0)
    private let refusedConnections = Atomic<Int>(0)
    private let failedHandshakes = Atomic<Int>(0)

    package init() {}

    package var openConnectionCount: Int { openConnections.load(ordering: .relaxed) }
    /// Closed at once because there were too many.
    package var refusedConnectionCount: Int { refusedConnections.load(ordering: .relaxed) }
    package var failedHandshakeCount: Int { failedHandshakes.load(ordering: .relaxed) }

    /// Counts a connection; false when it is one too many.
    func connectionOpened(maximumCount: Int) -> Bool {
        guard openConnections.add(1, ordering: .relaxed).newValue > maximumCount else { return true }
        openConnections.subtract(1, ordering: .relaxed)
        refusedConnections.add(1, ordering: .relaxed)
        return false
    }

    func connectionClosed() { openConnections.subtract(1, ordering: .relaxed) }
    func handshakeFailed() { failedHandshakes.add(1, ordering: .relaxed) }

    /// A request that was answered before it reached a route: malformed, or its head too large.
    func refusedBeforeRouting(status: Int) {
        started.add(1, ordering: .relaxed)
        requestEnded(method: "other", route: "none", status: status, duration: .zero)
    }

    package var inProgressCount: Int { max(0, started.load(ordering: .relaxed) - ended.load(ordering: .relaxed)) }
    package var series: [(key: Key, value: Series)] { state.withLock { $0.sorted { $0.key < $1.key } } }

    func requestStarted() { started.add(1, ordering: .relaxed) }

    func requestEnded(method: String, route: String, status: Int, duration: Duration) {
        ended.add(1, ordering: .relaxed)
        let known = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"].contains(method)
        let key = Key(method: known ? method : "other", route: route, status: status)
        let seconds = duration.seconds
        let bucket = Self.bucketBounds.firstIndex { seconds <= $0 } ?? Self.bucketBounds.count
        state.withLock {
            $0[key, default: Series()].count += 1
            $0[key, default: Series()].secondsSum += seconds
            $0[key, default: Series()].buckets[bucket] += 1
        }
    }
}

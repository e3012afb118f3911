import SpanStore
import Synchronization

/// A share of a query: it is given units one after the other, by one thread at a time.
protocol ScanLane: AnyObject, SendableMetatype {
    func process(_ unit: any ScanUnit, at index: Int) throws
}

/// Deals the units of a query out to its lanes on the scan threads, in order, until all are done or one fails.
enum ParallelScan {
    /// Processes `order` (places in `units`) and answers the lanes.
    static func run<Lane: ScanLane>(
        _ units: [any ScanUnit], order: [Int], on threads: ScanThreads, maximumLaneCount: Int = QueryLimits.scanThreadCount,
        _ makeLane: () -> Lane
    ) async throws -> LaneSet<Lane> {
        let laneCount = max(1, min(maximumLaneCount, order.count))
        let set = LaneSet((0..<laneCount).map { _ in makeLane() })
        guard !order.isEmpty else { return set }
        let next = Counter()
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let completion = Completion(laneCount: laneCount, continuation)
            for lane in 0..<laneCount { enqueue(lane, set, units, order, next, completion, threads) }
        }
        return set
    }

    /// One unit per job, then to the back of the queue: other queries get their turn.
    private static func enqueue<Lane: ScanLane>(
        _ lane: Int, _ set: LaneSet<Lane>, _ units: [any ScanUnit], _ order: [Int], _ next: Counter, _ completion: Completion,
        _ threads: ScanThreads
    ) {
        threads.enqueue {
            let place = next.take()
            guard place < order.count, !completion.hasFailed else { return completion.finish(nil) }
            do {
                try set.lanes[lane].process(units[order[place]], at: order[place])
            } catch {
                return completion.finish(error)
            }
            enqueue(lane, set, units, order, next, completion, threads)
        }
    }

    private final class Counter: Sendable {
        private let value = Atomic(0)
        func take() -> Int { value.add(1, ordering: .relaxed).oldValue }
    }

    /// Resumes the query once every lane has ended.
    private final class Completion: Sendable {
        private struct State {
            var remaining: Int
            var error: (any Error)?
        }

        private let state: Mutex<State>
        private let continuation: CheckedContinuation<Void, any Error>

        init(laneCount: Int, _ continuation: CheckedContinuation<Void, any Error>) {
            state = Mutex(State(remaining: laneCount, error: nil))
            self.continuation = continuation
        }

        var hasFailed: Bool { state.withLock { $0.error != nil } }

        func finish(_ error: (any Error)?) {
            let (isLast, first) = state.withLock { state in
                state.remaining -= 1
                if state.error == nil { state.error = error }
                return (state.remaining == 0, state.error)
            }
            guard isLast else { return }
            if let first { continuation.resume(throwing: first) } else { continuation.resume() }
        }
    }
}

/// The lanes of one scan.
///
/// @unchecked: a lane is touched by one job at a time, a lane's next job is enqueued by its last one, and the set is read
/// again only after the last job of all; the queue's mutex and the completion's order these.
struct LaneSet<Lane: ScanLane>: @unchecked Sendable {
    let lanes: [Lane]
    init(_ lanes: [Lane]) { self.lanes = lanes }
}

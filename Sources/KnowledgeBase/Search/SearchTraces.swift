import Logging
import OTLP
import RunExecution
import Synchronization
import TraceModel

/// Where the spans of searches go: into the project's traces. A search does not wait for it.
package protocol SearchTraces: Sendable {
    /// The spans of one search.
    func record(_ spans: [SpanRecord], of project: ProjectID)
}

/// For processes whose callers keep the spans of their searches themselves.
package struct NoSearchTraces: SearchTraces {
    package init() {}
    package func record(_ spans: [SpanRecord], of project: ProjectID) {}
}

/// Delivers the spans of searches to the server's own ingest, or to its endpoint. They wait in memory, as many as the limit says; a process
/// that ends loses those that wait, which is told.
package final class SearchTraceDelivery: SearchTraces {
    private struct Search: Sendable {
        let spans: [SpanRecord]
        let project: ProjectID
    }

    private struct State {
        var waiting: [Search] = []
        var waitingSpanCount = 0
        var lostCount = 0
    }

    private let destination: any SpanDestination
    private let logger: Logger
    private let state = Mutex(State())
    private let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(destination: any SpanDestination, logger: Logger) {
        self.destination = destination
        self.logger = logger
    }

    package func record(_ spans: [SpanRecord], of project: ProjectID) {
        state.withLock { state in
            guard state.waitingSpanCount + spans.count <= KnowledgeSearchLimits.maximumWaitingSpanCount else {
                state.lostCount += 1
                return
            }
            state.waiting.append(Search(spans: spans, project: project))
            state.waitingSpanCount += spans.count
        }
        arrival.yield()
    }

    /// Searches whose spans were lost as too many waited, or as they were refused; for /metrics.
    package var lostSearchCount: Int { state.withLock { $0.lostCount } }

    /// Delivers until its task is cancelled; then once more what waits.
    package func run() async {
        for await _ in arrivals {
            // Nobody to take them: those that come meanwhile ring again.
            if await !deliverAll() { try? await Task.sleep(for: .seconds(KnowledgeSearchLimits.deliveryPauseSeconds)) }
            if state.withLock({ !$0.waiting.isEmpty }) { arrival.yield() }
        }
        _ = await Task { await self.deliverAll() }.value
    }

    /// False when the destination takes nothing now.
    package func deliverAll() async -> Bool {
        while true {
            let (part, project) = state.withLock { state -> ([Search], ProjectID?) in
                guard let project = state.waiting.first?.project else { return ([], nil) }
                let part = state.waiting.prefix(KnowledgeSearchLimits.deliveredSearchCount).prefix { $0.project == project }
                state.waiting.removeFirst(part.count)
                state.waitingSpanCount -= part.reduce(0) { $0 + $1.spans.count }
                return (Array(part), project)
            }
            guard let project else { return true }
            switch await destination.deliver(ExportTraceRequestEncoder.encode(part.flatMap(\.spans)), project: project) {
            case .delivered: break
            case .refused(let reason):
                state.withLock { $0.lostCount += part.count }
                logger.error("spans of searches were refused", metadata: ["project": "\(project.uuid)", "reason": "\(reason)"])
            case .later(let reason), .unreachable(let reason):
                logger.warning("spans of searches wait", metadata: ["reason": "\(reason)"])
                state.withLock { state in
                    state.waiting = part + state.waiting
                    state.waitingSpanCount += part.reduce(0) { $0 + $1.spans.count }
                }
                return false
            }
        }
    }
}

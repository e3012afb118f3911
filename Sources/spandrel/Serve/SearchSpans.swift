/// Brings the spans of the server's searches of knowledge bases into the projects' traces.

import KnowledgeBase
import ServiceLifecycle

/// The spans of searches on their way into the projects' traces; what waits when the server stops is delivered at last.
struct SearchSpans: Service {
    let traces: SearchTraceDelivery

    func run() async throws {
        await cancelWhenGracefulShutdown { await traces.run() }
    }
}

/// `/health/live` and `/health/ready`: for supervisors and load balancers, without a key.

import ByteCoding
import HTTPServer
import HTTPTypes
import Hummingbird

/// One thing the server cannot work without. `run` says what is wrong, or nil.
package struct ReadinessCheck: Sendable {
    package let name: String
    package let run: @Sendable () async -> String?

    package init(_ name: String, run: @escaping @Sendable () async -> String?) {
        self.name = name
        self.run = run
    }
}

struct HealthHandlers: Sendable {
    let checks: [ReadinessCheck]

    var routes: [Route] {
        [
            Route("getLiveness", .get, "/health/live", statuses: [200]) { _, _ in getLiveness() },
            Route("getReadiness", .get, "/health/ready", statuses: [200, 503]) { _, _ in await getReadiness() },
        ]
    }

    /// The process answers; nothing else is looked at, so that a database outage restarts no server.
    func getLiveness() -> Response { .json { $0.raw(Array(#"{"status":"ok"}"#.utf8)) } }

    func getReadiness() async -> Response {
        var results: [(name: String, fault: String?)] = []
        for check in checks { results.append((check.name, await check.run())) }
        let isReady = results.allSatisfy { $0.fault == nil }
        return .json(isReady ? .ok : .serviceUnavailable, headers: isReady ? [:] : [.retryAfter: "1"]) { writer in
            writer.beginObject()
            writer.member("status", isReady ? "ok" : "unavailable")
            writer.key("checks")
            writer.beginObject()
            for result in results { writer.member(result.name, result.fault ?? "ok") }
            writer.endObject()
            writer.endObject()
        }
    }
}

/// A server that traces are taken from or sent to: requests that are tried again while it is busy or away.

import ByteCoding
import NIOHTTP1

struct TransferServer: Sendable {
    let client: APIClient
    /// How long one request is tried again.
    let retryDuration: Duration

    /// An answer that is none of the server's being busy. Errors: it was away or busy all the time.
    func send(_ method: HTTPMethod, _ path: String, body: [UInt8] = [], contentType: String = "application/json") async throws
        -> APIClient.Answer
    {
        let end = ContinuousClock.now + retryDuration
        var pause = Duration.milliseconds(250)
        while true {
            let reason: String
            var wanted: Duration?
            do {
                let answer = try await client.send(method, path, body: body, contentType: contentType)
                guard Self.passing.contains(answer.status) else { return answer }
                wanted = answer.headers.first(name: "retry-after").flatMap { Int($0) }.map { .seconds(min($0, Self.longestWaitSeconds)) }
                reason = "the server answered \(answer.status)"
            } catch let failure as APIClient.Failure {
                reason = failure.description
            }
            let wait = wanted ?? pause
            guard ContinuousClock.now + wait < end else { throw CommandFailure("\(reason), and did so until the time for it was over") }
            try await Task.sleep(for: wait)
            pause = min(pause * 2, .seconds(Self.longestWaitSeconds))
        }
    }

    /// The same, as JSON; a problem document becomes a failure with its words.
    func json(_ method: HTTPMethod, _ path: String, body: JSONValue? = nil) async throws -> JSONValue {
        try APIClient.value(of: try await send(method, path, body: body?.bytes ?? []))
    }

    /// Too many requests, and what a server or one in front of it says while it is busy or starts.
    private static let passing: Set<Int> = [429, 502, 503, 504]
    private static let longestWaitSeconds = 30
}

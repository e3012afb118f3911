/// Stays with a task: hears its events, and finds the stream again when it is cut. What counts is what the server says when it is asked, not
/// what was heard.

import ByteCoding
import CurlClient
import RunClient

struct TaskFollower: Sendable {
    let server: RunServer
    let task: String
    /// Told of every message.
    let show: @Sendable (JSONValue) -> Void

    /// Asks whenever something may have happened, until the answer is not nil. Errors: `RunServer.Fault` when it can be followed no more,
    /// what `ask` throws, `CancellationError`.
    func follow(until ask: @Sendable () async throws -> JSONValue?) async throws -> JSONValue {
        var reconnection = Reconnection(maximumSilenceSeconds: RunClientLimits.maximumSilenceSeconds, now: MonotonicClock.seconds)
        while true {
            var reason = "the stream of events was cut", retryAfter: Double?
            do {
                if let answer = try await read(&reconnection, ask) { return answer }
                if let answer = try await ask() { return answer }
            } catch let fault as RunServer.Fault where fault.isTransient {
                reason = fault.description
                retryAfter = fault.retryAfter
            }
            let wait = reconnection.failed(now: MonotonicClock.seconds, retryAfter: retryAfter, random: .random(in: 0...1))
            guard let wait else { throw RunServer.Fault("no word from the server for too long: \(reason)") }
            try await Task.sleep(for: .seconds(wait))
        }
    }

    /// Until there is an answer, or the stream ends in whatever way.
    private func read(_ reconnection: inout Reconnection, _ ask: @Sendable () async throws -> JSONValue?) async throws -> JSONValue? {
        guard let events = try await server.events(at: "/api/v1/tasks/\(task)/events", after: nil) else { return nil }
        // The server breaks its silence with comments, without which the transfer ends by itself.
        defer { reconnection.alive(now: MonotonicClock.seconds) }
        do {
            for try await event in events {
                guard let message = try? JSONValue.parse(event.data), let type = message["type"]?.stringValue else { continue }
                reconnection.heard(now: MonotonicClock.seconds)
                show(message)
                // The first message comes when the stream stands: what happened before is asked for.
                if type == "progress" { continue }
                let asked: Result<JSONValue?, any Error>
                do { asked = .success(try await ask()) } catch { asked = .failure(error) }
                if case .success(nil) = asked { continue }
                return try asked.get()
            }
        } catch let error as CurlError { throw RunServer.fault(error) }
        return nil
    }
}

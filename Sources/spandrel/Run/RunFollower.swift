/// Follows a run to its end over server-sent events, through any number of cuts: resumed after the last event that came in.

import ByteCoding
import CurlClient
import RunClient

struct RunFollower: Sendable {
    let server: RunServer
    let run: String
    let display: RunDisplay
    /// Prints every message as a line of JSON.
    let printsMessages: Bool

    /// The run as it ended. Errors: `RunServer.Fault` when it can be followed no more, `CancellationError`.
    func follow() async throws -> JSONValue {
        var progress = RunProgress()
        var reconnection = Reconnection(maximumSilenceSeconds: RunClientLimits.maximumSilenceSeconds, now: MonotonicClock.seconds)
        while true {
            var reason = "the stream of events was cut", retryAfter: Double?
            do {
                try await read(&progress, &reconnection)
                if let ended = try await endedRun(&progress) { return ended }
            } catch let fault as RunServer.Fault where fault.isTransient {
                reason = fault.description
                retryAfter = fault.retryAfter
            }
            let wait = reconnection.failed(now: MonotonicClock.seconds, retryAfter: retryAfter, random: .random(in: 0...1))
            guard let wait else { throw RunServer.Fault("no word from the server for too long: \(reason)") }
            display.offline(reason)
            try await Task.sleep(for: .seconds(wait))
        }
    }

    /// Until the stream ends, in whatever way.
    private func read(_ progress: inout RunProgress, _ reconnection: inout Reconnection) async throws {
        guard let events = try await server.events(of: run, after: progress.lastSequence) else { return }
        // An open stream is a word: the server breaks its silence with comments, without which the transfer ends by itself.
        defer { reconnection.alive(now: MonotonicClock.seconds) }
        do {
            for try await event in events {
                guard let message = try? JSONValue.parse(event.data) else { continue }
                let before = progress.lastSequence
                guard let notes = progress.apply(message) else { continue }
                if progress.lastSequence > before { reconnection.heard(now: MonotonicClock.seconds) }
                if printsMessages { print(String(decoding: message.bytes, as: UTF8.self)) }
                display.show(progress, notes)
            }
        } catch { throw RunServer.fault(error) }
    }

    /// What counts is what the server says of the run itself; nil while it goes on.
    private func endedRun(_ progress: inout RunProgress) async throws -> JSONValue? {
        let answer = try await server.once("GET", "/api/v1/runs/\(run)")
        guard let state = answer["state"]?.stringValue, RunProgress.isFinal(state) else { return nil }
        progress.apply(run: answer)
        display.show(progress, [])
        return answer
    }
}

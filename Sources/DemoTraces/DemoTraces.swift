import ByteCoding
import TraceModel

/// A small sample for the first look: an hour of a fictional outdoor shop's support assistant. A web request calls an
/// agent, which triages the question, searches the help centre, asks a model, calls tools and asks again, with several
/// providers, cached and reasoning tokens, sessions and users, and a few things going wrong. Made, not recorded; the same
/// seed and time always give the same bytes.
package enum DemoTraces {
    /// How many traces a sample has.
    package static let traceCount = 40
    /// Traces of one request, about as many spans as an exporter's batch.
    private static let tracesPerRequest = 8

    /// The sample as OTLP `ExportTraceServiceRequest` bodies (protobuf), in the order the traces ended.
    ///
    /// - Parameters:
    ///   - unixNano: nanoseconds since 1970; every span lies within the hour before it.
    ///   - seed: what varies with it are ids, models, durations and who asks what.
    package static func requests(endingAt unixNano: UInt64, seed: UInt64) -> [[UInt8]] {
        let traces = traces(endingAt: unixNano, seed: seed)
        return stride(from: 0, to: traces.count, by: tracesPerRequest).map { first in
            TraceRequestEncoder.encode(traces[first..<min(first + tracesPerRequest, traces.count)].flatMap { $0 })
        }
    }

    /// The spans of each trace, root first; the traces in the order they ended.
    package static func traces(endingAt unixNano: UInt64, seed: UInt64) -> [[SpanRecord]] {
        var random = DemoRandom(seed: seed)
        var traces: [[SpanRecord]] = []
        var sessionNumber: UInt64 = 0
        while traces.count < traceCount {
            let topic = SupportTopics.all[Int(sessionNumber) % SupportTopics.all.count]
            let session = DemoSession(
                id: "sess-\(random.hexDigits(8))", userID: "user-\(1_000 + random.below(12) * 37)", model: DemoModels.pick(&random),
                topic: topic)
            var history: [JSONValue] = []
            let first = sessionStart(number: sessionNumber, endingAt: unixNano, &random)
            for (turnNumber, turn) in topic.turns.enumerated() where traces.count < traceCount {
                // The customer reads the answer before the next question; the last trace has ended by the given time.
                let pause = UInt64(turnNumber) * (50 + random.below(60)) * second
                let start = min(first + pause, saturatingDifference(unixNano, longestTrace))
                var builder = SupportTurn(
                    session: session, turn: turn, isFirst: turnNumber == 0, mishap: Mishap.planned[traces.count], history: history,
                    start: start, random: random)
                traces.append(builder.build())
                random = builder.random
                history = builder.history
            }
            sessionNumber += 1
        }
        return traces.sorted { ($0[0].endTimeUnixNano, $0[0].traceID) < ($1[0].endTimeUnixNano, $1[0].traceID) }
    }

    private static let second: UInt64 = 1_000_000_000
    /// No trace takes longer: every call's duration is bounded (`DemoModel.duration`).
    private static let longestTrace = 60 * second
    private static let hour = 3_600 * second

    /// Sessions begin evenly over the hour, jittered by up to two minutes.
    private static func sessionStart(number: UInt64, endingAt unixNano: UInt64, _ random: inout DemoRandom) -> UInt64 {
        let expectedSessions = UInt64(traceCount) / 2
        let jitter = random.below(120) * second + random.below(second)
        return saturatingDifference(unixNano, hour) + min(number, expectedSessions) * (hour / (expectedSessions + 2)) + jitter
    }

    private static func saturatingDifference(_ a: UInt64, _ b: UInt64) -> UInt64 { a > b ? a - b : 0 }
}

/// A conversation of one user.
struct DemoSession: Sendable {
    var id: String
    var userID: String
    /// The model the agent runs on for this user.
    var model: DemoModel
    var topic: SupportTopic
}

/// What goes wrong in a turn.
enum Mishap: Sendable {
    /// A tool does not answer; the agent says so.
    case toolTimeout
    /// The provider refuses, another one answers.
    case providerOverloaded
    /// The provider refuses and nobody answers: the customer sees an error.
    case requestFailed

    /// By the number of the trace, so that every sample has the same share of errors.
    static let planned: [Int: Mishap] = [
        3: .toolTimeout, 14: .providerOverloaded, 22: .requestFailed, 31: .toolTimeout, 36: .providerOverloaded,
    ]
}

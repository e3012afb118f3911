/// One message to followers, encoded once for all of them, in the two forms it is sent in.

import ByteCoding
import EvaluationModel
import HTTPServer
import Metastore
import NIOCore
import TraceQuery

struct EventMessage: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// A change of the task's own state: everybody is told.
        case state
        /// Any other event.
        case detail
        /// The newest makes the older ones needless.
        case counters
        /// Events that are no longer there.
        case gap
    }

    let kind: Kind
    /// Resuming after this one misses nothing that comes later.
    let sequence: Int64
    /// A whole frame.
    let webSocket: ByteBuffer
    let serverSentEvent: ByteBuffer

    /// `json`: one line.
    init(_ kind: Kind, type: String, sequence: Int64, json: [UInt8]) {
        self.kind = kind
        self.sequence = sequence
        webSocket = WebSocketFrames.text(json)
        var text = ByteBuffer()
        text.reserveCapacity(json.count + 64)
        text.writeString("id: \(sequence)\nevent: \(type)\ndata: ")
        text.writeBytes(json)
        text.writeString("\n\n")
        serverSentEvent = text
    }

    var byteCount: Int { webSocket.readableBytes }
}

/// Everything the messages say.
struct EventEncoder: Sendable {
    let task: TaskID

    static let protocolVersion = 1

    func event(_ event: TaskEvent) -> EventMessage {
        let isState = event.type.hasPrefix("run.") || event.type.hasPrefix("task.")
        return EventMessage(isState ? .state : .detail, type: event.type, sequence: event.sequence, json: json(event))
    }

    /// As pollers get it, too.
    func json(_ event: TaskEvent) -> [UInt8] {
        message(type: event.type, sequence: event.sequence, unixNano: event.timeUnixNano) { $0.raw(Self.oneLine(event.data)) }
    }

    /// The first message: where the task stands. What follows comes after `sequence`.
    func hello(_ snapshot: TaskSnapshot, secondsLeft: Double?, sequence: Int64, now: Int64) -> EventMessage {
        let json = message(type: "hello", sequence: sequence, unixNano: now) { writer in
            writer.beginObject()
            writer.member("last_sequence", max(sequence, snapshot.lastEventSequence))
            writer.member("kind", snapshot.task.kind)
            writer.member("created_at", unixNano: snapshot.task.createdTimeUnixNano)
            writer.member("started_at", unixNano: snapshot.task.startTimeUnixNano)
            writer.member("finished_at", unixNano: snapshot.task.finishTimeUnixNano)
            writer.counters(snapshot, secondsLeft: secondsLeft)
            writer.endObject()
        }
        return EventMessage(.state, type: "hello", sequence: sequence, json: json)
    }

    func progress(_ snapshot: TaskSnapshot, secondsLeft: Double?, sequence: Int64, now: Int64) -> EventMessage {
        let json = message(type: "progress", sequence: sequence, unixNano: now) { writer in
            writer.beginObject()
            writer.counters(snapshot, secondsLeft: secondsLeft)
            writer.endObject()
        }
        return EventMessage(.counters, type: "progress", sequence: sequence, json: json)
    }

    /// Events `missing` are gone; the one after them is the next.
    func gap(_ missing: ClosedRange<Int64>, now: Int64) -> EventMessage {
        let json = message(type: "gap", sequence: missing.upperBound, unixNano: now) { writer in
            writer.beginObject()
            writer.member("from", missing.lowerBound)
            writer.member("to", missing.upperBound)
            writer.endObject()
        }
        return EventMessage(.gap, type: "gap", sequence: missing.upperBound, json: json)
    }

    private func message(type: String, sequence: Int64, unixNano: Int64, _ data: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member("v", Self.protocolVersion)
        writer.member("sequence", sequence)
        writer.member("type", type)
        writer.member("task_id", task.uuid)
        writer.member("time", TimeText.rfc3339(unixNano))
        writer.key("data")
        data(&writer)
        writer.endObject()
        return writer.bytes
    }

    /// PostgreSQL gives JSON back as it was written. A line break in JSON is only ever space, and ends a line of server-sent events.
    static func oneLine(_ json: [UInt8]) -> [UInt8] {
        let breaks = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        return json.contains { breaks.contains($0) } ? json.map { breaks.contains($0) ? UInt8(ascii: " ") : $0 } : json
    }
}

extension JSONWriter {
    fileprivate mutating func counters(_ snapshot: TaskSnapshot, secondsLeft: Double?) {
        member("state", snapshot.task.state.rawValue)
        member("done", snapshot.task.progressDone)
        member("total", snapshot.task.progressTotal)
        member("estimated_seconds_left", secondsLeft)
        guard let run = snapshot.run else { return }
        key("run")
        beginObject()
        member("state", run.state.rawValue)
        member("reason", run.stateReason)
        member("passed", run.counts.passedCount)
        member("failed", run.counts.failedCount)
        member("errored", run.counts.erroredCount)
        member("cost_usd", Double(run.counts.costNanoUSD) / 1e9)
        member("input_tokens", run.counts.inputTokens)
        member("output_tokens", run.counts.outputTokens)
        endObject()
    }
}

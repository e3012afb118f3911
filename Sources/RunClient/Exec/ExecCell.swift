/// A case that the server leased to this command line, and what the command got to know of it.

import ByteCoding
import EvaluationModel

package struct ExecCell: Equatable, Sendable {
    /// As the server named them; sent back unchanged.
    package let job: JSONValue
    package let lease: JSONValue
    package let key: String
    /// Index into the run's targets.
    package let target: Int
    package let repetition: Int
    package let attempt: Int
    /// The case's `input`, and the messages made of it where the target has a template.
    package let input: JSONValue
    package let prompt: JSONValue?
    /// Of the trace that the cell becomes, where the server tells it (W3C Trace Context).
    package let traceParent: String?

    /// Nil for what is no leased cell.
    package init?(_ json: JSONValue) {
        guard let job = json["job"], let lease = json["lease"], let key = json["key"]?.stringValue else { return nil }
        self.job = job
        self.lease = lease
        self.key = key
        target = json["target"]?.integerValue.map(Int.init) ?? 0
        repetition = json["repetition"]?.integerValue.map(Int.init) ?? 1
        attempt = json["attempt"]?.integerValue.map(Int.init) ?? 1
        input = json["input"] ?? .null
        prompt = json["prompt"].flatMap { $0.isNull ? nil : $0 }
        traceParent = json["traceparent"]?.stringValue
    }

    /// What cells are known by.
    package var id: [UInt8] { job.bytes }

    package var leaseJSON: JSONValue {
        .object([JSONMember(key: "job", value: job), JSONMember(key: "lease", value: lease)])
    }

    /// What the command reads from its standard input: one line of JSON.
    package func standardInput(run: String, targetName: String) -> [UInt8] {
        var members = [
            JSONMember(key: "run_id", value: .string(run)), JSONMember(key: "key", value: .string(key)),
            JSONMember(key: "target", value: .string(targetName)), JSONMember(key: "repetition", value: .integer(Int64(repetition))),
            JSONMember(key: "attempt", value: .integer(Int64(attempt))), JSONMember(key: "input", value: input),
        ]
        if let prompt { members.append(JSONMember(key: "prompt", value: prompt)) }
        return JSONValue.object(members).bytes + [0x0a]
    }

    /// Environment variables for the command, beside those it inherits.
    package func environment(run: String, targetName: String) -> [(String, String)] {
        let named = [
            ("SPANDREL_RUN_ID", run), ("SPANDREL_CASE_KEY", key), ("SPANDREL_TARGET", targetName),
            ("SPANDREL_CASE_REPETITION", "\(repetition)"),
        ]
        return named + (traceParent.map { [("TRACEPARENT", $0)] } ?? [])
    }
}

/// What came of a command.
package struct ExecResult: Equatable, Sendable {
    package enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        case tooLate(seconds: Double)
        case tooLong(byteCount: Int)
        /// It was never begun: no such program, no permission, no processes left.
        case notStarted(String)
        /// This command line gave it up.
        case stopped
    }

    package var end: End
    package var output: [UInt8] = []
    /// The end of what it wrote to standard error.
    package var errorOutput: [UInt8] = []
    package var startUnixNano: UInt64
    package var durationNano: UInt64 = 0

    package init(_ end: End, startUnixNano: UInt64) {
        self.end = end
        self.startUnixNano = startUnixNano
    }

    /// Why it counts as an error; nil for an output.
    package var errorMessage: String? {
        let reason: String
        switch end {
        case .exited(0): return nil
        case .exited(let status): reason = "the command ended with status \(status)"
        case .killed(let signal): reason = "the command was ended by signal \(signal)"
        case .tooLate(let seconds): reason = "the command took longer than \(ProgressText.duration(seconds))"
        case .tooLong(let count): reason = "the command wrote more than \(count) bytes"
        case .notStarted(let message): reason = "the command cannot be started: \(message)"
        case .stopped: reason = "the command was stopped"
        }
        let words = String(decoding: errorOutput, as: UTF8.self)
        return words.isEmpty ? reason : reason + "; it said:\n" + words
    }

    /// What it answered: without the one line end that programs put last. Bytes that are no UTF-8 become U+FFFD, which are longer: what
    /// is then beyond the limit is cut.
    package var text: String {
        var bytes = output[...]
        if bytes.last == 0x0a {
            bytes.removeLast()
            if bytes.last == 0x0d { bytes.removeLast() }
        }
        return String(decoding: bytes, as: UTF8.self).cut(toByteCount: RunClientLimits.maximumExecOutputByteCount)
    }
}

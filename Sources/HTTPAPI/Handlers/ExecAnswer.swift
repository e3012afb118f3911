/// What a command answered to a cell, as its request says it and as the worker that scores it finds it.

import ByteCoding
import Evaluation
import EvaluationModel
import HTTPServer

struct ExecAnswer: Sendable, Equatable {
    enum Ending: Sendable, Equatable {
        case text(String)
        /// The command failed: no trial. Its words, and how it ended.
        case failed(message: String, exitStatus: Int64?)
    }

    let ending: Ending
    let durationNano: Int64
    let startUnixNano: Int64

    /// Bytes of an error's message: what a log's last lines have.
    static let maximumMessageByteCount = 4_000
    /// A command that takes longer has lost its lease many times over.
    private static let maximumDurationNano: Int64 = 7 * 86_400 * 1_000_000_000

    /// Reads `{"text" or "error": {"message"}, "duration_nano", "started_at_unix_nano", "exit_status"}`; the lease beside it is somebody
    /// else's to read. `path`: where it stands in the body.
    init(_ value: JSONValue, _ path: String) throws(Problem) {
        guard case .object(let members) = value else { throw .unprocessable(path, "must be an object") }
        let known: Set = ["job", "lease", "text", "error", "duration_nano", "started_at_unix_nano", "exit_status"]
        if let unknown = members.first(where: { !known.contains($0.key) }) {
            throw .unprocessable("\(path).\(unknown.key.prefix(64))", "is not one of \(known.sorted().joined(separator: ", "))")
        }
        durationNano = try Self.integer(value, "duration_nano", path, in: 0...Self.maximumDurationNano) ?? 0
        startUnixNano = try Self.integer(value, "started_at_unix_nano", path, in: 0...Int64.max) ?? 0
        let exitStatus = try Self.integer(value, "exit_status", path, in: Int64(Int32.min)...Int64(Int32.max))
        switch (value["text"] ?? .null, value["error"] ?? .null) {
        case (.string(let text), .null):
            guard text.utf8.count <= EvaluationLimits.maximumOutputByteCount else {
                throw .unprocessable(path + ".text", "must have at most \(EvaluationLimits.maximumOutputByteCount) bytes")
            }
            ending = .text(text)
        case (.null, let error) where error["message"]?.stringValue?.isEmpty == false:
            let message = error["message"]?.stringValue ?? ""
            ending = .failed(
                message: message.replacing("\0", with: "\u{fffd}").cut(toByteCount: Self.maximumMessageByteCount), exitStatus: exitStatus)
        default: throw .unprocessable(path, "must have either a text or an error with a message")
        }
    }

    /// A number, or the decimal text that OTLP's JSON has for numbers of 64 bits.
    private static func integer(
        _ value: JSONValue, _ name: String, _ path: String, in range: ClosedRange<Int64>
    ) throws(Problem) -> Int64? {
        guard let member = value[name], !member.isNull else { return nil }
        guard let number = member.integerValue ?? member.stringValue.flatMap(Int64.init), range.contains(number) else {
            throw .unprocessable("\(path).\(name)", "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// JSON text that `CellOutput` of the workers reads.
    var checkpoint: [UInt8] {
        var members: [JSONMember] = []
        switch ending {
        case .text(let text): members.append(JSONMember(key: "text", value: .string(text)))
        case .failed(let message, let exitStatus):
            var error = [JSONMember(key: "message", value: .string(message))]
            if let exitStatus { error.append(JSONMember(key: "exit_status", value: .integer(exitStatus))) }
            members.append(JSONMember(key: "error", value: .object(error)))
        }
        members.append(JSONMember(key: "duration_nano", value: .integer(durationNano)))
        members.append(JSONMember(key: "start_unix_nano", value: .integer(startUnixNano)))
        return JSONValue.object(members).bytes
    }
}

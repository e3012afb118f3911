/// `--gate`: `min_pass_rate=0.9,maximum_regression=0.05,minimum_means.tone=3.5,strict`, or `@FILE` with the gate as JSON.

import ByteCoding
import EvaluationModel

package enum GateArgument {
    /// The gate in JSON. Errors: every field that is wrong, by name.
    ///
    /// - Parameters:
    ///   - repetitions: those of the run.
    ///   - read: a file's bytes by its path.
    package static func parse(_ text: String, repetitions: Int, read: (String) throws -> [UInt8]) throws -> JSONValue {
        let value = text.hasPrefix("@") ? try file(String(text.dropFirst()), read) : try fields(text)
        guard case .invalid(let problems) = Gate.read(value, repetitions: repetitions) else { return value }
        throw RunClientError(
            "--gate: " + problems.map { $0.field.isEmpty ? $0.message : "\($0.field) \($0.message)" }.joined(separator: "; "))
    }

    private static func file(_ path: String, _ read: (String) throws -> [UInt8]) throws -> JSONValue {
        do { return try JSONValue.parse(try read(path)) } catch let error as JSONError {
            throw RunClientError("--gate @\(path) is not JSON: \(error)")
        }
    }

    private static func fields(_ text: String) throws(RunClientError) -> JSONValue {
        var members: [JSONMember] = [], means: [JSONMember] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
            guard !pair[0].isEmpty else { throw RunClientError("--gate \(text): a rule like min_pass_rate=0.9 is due between commas") }
            let name = wholeName(pair[0])
            // A name alone says yes: strict.
            let value = pair.count == 2 ? value(pair[1]) : JSONValue.bool(true)
            if let score = name.dropped(prefix: "minimum_means.") {
                means.append(JSONMember(key: score, value: value))
            } else {
                guard !members.contains(where: { $0.key == name }) else { throw RunClientError("--gate: \(name) is given twice") }
                members.append(JSONMember(key: name, value: value))
            }
        }
        if !means.isEmpty { members.append(JSONMember(key: "minimum_means", value: .object(means))) }
        return .object(members)
    }

    private static func wholeName(_ name: String) -> String {
        if let rest = name.dropped(prefix: "min_") { return "minimum_" + rest }
        if let rest = name.dropped(prefix: "max_") { return "maximum_" + rest }
        return name
    }

    private static func value(_ text: String) -> JSONValue {
        switch text {
        case "true": .bool(true)
        case "false": .bool(false)
        default: Int64(text).map(JSONValue.integer) ?? Double(text).flatMap { $0.isFinite ? .double($0) : nil } ?? .string(text)
        }
    }
}

extension String {
    /// What follows `prefix`; nil when the text does not begin with it, or ends there.
    func dropped(prefix: String) -> String? { hasPrefix(prefix) && count > prefix.count ? String(dropFirst(prefix.count)) : nil }
}

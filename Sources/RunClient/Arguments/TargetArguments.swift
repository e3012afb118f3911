/// `--target`: `openai/gpt-4.1-mini`, several with commas between them, or `@FILE` with targets as JSON.

import ByteCoding
import EvaluationModel

package enum TargetArguments {
    /// The targets in JSON, as `POST /api/v1/runs` takes them. Errors: what cannot be read, and which argument it is.
    ///
    /// - Parameter read: a file's bytes by its path.
    package static func parse(_ arguments: [String], read: (String) throws -> [UInt8]) throws -> [JSONValue] {
        var targets: [JSONValue] = []
        for argument in arguments {
            if argument.hasPrefix("@") {
                targets += try file(String(argument.dropFirst()), read)
            } else {
                targets += try argument.split(separator: ",", omittingEmptySubsequences: false).map { try model($0.trimmed) }
            }
        }
        return targets
    }

    /// The target that `--exec` stands for, when none was described.
    package static let exec = JSONValue.object([
        JSONMember(key: "name", value: .string("exec")), JSONMember(key: "kind", value: .string("exec")),
    ])

    package static func isExec(_ target: JSONValue) -> Bool { target["kind"]?.stringValue == "exec" }

    /// Models have slashes in their names: the first one counts.
    private static func model(_ text: String) throws(RunClientError) -> JSONValue {
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex, text.index(after: slash) != text.endIndex else {
            throw RunClientError("--target \(text): give PROVIDER/MODEL, like openai/gpt-4.1-mini, or @FILE with targets as JSON")
        }
        return .object([
            JSONMember(key: "name", value: .string(text)), JSONMember(key: "kind", value: .string("model")),
            JSONMember(key: "provider", value: .string(String(text[..<slash]))),
            JSONMember(key: "model", value: .string(String(text[text.index(after: slash)...]))),
        ])
    }

    /// An object, or an array of them.
    private static func file(_ path: String, _ read: (String) throws -> [UInt8]) throws -> [JSONValue] {
        let value: JSONValue
        do { value = try JSONValue.parse(try read(path)) } catch let error as JSONError {
            throw RunClientError("--target @\(path) is not JSON: \(error)")
        }
        switch value {
        case .object: return [value]
        case .array(let targets) where !targets.isEmpty: return targets
        default: throw RunClientError("--target @\(path): a target, or an array of targets, is due there")
        }
    }
}

extension StringProtocol {
    /// Without spaces at both ends.
    var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}

import ByteCoding
import ContentReading
import EvaluationModel

/// What became of a file of test cases: how many were taken, what was wrong with the others, and what of a taken one is missing.
package struct ImportReport: Equatable, Sendable {
    package private(set) var takenCount = 0
    /// Cases, lines or records left out.
    package private(set) var leftOutCount = 0
    /// The first ones; at most `EvaluationLimits.maximumReportedProblemCount`.
    package private(set) var problems: [ImportProblem] = []
    package private(set) var omittedProblemCount = 0

    package init() {}

    mutating func take() { takenCount += 1 }
    mutating func leaveOut() { leftOutCount += 1 }

    mutating func note(_ problem: ImportProblem) {
        if problems.count < EvaluationLimits.maximumReportedProblemCount {
            problems.append(problem)
        } else {
            omittedProblemCount += 1
        }
    }

    /// Every problem of one case, which is left out for it.
    mutating func leaveOut(_ error: InvalidContent, at position: (ContentProblem) -> (line: Int, column: Int)) {
        leaveOut()
        for problem in error.problems {
            let (line, column) = position(problem)
            note(ImportProblem(line: line, column: column, path: problem.path, message: problem.message))
        }
        omittedProblemCount += error.omittedCount
    }

    package var json: JSONValue {
        .object([
            JSONMember(key: "taken", value: .integer(Int64(takenCount))), JSONMember(key: "left_out", value: .integer(Int64(leftOutCount))),
            JSONMember(key: "problems", value: .array(problems.map(\.json))),
            JSONMember(key: "omitted_problems", value: .integer(Int64(omittedProblemCount))),
        ])
    }
}

/// One thing wrong in a file.
package struct ImportProblem: Equatable, Sendable, CustomStringConvertible {
    /// From 1.
    package let line: Int
    /// From 1, in bytes for JSONL and CSV, in characters for YAML.
    package let column: Int
    /// Where in the case; empty for the case as a whole.
    package let path: String
    package let message: String

    package init(line: Int, column: Int = 1, path: String = "", message: String) {
        self.line = line
        self.column = column
        self.path = path
        self.message = message
    }

    package var description: String { "line \(line), column \(column): \(path.isEmpty ? "" : path + ": ")\(message)" }

    package var json: JSONValue {
        .object([
            JSONMember(key: "line", value: .integer(Int64(line))), JSONMember(key: "column", value: .integer(Int64(column))),
            JSONMember(key: "path", value: .string(path)), JSONMember(key: "message", value: .string(message)),
        ])
    }
}

/// The keys of a file so far: a key stands for one case.
struct ImportedKeys {
    private var lines: [String: Int] = [:]

    /// Nil, or why the case cannot be taken.
    mutating func claim(_ key: String, line: Int) -> String? {
        if let first = lines[key] { return "the case of line \(first) has the key \(quoted(key)), too" }
        guard lines.count < TestCaseLimits.maximumCaseCount else { return "a suite has at most \(TestCaseLimits.maximumCaseCount) cases" }
        lines[key] = line
        return nil
    }
}

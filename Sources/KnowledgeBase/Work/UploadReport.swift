/// What an upload's task says beside the numbers of entries: how many problems its document has, and where the first of them are.

import ByteCoding
import KnowledgeImport

struct UploadReport: Sendable {
    private let imported: ImportedKnowledge

    init(_ imported: ImportedKnowledge) { self.imported = imported }

    /// Nothing could be taken from a document with errors alone: its draft is better left as it is.
    var isEmpty: Bool { imported.entries.isEmpty && imported.problems.contains { $0.severity == .error } }

    var members: [JSONMember] {
        let errors = imported.problems.filter { $0.severity == .error }, warnings = imported.problems.filter { $0.severity == .warning }
        let shown = errors.prefix(KnowledgeWorkLimits.reportedProblemCount) + warnings.prefix(KnowledgeWorkLimits.reportedProblemCount)
        return [
            JSONMember(key: "entries", value: .integer(Int64(imported.entries.count))),
            JSONMember(
                key: "problem_count", value: .integer(Int64(imported.problems.count + imported.omittedProblemCount))),
            JSONMember(key: "problems", value: .array(shown.map(Self.json))),
        ]
    }

    /// The one problem of a document that nothing could be read of.
    static func members(of error: KnowledgeImportError) -> [JSONMember] {
        [
            JSONMember(key: "problem_count", value: .integer(1)),
            JSONMember(key: "problems", value: .array([json(ImportProblem(at: error.place, error.message))])),
        ]
    }

    private static func json(_ problem: ImportProblem) -> JSONValue {
        var members = [JSONMember(key: "severity", value: .string(problem.severity.rawValue))]
        func add(_ key: String, _ value: JSONValue?) { if let value { members.append(JSONMember(key: key, value: value)) } }
        add("file", problem.place.file.map(JSONValue.string))
        add("pointer", problem.place.pointer.map(JSONValue.string))
        add("line", problem.place.line.map { .integer(Int64($0)) })
        add("column", problem.place.column.map { .integer(Int64($0)) })
        add("message", .string(problem.message))
        return .object(members)
    }
}

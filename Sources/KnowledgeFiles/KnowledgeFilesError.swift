/// What is wrong with a folder or with files in it: the one error of this target.

package struct FileProblem: Equatable, Sendable, CustomStringConvertible {
    /// Path from the folder; nil: the folder itself.
    package var file: String?
    /// From 1.
    package var line: Int?
    package var column: Int?
    package var message: String

    package init(_ file: String?, line: Int? = nil, column: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// As compilers say it, so that editors find the place: `refunds/policy.md:3:1: ...`
    package var description: String {
        guard let file else { return message }
        return ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":") + ": " + message
    }
}

package struct KnowledgeFilesError: Error, Equatable, Sendable, CustomStringConvertible {
    package var problems: [FileProblem]

    package init(_ problems: [FileProblem]) { self.problems = problems }

    package init(_ file: String? = nil, _ message: String) { self.init([FileProblem(file, message)]) }

    /// A line for each, as many as a person reads.
    package var description: String {
        let limit = KnowledgeFilesLimits.maximumNamedProblemCount
        let more = problems.count > limit ? ["and \(problems.count - limit) more"] : []
        return (problems.prefix(limit).map(\.description) + more).joined(separator: "\n")
    }
}

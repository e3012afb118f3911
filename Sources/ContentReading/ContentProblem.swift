/// What is wrong with a content that somebody wrote, a test case or an entry of the knowledge base: one place and one sentence each, all of them at once.
package struct ContentProblem: Equatable, Sendable, CustomStringConvertible {
    /// Where, as members and indexes from the top: `scorers[1].pattern`. Empty: the whole value.
    package let path: String
    package let message: String

    package init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

/// The error of this room: content that cannot be taken, with every problem found in it.
package struct InvalidContent: Error, Equatable, Sendable, CustomStringConvertible {
    /// In the order they were met; at most `ContentReadingLimits.maximumProblemCount`.
    package let problems: [ContentProblem]
    /// Problems beyond those.
    package let omittedCount: Int

    package init(_ problems: [ContentProblem], omittedCount: Int = 0) {
        self.problems = problems
        self.omittedCount = omittedCount
    }

    package init(path: String = "", _ message: String) { self.init([ContentProblem(path: path, message: message)]) }

    package var description: String {
        problems.map(\.description).joined(separator: "; ") + (omittedCount > 0 ? "; and \(omittedCount) more" : "")
    }
}

/// Where the readers of one value put what they find.
package final class ProblemList {
    package private(set) var problems: [ContentProblem] = []
    package private(set) var omittedCount = 0

    package init() {}

    package var isEmpty: Bool { problems.isEmpty }

    package func add(_ path: String, _ message: String) {
        if problems.count < ContentReadingLimits.maximumProblemCount {
            problems.append(ContentProblem(path: path, message: message))
        } else {
            omittedCount += 1
        }
    }

    package func throwIfAny() throws(InvalidContent) {
        if !isEmpty { throw InvalidContent(problems, omittedCount: omittedCount) }
    }
}

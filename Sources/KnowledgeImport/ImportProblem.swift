/// What is wrong with a document that somebody brings in: a place and a sentence for each, all of them at once.

import KnowledgeModel
import YAML

package struct ImportProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        /// Something was left out: an entry, a file, a statement.
        case error
        /// The entry is there and lacks a part, or is not quite what was written.
        case warning
    }

    package var severity: Severity
    package var place: ImportPlace
    package var message: String

    package init(_ severity: Severity = .error, at place: ImportPlace, _ message: String) {
        self.severity = severity
        self.place = place
        self.message = message
    }

    package var description: String {
        let place = place.description
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

/// Where something stands; what is not known is nil.
package struct ImportPlace: Sendable, Equatable, CustomStringConvertible {
    /// The path of a file inside an archive.
    package var file: String?
    /// A JSON pointer (RFC 6901) from the top of the document.
    package var pointer: String?
    /// From 1, the column in characters.
    package var line: Int?
    package var column: Int?

    package init(file: String? = nil, pointer: String? = nil, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.pointer = pointer
        self.line = line
        self.column = column
    }

    package init(_ position: YAMLPosition) { self.init(line: position.line, column: position.column) }

    package var description: String {
        var parts: [String] = []
        if let file { parts.append(file) }
        if let pointer, !pointer.isEmpty { parts.append(pointer) }
        if let line { parts.append(column.map { "line \(line), column \($0)" } ?? "line \(line)") }
        return parts.joined(separator: ", ")
    }
}

/// The error of this room: a document that nothing can be taken from, with the place and the reason.
package struct KnowledgeImportError: Error, Sendable, Equatable, CustomStringConvertible {
    package var place: ImportPlace
    package var message: String

    package init(at place: ImportPlace = ImportPlace(), _ message: String) {
        self.place = place
        self.message = message
    }

    package var description: String { ImportProblem(at: place, message).description }
}

/// What a document holds: entries with keys of their own, no key twice, and what was wrong.
package struct ImportedKnowledge: Sendable, Equatable {
    package var entries: [KnowledgeEntry]
    /// Of entries that the document has and that could not be read; a problem says why. What is there of them is not to go for that.
    package var unreadKeys: Set<EntryKey>
    /// In the order they were met; at most `KnowledgeImportLimits.maximumProblemCount`, of which no warning is there in place of an error.
    package var problems: [ImportProblem]
    /// Problems beyond those.
    package var omittedProblemCount: Int

    package init(
        entries: [KnowledgeEntry] = [], unreadKeys: Set<EntryKey> = [], problems: [ImportProblem] = [], omittedProblemCount: Int = 0
    ) {
        self.entries = entries
        self.unreadKeys = unreadKeys
        self.problems = problems
        self.omittedProblemCount = omittedProblemCount
    }

    mutating func add(_ problem: ImportProblem) {
        if problems.count >= KnowledgeImportLimits.maximumProblemCount {
            omittedProblemCount += 1
            guard problem.severity == .error, let last = problems.lastIndex(where: { $0.severity == .warning }) else { return }
            problems.remove(at: last)
        }
        problems.append(problem)
    }
}

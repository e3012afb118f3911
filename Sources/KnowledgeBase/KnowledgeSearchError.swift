import FileSystem
import Metastore

/// The one error of this target: why a search has no answer, and what to do.
package struct KnowledgeSearchError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no such revision or draft.
        case notFound = "not_found"
        /// The question is empty, too long, or asks for too much; `message` says which.
        case invalid
        /// There is no vector of the question to be had. A search goes by words alone then, and says so.
        case embedding
        /// The database, the disk: the same search may succeed a little later.
        case unavailable
        case cancelled
        /// A defect of this program or of the database.
        case `internal`
    }

    package let code: Code
    /// What happened and what to do about it, for a person.
    package let message: String
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    init(_ error: FileSystemError) { self.init(.unavailable, "a file of vectors cannot be used: \(error)", cause: error) }

    init(_ error: MetastoreError) {
        let code: Code =
            switch error.code {
            case .unavailable, .tooMany: .unavailable
            case .notFound: .notFound
            case .invalid, .conflict: .invalid
            case .cancelled: .cancelled
            case .schema, .internal: .internal
            }
        self.init(code, error.message, cause: error)
    }

    package var description: String { "\(code.rawValue): \(message)" }
}

/// What a key allows. Each stands alone: `admin` does not include the others.
package enum Scope: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Send spans.
    case ingest
    /// Read spans, traces and settings of the project.
    case read
    /// Change the project's data: scores, test cases, knowledge base.
    case write
    /// Start runs.
    case run
    /// Projects, keys, sealing, deletion.
    case admin

    package static func < (a: Scope, b: Scope) -> Bool { a.rawValue < b.rawValue }
}

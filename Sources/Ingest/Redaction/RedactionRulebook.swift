/// The compiled rules of all projects: read by every request, replaced when a project's settings change.

import Synchronization
import TraceModel

/// Where ingest asks for a project's rules. Throws when they cannot be known now: without them nothing is stored.
package protocol RedactionSource: Sendable {
    /// Nil: the project has no rules.
    func program(of project: ProjectID) async throws(IngestError) -> RedactionProgram?
}

package final class RedactionRulebook: RedactionSource {
    private let programs = Mutex([ProjectID: Entry]())

    private struct Entry {
        var program: RedactionProgram
        var version: UInt64
    }

    package init() {}

    package func program(of project: ProjectID) async throws(IngestError) -> RedactionProgram? { current(of: project) }

    package func current(of project: ProjectID) -> RedactionProgram? {
        programs.withLock { $0[project]?.program }.flatMap { $0.rules.isEmpty ? nil : $0 }
    }

    /// Sets a project's rules. An older version never replaces a newer one: two refreshes may overtake each other. Rules that are
    /// the same keep their counts.
    package func replace(_ rules: RedactionRules, salt: [UInt8], of project: ProjectID, version: UInt64) {
        programs.withLock { programs in
            if var known = programs[project] {
                guard version >= known.version else { return }
                if known.program.rules == rules, known.program.hasSalt(salt) {
                    known.version = version
                    programs[project] = known
                    return
                }
            }
            programs[project] = Entry(program: RedactionProgram(rules, salt: salt), version: version)
        }
    }

    /// Forgets a project that is gone.
    package func remove(_ project: ProjectID) { programs.withLock { $0[project] = nil } }
}

/// No project has rules.
package struct NoRedaction: RedactionSource {
    package init() {}
    package func program(of project: ProjectID) async throws(IngestError) -> RedactionProgram? { nil }
}

/// Who brings spans: somebody with rights, or a worker process, which has none but this. A worker is no `Principal`, so that nothing
/// that asks for one can be opened with a worker's token.

import Metastore
import TraceModel

package enum ExportCaller: Sendable, Hashable {
    case principal(Principal)
    /// A worker, and the existing project that the spans at hand are of.
    case worker(WorkerCredentialID, ProjectID)

    /// nil for a user who named none.
    package var projectID: ProjectID? {
        switch self {
        case .principal(let principal): principal.projectID
        case .worker(_, let project): project
        }
    }

    /// nil for workers.
    package var principal: Principal? { if case .principal(let principal) = self { principal } else { nil } }

    /// The key among whose projects each resource of a request chooses, unless a header has chosen for all.
    package func chooser(_ selector: ProjectSelector?) -> Principal? {
        guard selector == nil, let principal, principal.mayChoose else { return nil }
        return principal
    }

    /// Errors: as `Principal.require`.
    package func requireIngest() throws(AccessError) { try principal?.require(Permission.ingestSpans) }
}

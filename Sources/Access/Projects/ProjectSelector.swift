/// Which project a request asks to go to, as clients of other products say it in their headers:
///
///     Spandrel-Project: ID                                      our own, of the JSON API, too
///     x-bt-parent: project_id:ID, project_name:NAME             Braintrust
///     Langsmith-Project: NAME                                   LangSmith
///     x-mlflow-experiment-id: ID                                MLflow
///
/// The first of these that a request has counts. It only chooses among what the key may send to anyway (`Principal.choosing`).

import Metastore
import TraceModel

package struct ProjectSelector: Sendable, Hashable {
    /// Of the header, in lower case.
    let headerName: String
    /// An id or a name.
    let text: String

    package static let ownHeaderName = "spandrel-project"
    /// In the order in which they count.
    package static let headerNames = [ownHeaderName, "x-bt-parent", "langsmith-project", "x-mlflow-experiment-id"]
    /// The attribute of a resource that says the same of its spans (Phoenix), where no header does.
    package static let resourceAttribute = "openinference.project.name"

    /// Whether it is our own header, which no client sends by itself.
    var isOwn: Bool { headerName == Self.ownHeaderName }

    /// nil for a request that leaves it open. `value` answers with a header's value for a lower-case name.
    package static func find(in value: (_ headerName: String) -> String?) -> ProjectSelector? {
        for name in headerNames {
            guard let value = value(name), let text = text(value, of: name) else { continue }
            return ProjectSelector(headerName: name, text: text)
        }
        return nil
    }

    private static func text(_ value: String, of name: String) -> String? {
        let value = trimmed(value[...])
        guard name == "x-bt-parent" else { return value.isEmpty ? nil : value }
        // Braintrust has parents of other kinds, an experiment or a span: they name no project.
        for kind in ["project_id:", "project_name:"] where value.hasPrefix(kind) {
            let text = trimmed(value.dropFirst(kind.count))
            return text.isEmpty ? nil : text
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

extension Principal {
    /// Whether requests may choose among several projects: the key was bound to more than its own.
    package var mayChoose: Bool { !choices.isEmpty }

    /// The project of the key's that a text names, by its id or exactly by its name; nil for any other, whether there is one or not.
    package func choice(named text: String) -> ProjectID? {
        if let id = ProjectID(uuid: text), choices.contains(where: { $0.id == id }) { return id }
        return choices.first { $0.name == text }?.id
    }

    /// The same key in another of its projects. nil for one that it may not choose.
    package func choosing(_ project: ProjectID) -> Principal? {
        if project == projectID { return self }
        guard choices.contains(where: { $0.id == project }), case .scopes(let scopes, _) = grants else { return nil }
        return Principal(
            caller: caller, name: name, organizationID: knownOrganizationID, projectID: project,
            grants: .scopes(scopes, reach: .furtherProject), limits: limits, choices: choices)
    }

    /// The same key in the project that a request names. A key with one project goes there whatever its clients name, since they send
    /// names of their own by default; only our own header has to be true. Errors: `unknownProject`, `projectNotChoosable`.
    func choosing(_ selector: ProjectSelector) throws(AccessError) -> Principal {
        guard mayChoose else {
            guard !selector.isOwn || ProjectID(uuid: selector.text).map({ $0 == projectID }) == true else { throw .unknownProject }
            return self
        }
        guard let project = choice(named: selector.text), let principal = choosing(project) else {
            throw .projectNotChoosable(place: "the header \(selector.headerName)")
        }
        return principal
    }
}

/// What stands around every page: who is signed in, the organizations and projects to switch between, and the way to the project's pages.

import ByteCoding
import HTTPServer

struct PageFrame: Sendable {
    struct Project: Sendable {
        let id: String
        let name: String
        let organizationID: String
        /// The user's role in it: the higher of the organization's and its own.
        let role: Standing?

        var url: String { "/projects/" + id }
    }

    struct Organization: Sendable {
        let id: String
        let name: String
        /// nil for somebody who has roles in single projects alone.
        let role: Standing?
        var projects: [Project]
    }

    let userID: String
    let email: String
    let name: String
    let organizations: [Organization]
    /// The project of the page.
    let project: Project?

    /// Projects of an organization that the switch shows; the list of all is the organization's own page.
    private static let shownProjectCount = "100"

    /// Asks the API who is signed in. Errors: 401; 404 for a project that is none of the user's.
    static func load(_ visit: PageVisit) async throws(Problem) -> PageFrame {
        let me = try await visit.api.get("/api/v1/users/me")
        var organizations: [Organization] = []
        for one in me["organizations"]?.arrayValue ?? [] {
            let id = one.text("organization_id"), role = one["role"]?.stringValue.flatMap { Standing(rawValue: $0) }
            var projects: [Project] = []
            let shown =
                role == nil
                ? nil
                : try await visit.api.find(
                    "/api/v1/organizations/\(id)/projects", [("limit", shownProjectCount)])
            for project in shown?["data"]?.arrayValue ?? [] where project["archived_at"]?.isNull != false {
                projects.append(Project(project, id, max(role, ownRole(in: project.text("id"), me))))
            }
            organizations.append(Organization(id: id, name: one.text("name"), role: role, projects: projects))
        }
        // Those in which the user has a role of their own, and none in the organization.
        for one in me["projects"]?.arrayValue ?? [] {
            let id = one.text("project_id"), organization = one.text("organization_id")
            guard let index = organizations.firstIndex(where: { $0.id == organization }), organizations[index].role == nil,
                let project = try await visit.api.find("/api/v1/projects/" + id)
            else { continue }
            organizations[index].projects.append(Project(project, organization, ownRole(in: id, me)))
        }
        var current: Project?
        if !visit.projectID.isEmpty {
            current = organizations.flatMap(\.projects).first { $0.id == visit.projectID }
            if current == nil {
                // Beyond those that the switch shows; what the user may not see is not found here.
                let project = try await visit.api.get("/api/v1/projects/" + URLText.encoded(visit.projectID))
                let organization = organizations.first { $0.id == project.text("organization_id") }
                current = Project(project, organization?.id ?? "", max(organization?.role, ownRole(in: visit.projectID, me)))
            }
        }
        let user = me["user"] ?? .null
        return PageFrame(
            userID: user.text("id"), email: user.text("email"), name: user.text("name"), organizations: organizations, project: current)
    }

    private static func ownRole(in project: String, _ me: JSONValue) -> Standing? {
        me["projects"]?.arrayValue?.first { $0.text("project_id") == project }?["role"]?.stringValue.flatMap { Standing(rawValue: $0) }
    }

    private static func max(_ a: Standing?, _ b: Standing?) -> Standing? {
        guard let a, let b else { return a ?? b }
        return a >= b ? a : b
    }

    /// The organization of the page's project, else the first one.
    var organization: Organization? { organizations.first { $0.id == project?.organizationID } ?? organizations.first }

    /// Whether the user may do in the page's project what takes this role.
    func may(_ role: Standing) -> Bool { (project?.role ?? organization?.role).map { $0 >= role } ?? false }

    var isInstallationAdmin: Bool { organizations.contains { ($0.role ?? .viewer) >= .admin } }

    // MARK: What the layout shows

    func context(page: String) -> PageContext {
        .make { context in
            context.set("page", page)
            context.set("has_project", project != nil)
            context.set("project", projectContext)
            context.set(
                "organizations",
                organizations.map { organization in
                    .make {
                        $0.set("id", organization.id)
                        $0.set("name", organization.name)
                        $0.set("projects", organization.projects.map { switchContext($0) })
                    }
                })
            context.set("navigation", project.map { Self.navigation($0, page) } ?? [])
            context.set(
                "user",
                .make {
                    $0.set("id", userID)
                    $0.set("name", name.isEmpty ? email : name)
                    $0.set("email", email)
                    $0.set("initials", Self.initials(name.isEmpty ? email : name))
                })
            context.set("signed_in", true)
            context.set(
                "organization",
                .make {
                    $0.set("id", organization?.id ?? "")
                    $0.set("name", organization?.name ?? "")
                })
            context.set("can_write", may(.member))
            context.set("can_run", may(.member))
            context.set("can_review", may(.member))
            context.set("can_promote", may(.admin))
            context.set("can_admin", may(.admin))
            context.set("can_see_health", isInstallationAdmin)
        }
    }

    private var projectContext: PageContext {
        .make {
            $0.set("id", project?.id ?? "")
            $0.set("name", project?.name ?? "Choose a project")
            $0.set("url", project?.url ?? "")
        }
    }

    private func switchContext(_ shown: Project) -> PageContext {
        .make {
            $0.set("name", shown.name)
            $0.set("url", shown.url + "/overview")
            $0.set("is_current", shown.id == project?.id)
        }
    }

    private static func navigation(_ project: Project, _ page: String) -> [PageContext] {
        let entries = [
            ("Overview", "overview", "overview", ["overview"]), ("Traces", "traces", "trace", ["traces", "trace"]),
            ("Sessions", "sessions", "session", ["sessions", "session"]), ("Users", "users", "users", ["users", "user"]),
            ("Runs", "runs", "run", ["runs", "run", "run-new"]), ("Suites", "suites", "suite", ["suites", "suite", "case"]),
            ("Knowledge", "knowledge", "knowledge", ["knowledge", "entry", "drafts", "draft", "revisions"]),
            ("Settings", "settings/general", "settings", ["settings"]),
        ]
        return entries.map { name, path, icon, pages in
            .make {
                $0.set("name", name)
                $0.set("url", project.url + "/" + path)
                $0.set("icon", icon)
                $0.set("is_current", pages.contains { page == $0 || page.hasPrefix($0 + "-") })
            }
        }
    }

    /// Of the first and the last word, two letters at most.
    static func initials(_ name: String) -> String {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        guard let first = words.first?.first else { return "?" }
        let last = words.count > 1 ? words.last?.first : nil
        return (String(first) + (last.map { String($0) } ?? "")).uppercased()
    }
}

extension PageFrame.Project {
    fileprivate init(_ json: JSONValue, _ organization: String, _ role: Standing?) {
        self.init(id: json.text("id"), name: json.text("name"), organizationID: organization, role: role)
    }
}

/// A role as pages ask for one: what is offered to whom. What is allowed, the API decides.
enum Standing: String, Comparable, Sendable {
    case viewer, member, admin, owner

    private var height: Int {
        switch self {
        case .viewer: 0
        case .member: 1
        case .admin: 2
        case .owner: 3
        }
    }

    static func < (a: Standing, b: Standing) -> Bool { a.height < b.height }
}

extension JSONValue {
    /// A text member; empty when it is missing.
    func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    /// An array member; empty when it is missing.
    func list(_ name: String) -> [JSONValue] { self[name]?.arrayValue ?? [] }

    func flag(_ name: String) -> Bool { self[name]?.boolValue ?? false }

    func number(_ name: String) -> Double? { self[name]?.doubleValue }

    func integer(_ name: String) -> Int64? { self[name]?.integerValue }
}

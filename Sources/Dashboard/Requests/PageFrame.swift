/// What stands around every page: who is signed in, the organizations and projects to switch between, and the way to the project's pages.

import Access
import ByteCoding
import HTTPServer

struct PageFrame: Sendable {
    struct Project: Sendable {
        let id: String
        let name: String
        let organizationID: String
        /// The user's role in it: the higher of the organization's and its own.
        let role: Role?

        var url: String { "/projects/" + id }
    }

    struct Organization: Sendable {
        let id: String
        let name: String
        /// nil for somebody who has roles in single projects alone.
        let role: Role?
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
    static func load(_ visit: PageVisit) async throws(Problem) -> PageFrame { try await load(visit.api, projectID: visit.projectID) }

    /// The same of a project, or of none where the text is empty.
    static func load(_ api: APICaller, projectID: String) async throws(Problem) -> PageFrame {
        let me = try await api.get("/api/v1/users/me")
        var organizations: [Organization] = []
        for one in me["organizations"]?.arrayValue ?? [] {
            let id = one.text("organization_id"), role = one["role"]?.stringValue.flatMap { Role(rawValue: $0) }
            var projects: [Project] = []
            let shown =
                role == nil
                ? nil
                : try await api.find(
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
                let project = try await api.find("/api/v1/projects/" + id)
            else { continue }
            organizations[index].projects.append(Project(project, organization, ownRole(in: id, me)))
        }
        var current: Project?
        if !projectID.isEmpty {
            current = organizations.flatMap(\.projects).first { $0.id == projectID }
            if current == nil {
                // Beyond those that the switch shows; what the user may not see is not found here.
                let project = try await api.get("/api/v1/projects/" + URLText.encoded(projectID))
                let organization = organizations.first { $0.id == project.text("organization_id") }
                current = Project(project, organization?.id ?? "", max(organization?.role, ownRole(in: projectID, me)))
            }
        }
        let user = me["user"] ?? .null
        return PageFrame(
            userID: user.text("id"), email: user.text("email"), name: user.text("name"), organizations: organizations, project: current)
    }

    private static func ownRole(in project: String, _ me: JSONValue) -> Role? {
        me["projects"]?.arrayValue?.first { $0.text("project_id") == project }?["role"]?.stringValue.flatMap { Role(rawValue: $0) }
    }

    private static func max(_ a: Role?, _ b: Role?) -> Role? {
        guard let a, let b else { return a ?? b }
        return a >= b ? a : b
    }

    /// The organization of the page's project; of pages of no project the first one.
    var organization: Organization? {
        guard let project else { return organizations.first }
        return organizations.first { $0.id == project.organizationID }
    }

    /// Whether the user may do this in the page's project or its organization, by the table that the API itself goes by: what is refused
    /// is not offered.
    func may(_ permission: Permission) -> Bool {
        let need = permission.requirement
        let role = need.level == .organization ? organization?.role : project?.role ?? organization?.role
        return role.map { $0 >= need.leastRole } ?? false
    }

    /// Other projects of the page's organization in which the user may do this, as far as the switch shows them.
    func otherProjects(_ permission: Permission) -> [Project] {
        let all = organization?.projects ?? []
        return all.filter { one in one.id != project?.id && one.role.map { $0 >= permission.requirement.leastRole } == true }
    }

    /// The same in any of the user's organizations.
    func mayAnywhere(_ permission: Permission) -> Bool { !organizations(for: permission).isEmpty }

    func organizations(for permission: Permission) -> [Organization] {
        organizations.filter { organization in organization.role.map { $0 >= permission.requirement.leastRole } ?? false }
    }

    /// What templates ask before they offer something that takes a permission.
    static let flags: [(name: String, permission: Permission)] = [
        ("can_write", .writeSuites), ("can_write_knowledge", .writeKnowledge), ("can_run", .startRuns),
        ("can_manage_settings", .manageSettings),
        ("can_manage_project", .manageProject), ("can_manage_keys", .manageKeys), ("can_manage_members", .manageMembers),
        ("can_manage_credentials", .manageCredentials), ("can_write_prices", .writePrices),
    ]

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
            for (name, permission) in Self.flags { context.set(name, may(permission)) }
            context.set("can_create_projects", mayAnywhere(.createProjects))
            context.set("can_see_health", mayAnywhere(.readHealth))
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
    fileprivate init(_ json: JSONValue, _ organization: String, _ role: Role?) {
        self.init(id: json.text("id"), name: json.text("name"), organizationID: organization, role: role)
    }
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

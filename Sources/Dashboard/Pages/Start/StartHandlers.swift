/// `/`, `/projects/{project_id}` and `/new-project`: where people begin.

import Access
import HTTPServer
import HTTPTypes

struct StartHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getStartPage", "/") { visit, frame in .redirect(Self.start(frame, last: LastProject.find(in: visit.request))) },
            pages.page("getProjectPage", "/projects/{project_id}") { _, frame in .redirect(Self.overview(frame.project)) },
            pages.page("getNewProjectPage", "/new-project") { visit, frame in
                .page(Page(name: "new-project", context: NewProjectContext.make(frame)))
            },
        ]
    }

    /// The project that was looked at last, else the first one, else where one is made.
    static func start(_ frame: PageFrame, last: String?) -> String {
        let projects = frame.organizations.flatMap(\.projects)
        return overview(projects.first { $0.id == last } ?? projects.first)
    }

    private static func overview(_ project: PageFrame.Project?) -> String {
        project.map { $0.url + "/overview" } ?? "/new-project"
    }
}

enum NewProjectContext {
    static func make(_ frame: PageFrame) -> PageContext {
        .make { context in
            let makers = frame.organizations(for: .createProjects)
            context.set("title", "New project")
            context.set("page_url", "/new-project")
            context.set("can_make_projects", !makers.isEmpty)
            context.set("has_many_organizations", makers.count > 1)
            context.set(
                "organization_choices",
                makers.map { organization in
                    .make {
                        $0.set("id", organization.id)
                        $0.set("name", organization.name)
                    }
                })
        }
    }
}

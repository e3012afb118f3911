/// `/projects/{project_id}/sessions` and `/users`: conversations, and the people who had them.

import ByteCoding
import HTTPServer
import HTTPTypes

struct SessionListHandlers: Sendable {
    private static let fragments: Set<String> = ["list_results", "list_rows", "list_table"]

    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getSessionsPage", "/projects/{project_id}/sessions", handler: getSessionsPage),
            pages.page("getUsersPage", "/projects/{project_id}/users", handler: getUsersPage),
        ]
    }

    func getSessionsPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let filter = ListFilter(visit), sort = ListColumn.sort(visit["sort"], of: ListColumn.ofSessions, default: "-last_time")
        let answer = try await Self.asking(filter) { () throws(Problem) in
            try await visit.api.get("/api/v1/sessions", filter.parameters + [("sort", sort)] + Pager.parameters(visit))
        }
        return list(
            "sessions", "Sessions", visit, frame, filter, ListTable(columns: ListColumn.ofSessions, sort: sort, metric: "session"), answer,
            empty: ("No sessions in this time", "Set session.id on your spans and they appear here as conversations."), id: "session_id")
    }

    func getUsersPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let filter = ListFilter(visit), sort = ListColumn.sort(visit["sort"], of: ListColumn.ofUsers, default: "-last_time")
        let answer = try await Self.asking(filter) { () throws(Problem) in
            try await visit.api.get("/api/v1/end-users", filter.parameters + [("sort", sort)] + Pager.parameters(visit))
        }
        return list(
            "users", "Users", visit, frame, filter, ListTable(columns: ListColumn.ofUsers, sort: sort, metric: "user"), answer,
            empty: ("No users in this time", "Set user.id on your spans and they appear here."), id: "user_id")
    }

    private enum Answer {
        case data(JSONValue)
        /// Why the API refused the filter.
        case refused(String)
    }

    /// What is wrong with a filter is said beside it.
    private static func asking(_ filter: ListFilter, _ body: () async throws(Problem) -> JSONValue) async throws(Problem) -> Answer {
        if filter.problem != nil { return .data(.null) }
        do throws(Problem) { return .data(try await body()) } catch {
            guard [.badRequest, .unprocessableContent].contains(error.status) else { throw error }
            return .refused(error.errors.first.map { "\($0.field) \($0.message)" } ?? error.detail)
        }
    }

    private func list(
        _ name: String, _ title: String, _ visit: PageVisit, _ frame: PageFrame, _ filter: ListFilter, _ table: ListTable,
        _ answer: Answer, empty: (title: String, text: String), id: String
    ) -> PageAnswer {
        var data = JSONValue.null, problem: String?
        switch answer {
        case .data(let value): data = value
        case .refused(let text): problem = text
        }
        let project = frame.project?.url ?? "", rows = data.list("data"), next = data["next_cursor"]?.stringValue
        let context = PageContext.make { context in
            context.set("title", title)
            context.set("page_url", visit.url)
            filter.set(in: &context, visit, problem: problem)
            context.set("filter_placeholder", "Filter: user_id:ada model:gpt-4.1-mini")
            context.set("sort", table.sort)
            context.set("columns_text", table.columns.map(\.name).joined(separator: ","))
            table.set(rows, in: &context, visit, project: project) { "\(project)/\(name)/\(URLText.encoded($0.text(id)))" }
            let one = name == "users" ? "user" : "session"
            Pager.set(in: &context, visit, next: next, shown: .init(rows.count, one, name))
            context.set("empty_title", empty.title)
            context.set("empty_text", empty.text)
        }
        return .page(Page(name: name, context: context, fragments: Self.fragments))
    }
}

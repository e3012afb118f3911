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
            .object([JSONMember(key: "data", value: .array(try await UserFigures.load(filter, visit.api, sort: sort)))])
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
            Pager.set(
                in: &context, visit, next: next,
                shown: Figures.counted(Int64(rows.count), one, name) + (next == nil && visit["cursor"] == nil ? "" : " on this page"))
            context.set("empty_title", empty.title)
            context.set("empty_text", empty.text)
        }
        return .page(Page(name: name, context: context, fragments: Self.fragments))
    }
}

/// What users did, by their id.
enum UserFigures {
    private static let maximumCount: Int64 = 1_000

    /// One object for each user. Errors: the API's own.
    static func load(_ filter: ListFilter, _ api: APICaller, sort: String = "-last_time") async throws(Problem) -> [JSONValue] {
        let known = FilterText.object("user_id", FilterText.object("_is_null", .bool(false)))
        let calls = FilterText.object("kind", FilterText.object("_in", .array([.string("llm"), .string("embedding")])))
        let all = try await ask(
            filter, known, api,
            [
                aggregate("count_distinct", "trace_id", "trace_count"), aggregate("count_distinct", "session_id", "session_count"),
                aggregate("max", "start_time", "last_time"),
            ])
        let failed = try await ask(
            filter, FilterText.object("_and", .array([known, FilterText.object("status", .string("error"))])), api,
            [aggregate("count_distinct", "trace_id", "error_count")])
        // Agents and chains repeat what the calls below them used.
        let used = try await ask(
            filter, FilterText.object("_and", .array([known, calls])), api,
            [aggregate("sum", "total_tokens", "total_tokens"), aggregate("sum", "cost", "cost")])
        func byUser(_ rows: [JSONValue]) -> [String: JSONValue] {
            Dictionary(rows.map { ($0.text("user_id"), $0) }) { first, _ in first }
        }
        let errors = byUser(failed), usage = byUser(used)
        let users = all.map { row -> JSONValue in
            let id = row.text("user_id")
            var members = row.objectValue ?? []
            members.append(JSONMember(key: "error_count", value: errors[id]?["error_count"] ?? .integer(0)))
            for name in ["total_tokens", "cost"] { members.append(JSONMember(key: name, value: usage[id]?[name] ?? .null)) }
            return .object(members)
        }
        return sorted(users, by: sort)
    }

    private static func sorted(_ users: [JSONValue], by sort: String) -> [JSONValue] {
        let isDescending = sort.hasPrefix("-"), name = isDescending ? String(sort.dropFirst()) : sort
        func precedes(_ a: JSONValue, _ b: JSONValue) -> Bool {
            if let x = a.number(name), let y = b.number(name) { return x < y }
            return a.text(name) < b.text(name)
        }
        return users.sorted { isDescending ? precedes($1, $0) : precedes($0, $1) }
    }

    private static func aggregate(_ function: String, _ field: String, _ name: String) -> JSONValue {
        .object([
            JSONMember(key: "function", value: .string(function)), JSONMember(key: "field", value: .string(field)),
            JSONMember(key: "as", value: .string(name)),
        ])
    }

    private static func ask(
        _ filter: ListFilter, _ condition: JSONValue, _ api: APICaller, _ aggregates: [JSONValue]
    ) async throws(Problem) -> [JSONValue] {
        let members =
            filter.body(and: condition) + [
                JSONMember(key: "group_by", value: .array([.string("user_id")])), JSONMember(key: "aggregates", value: .array(aggregates)),
                JSONMember(key: "limit", value: .integer(maximumCount)),
            ]
        return try await api.ask("/api/v1/query", .object(members)).list("data")
    }
}

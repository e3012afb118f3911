/// `/projects/{project_id}/sessions/{session_id}` and `/users/{user_id}`: a conversation across its traces, and what one user did.

import ByteCoding
import HTTPServer
import HTTPTypes
import TraceQuery

struct ConversationHandlers: Sendable {
    /// Turns of a page: each costs a look into its trace.
    private static let turnCount = 10

    func routes(_ pages: PageRoutes) -> [Route] {
        [
            pages.page("getSessionPage", "/projects/{project_id}/sessions/{session_id}", handler: getSessionPage),
            pages.page("getUserPage", "/projects/{project_id}/users/{user_id}", handler: getUserPage),
        ]
    }

    // MARK: A session

    func getSessionPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let id = visit.path("session_id"), project = frame.project?.url ?? ""
        let session = try await visit.api.get("/api/v1/sessions/" + URLText.encoded(id))
        let traces = session.list("traces"), begin = visit["cursor"].flatMap { Int($0) }.map { max(0, $0) } ?? 0
        let shown = Array(traces.dropFirst(begin).prefix(Self.turnCount))
        var turns: [PageContext] = []
        for trace in shown { turns.append(try await turn(trace, visit, project)) }
        let end = begin + shown.count
        let context = PageContext.make { context in
            context.set("title", id)
            context.set("page_url", visit.url)
            context.set("session_id", id)
            context.set("figures", Self.figures(session, "session"))
            let users = session.list("users").compactMap(\.stringValue)
            context.set("has_users", !users.isEmpty)
            context.set(
                "users",
                users.map { user in
                    .make {
                        $0.set("name", user)
                        $0.set("url", "\(project)/users/\(URLText.encoded(user))")
                    }
                })
            context.set("models", session.list("models").compactMap(\.stringValue).map { model in .make { $0.set("name", model) } })
            context.set("has_turns", !turns.isEmpty)
            context.set("turns", turns)
            Pager.set(
                in: &context, visit, next: end < traces.count ? String(end) : nil,
                shown: .init(turns.count, of: Int64(traces.count), "trace", "traces"))
        }
        return .page(Page(name: "session", context: context, fragments: ["session_turns"]))
    }

    /// What was said in a trace: the last message of its user and what was answered.
    private func turn(_ trace: JSONValue, _ visit: PageVisit, _ project: String) async throws(Problem) -> PageContext {
        let id = trace.text("trace_id"), path = "/api/v1/traces/" + id
        let place = TracePlace(project: project, traceID: id, origin: "")
        var context = PageContext.make { context in
            context.set("url", place.path)
            context.set("name", trace.text("name").isEmpty ? "(no name)" : trace.text("name"))
            context.set("trace_id", id)
            context.set("start_time", trace.text("start_time"))
            context.set("start_time_text", Times.text(trace.text("start_time")))
            context.set("duration_ms", trace.number("duration_ms").map { Figures.raw($0) })
            context.set("duration_text", trace.number("duration_ms").map { Figures.duration(milliseconds: $0) } ?? "–")
            let errors = trace.integer("error_count") ?? 0
            context.set("has_errors", errors > 0)
            context.set("error_text", errors > 0 ? Figures.counted(errors, "error", "errors") : "")
            context.set("cost", trace.number("cost").map { Figures.raw($0) })
            context.set("cost_text", trace.number("cost").map { Figures.cost($0) } ?? "–")
            context.set("total_tokens", trace.integer("total_tokens"))
            context.set("total_tokens_text", trace.integer("total_tokens").map { Figures.count($0) } ?? "–")
        }
        // The last call of a model is the one that answered.
        let filter = FilterText.object(
            "_and", .array([Condition.equal("trace_id", id), Condition.equal("kind", "llm")]))
        let body = JSONValue.object([
            JSONMember(key: "select", value: .array([.string("span_id")])), JSONMember(key: "filter", value: filter),
            JSONMember(key: "order_by", value: .array([.string("-start_time")])), JSONMember(key: "limit", value: .integer(1)),
        ])
        var span = JSONValue.null
        if let last = try await visit.api.ask("/api/v1/query", body).list("data").first?.text("span_id") {
            span = try await visit.api.find("\(path)/spans/\(last)") ?? .null
        }
        let texts = SpanTexts(span: span, path: "\(place.apiPath)/spans/\(span.text("span_id"))/payloads/")
        Conversation(span: span, texts: texts).setLastTurn(in: &context)
        return context
    }

    private static func figures(_ figures: JSONValue, _ metric: String) -> [PageContext] {
        let input = figures.integer("input_tokens"), output = figures.integer("output_tokens"), cost = figures.number("cost")
        let first = TimeText.unixNano(figures.text("first_time")), last = TimeText.unixNano(figures.text("last_time"))
        let length = first.flatMap { first in last.map { Double(max(0, $0 - first)) / 1e6 } }
        var parts: [FigureContext.Piece] = []
        for (name, word, count) in [("input_tokens", " in", input), ("output_tokens", " out", output)] {
            guard let count else { continue }
            if !parts.isEmpty { parts.append(.words(", ")) }
            parts += [.number("\(metric).\(name)", Double(count), Figures.count(count)), .words(word)]
        }
        return [
            FigureContext.make(
                "Traces", metric + ".trace_count", figures.number("trace_count"), Figures.count(figures.integer("trace_count") ?? 0),
                more: length.map { [.words("over "), .number(metric + ".duration_ms", $0, Figures.duration(milliseconds: $0))] } ?? []),
            FigureContext.make(
                "Errors", metric + ".error_count", figures.number("error_count"), Figures.count(figures.integer("error_count") ?? 0)),
            FigureContext.make(
                "Tokens", metric + ".total_tokens", figures.number("total_tokens"),
                figures.integer("total_tokens").map { Figures.count($0) } ?? "–", more: parts),
            FigureContext.make("Cost", metric + ".cost", cost, cost.map { Figures.cost($0) } ?? "–"),
        ]
    }

    // MARK: A user

    func getUserPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let id = visit.path("user_id"), project = frame.project?.url ?? ""
        let own = ListFilter(visit, default: "-30d").narrowed(to: Condition.equal("user_id", id))
        // Of whole traces: most spans of a user's trace do not say whose they are.
        let figures =
            try await visit.api.get("/api/v1/end-users", own.parameters + [("limit", "100")]).list("data")
            .first { $0.text("user_id") == id } ?? .null
        let charted = try await UserTraces.load(own, of: id, visit.api)
        let sort = ListColumn.sort(visit["sort"], of: ListColumn.ofTraces, default: "-start_time")
        let traces = try await visit.api.get("/api/v1/traces", own.parameters + [("sort", sort)] + Pager.parameters(visit, limit: 25))
        let sessions = try await visit.api.get("/api/v1/sessions", own.parameters + [("limit", "10")]).list("data")
        let columns = ListColumn.ofTraces.filter { $0.isShownAtFirst }
        let context = PageContext.make { context in
            let ownTraces = URLText.url(project + "/traces", [("q", FilterText.equal("user_id", id))])
            context.set("charts", charted.charts(ownTraces).map(\.context))
            context.set("has_charts_note", charted.isCut)
            context.set("charts_note", charted.note)
            own.set(in: &context, visit)
            context.set("title", id)
            context.set("page_url", visit.url)
            context.set("user_id", id)
            context.set("figures", Self.figures(figures, "user"))
            context.set("has_sessions", !sessions.isEmpty)
            context.set(
                "sessions",
                sessions.map { session in
                    .make {
                        $0.set("id", session.text("session_id"))
                        $0.set("url", "\(project)/sessions/\(URLText.encoded(session.text("session_id")))")
                        $0.set("last_time", session.text("last_time"))
                        $0.set("last_text", Times.text(session.text("last_time")))
                        $0.set("trace_count", session.integer("trace_count"))
                        $0.set("cost", session.number("cost").map { Figures.raw($0) })
                        $0.set("cost_text", session.number("cost").map { Figures.cost($0) } ?? "–")
                    }
                })
            let rows = traces.list("data")
            ListTable(columns: columns, sort: sort, metric: "trace").set(rows, in: &context, visit, project: project) {
                "\(project)/traces/\($0.text("trace_id"))"
            }
            Pager.set(
                in: &context, visit, next: traces["next_cursor"]?.stringValue, shown: .init(rows.count, "trace", "traces"))
            context.set("empty_title", "No traces in this time")
            context.set("empty_text", "Choose a longer time.")
        }
        return .page(Page(name: "user", context: context))
    }
}

/// `/projects/{project_id}/traces/{trace_id}`: the waterfall in windows, and one span beside it.
///
///     ?span=ID                 that span beside the waterfall, and the window around it
///     ?offset=N&limit=N        another window; with fragment=rows its rows alone
///     ?collapsed=ID,ID         subtrees that are folded
///     ?fragment=span&span=ID   the span alone
///     ?fragment=conversation&span=ID&before=N   messages before the Nth of that span
///     ?fragment=hits&q=TEXT    where a text is in the trace, as JSON

import Access
import ByteCoding
import HTTPServer
import HTTPTypes
import TraceQuery

struct TraceHandlers: Sendable {
    /// nil: where the browser came to.
    let publicURL: String?

    func routes(_ pages: PageRoutes) -> [Route] {
        [pages.page("getTracePage", "/projects/{project_id}/traces/{trace_id}", handler: getTracePage)]
    }

    func getTracePage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let id = visit.path("trace_id"), path = "/api/v1/traces/" + URLText.encoded(id)
        let origin = publicURL ?? visit.context.ownOrigin(of: visit.request) ?? ""
        let place = TracePlace(project: frame.project?.url ?? "", traceID: id, origin: origin)
        if visit.fragment == "span" {
            let span = try await span(visit, path)
            return page(
                .make { context in
                    context.set("has_span", span != nil)
                    context.set("span", span.map { spanContext($0, frame, place) } ?? PageContext())
                })
        }
        if visit.fragment == "conversation" { return page(try await earlierMessages(visit, path, place)) }
        let collapsed = try await collapsed(visit, path)
        if visit.fragment == "hits" { return .json(try await hits(visit, path, collapsed)) }
        let window = try await visit.api.get(path + "/spans", windowParameters(visit) + collapsed)
        let found = visit.fragment == "rows" ? try await foundSpans(visit, path) : []
        if visit.fragment == "rows" {
            return page(TraceRows(window: window, place: place, selected: visit["span"], hits: found).context)
        }
        async let summary = visit.api.get("/api/v1/traces", [("filter", #"{"trace_id":"\#(window.text("trace_id"))"}"#), ("limit", "1")])
        async let shown = span(visit, path)
        let content = TraceContent(
            window: window, summary: try await summary.list("data").first ?? .null, place: place, selected: visit["span"])
        var context = content.context
        let span = try await shown
        context.set("has_span", span != nil)
        context.set("span", span.map { spanContext($0, frame, place) } ?? PageContext())
        context.set("page_url", visit.url)
        return page(context)
    }

    private func page(_ context: PageContext) -> PageAnswer {
        .page(Page(name: "trace", context: context, fragments: ["trace_head", "rows", "span", "conversation"]))
    }

    /// Messages of a long conversation that come when somebody asks for them.
    private func earlierMessages(_ visit: PageVisit, _ path: String, _ place: TracePlace) async throws(Problem) -> PageContext {
        guard let id = visit["span"], !id.isEmpty, let before = visit["before"].flatMap({ Int($0) }), before > 0 else {
            throw Problem(.badRequest, "span and before say whose messages are wanted, and before which")
        }
        let span = try await visit.api.get(path + "/spans/" + URLText.encoded(id))
        let toolSpans = try await ToolSpans.load(of: span, visit.api)
        let content = SpanContent(span: span, scores: [], suites: [], place: place, traceStart: nil, toolSpans: toolSpans)
        return .make { content.setConversation(before: before, in: &$0) }
    }

    private func windowParameters(_ visit: PageVisit) -> [(String, String)] {
        var parameters = visit.items(["offset", "limit"])
        if visit["limit"] == nil { parameters.append(("limit", "100")) }
        // The window around the span that is shown, unless another one is asked for.
        if let span = visit["span"], !span.isEmpty, visit["offset"] == nil { parameters.append(("around", span)) }
        return parameters
    }

    /// Subtrees that are folded. `all`: everything below the roots, found level by level as folding shows more.
    private func collapsed(_ visit: PageVisit, _ path: String) async throws(Problem) -> [(String, String)] {
        guard let text = visit["collapsed"], !text.isEmpty else { return [] }
        guard text == "all" else { return [("collapsed", text)] }
        var ids: [String] = []
        for _ in 0..<8 {
            let known = ids.isEmpty ? [] : [("collapsed", ids.joined(separator: ","))]
            let rows = try await visit.api.get(path + "/spans", [("limit", "1000")] + known).list("data")
            let more = rows.filter { $0.integer("depth") == 1 && ($0.integer("child_count") ?? 0) > 0 && !$0.flag("is_collapsed") }
            ids += more.map { $0.text("span_id") }.prefix(max(0, Self.maximumCollapsedCount - ids.count))
            if more.isEmpty || ids.count >= Self.maximumCollapsedCount { break }
        }
        return ids.isEmpty ? [] : [("collapsed", ids.joined(separator: ","))]
    }

    /// As many as the API takes.
    private static let maximumCollapsedCount = 1_000

    /// Where a text was found, for the module that steps through.
    private func hits(_ visit: PageVisit, _ path: String, _ collapsed: [(String, String)]) async throws(Problem) -> JSONValue {
        guard let text = visit["q"], !text.isEmpty else { throw Problem(.badRequest, "q is the text to look for") }
        let answer = try await visit.api.get(path + "/search", [("q", text), ("limit", "1000")] + collapsed)
        let hits = answer.list("data").map { hit in
            JSONValue.object([
                JSONMember(key: "index", value: hit["position"] ?? .null), JSONMember(key: "span_id", value: hit["span_id"] ?? .null),
            ])
        }
        return .object([JSONMember(key: "count", value: answer["match_count"] ?? .null), JSONMember(key: "hits", value: .array(hits))])
    }

    private func foundSpans(_ visit: PageVisit, _ path: String) async throws(Problem) -> Set<String> {
        guard let text = visit["q"], !text.isEmpty else { return [] }
        return Set(try await visit.api.get(path + "/search", [("q", text), ("limit", "1000")]).list("data").map { $0.text("span_id") })
    }

    /// What the page shows of a span.
    private struct ShownSpan {
        let span: JSONValue
        /// Of the project, to make a test case in; empty where the user may not.
        let suites: [JSONValue]
        let scores: [JSONValue]
        /// When its trace began, in Unix nanoseconds.
        let traceStart: Int64?
        let toolSpans: ToolSpans
    }

    private func span(_ visit: PageVisit, _ path: String) async throws(Problem) -> ShownSpan? {
        guard let id = visit["span"], !id.isEmpty else { return nil }
        let span = try await visit.api.get(path + "/spans/" + URLText.encoded(id))
        let start = try await visit.api.get(path + "/spans", [("limit", "1")]).text("start_time")
        let suites = try await visit.api.find("/api/v1/suites", [("limit", "100")])?.list("data") ?? []
        return ShownSpan(
            span: span, suites: suites, scores: try await scores(of: span, id, visit), traceStart: TimeText.unixNano(start),
            toolSpans: try await ToolSpans.load(of: span, visit.api))
    }

    /// The newest of a span; with a root those of its whole trace.
    private func scores(of span: JSONValue, _ id: String, _ visit: PageVisit) async throws(Problem) -> [JSONValue] {
        let trace = [("trace_id", visit.path("trace_id")), ("limit", "100")]
        let own = try await visit.api.find("/api/v1/scores", trace + [("span_id", id)])?.list("data") ?? []
        guard span["parent_span_id"]?.stringValue == nil else { return own }
        let all = try await visit.api.find("/api/v1/scores", trace)?.list("data") ?? []
        return own + all.filter { $0["span_id"]?.stringValue == nil }
    }

    private func spanContext(_ shown: ShownSpan, _ frame: PageFrame, _ place: TracePlace) -> PageContext {
        SpanContent(
            span: shown.span, scores: shown.scores, suites: frame.may(.writeSuites) ? shown.suites : [], place: place,
            traceStart: shown.traceStart, toolSpans: shown.toolSpans
        ).context
    }
}

/// Where a trace is shown.
struct TracePlace: Sendable {
    /// The path of the project's pages.
    let project: String
    let traceID: String
    /// Of this server, for links that leave the page.
    let origin: String

    var path: String { "\(project)/traces/\(URLText.encoded(traceID))" }

    /// The API's path of this trace, for links.
    var apiPath: String { "\(project)/api/v1/traces/\(URLText.encoded(traceID))" }

    func span(_ id: String) -> String { URLText.url(path, [("span", id)]) }

    /// Why a span's fields are what they are.
    func explanation(_ id: String) -> String { "\(path)/spans/\(URLText.encoded(id))/explain" }

    /// The list of the traces that have a span with this value.
    func filter(_ field: String, _ value: String) -> String {
        URLText.url(project + "/traces", [("q", FilterText.equal(field, value)), ("from", TimeRange.everything)])
    }
}

/// `/projects/{project_id}/knowledge`: entries, one entry with its history, revisions, and a box to try retrieval.

import Access
import ByteCoding
import HTTPServer
import HTTPTypes

struct KnowledgeHandlers: Sendable {
    /// Rows of a page of entries.
    private static let entryCount = 100

    func routes(_ pages: PageRoutes) -> [Route] {
        let root = "/projects/{project_id}/knowledge"
        return [
            pages.page("getKnowledgePage", root, handler: getKnowledgePage),
            pages.page("getKnowledgeEntryPage", root + "/entries/{key}", handler: getEntryPage),
            pages.page("getKnowledgeRevisionsPage", root + "/revisions", handler: getRevisionsPage),
            pages.page("getKnowledgeSearchPage", root + "/search", handler: getSearchPage),
        ]
    }

    func getKnowledgePage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let tabs = try await KnowledgeTabs.load(visit, frame)
        let filter = visit.items(["kind", "tag", "prefix"]), parameters = Pager.parameters(visit, limit: Self.entryCount) + filter
        let answer = try await visit.api.get("/api/v1/kb/active/entries", parameters), rows = answer.list("data")
        let context = PageContext.make { context in
            context.set("title", "Knowledge base")
            context.set("page_url", visit.url)
            context.set("list_path", visit.pagePath)
            context.set("has_active", tabs.revision > 0)
            context.set("revision", tabs.revision)
            tabs.set(.entries, in: &context)
            context.set("prefix", visit["prefix"])
            let kind = visit["kind"] ?? ""
            context.set(
                "kind_choices",
                EntryKind.choices.map { value, name in
                    .make {
                        $0.set("name", name)
                        $0.set("url", visit.url(setting: [("kind", value.isEmpty ? nil : value), ("cursor", nil)]))
                        $0.set("is_current", kind == value)
                    }
                })
            EntriesContent.set(rows, isFiltered: !filter.isEmpty, project: tabs.project, in: &context)
            let all = filter.isEmpty ? tabs.active.integer("entry_count") ?? 0 : nil
            Pager.set(in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: .init(rows.count, of: all, "entry", "entries"))
        }
        return .page(Page(name: "knowledge", context: context))
    }

    func getEntryPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let key = visit.path("key"), path = URLText.encoded(key), draft = frame.may(.writeKnowledge) ? visit["draft"] ?? "" : ""
        let active = try await visit.api.find("/api/v1/kb/active/entries/" + path)
        let drafted = draft.isEmpty ? nil : try await visit.api.find("/api/v1/kb/drafts/\(URLText.encoded(draft))/entries/\(path)")
        let history = try await visit.api.find("/api/v1/kb/entries/\(path)/history", [("limit", "50")])?.list("data") ?? []
        var entry = drafted ?? active
        // One that is not active any more is shown as it was last.
        if entry == nil, let last = history.first(where: { $0.text("change") != "removed" })?.integer("revision") {
            entry = try await visit.api.find("/api/v1/kb/revisions/\(last)/entries/\(path)")
        }
        guard let entry else { throw Problem(.notFound, "there is no entry \(key) in this knowledge base") }
        let drafts = try await visit.api.all("/api/v1/kb/drafts")
        let content = EntryContent(
            key: key, entry: entry, isActive: active != nil, draft: draft, isInDraft: drafted != nil, project: frame.project?.url ?? "")
        let context = PageContext.make { context in
            context.set("page_url", visit.url)
            content.set(drafts: drafts, history: history, in: &context)
        }
        return .page(Page(name: "entry", context: context))
    }

    func getRevisionsPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let tabs = try await KnowledgeTabs.load(visit, frame)
        let answer = try await visit.api.get("/api/v1/kb/revisions", Pager.parameters(visit)), rows = answer.list("data")
        var compared: RevisionsContent.Comparison?
        if let number = visit["diff"].flatMap({ Int64($0) }), number > 0 {
            let changes = try await visit.api.findAll("/api/v1/kb/revisions/\(number)/diff", [("against", String(number - 1))])
            compared = changes.map { RevisionsContent.Comparison(revision: number, changes: $0) }
        }
        let content = RevisionsContent(
            active: tabs.revision, compared: compared, mayPromote: frame.may(.promoteKnowledge), project: tabs.project)
        let context = PageContext.make { context in
            context.set("title", "Revisions")
            context.set("page_url", visit.url)
            tabs.set(.revisions, in: &context)
            context.set("export_url", tabs.project + "/api/v1/kb/active/export")
            content.set(rows, in: &context) { visit.url(setting: [("diff", String($0))]) }
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue,
                shown: .init(rows.count, of: tabs.revision, "revision", "revisions"))
        }
        return .page(Page(name: "revisions", context: context))
    }

    func getSearchPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let tabs = try await KnowledgeTabs.load(visit, frame)
        let kinds = visit.parameters.filter { $0.name == "kinds" }.map(\.value)
        let question = RetrievalQuestion(
            text: visit["query"] ?? "", mode: visit["mode"] ?? "hybrid", source: visit["source"] ?? "active", kinds: kinds)
        var answer: JSONValue?, problem: String?
        if !question.text.isEmpty {
            do throws(Problem) { answer = try await visit.api.ask("/api/v1/kb/search", question.body) } catch {
                // What is wrong with the question, or not there now, is said beside it.
                guard error.status.code < 500 || error.status == .serviceUnavailable, error.status != .unauthorized else { throw error }
                problem = error.errors.first.map { "\($0.field) \($0.message)" } ?? error.detail
            }
        }
        let context = PageContext.make { context in
            context.set("title", "Try retrieval")
            context.set("page_url", visit.url)
            tabs.set(.search, in: &context)
            context.set("list_path", visit.pagePath)
            question.set(drafts: tabs.openDrafts, in: &context)
            RetrievalContent.set(answer, problem: problem, project: tabs.project, in: &context)
        }
        return .page(Page(name: "knowledge-search", context: context, fragments: ["passages"]))
    }
}

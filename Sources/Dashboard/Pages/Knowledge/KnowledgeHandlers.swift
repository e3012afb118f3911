/// `/projects/{project_id}/knowledge`: entries, one entry with its history, revisions, and a box to try retrieval.

import ByteCoding
import HTTPServer
import HTTPTypes

struct KnowledgeHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] {
        let root = "/projects/{project_id}/knowledge"
        return [
            pages.page("getKnowledgePage", root, handler: getKnowledgePage),
            pages.page("getKnowledgeEntryPage", root + "/entries/{key}", handler: getEntryPage),
            pages.page("getKnowledgeRevisionsPage", root + "/revisions", handler: getRevisionsPage),
            pages.page("getKnowledgeSearchPage", root + "/search", handler: getSearchPage),
        ]
    }

    // MARK: Entries

    func getKnowledgePage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let tabs = try await KnowledgeTabs.load(visit, frame), kind = visit["kind"] ?? ""
        let answer = try await visit.api.get(
            "/api/v1/kb/active/entries", Pager.parameters(visit, limit: 100) + visit.items(["kind", "tag", "prefix"]))
        let rows = answer.list("data")
        let context = PageContext.make { context in
            context.set("title", "Knowledge base")
            context.set("page_url", visit.url)
            context.set("list_path", visit.pagePath)
            context.set("has_active", tabs.revision > 0)
            context.set("revision", tabs.revision)
            tabs.set(.entries, in: &context)
            context.set("prefix", visit["prefix"])
            context.set(
                "kind_choices",
                [("All", ""), ("Articles", "article"), ("Operations", "operation"), ("Tables", "table")].map { name, value in
                    .make {
                        $0.set("name", name)
                        $0.set("url", visit.url(setting: [("kind", value.isEmpty ? nil : value), ("cursor", nil)]))
                        $0.set("is_current", kind == value)
                    }
                })
            context.set("has_rows", !rows.isEmpty)
            context.set(
                "rows",
                rows.map { entry in
                    .make {
                        $0.set("key", entry.text("key"))
                        $0.set("url", "\(tabs.project)/knowledge/entries/\(URLText.encoded(entry.text("key")))")
                        $0.set("title", entry.text("title"))
                        $0.set("kind", entry.text("kind"))
                        $0.set("tags", entry.list("tags").compactMap(\.stringValue).map { tag in .make { $0.set("name", tag) } })
                        $0.set("author", entry.text("author"))
                        $0.set("introduced_in", entry.integer("introduced_in"))
                    }
                })
            let all = tabs.active.integer("entry_count") ?? 0
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue,
                shown: "\(Figures.count(Int64(rows.count))) of \(Figures.counted(all, "entry", "entries"))")
            context.set("empty_title", "No entries yet")
            context.set("empty_text", "Begin a draft, add what your agents should know, have it reviewed, promote it.")
        }
        return .page(Page(name: "knowledge", context: context))
    }

    // MARK: One entry

    func getEntryPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let key = visit.path("key"), draft = visit["draft"] ?? "", keyPath = URLText.encoded(key), draftPath = URLText.encoded(draft)
        let project = frame.project?.url ?? "", own = "\(project)/knowledge/entries/\(keyPath)"
        let active = try await visit.api.find("/api/v1/kb/active/entries/" + keyPath)
        let drafted = draft.isEmpty ? nil : try await visit.api.find("/api/v1/kb/drafts/\(draftPath)/entries/\(keyPath)")
        guard let entry = drafted ?? active else { throw Problem(.notFound, "there is no entry \(key) in this knowledge base") }
        let drafts = try await visit.api.get("/api/v1/kb/drafts", [("limit", "200")]).list("data").filter { $0.text("state") == "open" }
        let history = try await visit.api.find("/api/v1/kb/entries/\(keyPath)/history", [("limit", "50")])?.list("data") ?? []
        let content = entry["content"] ?? .null, isArticle = entry.text("kind") == "article"
        let markdown = content.text("markdown"), source = entry["source"] ?? .null
        let context = PageContext.make { context in
            context.set("title", entry.text("title"))
            context.set("page_url", visit.url)
            context.set("key", key)
            context.set("key_path", keyPath)
            context.set("entry_url", own)
            context.set("entry_title", entry.text("title"))
            context.set("kind", entry.text("kind"))
            context.set("is_article", isArticle)
            let tags = entry.list("tags").compactMap(\.stringValue)
            context.set("tags", tags.map { tag in .make { $0.set("name", tag) } })
            context.set("tags_text", tags.joined(separator: "\n"))
            context.set("is_removed", active == nil && drafted == nil)
            context.set(
                "open_drafts",
                drafts.map { one in
                    .make {
                        $0.set("name", one.text("name"))
                        $0.set("url", URLText.url(own, [("draft", one.text("name"))]))
                        $0.set("is_current", one.text("name") == draft)
                    }
                })
            context.set("has_open_drafts", !drafts.isEmpty)
            context.set("has_draft", !draft.isEmpty)
            context.set("draft_name", draft)
            context.set("draft_path", draftPath)
            context.set("draft_url", draft.isEmpty ? "" : "\(project)/knowledge/drafts/\(draftPath)")
            context.set("etag", "\"\(entry.text("hash"))\"")
            context.set("can_remove", drafted != nil)
            context.set("markdown", markdown)
            context.set("content_json", isArticle ? "" : JSONLayout.text(content))
            var shown = SpanTexts.content(isArticle ? markdown : JSONLayout.text(content), isJSON: !isArticle)
            if isArticle { shown.set("format", "markdown") }
            context.set("content", shown)
            context.set("author", entry.text("author"))
            context.set("introduced_in", entry.integer("introduced_in"))
            let trace = source.text("trace_id")
            context.set("has_source", !trace.isEmpty)
            context.set("source_url", trace.isEmpty ? "" : "\(project)/traces/\(trace)")
            context.set("hash", entry.text("hash"))
            context.set(
                "history",
                history.map { event in
                    let revision = event.integer("revision") ?? 0
                    return .make {
                        $0.set("revision", revision)
                        $0.set("url", "\(project)/knowledge/revisions?diff=\(revision)")
                        $0.set("tone", KnowledgeTabs.tone(ofChange: event.text("change")))
                        $0.set("change_text", event.text("change"))
                        $0.set("author", event.text("author"))
                        $0.set("message", event.text("message"))
                        $0.set("has_draft_name", !event.text("draft_name").isEmpty)
                        $0.set("draft_name", event.text("draft_name"))
                        $0.set("time", event.text("promoted_at"))
                        $0.set("time_text", Times.text(event.text("promoted_at")))
                    }
                })
        }
        return .page(Page(name: "entry", context: context))
    }

    // MARK: Revisions

    func getRevisionsPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let tabs = try await KnowledgeTabs.load(visit, frame), project = tabs.project
        let answer = try await visit.api.get("/api/v1/kb/revisions", Pager.parameters(visit)), rows = answer.list("data")
        let wanted = visit["diff"].flatMap { Int64($0) }
        var changes: [JSONValue] = []
        if let wanted, wanted > 0 {
            changes =
                try await visit.api.find("/api/v1/kb/revisions/\(wanted)/diff", [("against", String(wanted - 1)), ("limit", "200")])?.list(
                    "data") ?? []
        }
        let context = PageContext.make { context in
            context.set("title", "Revisions")
            context.set("page_url", visit.url)
            tabs.set(.revisions, in: &context)
            context.set("export_url", project + "/api/v1/kb/active/export")
            context.set("has_rows", !rows.isEmpty)
            context.set(
                "rows",
                rows.map { row in
                    let number = row.integer("revision") ?? 0, draft = row.text("draft_name"), restored = row.integer("restored_revision")
                    let own = number == wanted ? changes : []
                    return .make {
                        $0.set("number", number)
                        $0.set("is_active", number == tabs.revision)
                        $0.set("is_restored", restored != nil)
                        $0.set("restored_revision", restored ?? 0)
                        $0.set("message", row.text("message"))
                        $0.set("has_draft", !draft.isEmpty)
                        $0.set("draft_name", draft)
                        $0.set("draft_url", draft.isEmpty ? "" : "\(project)/knowledge/drafts/\(URLText.encoded(draft))")
                        $0.set("promoted_by", row.text("promoted_by"))
                        $0.set("promoted_time", row.text("promoted_at"))
                        $0.set("promoted_text", Times.text(row.text("promoted_at")))
                        $0.set("entry_count_text", Figures.count(row.integer("entry_count") ?? 0))
                        $0.set("diff_url", visit.url(setting: [("diff", String(number))]))
                        $0.set("can_restore", frame.may(.admin) && number != tabs.revision)
                        $0.set("has_changes", !own.isEmpty)
                        $0.set(
                            "changes",
                            own.map { change in
                                KnowledgeTabs.change(
                                    change, url: "\(project)/knowledge/entries/\(URLText.encoded(change.text("key")))", isSelected: false)
                            })
                    }
                })
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue,
                shown: "\(Figures.count(Int64(rows.count))) of \(Figures.counted(tabs.revision, "revision", "revisions"))")
        }
        return .page(Page(name: "revisions", context: context))
    }

    // MARK: Retrieval

    func getSearchPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let tabs = try await KnowledgeTabs.load(visit, frame)
        let question = visit["query"] ?? "", mode = visit["mode"] ?? "hybrid", source = visit["source"] ?? "active"
        let kinds = visit.parameters.filter { $0.name == "kinds" }.map(\.value)
        let drafts = try await visit.api.get("/api/v1/kb/drafts", [("limit", "200")]).list("data")
            .filter { !["promoted", "discarded"].contains($0.text("state")) }
        var answer: JSONValue?, problem: String?
        if !question.isEmpty {
            var members = [JSONMember(key: "query", value: .string(question)), JSONMember(key: "mode", value: .string(mode))]
            if !kinds.isEmpty { members.append(JSONMember(key: "kinds", value: .array(kinds.map { .string($0) }))) }
            if source.hasPrefix("draft:") {
                members.append(JSONMember(key: "source", value: FilterText.object("draft", .string(String(source.dropFirst(6))))))
            }
            do throws(Problem) { answer = try await visit.api.ask("/api/v1/kb/search", .object(members)) } catch {
                guard error.status.code < 500 || error.status == .serviceUnavailable, error.status != .unauthorized else { throw error }
                problem = error.detail
            }
        }
        let passages = answer?.list("data") ?? [], best = passages.compactMap { $0.number("score") }.max() ?? 0
        let context = PageContext.make { context in
            func choices(_ all: [(String, String)], _ isSelected: (String) -> Bool) -> [PageContext] {
                all.map { value, name in
                    .make {
                        $0.set("value", value)
                        $0.set("name", name)
                        $0.set("is_selected", isSelected(value))
                    }
                }
            }
            context.set("title", "Try retrieval")
            context.set("page_url", visit.url)
            tabs.set(.search, in: &context)
            context.set("list_path", visit.pagePath)
            context.set("query", question)
            context.set("modes", choices([("hybrid", "Words and meaning"), ("text", "Words"), ("vector", "Meaning")]) { $0 == mode })
            context.set(
                "sources",
                choices([("active", "what is active")] + drafts.map { ("draft:" + $0.text("name"), "draft " + $0.text("name")) }) {
                    $0 == source
                })
            context.set(
                "kind_choices", choices([("article", "articles"), ("operation", "operations"), ("table", "tables")]) { kinds.contains($0) })
            context.set("has_problem", problem != nil)
            context.set("problem", problem.map { Sentence.text($0) })
            context.set("has_answer", answer != nil)
            context.set("answer_text", answer.map { Self.answerText($0, passages.count) })
            context.set("has_passages", !passages.isEmpty)
            context.set("passages", passages.enumerated().map { Self.passage($1, $0, best, tabs.project) })
        }
        return .page(Page(name: "knowledge-search", context: context, fragments: ["passages"]))
    }

    private static func answerText(_ answer: JSONValue, _ count: Int) -> String {
        let modes = ["hybrid": "words and meaning", "text": "words", "vector": "meaning"]
        var text = "\(Figures.counted(Int64(count), "passage", "passages")) of revision \(answer.integer("revision") ?? 0), by "
        text += modes[answer.text("mode")] ?? answer.text("mode")
        if let model = answer["embedding_model"]?.stringValue { text += " (\(model))" }
        if let reason = answer["mode_reason"]?.stringValue { text += ": " + reason }
        return text
    }

    private static func passage(_ passage: JSONValue, _ index: Int, _ best: Double, _ project: String) -> PageContext {
        let headings = passage.list("heading_path").compactMap(\.stringValue), score = passage.number("score") ?? 0
        let words = passage["explanation"]?["text"] ?? .null, meaning = passage["explanation"]?["vector"] ?? .null
        let explained = [
            words.integer("rank").map { "words: rank \($0)" },
            meaning.integer("rank").map { "meaning: rank \($0) (cosine \(Figures.fixed(meaning.number("cosine") ?? 0, 2)))" },
        ].compactMap { $0 }
        var own = PageContext.make {
            $0.set("position_text", String(index + 1))
            $0.set("key", passage.text("key"))
            $0.set("url", "\(project)/knowledge/entries/\(URLText.encoded(passage.text("key")))")
            $0.set("entry_title", passage.text("title"))
            $0.set("has_heading", !headings.isEmpty)
            $0.set("heading_text", headings.map { "› " + $0 }.joined(separator: " "))
            $0.set("kind", passage.text("kind"))
            $0.set("score", Figures.raw(score))
            $0.set("score_text", Figures.fixed(score, 3))
            $0.set("share", Int((100 * score / max(best, .leastNormalMagnitude)).rounded()))
            $0.set("explanation_text", explained.joined(separator: ", "))
        }
        var content = SpanTexts.content(passage.text("text"))
        content.set("format", "markdown")
        own = content.merged(into: own)
        return own
    }
}

import Access
import ByteCoding
import Testing

@testable import Dashboard

@Suite("Pages of the knowledge base of the API's answers") struct KnowledgeContentTests {
    private static let project = "/projects/p"
    private static let entry = #"""
        {"key": "refunds/policy", "kind": "article", "title": "Refunds", "tags": ["billing", "policy"], "hash": "9f2c", "author": "Ada",
         "source": {"trace_id": "0af7", "span_id": "00f0"}, "introduced_in": 41,
         "content": {"title": "Refunds", "kind": "article", "tags": [], "content": {"markdown": "# Refunds\n\n30 days."}}}
        """#
    private static let history = #"""
        [{"revision": 42, "change": "changed", "author": "Ada", "draft_name": null, "restored_revision": 38, "message": "",
          "promoted_at": "2026-11-20T10:00:00Z"},
         {"revision": 41, "change": "added", "author": "Ada", "draft_name": "refund-window", "restored_revision": null, "message": "new",
          "promoted_at": "2026-11-19T10:00:00Z"}]
        """#
    private static let drafts = #"[{"name": "refund window", "state": "open"}, {"name": "b", "state": "in_review"}]"#

    private func built(
        _ json: String = entry, draft: String = "", isActive: Bool = true, isInDraft: Bool = false
    ) throws -> BuiltContext {
        let entry = try Hostile.json(json), history = try Hostile.json(Self.history).arrayValue ?? []
        let drafts = try Hostile.json(Self.drafts).arrayValue ?? []
        let content = EntryContent(
            key: entry.text("key"), entry: entry, isActive: isActive, draft: draft, isInDraft: isInDraft, project: Self.project)
        return BuiltContext { content.set(drafts: drafts, history: history, in: &$0) }
    }

    @Test("entries are listed with their pages, and an empty list says whether a filter is the reason")
    func entries() throws {
        let rows = [try Hostile.json(Self.entry)]
        let built = BuiltContext { EntriesContent.set(rows, isFiltered: false, project: Self.project, in: &$0) }
        let others = BuiltContext.knowledge.union(BuiltContext.pager).union([
            "has_active", "revision", "prefix", "kind_choices", "list_path",
        ])
        #expect(try built.faults("knowledge", besides: others) == [])
        #expect(built.texts("rows", "url") == ["/projects/p/knowledge/entries/refunds%2Fpolicy"])
        let none = BuiltContext { EntriesContent.set([], isFiltered: true, project: Self.project, in: &$0) }
        #expect(none.context["has_rows"] == .bool(false) && none.context["empty_title"] == .string("No entry matches"))
    }

    @Test("an entry is read as it is, and edited in a draft under the version that was read")
    func entry() throws {
        let read = try built(), edited = try built(draft: "refund window", isInDraft: true)
        for built in [read, edited] { #expect(try built.faults("entry", besides: BuiltContext.knowledge) == []) }
        #expect(read.context["has_draft"] == .bool(false) && read.context["tags_text"] == .string("billing, policy"))
        #expect(read.context["markdown"] == .string("# Refunds\n\n30 days.") && read.context["content"]["text"] == read.context["markdown"])
        #expect(read.context["content"]["format"] == .string("markdown") && read.context["is_article"] == .bool(true))
        #expect(read.context["source_url"] == .string("/projects/p/traces/0af7?span=00f0"))
        #expect(read.texts("open_drafts", "url") == ["/projects/p/knowledge/entries/refunds%2Fpolicy?draft=refund%20window"])
        #expect(read.texts("history", "message") == ["back to revision 38", "new"])
        #expect(edited.context["etag"] == .string("\"9f2c\"") && edited.context["can_remove"] == .bool(true))
        #expect(edited.context["draft_url"] == .string("/projects/p/knowledge/drafts/refund%20window"))
        #expect(try edited.page("entry").contains("data-if-match=\"&quot;9f2c&quot;\""))
    }

    @Test("what a draft has taken out, and what is not active any more, is put into it as new")
    func removedEntry() throws {
        let taken = try built(draft: "refund window"), gone = try built(isActive: false)
        #expect(taken.context["etag"] == .string("") && taken.context["can_remove"] == .bool(false))
        let page = try taken.page("entry-draft")
        #expect(page.contains("data-if-none-match=\"*\"") && !page.contains("data-if-match"))
        #expect(gone.context["is_removed"] == .bool(true) && taken.context["is_removed"] == .bool(false))
    }

    @Test("tables and operations are edited as JSON")
    func table() throws {
        let built = try built(
            #"{"key": "t", "kind": "table", "title": "T", "tags": [], "hash": "1", "author": "a", "content": {"content": {"columns": [1]}}}"#
        )
        #expect(built.context["is_article"] == .bool(false) && built.context["markdown"] == .string(""))
        #expect(built.context["content_json"] == .string("{\n  \"columns\": [\n    1\n  ]\n}"))
        #expect(built.context["content"]["format"] == .string("json") && built.context["has_source"] == .bool(false))
    }

    @Test("a revision can be gone back to, but for the active one, by those who promote; one shows what it changed")
    func revisions() throws {
        let rows =
            try Hostile.json(
                #"""
                [{"revision": 2, "draft_id": null, "draft_name": null, "restored_revision": 1, "message": "back", "entry_count": 1204,
                  "embedding_model": null, "promoted_by": "Ada", "promoted_at": "2026-11-20T10:00:00Z"},
                 {"revision": 1, "draft_id": "d", "draft_name": "first", "restored_revision": null, "message": "", "entry_count": 3,
                  "embedding_model": null, "promoted_by": "Ada", "promoted_at": "2026-11-19T10:00:00Z"}]
                """#
            ).arrayValue ?? []
        let change = try Hostile.json(
            #"{"key": "a/b", "change": "removed", "before": {"hash": "1", "kind": "article", "title": "Before"}, "after": null}"#)
        let compared = RevisionsContent.Comparison(revision: 1, changes: [change])
        func built(_ mayPromote: Bool) -> BuiltContext {
            let content = RevisionsContent(active: 2, compared: compared, mayPromote: mayPromote, project: Self.project)
            return BuiltContext { content.set(rows, in: &$0) { "?diff=\($0)" } }
        }
        let admin = built(true)
        #expect(try admin.faults("revisions", besides: BuiltContext.knowledge.union(BuiltContext.pager).union(["export_url"])) == [])
        #expect(
            admin.texts("rows", "can_restore") == ["false", "true"] && built(false).texts("rows", "can_restore") == ["false", "false"])
        #expect(admin.texts("rows", "is_restored") == ["true", "false"] && admin.texts("rows", "entry_count_text") == ["1,204", "3"])
        #expect(admin.texts("rows", "draft_url") == ["", "/projects/p/knowledge/drafts/first"])
        let changes = admin.context["rows"].arrayValue?.last?.list("changes") ?? []
        #expect(changes.map { $0.text("title") } == ["Before"] && changes.map { $0.text("tone") } == ["bad"])
        #expect(admin.context["rows"].arrayValue?.first?.flag("has_changes") == false)
    }

    private static let answer = #"""
        {"revision": 41, "draft_id": null, "draft_version": null, "mode": "text", "mode_reason": "no embedding model is set",
         "embedding_model": null, "unembedded_chunks": 2, "data": [
           {"key": "a/b", "kind": "article", "title": "A", "tags": [], "position": 0, "heading_path": ["One", "Two"], "text": "- a\n- b",
            "score": 0.03, "explanation": {"text": {"rank": 1, "score": 0.5, "density": 0.1}, "vector": null}},
           {"key": "c", "kind": "table", "title": "C", "tags": [], "position": 3, "heading_path": [], "text": "c", "score": 0.015,
            "explanation": {"text": null, "vector": {"rank": 2, "cosine": 0.714}}}]}
        """#

    @Test("a question is asked of what is active or of a draft, and each passage says why it is there")
    func retrieval() throws {
        let question = RetrievalQuestion(text: "how long?", mode: "text", source: "draft:refund window", kinds: ["article"])
        let body = question.body
        #expect(body["query"] == .string("how long?") && body["mode"] == .string("text"))
        #expect(body["source"]?["draft"] == .string("refund window") && body["kinds"] == .array([.string("article")]))
        #expect(RetrievalQuestion(text: "a", mode: "hybrid", source: "active", kinds: []).body.objectValue?.count == 2)
        let answer = try Hostile.json(Self.answer)
        let built = BuiltContext {
            question.set(drafts: ["refund window"], in: &$0)
            RetrievalContent.set(answer, problem: nil, project: Self.project, in: &$0)
        }
        #expect(try built.faults("knowledge-search", besides: BuiltContext.knowledge.union(["list_path"])) == [])
        #expect(
            built.context["answer_text"].stringValue
                == "2 passages of revision 41, by words: no embedding model is set; 2 chunks have no vector yet")
        #expect(built.texts("passages", "explanation_text") == ["words: rank 1", "meaning: rank 2 (cosine 0.71)"])
        #expect(built.texts("passages", "share") == ["100", "50"] && built.texts("passages", "heading_text") == ["› One › Two", ""])
        #expect(
            built.texts("sources", "is_selected") == ["false", "true"] && built.texts("modes", "is_selected") == ["false", "true", "false"])
        let refused = BuiltContext { RetrievalContent.set(nil, problem: "no such draft", project: "", in: &$0) }
        #expect(refused.context["problem"] == .string("No such draft.") && refused.context["has_answer"] == .bool(false))
    }

    @Test("what articles say stays text")
    func hostileTexts() throws {
        let kept: Set<String> = ["kind", "change", "state", "promoted_at", "mode"]
        let entry = Hostile.replacing(try Hostile.json(Self.entry), besides: kept)
        let history = Hostile.replacing(try Hostile.json(Self.history), besides: kept).arrayValue ?? []
        let drafts = Hostile.replacing(try Hostile.json(Self.drafts), besides: kept).arrayValue ?? []
        for draft in ["", Hostile.text] {
            let content = EntryContent(
                key: Hostile.text, entry: entry, isActive: true, draft: draft, isInDraft: !draft.isEmpty, project: Self.project)
            Hostile.check(try BuiltContext { content.set(drafts: drafts, history: history, in: &$0) }.page("entry"), "entry")
        }
        let answer = Hostile.replacing(try Hostile.json(Self.answer), besides: kept)
        let search = BuiltContext {
            RetrievalQuestion(text: Hostile.text, mode: "text", source: "active", kinds: []).set(drafts: [Hostile.text], in: &$0)
            RetrievalContent.set(answer, problem: Hostile.text, project: Self.project, in: &$0)
        }
        Hostile.check(try search.page("knowledge-search"), "knowledge-search")
    }

    @Test("every page of the knowledge base stands under it in the way to the project's pages")
    func navigation() {
        let project = PageFrame.Project(id: "p", name: "P", organizationID: "o", role: .viewer)
        let frame = PageFrame(userID: "u", email: "e", name: "", organizations: [], project: project)
        for page in ["knowledge", "knowledge-search", "entry", "drafts", "draft", "revisions"] {
            let current = frame.context(page: page)["navigation"].arrayValue?.filter { $0.flag("is_current") } ?? []
            #expect(current.map { $0.text("name") } == ["Knowledge"], "\(page)")
        }
    }
}

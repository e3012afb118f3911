import ByteCoding
import Testing

@testable import Dashboard

@Suite("The page of a draft of the API's answers") struct DraftContentTests {
    private static let difference = #"""
        {"key": "refunds/policy", "change": "changed", "before": {"hash": "1", "kind": "article", "title": "Refunds"},
         "after": {"hash": "2", "kind": "article", "title": "Refunds"}, "author": "Ada", "source": null,
         "fields": [{"path": "tags", "old": ["billing"], "new": null}],
         "text": "--- a\n+++ b\n@@ -1,3 +1,3 @@\n one\n--- two\n+-- three\n+\u0301x\n\\ No newline at end of file\n"}
        """#

    private func draft(_ state: String, base: Int = 41, reviews: String = "[]", revision: String = "null") throws -> JSONValue {
        try Hostile.json(
            #"""
            {"id": "d", "name": "refund window", "description": "30 days", "state": "\#(state)", "version": 4, "base_revision": \#(base),
             "promoted_revision": \#(revision), "created_by": "Ada", "submitted_by": null, "updated_at": "2026-11-21T09:00:00Z",
             "changes": {"added": 1, "changed": 1, "removed": 0}, "reviews": \#(reviews), "promotion_id": "t"}
            """#)
    }

    private func content(
        _ draft: JSONValue, settings: String = #"{"required_approvals": 2, "gate": {"suite": "refunds"}}"#, task: String? = nil,
        mayWrite: Bool = true, mayPromote: Bool = true
    ) throws -> DraftContent {
        DraftContent(
            draft: draft, settings: try Hostile.json(settings), task: try task.map { try Hostile.json($0) }, active: 41, mayWrite: mayWrite,
            mayReview: mayWrite,
            mayPromote: mayPromote, project: "/projects/p")
    }

    private func built(_ content: DraftContent) throws -> BuiltContext {
        let difference = try Hostile.json(Self.difference)
        return BuiltContext {
            content.set(in: &$0)
            content.set(changes: [difference], selected: "refunds/policy", difference: difference, in: &$0)
        }
    }

    private func allowed(_ built: BuiltContext) -> Set<String> {
        let names = ["edit", "discard", "withdraw", "rebase", "submit", "promote_now", "review_now"]
        return Set(names.filter { built.context["can_" + $0] == .bool(true) })
    }

    @Test("what may be done depends on the draft's state, its base and the user's role")
    func actions() throws {
        #expect(try allowed(built(content(draft("open")))) == ["edit", "discard", "submit"])
        #expect(try allowed(built(content(draft("open", base: 40)))) == ["edit", "discard", "submit", "rebase"])
        #expect(try allowed(built(content(draft("in_review")))) == ["discard", "withdraw", "review_now"])
        #expect(try allowed(built(content(draft("approved")))) == ["discard", "withdraw", "promote_now"])
        #expect(try allowed(built(content(draft("approved", base: 40)))) == ["discard", "withdraw", "rebase"])
        #expect(try allowed(built(content(draft("approved"), mayPromote: false))) == ["discard", "withdraw"])
        for state in ["promoting", "promoted", "discarded"] { #expect(try allowed(built(content(draft(state, base: 40)))) == []) }
        for state in ["open", "in_review", "approved"] {
            #expect(try allowed(built(content(draft(state, base: 40), mayWrite: false, mayPromote: false))) == [])
        }
        let behind = try built(content(draft("open", base: 40)))
        #expect(behind.context["base_moved"] == .bool(true))
        #expect(try behind.faults("draft", besides: BuiltContext.knowledge) == [])
    }

    @Test("the steps say how far it is, and what was built")
    func steps() throws {
        func steps(_ content: DraftContent) throws -> [String] {
            let built = try built(content)
            return zip(built.texts("steps", "tone"), built.texts("steps", "text")).map { "\($0) \($1)" }
        }
        #expect(
            try steps(content(draft("open"))) == [
                "info 2 entries", " 0 of 2 approvals", " chunks and vectors", " suite refunds", " becomes revision 42",
            ])
        let running = #"{"id": "t", "state": "running", "progress": {"done": 30, "total": 120}, "error": null}"#
        let promoting = try built(content(draft("promoting"), task: running))
        #expect(promoting.texts("steps", "tone") == ["good", "good", "info", "", ""])
        #expect(
            promoting.texts("steps", "share") == ["0", "0", "25", "0", "0"] && promoting.texts("steps", "text")[2] == "30 of 120 texts")
        #expect(promoting.context["is_promoting"] == .bool(true) && promoting.context["promotion_id"] == .string("t"))
        let atGate = try content(draft("promoting"), task: running.replacing("30", with: "120"))
        #expect(try built(atGate).texts("steps", "is_current") == ["false", "false", "false", "true", "false"])
        let done = try content(draft("promoted", revision: "42"), settings: #"{"required_approvals": 0, "gate": null}"#)
        #expect(
            try steps(done) == [
                "good 2 entries", "good no approval needed", "good chunks and vectors", "good none is set", "good revision 42",
            ])
        let discarded = try built(content(draft("discarded")))
        #expect(discarded.texts("steps", "tone") == ["", "", "", "", ""] && discarded.texts("steps", "text").last == "discarded")
    }

    @Test("why a gate said no is said as long as nothing was changed, with its run")
    func refusal() throws {
        let failed =
            #"{"id": "t", "state": "failed", "progress": {"done": 1, "total": 1}, "error": {"message": "3 cases fail", "run_id": "r"}}"#
        let approved = try built(content(draft("approved"), task: failed))
        #expect(approved.context["refusal"] == .string("3 cases fail.") && approved.texts("steps", "url")[3] == "/projects/p/runs/r")
        let open = try built(content(draft("open"), task: failed))
        #expect(open.context["has_refusal"] == .bool(false) && open.context["refusal"] == .string(""))
    }

    @Test("reviews count for the version that they are of")
    func reviews() throws {
        let reviews = #"""
            [{"draft_version": 4, "user_id": "g", "reviewer": "Grace", "decision": "approve", "comment": "",
              "created_at": "2026-11-21T09:45:00Z"},
             {"draft_version": 3, "user_id": "e", "reviewer": "Edsger", "decision": "approve", "comment": "",
              "created_at": "2026-11-21T09:40:00Z"},
             {"draft_version": 3, "user_id": "g", "reviewer": "Grace", "decision": "request_changes", "comment": "No.",
              "created_at": "2026-11-21T09:30:00Z"}]
            """#
        let built = try built(content(draft("in_review", reviews: reviews)))
        #expect(built.context["approvals_text"] == .string("1 of 2 approvals"))
        #expect(built.texts("reviews", "is_stale") == ["false", "true", "true"])
        #expect(built.texts("reviews", "decision_text") == ["approved", "approved", "asked for changes"])
    }

    @Test("a difference has the lines of both sides, whatever they begin with, and no sign before them")
    func difference() throws {
        let context = EntryDifference.context(try Hostile.json(Self.difference))
        let lines = context["lines"].arrayValue ?? []
        #expect(lines.map { $0.text("class") } == ["place", "same", "removed", "added", "added", "place"])
        #expect(
            lines.map { $0.text("text") } == ["@@ -1,3 +1,3 @@", "one", "-- two", "-- three", "\u{301}x", "\\ No newline at end of file"])
        #expect(context["fields"].arrayValue?.map { [$0.text("old"), $0.text("new")] } == [["[\"billing\"]", ""]])
        let removed = EntryDifference.context(
            try Hostile.json(#"{"key": "k", "change": "removed", "before": {"title": "Was"}, "after": null, "fields": [], "text": ""}"#))
        #expect(removed["title"] == .string("Was") && removed["tone"] == .string("bad") && removed["lines"] == .array([]))
    }

    @Test("drafts are listed with their state; names and comments of others stay text")
    func listAndHostileTexts() throws {
        let shown = try draft("in_review"), list = BuiltContext { DraftsContent.set([shown], project: "/projects/p", in: &$0) }
        #expect(
            try list.faults("drafts", besides: BuiltContext.knowledge.union(BuiltContext.pager).union(["ended_url", "ended_text"])) == [])
        #expect(
            list.texts("rows", "url") == ["/projects/p/knowledge/drafts/refund%20window"]
                && list.texts("rows", "state_text") == ["in review"])
        let review =
            #"[{"draft_version": 4, "reviewer": "g", "decision": "approve", "comment": "c", "created_at": "2026-11-21T09:45:00Z"}]"#
        let kept: Set<String> = ["state", "change", "decision", "created_at", "updated_at"]
        let draft = Hostile.replacing(try draft("approved", reviews: review), besides: kept)
        let difference = Hostile.replacing(try Hostile.json(Self.difference), besides: kept)
        let content = try content(
            draft,
            task: "{\"error\": {\"message\": \(String(decoding: JSONValue.string(Hostile.text).bytes, as: UTF8.self)), \"run_id\": \"r\"}}")
        let page = BuiltContext {
            content.set(in: &$0)
            content.set(changes: [difference], selected: Hostile.text, difference: difference, in: &$0)
        }
        Hostile.check(try page.page("draft"), "draft")
        Hostile.check(try BuiltContext { DraftsContent.set([draft], project: "/projects/p", in: &$0) }.page("drafts"), "drafts")
    }
}

/// `/projects/{project_id}/knowledge/drafts` and one draft: what it changes, who has said what of it, and how far its promotion is.

import ByteCoding
import HTTPServer
import HTTPTypes

struct DraftHandlers: Sendable {
    func routes(_ pages: PageRoutes) -> [Route] {
        let root = "/projects/{project_id}/knowledge/drafts"
        return [
            pages.page("getKnowledgeDraftsPage", root, handler: getDraftsPage),
            pages.page("getKnowledgeDraftPage", root + "/{name}", handler: getDraftPage),
        ]
    }

    func getDraftsPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let tabs = try await KnowledgeTabs.load(visit, frame), showsEnded = visit["ended"] == "true"
        let ended = showsEnded ? [("include_ended", "true")] : []
        let answer = try await visit.api.get("/api/v1/kb/drafts", Pager.parameters(visit, limit: 100) + ended), rows = answer.list("data")
        let context = PageContext.make { context in
            context.set("title", "Drafts")
            context.set("page_url", visit.url)
            tabs.set(.drafts, in: &context)
            context.set("ended_url", visit.url(setting: [("ended", showsEnded ? nil : "true"), ("cursor", nil)]))
            context.set("ended_text", showsEnded ? "Only those under way" : "Also ended ones")
            context.set("has_rows", !rows.isEmpty)
            context.set(
                "rows",
                rows.map { draft in
                    let (text, tone) = KnowledgeTabs.draftState(draft.text("state"))
                    return .make {
                        $0.set("url", "\(tabs.project)/knowledge/drafts/\(URLText.encoded(draft.text("name")))")
                        $0.set("name", draft.text("name"))
                        $0.set("description", draft.text("description"))
                        $0.set("state_text", text)
                        $0.set("tone", tone)
                        $0.set("created_by", draft.text("created_by"))
                        $0.set("base_revision", draft.integer("base_revision") ?? 0)
                        $0.set("updated_time", draft.text("updated_at"))
                        $0.set("updated_text", Times.text(draft.text("updated_at")))
                    }
                })
            Pager.set(
                in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: Figures.counted(Int64(rows.count), "draft", "drafts"))
        }
        return .page(Page(name: "drafts", context: context))
    }

    func getDraftPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let name = visit.path("name"), path = "/api/v1/kb/drafts/" + URLText.encoded(name), project = frame.project?.url ?? ""
        let draft = try await visit.api.get(path)
        let active = try await visit.api.get("/api/v1/kb/active"), settings = try await visit.api.get("/api/v1/kb/settings")
        let changes = try await visit.api.get(path + "/diff", [("limit", "200")]).list("data")
        let key = visit["key"] ?? changes.first?.text("key")
        var difference: JSONValue?
        if let key { difference = try await visit.api.find("\(path)/diff/\(URLText.encoded(key))") }
        var task: JSONValue?
        if let id = draft["promotion_id"]?.stringValue { task = try await visit.api.find("/api/v1/tasks/" + id) }
        let steps = DraftSteps(draft: draft, settings: settings, task: task, revision: active.integer("revision") ?? 0, project: project)
        let state = draft.text("state"), (text, tone) = KnowledgeTabs.draftState(state)
        let own = "\(project)/knowledge/drafts/\(URLText.encoded(name))", mayWrite = frame.may(.member)
        let baseMoved = draft.integer("base_revision") != active.integer("revision")
        let context = PageContext.make { context in
            context.set("title", name)
            context.set("page_url", visit.url)
            context.set("name", name)
            context.set("draft_path", URLText.encoded(name))
            context.set("description", draft.text("description"))
            context.set("state_text", text)
            context.set("state_tone", tone)
            context.set("version", draft.integer("version") ?? 0)
            context.set("base_revision", draft.integer("base_revision") ?? 0)
            context.set("active_revision", active.integer("revision") ?? 0)
            context.set("base_moved", baseMoved && !["promoted", "discarded"].contains(state))
            context.set("is_promoting", state == "promoting")
            context.set("promotion_id", state == "promoting" ? draft.text("promotion_id") : "")
            let refusal = state == "approved" ? task?["error"]?["message"]?.stringValue ?? task?.text("error") ?? "" : ""
            context.set("has_refusal", !refusal.isEmpty)
            context.set("refusal", refusal.isEmpty ? "" : Sentence.text(refusal))
            context.set("can_edit", mayWrite && state == "open")
            context.set("can_edit_entry", mayWrite && state == "open" && key != nil)
            context.set("edit_url", key.map { URLText.url("\(project)/knowledge/entries/\(URLText.encoded($0))", [("draft", name)]) } ?? "")
            context.set("can_discard", mayWrite && ["open", "in_review", "approved"].contains(state))
            context.set("can_withdraw", mayWrite && ["in_review", "approved"].contains(state))
            context.set("can_rebase", mayWrite && baseMoved && ["open", "in_review", "approved"].contains(state))
            context.set("can_submit", mayWrite && state == "open" && !changes.isEmpty)
            context.set("can_promote_now", frame.may(.admin) && state == "approved")
            context.set("can_review_now", mayWrite && state == "in_review")
            context.set("steps", steps.contexts)
            for name in ["added", "changed", "removed"] { context.set(name, draft["changes"]?.integer(name) ?? 0) }
            context.set("has_changes", !changes.isEmpty)
            context.set(
                "changes",
                changes.map { change in
                    KnowledgeTabs.change(
                        change, url: URLText.url(own, [("key", change.text("key"))]), isSelected: change.text("key") == key)
                })
            context.set("has_difference", difference != nil)
            context.set("difference", difference.map { Self.difference($0) } ?? PageContext())
            setReviews(draft, settings, in: &context)
        }
        return .page(Page(name: "draft", context: context, fragments: ["draft_steps"]))
    }

    private func setReviews(_ draft: JSONValue, _ settings: JSONValue, in context: inout PageContext) {
        let reviews = draft.list("reviews"), version = draft.integer("version")
        let approvals = Int64(reviews.count { $0.text("decision") == "approve" && $0.integer("draft_version") == version })
        context.set(
            "approvals_text", "\(approvals) of \(Figures.counted(settings.integer("required_approvals") ?? 0, "approval", "approvals"))")
        context.set("has_reviews", !reviews.isEmpty)
        context.set(
            "reviews",
            reviews.map { review in
                let isApproval = review.text("decision") == "approve"
                return .make {
                    $0.set("tone", isApproval ? "good" : "warn")
                    $0.set("decision_text", isApproval ? "approved" : "asked for changes")
                    $0.set("reviewer", review.text("reviewer"))
                    $0.set("comment", review.text("comment"))
                    $0.set("version", review.integer("draft_version") ?? 0)
                    $0.set("is_stale", review.integer("draft_version") != version)
                    $0.set("time", review.text("created_at"))
                    $0.set("time_text", Times.text(review.text("created_at")))
                }
            })
    }

    /// How an entry changes, from the API's unified difference.
    static func difference(_ difference: JSONValue) -> PageContext {
        let side = difference["after"].flatMap { $0.isNull ? nil : $0 } ?? difference["before"] ?? .null
        let fields = difference.list("fields")
        return .make { context in
            context.set("title", side.text("title").isEmpty ? difference.text("key") : side.text("title"))
            context.set("key", difference.text("key"))
            context.set("tone", KnowledgeTabs.tone(ofChange: difference.text("change")))
            context.set("change_text", difference.text("change"))
            context.set("has_fields", !fields.isEmpty)
            context.set(
                "fields",
                fields.map { field in
                    .make {
                        $0.set("path", field.text("path"))
                        $0.set("old", field["old"].map { $0.isNull ? "" : SpanTexts.text($0) })
                        $0.set("new", field["new"].map { $0.isNull ? "" : SpanTexts.text($0) })
                    }
                })
            let lines = difference.text("text").split(separator: "\n", omittingEmptySubsequences: false)
            context.set("lines", lines.filter { !$0.hasPrefix("--- ") && !$0.hasPrefix("+++ ") }.map(line))
        }
    }

    private static func line(_ line: Substring) -> PageContext {
        let kind =
            switch line.first {
            case "@": "place"
            case "+": "added"
            case "-": "removed"
            default: "same"
            }
        return .make {
            $0.set("class", kind)
            $0.set("text", kind == "place" ? String(line) : String(line.dropFirst()))
        }
    }
}

/// Edit, Review, Build, Gate, Active: how far a draft is.
struct DraftSteps: Sendable {
    let draft: JSONValue
    let settings: JSONValue
    /// Of its promotion.
    let task: JSONValue?
    let revision: Int64
    let project: String

    var contexts: [PageContext] {
        let state = draft.text("state"), changes = draft["changes"] ?? .null
        let count = ["added", "changed", "removed"].reduce(Int64(0)) { $0 + (changes.integer($1) ?? 0) }
        let required = settings.integer("required_approvals") ?? 0, gate = settings["gate"] ?? .null
        let approvals = Int64(
            draft.list("reviews").count { $0.text("decision") == "approve" && $0.integer("draft_version") == draft.integer("version") })
        let order = ["open": 0, "in_review": 1, "approved": 2, "promoting": 2, "promoted": 5][state] ?? 0
        let progress = task?["progress"] ?? .null, phase = progress.text("phase")
        let current = state == "promoting" && phase == "gate" ? 3 : state == "promoting" && phase == "publish" ? 4 : order
        let run = progress["run_id"]?.stringValue ?? task?["result"]?["run_id"]?.stringValue
        let texts = [
            Figures.counted(count, "entry", "entries"),
            state == "open"
                ? Figures.counted(required, "approval", "approvals")
                : "\(approvals) of \(Figures.counted(required, "approval", "approvals"))",
            "chunks and vectors", gate.isNull ? "none is set" : "suite \(gate["suite"]?.stringValue ?? "")",
            state == "promoted" ? "revision \(draft.integer("promoted_revision") ?? 0)" : "becomes revision \(revision + 1)",
        ]
        return ["Edit", "Review", "Build", "Gate", "Active"].enumerated().map { index, name in
            .make {
                $0.set("name", name)
                $0.set("text", texts[index])
                let isCurrent = index == current && !["promoted", "discarded"].contains(state) && (state != "approved" || index == 2)
                $0.set("tone", index < current ? "good" : isCurrent && state != "approved" ? "info" : "")
                $0.set("is_current", isCurrent)
                $0.set("has_meter", false)
                $0.set("share", 0)
                $0.set("has_url", index == 3 && run != nil)
                $0.set("url", index == 3 ? run.map { "\(project)/runs/\($0)" } : "")
                $0.set("link_text", index == 3 && run != nil ? "Watch the run" : "")
            }
        }
    }
}

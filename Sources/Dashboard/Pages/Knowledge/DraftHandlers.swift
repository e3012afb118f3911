/// `/projects/{project_id}/knowledge/drafts` and one draft: what it changes, who has said what of it, and how far its promotion is.

import Access
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
        let parameters = Pager.parameters(visit) + (showsEnded ? [("include_ended", "true")] : [])
        let answer = try await visit.api.get("/api/v1/kb/drafts", parameters), rows = answer.list("data")
        let context = PageContext.make { context in
            context.set("title", "Drafts")
            context.set("page_url", visit.url)
            tabs.set(.drafts, in: &context)
            context.set("ended_url", visit.url(setting: [("ended", showsEnded ? nil : "true"), ("cursor", nil)]))
            context.set("ended_text", showsEnded ? "Only those under way" : "Also ended ones")
            DraftsContent.set(rows, project: tabs.project, in: &context)
            Pager.set(in: &context, visit, next: answer["next_cursor"]?.stringValue, shown: .init(rows.count, "draft", "drafts"))
        }
        return .page(Page(name: "drafts", context: context))
    }

    func getDraftPage(_ visit: PageVisit, _ frame: PageFrame) async throws -> PageAnswer {
        let name = visit.path("name"), path = "/api/v1/kb/drafts/" + URLText.encoded(name)
        let draft = try await visit.api.get(path)
        let active = try await visit.api.get("/api/v1/kb/active"), settings = try await visit.api.get("/api/v1/kb/settings")
        let changes = try await visit.api.all(path + "/diff")
        let key = visit["key"] ?? changes.first?.text("key")
        var difference: JSONValue?, task: JSONValue?
        if let key { difference = try await visit.api.find("\(path)/diff/\(URLText.encoded(key))") }
        if let id = draft["promotion_id"]?.stringValue { task = try await visit.api.find("/api/v1/tasks/" + id) }
        let content = DraftContent(
            draft: draft, settings: settings, task: task, active: active.integer("revision") ?? 0, mayWrite: frame.may(.writeKnowledge),
            mayReview: frame.may(.reviewKnowledge), mayPromote: frame.may(.promoteKnowledge), project: frame.project?.url ?? "")
        let context = PageContext.make { context in
            context.set("page_url", visit.url)
            content.set(in: &context)
            content.set(changes: changes, selected: key, difference: difference, in: &context)
        }
        return .page(Page(name: "draft", context: context, fragments: ["draft_steps"]))
    }
}

enum DraftsContent {
    static func set(_ drafts: [JSONValue], project: String, in context: inout PageContext) {
        context.set("has_rows", !drafts.isEmpty)
        context.set(
            "rows",
            drafts.map { draft in
                let (text, tone) = KnowledgeTabs.draftState(draft.text("state"))
                return .make {
                    $0.set("url", "\(project)/knowledge/drafts/\(URLText.encoded(draft.text("name")))")
                    $0.set("name", draft.text("name"))
                    $0.set("description", draft.text("description"))
                    $0.set("state_text", text)
                    $0.set("tone", tone)
                    $0.set("created_by", draft.text("created_by"))
                    $0.set("base_revision", draft.integer("base_revision") ?? 0)
                    $0.setTime("updated", draft.text("updated_at"))
                }
            })
    }
}

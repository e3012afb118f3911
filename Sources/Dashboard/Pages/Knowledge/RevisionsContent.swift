/// Revisions of a knowledge base, the newest first, one of them with what it changed.

import ByteCoding

struct RevisionsContent: Sendable {
    /// A revision against the one before it.
    struct Comparison: Sendable {
        let revision: Int64
        let changes: [JSONValue]
    }

    /// The number of the active one.
    let active: Int64
    let compared: Comparison?
    let mayPromote: Bool
    let project: String

    func set(_ revisions: [JSONValue], in context: inout PageContext, comparisonURL: (_ revision: Int64) -> String) {
        context.set("has_rows", !revisions.isEmpty)
        context.set("rows", revisions.map { row($0, comparisonURL) })
    }

    private func row(_ revision: JSONValue, _ comparisonURL: (Int64) -> String) -> PageContext {
        let number = revision.integer("revision") ?? 0, draft = revision.text("draft_name")
        let changes = number == compared?.revision ? compared?.changes ?? [] : []
        let shown = changes.map { change in
            let url = "\(project)/knowledge/entries/\(URLText.encoded(change.text("key")))"
            return KnowledgeTabs.change(change, url: url, isSelected: false)
        }
        return .make {
            $0.set("number", number)
            $0.set("is_active", number == active)
            $0.set("is_restored", revision.has("restored_revision"))
            $0.set("restored_revision", revision.integer("restored_revision") ?? 0)
            $0.set("message", revision.text("message"))
            $0.set("has_draft", !draft.isEmpty)
            $0.set("draft_name", draft)
            $0.set("draft_url", draft.isEmpty ? "" : "\(project)/knowledge/drafts/\(URLText.encoded(draft))")
            $0.set("promoted_by", revision.text("promoted_by"))
            $0.setTime("promoted", revision.text("promoted_at"))
            $0.set("entry_count_text", Figures.count(revision.integer("entry_count") ?? 0))
            $0.set("diff_url", comparisonURL(number))
            $0.set("can_restore", mayPromote && number != active)
            $0.set("has_changes", !shown.isEmpty)
            $0.set("changes", shown)
        }
    }
}

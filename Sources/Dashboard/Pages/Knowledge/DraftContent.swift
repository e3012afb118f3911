/// One draft: its state and what may be done with it, its changes, and what reviewers said.

import ByteCoding

struct DraftContent: Sendable {
    let draft: JSONValue
    /// The knowledge base's: approvals, gate.
    let settings: JSONValue
    /// Of its promotion.
    let task: JSONValue?
    /// The active revision.
    let active: Int64
    let mayWrite: Bool
    let mayReview: Bool
    let mayPromote: Bool
    let project: String

    private var name: String { draft.text("name") }
    private var state: String { draft.text("state") }
    private var url: String { "\(project)/knowledge/drafts/\(URLText.encoded(name))" }
    /// Neither promoted, nor about to be, nor discarded.
    private var isUnderWay: Bool { ["open", "in_review", "approved"].contains(state) }
    private var isBehind: Bool { draft.integer("base_revision") != active }

    func set(in context: inout PageContext) {
        let (text, tone) = KnowledgeTabs.draftState(state)
        context.set("title", name)
        context.set("name", name)
        context.set("draft_path", URLText.encoded(name))
        context.set("description", draft.text("description"))
        context.set("state_text", text)
        context.set("state_tone", tone)
        context.set("version", draft.integer("version") ?? 0)
        context.set("base_revision", draft.integer("base_revision") ?? 0)
        context.set("active_revision", active)
        context.set("base_moved", isBehind && isUnderWay)
        context.set("is_promoting", state == "promoting")
        context.set("promotion_id", state == "promoting" ? draft.text("promotion_id") : "")
        // Of the last attempt: it says nothing of a draft that was changed since.
        let error = state == "approved" ? task?["error"] ?? .null : .null
        let refusal = error["message"]?.stringValue ?? error.stringValue ?? ""
        context.set("has_refusal", !refusal.isEmpty)
        context.set("refusal", Sentence.text(refusal))
        context.set("can_discard", mayWrite && isUnderWay)
        context.set("can_withdraw", mayWrite && ["in_review", "approved"].contains(state))
        context.set("can_rebase", mayWrite && isBehind && isUnderWay)
        context.set("can_promote_now", mayPromote && state == "approved" && !isBehind)
        context.set("can_review_now", mayReview && state == "in_review")
        context.set("steps", DraftSteps(draft: draft, settings: settings, task: task, active: active, project: project).contexts)
        setReviews(in: &context)
    }

    /// `difference`: of the selected entry.
    func set(changes: [JSONValue], selected key: String?, difference: JSONValue?, in context: inout PageContext) {
        let canEdit = mayWrite && state == "open"
        context.set("can_edit", canEdit)
        context.set("can_edit_entry", canEdit && key != nil)
        context.set("edit_url", key.map { URLText.url("\(project)/knowledge/entries/\(URLText.encoded($0))", [("draft", name)]) })
        context.set("can_submit", canEdit && !changes.isEmpty)
        for kind in ["added", "changed", "removed"] { context.set(kind, draft["changes"]?.integer(kind) ?? 0) }
        context.set("has_changes", !changes.isEmpty)
        context.set(
            "changes",
            changes.map { change in
                let key = change.text("key"), isSelected = key == difference?.text("key")
                return KnowledgeTabs.change(change, url: URLText.url(url, [("key", key)]), isSelected: isSelected)
            })
        context.set("has_difference", difference != nil)
        context.set("difference", difference.map { EntryDifference.context($0) } ?? PageContext())
    }

    private func setReviews(in context: inout PageContext) {
        let reviews = draft.list("reviews"), version = draft.integer("version")
        context.set("approvals_text", DraftSteps.approvals(draft, settings))
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
}

/// How an entry changes: its fields, and the lines of its text from the API's unified difference.
enum EntryDifference {
    static func context(_ difference: JSONValue) -> PageContext {
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
                        $0.set("old", field.has("old") ? field["old"].map { SpanTexts.text($0) } : "")
                        $0.set("new", field.has("new") ? field["new"].map { SpanTexts.text($0) } : "")
                    }
                })
            context.set("lines", lines(difference.text("text")))
        }
    }

    /// Without the two lines at the head, which name the sides.
    private static func lines(_ text: String) -> [PageContext] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if lines.first?.hasPrefix("--- ") == true { lines.removeFirst() }
        if lines.first?.hasPrefix("+++ ") == true { lines.removeFirst() }
        return lines.map { line in
            let kind =
                switch line.utf8.first {
                // `\ No newline at end of file` is no line of either side.
                case UInt8(ascii: "@"), UInt8(ascii: "\\"): "place"
                case UInt8(ascii: "+"): "added"
                case UInt8(ascii: "-"): "removed"
                default: "same"
                }
            return .make {
                $0.set("class", kind)
                // By scalars: a sign and a combining mark behind it are one character.
                $0.set("text", kind == "place" ? String(line) : String(String.UnicodeScalarView(line.unicodeScalars.dropFirst())))
            }
        }
    }
}

/// Entries of a knowledge base, and one entry: what it says, or the form that changes it in a draft, and how it came to be so.

import ByteCoding

enum EntryKind {
    static let choices = [("", "All"), ("article", "Articles"), ("operation", "Operations"), ("table", "Tables")]
}

enum EntriesContent {
    /// `isFiltered`: an empty list says that nothing matches.
    static func set(_ entries: [JSONValue], isFiltered: Bool, project: String, in context: inout PageContext) {
        context.set("has_rows", !entries.isEmpty)
        context.set(
            "rows",
            entries.map { entry in
                .make {
                    $0.set("key", entry.text("key"))
                    $0.set("url", "\(project)/knowledge/entries/\(URLText.encoded(entry.text("key")))")
                    $0.set("title", entry.text("title"))
                    $0.set("kind", entry.text("kind"))
                    $0.set("tags", PageContext.names(entry.texts("tags")))
                    $0.set("author", entry.text("author"))
                    $0.set("introduced_in", entry.integer("introduced_in"))
                }
            })
        context.set("empty_title", isFiltered ? "No entry matches" : "No entries yet")
        context.set(
            "empty_text",
            isFiltered
                ? "Keys are compared from their beginning, with upper and lower case."
                : "Begin a draft, add what your agents should know, have it reviewed, promote it.")
    }
}

struct EntryContent: Sendable {
    let key: String
    /// Of the draft, else as it is active, else as it was last.
    let entry: JSONValue
    let isActive: Bool
    /// The draft that it is edited in; empty for none.
    let draft: String
    let isInDraft: Bool
    let project: String

    private var path: String { "\(project)/knowledge/entries/\(URLText.encoded(key))" }

    func set(drafts: [JSONValue], history: [JSONValue], in context: inout PageContext) {
        let tags = entry.texts("tags"), trace = entry["source"]?.text("trace_id") ?? ""
        context.set("title", entry.text("title"))
        context.set("key", key)
        context.set("key_path", URLText.encoded(key))
        context.set("entry_url", path)
        context.set("entry_title", entry.text("title"))
        context.set("kind", entry.text("kind"))
        context.set("tags", PageContext.names(tags))
        context.set("tags_text", tags.joined(separator: ", "))
        context.set("is_removed", !isActive && !isInDraft)
        setDraft(drafts, in: &context)
        setContent(in: &context)
        context.set("author", entry.text("author"))
        // As a draft has it, it is in no revision yet.
        let revision = entry.integer("introduced_in") ?? history.first?.integer("revision")
        context.set("introduced_in", revision.map { String($0) } ?? "–")
        context.set("has_source", !trace.isEmpty)
        let span = entry["source"]?.text("span_id") ?? ""
        context.set("source_url", trace.isEmpty ? "" : URLText.url("\(project)/traces/\(trace)", span.isEmpty ? [] : [("span", span)]))
        context.set("hash", entry.text("hash"))
        context.set("history", history.map(event))
    }

    private func setDraft(_ drafts: [JSONValue], in context: inout PageContext) {
        let open = drafts.filter { $0.text("state") == "open" }.map { $0.text("name") }
        context.set(
            "open_drafts",
            open.map { name in
                .make {
                    $0.set("name", name)
                    $0.set("url", URLText.url(path, [("draft", name)]))
                    $0.set("is_current", name == draft)
                }
            })
        context.set("has_open_drafts", !open.isEmpty)
        context.set("has_draft", !draft.isEmpty)
        context.set("draft_name", draft)
        context.set("draft_path", URLText.encoded(draft))
        context.set("draft_url", draft.isEmpty ? "" : "\(project)/knowledge/drafts/\(URLText.encoded(draft))")
        // What the draft has not is put as new.
        context.set("etag", isInDraft ? "\"\(entry.text("hash"))\"" : "")
        context.set("can_remove", isInDraft)
    }

    private func setContent(in context: inout PageContext) {
        // The API's `content` is the entry's whole document: the text itself is a member of it.
        let content = entry["content"]?["content"] ?? .null, isArticle = entry.text("kind") == "article"
        let markdown = content.text("markdown"), json = isArticle ? "" : JSONLayout.text(content)
        context.set("is_article", isArticle)
        context.set("markdown", markdown)
        context.set("content_json", json)
        var shown = SpanTexts.content(isArticle ? markdown : json, isJSON: !isArticle)
        if isArticle { shown.set("format", "markdown") }
        context.set("content", shown)
    }

    private func event(_ event: JSONValue) -> PageContext {
        let revision = event.integer("revision") ?? 0, restored = event.integer("restored_revision"), draft = event.text("draft_name")
        return .make {
            $0.set("revision", revision)
            $0.set("url", "\(project)/knowledge/revisions?diff=\(revision)")
            $0.set("tone", KnowledgeTabs.tone(ofChange: event.text("change")))
            $0.set("change_text", event.text("change"))
            $0.set("author", event.text("author"))
            $0.set("message", event.text("message").isEmpty ? restored.map { "back to revision \($0)" } : event.text("message"))
            $0.set("has_draft_name", !draft.isEmpty)
            $0.set("draft_name", draft)
            $0.set("time", event.text("promoted_at"))
            $0.set("time_text", Times.text(event.text("promoted_at")))
        }
    }
}

/// What the pages of the knowledge base have in common: its tabs, and changes in a word.

import ByteCoding
import HTTPServer

struct KnowledgeTabs: Sendable {
    enum Tab: String, CaseIterable, Sendable {
        case entries = "Entries"
        case drafts = "Drafts"
        case revisions = "Revisions"
        case search = "Try retrieval"

        var path: String {
            switch self {
            case .entries: "/knowledge"
            case .drafts: "/knowledge/drafts"
            case .revisions: "/knowledge/revisions"
            case .search: "/knowledge/search"
            }
        }
    }

    let project: String
    /// What is active.
    let active: JSONValue
    /// Names of the drafts under way.
    let openDrafts: [String]

    static func load(_ visit: PageVisit, _ frame: PageFrame) async throws(Problem) -> KnowledgeTabs {
        let active = try await visit.api.get("/api/v1/kb/active"), drafts = try await visit.api.all("/api/v1/kb/drafts")
        let open = drafts.filter { !["promoted", "discarded"].contains($0.text("state")) }.map { $0.text("name") }
        return KnowledgeTabs(project: frame.project?.url ?? "", active: active, openDrafts: open)
    }

    var revision: Int64 { active.integer("revision") ?? 0 }

    func set(_ current: Tab, in context: inout PageContext) {
        let counts: [Tab: Int64] = [.entries: active.integer("entry_count") ?? 0, .drafts: Int64(openDrafts.count), .revisions: revision]
        context.set(
            "knowledge_tabs",
            Tab.allCases.map { tab in
                .make {
                    $0.set("name", tab.rawValue)
                    $0.set("url", project + tab.path)
                    $0.set("is_current", tab == current)
                    $0.set("has_count", counts[tab] != nil)
                    $0.set("count_text", counts[tab].map { Figures.count($0) })
                }
            })
    }

    static func tone(ofChange change: String) -> String {
        switch change {
        case "added": "good"
        case "removed": "bad"
        default: "warn"
        }
    }

    /// A change of an entry, with the page that shows its difference.
    static func change(_ change: JSONValue, url: String, isSelected: Bool) -> PageContext {
        let side = change["after"].flatMap { $0.isNull ? nil : $0 } ?? change["before"] ?? .null
        return .make {
            $0.set("key", change.text("key"))
            $0.set("title", side.text("title").isEmpty ? change.text("key") : side.text("title"))
            $0.set("url", url)
            $0.set("is_selected", isSelected)
            $0.set("tone", tone(ofChange: change.text("change")))
            $0.set("change_text", change.text("change"))
        }
    }

    static func draftState(_ state: String) -> (text: String, tone: String) {
        switch state {
        case "in_review": ("in review", "info")
        case "approved": ("approved", "good")
        case "promoting": ("promoting", "info")
        case "promoted": ("promoted", "good")
        case "discarded": ("discarded", "faint")
        default: (state, "")
        }
    }
}

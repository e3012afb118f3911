/// The audit log: which part of it is shown, and its entries.

import ByteCoding
import TraceQuery

/// As the page's address has it: `action`, `from` and `to`, and the API's own `user_id`, `api_key_id`, `resource_kind`, `resource_id`.
struct AuditFilter: Sendable {
    let action: String
    let from: String
    /// For the API.
    let parameters: [(String, String)]

    init(_ visit: PageVisit, now: Int64) {
        action = visit["action"] ?? ""
        from = visit["from"] ?? ""
        var parameters = visit.items(["action", "user_id", "api_key_id", "resource_kind", "resource_id"])
        for (own, theirs) in [("from", "since"), ("to", "until")] {
            guard let text = visit[own], !text.isEmpty else { continue }
            // What is no distance goes as it is: the API says what is wrong with it.
            parameters.append((theirs, TimeRange.time(text, now: now).map { TimeText.rfc3339($0) } ?? text))
        }
        self.parameters = parameters
    }

    func set(in context: inout PageContext, _ visit: PageVisit, project: String) {
        context.set("list_path", visit.pagePath)
        context.set("action", action)
        context.set("from", from)
        context.set("export_url", URLText.url(project + "/api/v1/audit/export", parameters))
    }
}

enum AuditContent {
    static func set(_ entries: [JSONValue], in context: inout PageContext) {
        context.set("has_rows", !entries.isEmpty)
        context.set("rows", entries.map(row))
    }

    private static func row(_ entry: JSONValue) -> PageContext {
        let time = Int64(entry.text("time_unix_nano")).map { TimeText.rfc3339($0) } ?? "", change = change(entry)
        let kind = entry.text("caller_kind").replacing("_", with: " "), name = entry.text("caller_name")
        return .make {
            $0.set("time", time)
            $0.set("time_text", Times.text(time))
            $0.set("caller_name", name.isEmpty ? kind : name)
            $0.set("caller_kind", kind)
            $0.set("action", entry.text("action"))
            $0.set("is_refused", entry.text("outcome") == "refused")
            $0.set("resource_kind", entry.text("resource_kind").replacing("_", with: " "))
            $0.set("resource_id", entry.text("resource_id"))
            $0.set("address", entry.text("address"))
            $0.set("has_change", !change.isEmpty)
            $0.set("change_text", change)
        }
    }

    /// What was before, and what is after; empty where neither is told.
    private static func change(_ entry: JSONValue) -> String {
        let sides = ["before", "after"].compactMap { side in
            entry[side].flatMap { $0.isNull ? nil : "\(side)\n\(JSONLayout.text($0))" }
        }
        return sides.joined(separator: "\n\n")
    }
}

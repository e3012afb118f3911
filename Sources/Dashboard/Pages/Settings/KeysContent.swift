/// Keys of a project, and where exporters that have one send to. A key's secret is in no answer but the one that made it.

import ByteCoding
import TraceQuery

struct KeysContent: Sendable {
    /// Where spans are sent.
    let endpoint: String
    let mayChange: Bool
    /// Unix nanoseconds.
    let now: Int64
    /// Other projects that a new key may be let choose, each whose keys the user manages.
    var choosable: [PageFrame.Project] = []

    /// A key that ends sooner is marked.
    private static let warnedDayCount: Int64 = 30
    private static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    func set(_ keys: [JSONValue], in context: inout PageContext) {
        context.set("endpoint", endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint)
        context.set("api_key_shown", "YOUR_API_KEY")
        context.set("has_keys", !keys.isEmpty)
        context.set("has_choosable_projects", !choosable.isEmpty)
        context.set(
            "choosable_projects",
            choosable.map { project in
                .make {
                    $0.set("id", project.id)
                    $0.set("name", project.name)
                }
            })
        // Those that work stand before those that do not any more.
        let all = keys.map { ($0, state(of: $0)) }
        context.set("keys", (all.filter(\.1.works) + all.filter { !$0.1.works }).map { key($0, $1) })
    }

    private struct State {
        let text: String
        let tone: String
        let works: Bool
    }

    private func state(of key: JSONValue) -> State {
        if key.has("revoked_at") { return State(text: "revoked", tone: "faint", works: false) }
        guard let end = TimeText.unixNano(key.text("expires_at")) else {
            return State(text: key.has("replaced_by") ? "replaced" : "works", tone: key.has("replaced_by") ? "warn" : "good", works: true)
        }
        guard end > now else { return State(text: "expired", tone: "faint", works: false) }
        let days = (end - now) / Self.nanosecondsPerDay
        let left = days == 0 ? "ends within a day" : "ends in " + Figures.counted(days, "day", "days")
        return State(
            text: key.has("replaced_by") ? "replaced, " + left : left, tone: days < Self.warnedDayCount ? "warn" : "good", works: true)
    }

    private func key(_ key: JSONValue, _ state: State) -> PageContext {
        let used = key.text("last_used_at"), creator = key["created_by"] ?? .null
        return .make {
            $0.set("id", key.text("id"))
            $0.set("name", key.text("name"))
            $0.set("prefix", key.text("prefix"))
            $0.set("scopes", PageContext.names(key.texts("scopes")))
            let further = key.list("further_projects").map { $0.text("name") }
            $0.set("has_further_projects", !further.isEmpty)
            $0.set("further_projects", PageContext.names(further))
            $0.set("has_last_used", !used.isEmpty)
            $0.setTime("last_used", used)
            $0.set("state_text", state.text)
            $0.set("tone", state.tone)
            $0.set("created_by", creator.isNull ? "" : creator["name"]?.stringValue ?? creator.text("kind").replacing("_", with: " "))
            $0.set("can_change", mayChange && state.works)
        }
    }
}

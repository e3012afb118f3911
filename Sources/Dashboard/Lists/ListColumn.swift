/// A column of a list, and the columns that lists of traces, sessions and users have.

struct ListColumn: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case name, time, duration, count, cost, text
        /// To the project's page of this folder.
        case link(String)
    }

    /// As the API's answer calls it.
    let name: String
    let label: String
    let kind: Kind
    var isSortable = false
    var isShownAtFirst = true

    var isNumeric: Bool { [.duration, .count, .cost].contains(kind) }

    static let ofTraces = [
        ListColumn(name: "name", label: "Name", kind: .name),
        ListColumn(name: "start_time", label: "Began", kind: .time, isSortable: true),
        ListColumn(name: "duration_ms", label: "Duration", kind: .duration, isSortable: true),
        ListColumn(name: "span_count", label: "Spans", kind: .count, isSortable: true),
        ListColumn(name: "error_count", label: "Errors", kind: .count, isSortable: true),
        ListColumn(name: "total_tokens", label: "Tokens", kind: .count, isSortable: true),
        ListColumn(name: "cost", label: "Cost", kind: .cost, isSortable: true),
        ListColumn(name: "models", label: "Models", kind: .text),
        ListColumn(name: "user_id", label: "User", kind: .link("users")),
        ListColumn(name: "session_id", label: "Session", kind: .link("sessions"), isShownAtFirst: false),
        ListColumn(name: "service", label: "Service", kind: .text, isShownAtFirst: false),
        ListColumn(name: "input_tokens", label: "Tokens in", kind: .count, isShownAtFirst: false),
        ListColumn(name: "output_tokens", label: "Tokens out", kind: .count, isShownAtFirst: false),
        ListColumn(name: "trace_id", label: "Trace id", kind: .text, isShownAtFirst: false),
    ]

    static let ofSessions = [
        ListColumn(name: "session_id", label: "Session", kind: .name),
        ListColumn(name: "last_time", label: "Last", kind: .time, isSortable: true),
        ListColumn(name: "users", label: "User", kind: .link("users")),
        ListColumn(name: "trace_count", label: "Traces", kind: .count, isSortable: true),
        ListColumn(name: "error_count", label: "Errors", kind: .count, isSortable: true),
        ListColumn(name: "total_tokens", label: "Tokens", kind: .count, isSortable: true),
        ListColumn(name: "cost", label: "Cost", kind: .cost, isSortable: true),
        ListColumn(name: "models", label: "Models", kind: .text),
    ]

    static let ofUsers = [
        ListColumn(name: "user_id", label: "User", kind: .name),
        ListColumn(name: "last_time", label: "Last", kind: .time, isSortable: true),
        ListColumn(name: "trace_count", label: "Traces", kind: .count, isSortable: true),
        ListColumn(name: "error_count", label: "Errors", kind: .count, isSortable: true),
        ListColumn(name: "total_tokens", label: "Tokens", kind: .count, isSortable: true),
        ListColumn(name: "cost", label: "Cost", kind: .cost, isSortable: true),
    ]

    /// Of the URL's names with commas between them; unknown ones are left out, and the name is always there.
    static func chosen(_ text: String?, of all: [ListColumn]) -> [ListColumn] {
        let names = (text ?? "").split(separator: ",").map { String($0) }
        let chosen = names.compactMap { name in all.first { $0.name == name } }
        guard !chosen.isEmpty else { return all.filter(\.isShownAtFirst) }
        var seen = Set<String>()
        let once = chosen.filter { seen.insert($0.name).inserted }
        return once.contains { $0.kind == .name } ? once : [all[0]] + once
    }

    /// The API's sort: a column's name, `-` before it for descending; the fallback unless the URL has another one.
    static func sort(_ text: String?, of all: [ListColumn], default fallback: String) -> String {
        let wanted = text ?? "", name = wanted.hasPrefix("-") ? String(wanted.dropFirst()) : wanted
        return all.contains { $0.isSortable && $0.name == name } ? wanted : fallback
    }
}

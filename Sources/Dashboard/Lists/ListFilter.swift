/// What a list shows, read from its URL: the filter bar's text, filters of links, the time. The URL is the whole state.

import ByteCoding

struct ListFilter: Sendable {
    /// The text of the filter bar.
    let text: String
    let range: TimeRange
    /// The filter of the address, else that of the bar's text; nil when everything is let through.
    let filter: JSONValue?
    /// The API's own form in brackets, taken as it is.
    private let bracketed: [(String, String)]
    let problem: String?

    private init(text: String, range: TimeRange, filter: JSONValue?, problem: String?) {
        self.text = text
        self.range = range
        self.filter = filter
        bracketed = []
        self.problem = problem
    }

    /// The same for spans that hold a condition, too.
    func narrowed(to condition: JSONValue) -> ListFilter {
        let both = filter.map { Condition.both($0, condition) } ?? condition
        return ListFilter(text: text, range: range, filter: both, problem: problem)
    }

    init(_ visit: PageVisit, default fallback: String = TimeRange.defaultFrom) {
        text = visit["q"] ?? ""
        range = TimeRange(visit, default: fallback)
        bracketed = visit.parameters.filter { $0.name.hasPrefix("filter[") }.map { ($0.name, $0.value) }
        var filter: JSONValue?, problem = range.problem
        if let json = visit["filter"], !json.isEmpty {
            // What a module made of the bar's text, or a link.
            filter = try? JSONValue.parse(json, maximumDepth: 20)
            if filter?.objectValue == nil { (filter, problem) = (nil, "the filter of this address is no JSON object") }
        } else if bracketed.isEmpty {
            do throws(FilterText.Failure) { filter = try FilterText(text).filter } catch { problem = error.message }
        }
        if filter != nil, !bracketed.isEmpty { problem = "an address has its filter in brackets or as JSON, not both" }
        self.filter = filter
        self.problem = problem
    }

    var json: String { filter.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "" }

    var isEverything: Bool { filter == nil && bracketed.isEmpty }

    /// For the API's lists.
    var parameters: [(String, String)] { range.parameters + filterParameters }

    var filterParameters: [(String, String)] { filter == nil ? bracketed : [("filter", json)] }

    /// The same as members of a query's body, with one more condition.
    func body(and condition: JSONValue? = nil) -> [JSONMember] {
        var members = range.parameters.map { JSONMember(key: $0.0, value: .string($0.1)) }
        let all = [filter, condition].compactMap { $0 }
        if let filter = all.count > 1 ? FilterText.object("_and", .array(all)) : all.first {
            members.append(JSONMember(key: "filter", value: filter))
        }
        return members
    }

    /// Whether queries can be asked: brackets are the lists' own form.
    var isQueryable: Bool { bracketed.isEmpty && problem == nil }

    /// What the filter bar shows. `problem`: the API's own, where it refused the filter.
    func set(in context: inout PageContext, _ visit: PageVisit, problem refused: String? = nil) {
        let problem = problem ?? refused
        context.set("list_path", visit.pagePath)
        context.set("q", text)
        context.set("filter_json", json)
        context.set("filter_placeholder", "Filter: status:error model:gpt-4.1-mini duration_ms>2000")
        context.set("has_filter_problem", problem != nil)
        context.set("filter_problem", problem.map { Sentence.text($0) } ?? "")
        context.set("from", range.from)
        context.set("to", range.to)
        context.set("time_range_text", range.text)
        context.set(
            "time_presets",
            TimeRange.presets.map { name, from in
                .make {
                    $0.set("name", name)
                    $0.set("url", visit.url(setting: [("from", from), ("to", nil), ("cursor", nil)]))
                    $0.set("is_current", range.to.isEmpty && range.from == from)
                }
            })
    }
}

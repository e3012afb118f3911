/// Questions of a page to the API's query, written briefly.

import ByteCoding
import HTTPServer

struct Query: Sendable {
    private var members: [JSONMember]
    private var aggregates: [JSONValue] = []

    /// Spans of the filter's range that the filter lets through, and that hold the condition too.
    init(_ filter: ListFilter, _ condition: JSONValue? = nil) { members = filter.body(and: condition) }

    /// `field`: empty for those of whole spans.
    func aggregate(_ function: String, _ field: String = "", as name: String) -> Query {
        var query = self
        var aggregate = [JSONMember(key: "function", value: .string(function))]
        if !field.isEmpty { aggregate.append(JSONMember(key: "field", value: .string(field))) }
        // A figure that a page shows is no estimate, and the same number on every page.
        if function == "count_distinct" { aggregate.append(JSONMember(key: "exact", value: .bool(true))) }
        query.aggregates.append(.object(aggregate + [JSONMember(key: "as", value: .string(name))]))
        return query
    }

    func grouped(by fields: [String]) -> Query { adding("group_by", .array(fields.map { .string($0) })) }

    /// Seconds.
    func bucketed(_ step: Int64) -> Query { adding("bucket", .string("\(step)s")) }

    func ordered(by field: String) -> Query { adding("order_by", .array([.string(field)])) }

    func limited(to count: Int64) -> Query { adding("limit", .integer(count)) }

    /// The rows. Errors: the API's own.
    func rows(_ api: APICaller) async throws(Problem) -> [JSONValue] {
        let body = members + [JSONMember(key: "aggregates", value: .array(aggregates))]
        return try await api.ask("/api/v1/query", .object(body)).list("data")
    }

    private func adding(_ key: String, _ value: JSONValue) -> Query {
        var query = self
        query.members.append(JSONMember(key: key, value: value))
        return query
    }
}

/// Conditions that pages put beside the user's.
enum Condition {
    static let failed = FilterText.object("status", .string("error"))
    static let root = FilterText.object("parent_span_id", FilterText.object("_is_null", .bool(true)))
    /// Calls of models: what reports tokens and cost of its own. Agents and chains repeat what the calls below them used.
    static let call = FilterText.object("kind", FilterText.object("_in", .array(["llm", "embedding", "reranker"].map(JSONValue.string))))
    /// All that adds up to what was used: calls, and whatever else was billed.
    static let used = FilterText.object("_or", .array([call, known("cost")]))

    static func equal(_ field: String, _ value: String) -> JSONValue { FilterText.object(field, .string(value)) }

    static func known(_ field: String) -> JSONValue { FilterText.object(field, FilterText.object("_is_null", .bool(false))) }

    static func both(_ a: JSONValue, _ b: JSONValue) -> JSONValue { FilterText.object("_and", .array([a, b])) }
}

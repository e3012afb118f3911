import ByteCoding
import Testing

@testable import Dashboard

@Suite("The page that explains a span") struct ExplanationContentTests {
    private static let span = #"{"span_id": "00f0", "name": "chat"}"#

    private static func explanation(_ more: String = "") -> String {
        #"""
        {"trace_id": "0af7", "span_id": "00f0", "mapping_version": 4, "is_running": false, "repeats": null, "repeated_by": [],
         "fields": [
          {"field": "kind", "value": "llm", "current_value": "llm", "position": 3, "sent": null, "added": null, "reason": null,
           "sources": [{"attribute": "gen_ai.operation.name", "rule": "gen_ai.operation.name", "read_as": "kind", "convention": "OpenTelemetry"}]},
          {"field": "input_tokens", "value": 1010, "current_value": 1010, "position": 4, "sent": 10, "added": 1000, "reason": "1000 were added: so",
           "sources": [{"attribute": "a", "rule": "a", "read_as": "count", "convention": "OpenTelemetry"}]},
          {"field": "error_type", "value": null, "current_value": "Last", "position": 2, "sent": null, "added": null, "reason": null,
           "sources": [{"attribute": null, "rule": "event exception: exception.type", "read_as": "text", "convention": "OpenTelemetry"}]},
          {"field": "user_id", "value": null, "current_value": null, "position": null, "sent": null, "added": null, "reason": "no attribute",
           "sources": []}],
         "worked_out": [
          {"field": "model", "value": "gpt-4.1", "sources": ["response_model"], "rule": "the response's"},
          {"field": "environment", "value": null, "sources": [], "rule": null}],
         "cost": {"value": 0.00052, "current_value": 0.00061, "reported": null, "price_version": 2, "model": "gpt-4.1", "service_tier": "batch",
          "tiers": [], "price": {"provider": "openai", "model_pattern": "gpt-4.1", "effective_from": "2025-04-14T00:00:00Z", "source": "its site"},
          "items": [{"kind": "cache_read", "tokens": 1000, "per_million": 0.5, "is_fallback": true, "amount": 0.0005}], "reason": "others"}\#(more)}
        """#
    }

    private func built(_ explanation: JSONValue, span: JSONValue? = nil) throws -> BuiltContext {
        let place = TracePlace(project: "/projects/p", traceID: "0af7", origin: "")
        let content = ExplanationContent(span: try span ?? Hostile.json(Self.span), explanation: explanation, place: place)
        return BuiltContext { content.set(in: &$0) }
    }

    @Test("fields with a value and their attributes, those without by name, what was added and what the mapping of today makes of them")
    func fields() throws {
        let page = try built(try Hostile.json(Self.explanation()))
        #expect(
            page.texts("fields", "name") == ["kind", "input_tokens", "error_type"] && page.texts("empty_fields", "name") == ["user_id"])
        #expect(page.texts("fields", "value_text") == ["llm", "1010", "–"])
        #expect(page.texts("fields", "other_value_text") == ["llm", "1010", "Last"])
        #expect(page.texts("fields", "position_text") == ["rule 3 of the field", "rule 4 of the field", "rule 2 of the field"])
        #expect(page.texts("fields", "reason") == ["", "Sent as 10. 1000 were added: so", ""])
        let sources = (page.context["fields"].arrayValue ?? []).map { $0.list("sources").map { $0.text("attribute") } }
        #expect(sources == [["gen_ai.operation.name"], ["a"], ["event exception: exception.type"]])
        #expect(page.texts("worked_out", "name") == ["model"] && page.texts("worked_out", "sources_text") == ["response_model"])
        #expect(try page.faults("explanation", besides: ["page", "page_url"]) == [])
    }

    @Test("the cost that is stored and that of today, the price and what it is the sum of")
    func cost() throws {
        let page = try built(try Hostile.json(Self.explanation()))
        #expect(page.context["cost_text"] == .string("$0.000520") && page.context["current_cost_text"] == .string("$0.000610"))
        #expect(page.context["has_current_cost"] == .bool(true) && page.context["has_reported_cost"] == .bool(false))
        #expect(page.context["price_text"] == .string("gpt-4.1, openai, from 2025-04-14, batch tier, table version 2"))
        #expect(page.texts("items", "kind") == ["cache read"] && page.texts("items", "tokens_text") == ["1,000"])
    }

    @Test("of two spans that report one call, the one that counts is named, and those that do not")
    func calls() throws {
        let alone = try built(try Hostile.json(Self.explanation()))
        #expect(alone.context["has_counting"] == .bool(false) && alone.context["has_repeats"] == .bool(false))
        let text = Self.explanation().replacing(
            #""repeats": null, "repeated_by": []"#,
            with: #""repeats": {"span_id": "00f1", "name": "sdk"}, "repeated_by": [{"span_id": "00ef", "name": null}]"#)
        let page = try built(try Hostile.json(text))
        #expect(
            page.context["counting_name"] == .string("sdk") && page.context["counting_url"] == .string("/projects/p/traces/0af7?span=00f1"))
        #expect(page.texts("repeats", "name") == ["(no name)"] && page.texts("repeats", "url") == ["/projects/p/traces/0af7?span=00ef"])
    }

    @Test("nothing that a stranger sent becomes markup")
    func hostile() throws {
        let text = Self.explanation().replacing(#""repeats": null"#, with: #""repeats": {"span_id": "00f1", "name": "sdk"}"#)
        let hostile = Hostile.replacing(try Hostile.json(text), besides: ["trace_id", "span_id"])
        let page = try built(hostile, span: Hostile.replacing(try Hostile.json(Self.span), besides: ["span_id"]))
        Hostile.check(try page.page("explanation"), "explanation")
    }
}

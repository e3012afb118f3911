/// Why a span is what it is: the rule and attribute behind each field, what its cost is the sum of, and which span counts where two report
/// one call.

import ByteCoding
import TraceQuery

struct ExplanationContent: Sendable {
    /// The API's answers.
    let span: JSONValue
    let explanation: JSONValue
    let place: TracePlace

    private var cost: JSONValue { explanation["cost"] ?? .null }

    func set(in context: inout PageContext) {
        let name = span.text("name").isEmpty ? "(no name)" : span.text("name"), id = explanation.text("span_id")
        context.set("title", "Why: " + name)
        context.set("name", name)
        context.set("span_id", id)
        context.set("trace_url", place.path)
        context.set("span_url", place.span(id))
        context.set("mapping_version", explanation.integer("mapping_version") ?? 0)
        setCalls(in: &context)
        setCost(in: &context)
        let fields = explanation.list("fields")
        context.set("fields", fields.filter(Self.isFilled).map(field))
        let empty = fields.filter { !Self.isFilled($0) }
        context.set("has_empty_fields", !empty.isEmpty)
        context.set("empty_fields", empty.map { field in .make { $0.set("name", field.text("field")) } })
        let workedOut = explanation.list("worked_out").filter { $0.has("value") }
        context.set("has_worked_out", !workedOut.isEmpty)
        context.set("worked_out", workedOut.map(Self.workedOut))
    }

    private func setCalls(in context: inout PageContext) {
        let counting = explanation["repeats"] ?? .null, repeats = explanation.list("repeated_by")
        context.set("has_counting", !counting.isNull)
        context.set("counting_name", counting.text("name").isEmpty ? "(no name)" : counting.text("name"))
        context.set("counting_url", counting.isNull ? "" : place.span(counting.text("span_id")))
        context.set("has_repeats", !repeats.isEmpty)
        context.set(
            "repeats",
            repeats.map { call in
                .make {
                    $0.set("name", call.text("name").isEmpty ? "(no name)" : call.text("name"))
                    $0.set("url", place.span(call.text("span_id")))
                }
            })
    }

    // MARK: Cost

    private func setCost(in context: inout PageContext) {
        let stored = cost.number("value"), current = cost.number("current_value"), reported = cost.number("reported")
        func set(_ name: String, _ value: Double?) {
            context.set(name, value.map { Figures.raw($0) } ?? "")
            context.set(name + "_text", value.map { Figures.cost($0) } ?? "–")
        }
        set("cost", stored)
        set("current_cost", current)
        set("reported_cost", reported)
        context.set("has_current_cost", current != nil && current != stored)
        context.set("has_reported_cost", reported != nil)
        context.set("has_cost_reason", cost.has("reason"))
        context.set("cost_reason", cost.text("reason"))
        let price = cost["price"] ?? .null
        context.set("has_price", !price.isNull)
        context.set("price_text", priceText(price))
        context.set("price_source", price.text("source"))
        let items = cost.list("items")
        context.set("has_items", !items.isEmpty)
        context.set(
            "items",
            items.map { item in
                .make {
                    $0.set("kind", item.text("kind").replacing("_", with: " "))
                    $0.set("tokens_text", Figures.count(item.integer("tokens") ?? 0))
                    $0.set("rate_text", Figures.cost(item.number("per_million") ?? 0))
                    $0.set("is_fallback", item.flag("is_fallback"))
                    $0.set("amount_text", Figures.cost(item.number("amount") ?? 0))
                }
            })
    }

    private func priceText(_ price: JSONValue) -> String {
        guard !price.isNull else { return "" }
        let provider = price.text("provider"), tier = cost.text("service_tier")
        let parts = [
            price.text("model_pattern"), provider.isEmpty ? "any provider" : provider,
            "from " + String(price.text("effective_from").prefix(10)), tier == "standard" || tier.isEmpty ? "" : tier + " tier",
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: ", ") + ", table version \(cost.integer("price_version") ?? 0)"
    }

    // MARK: Fields

    /// A kind is always there; that of a span no rule knows says nothing.
    private static func isFilled(_ field: JSONValue) -> Bool {
        field.has("value") || field.has("current_value") || !field.list("sources").isEmpty
    }

    private func field(_ field: JSONValue) -> PageContext {
        let value = field["value"] ?? .null, current = field["current_value"] ?? .null, sources = field.list("sources")
        let reference = ["input", "output"].contains(field.text("field"))
        return .make { context in
            context.set("name", field.text("field"))
            context.set("value_text", value.isNull ? "–" : (reference ? "the attribute " : "") + SpanTexts.text(value))
            context.set("has_other_value", value != current)
            context.set("other_value_text", current.isNull ? "no value" : SpanTexts.text(current))
            context.set(
                "sources",
                sources.map { source in
                    .make {
                        $0.set("attribute", source.has("attribute") ? source.text("attribute") : source.text("rule"))
                        $0.set("read_as", source.text("read_as"))
                        $0.set("convention", source.text("convention"))
                    }
                })
            context.set("has_sources", !sources.isEmpty)
            let position = field.integer("position") ?? 0
            context.set("has_position", position > 0)
            context.set("position_text", position == 1 ? "the first rule of the field" : "rule \(position) of the field")
            context.set("has_reason", field.has("reason"))
            context.set("reason", reason(field))
        }
    }

    private func reason(_ field: JSONValue) -> String {
        guard let sent = field.integer("sent") else { return field.text("reason") }
        return "Sent as \(Figures.count(sent)). " + field.text("reason")
    }

    private static func workedOut(_ field: JSONValue) -> PageContext {
        .make {
            $0.set("name", field.text("field"))
            $0.set("value_text", SpanTexts.text(field["value"] ?? .null))
            $0.set("sources_text", field.texts("sources").joined(separator: ", "))
            $0.set("has_rule", field.has("rule"))
            $0.set("rule", field.text("rule"))
        }
    }
}

/// Credentials for providers of models, and what their calls are computed to cost. The API never answers a secret.

import ByteCoding

enum ProvidersContent {
    static let names = [
        "openai": "OpenAI", "anthropic": "Anthropic", "gemini": "Google Gemini", "xai": "xAI",
        "openai_compatible": "compatible with OpenAI",
    ]

    static func set(_ credentials: [JSONValue], mayChange: Bool, in context: inout PageContext) {
        context.set("has_credentials", !credentials.isEmpty)
        context.set(
            "credentials",
            credentials.map { credential in
                .make {
                    $0.set("id", credential.text("id"))
                    $0.set("provider_text", names[credential.text("provider")] ?? credential.text("provider"))
                    $0.set("name", credential.text("name"))
                    $0.set("base_url", credential.text("base_url"))
                    $0.setTime("updated", credential.text("updated_at"))
                    $0.set("can_change", mayChange)
                }
            })
    }
}

enum PricesContent {
    static func set(_ answer: JSONValue, in context: inout PageContext) {
        context.set("version", answer.integer("version"))
        context.set(
            "prices",
            answer.list("data").map { row in
                .make { context in
                    context.set("model_pattern", row.text("model_pattern"))
                    context.set("provider", row.text("provider").isEmpty ? "any provider" : row.text("provider"))
                    context.setTime("effective", row.text("effective_from"))
                    for name in ["input", "output", "cache_read", "cache_write", "reasoning"] {
                        context.set(name + "_text", price(row.number(name + "_per_million")))
                    }
                    context.set("source", row.text("source"))
                }
            })
    }

    /// Dollars for a million tokens: all the digits there are, two at least. `$0.40`, `$0.075`, `$15.00`.
    static func price(_ dollars: Double?) -> String {
        guard let dollars, dollars.isFinite else { return "–" }
        if dollars == 0 { return "$0" }
        let rounded = [2, 3, 4].first { places in abs((Double(Figures.fixed(dollars, places)) ?? 0) - dollars) < 1e-9 }
        return rounded.map { "$" + Figures.fixed(dollars, $0) } ?? Figures.cost(dollars)
    }
}

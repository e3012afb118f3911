/// What calls of models are computed to cost: the project's own prices, its organization's, and the installation's, in the order in which
/// they count.

import ByteCoding

enum PricesContent {
    /// Prices of one owner, as the API answers them.
    struct Owned {
        /// Whose, in a word.
        let owner: String
        let answer: JSONValue
    }

    static func set(_ lists: [Owned], in context: inout PageContext) {
        context.set("version", lists.last?.answer.integer("version") ?? 0)
        context.set(
            "prices",
            lists.flatMap { list in
                list.answer.list("data").map { row in
                    .make { context in
                        context.set("owner_text", list.owner)
                        context.set("model_pattern", row.text("model_pattern"))
                        context.set("provider", row.text("provider").isEmpty ? "any provider" : row.text("provider"))
                        context.setTime("effective", row.text("effective_from"))
                        for name in shown { context.set(name + "_text", price(row.number(name + "_per_million"))) }
                        context.set("other_text", others(row))
                        context.set("source", row.text("source"))
                    }
                }
            })
    }

    /// With columns of their own.
    private static let shown = ["input", "output", "cache_read", "cache_write", "reasoning"]
    private static let parts = [
        ("cache_write_1h", "cache write for 1 h"), ("audio_input", "audio input"), ("audio_cache_read", "cached audio"),
        ("audio_output", "audio output"), ("image_input", "image input"), ("image_cache_read", "cached images"),
        ("image_output", "image output"),
    ]
    private static let kinds =
        [
            ("input", "input"), ("output", "output"), ("cache_read", "cache read"), ("cache_write", "cache write"),
            ("reasoning", "reasoning"),
        ]
        + parts

    /// `cache write for 1 h $6.00; batch: input $1.50, output $7.50; above 200,000 tokens: input $6.00`.
    private static func others(_ row: JSONValue) -> String {
        let own = rates(row, parts)
        let tiers = row.list("tiers").map { tier in
            let service = tier.text("service_tier"), above = tier.integer("above_input_tokens") ?? 0
            let names = [
                service == "standard" ? nil : service, above == 0 ? nil : "above \(Figures.count(above)) tokens",
            ].compactMap(\.self)
            return names.joined(separator: ", ") + ": " + rates(tier, kinds)
        }
        return ([own].filter { !$0.isEmpty } + tiers).joined(separator: "; ")
    }

    private static func rates(_ row: JSONValue, _ kinds: [(String, String)]) -> String {
        kinds.compactMap { name, word in row.number(name + "_per_million").map { "\(word) \(price($0))" } }.joined(separator: ", ")
    }

    /// Dollars for a million tokens: all the digits there are, two at least. `$0.40`, `$0.075`, `$15.00`.
    static func price(_ dollars: Double?) -> String {
        guard let dollars, dollars.isFinite else { return "–" }
        if dollars == 0 { return "$0" }
        let rounded = [2, 3, 4].first { places in abs((Double(Figures.fixed(dollars, places)) ?? 0) - dollars) < 1e-9 }
        return rounded.map { "$" + Figures.fixed(dollars, $0) } ?? Figures.cost(dollars)
    }
}

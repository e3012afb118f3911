import ByteCoding
import TraceModel

/// Prices out of LiteLLM's table (`model_prices_and_context_window.json`): an object of models by their names there, each with US dollars
/// per token under a key for each kind (`input_cost_per_token`), with endings for long inputs (`_above_200k_tokens`) and for service
/// tiers (`_batches`, `_flex`, `_priority`), and with `litellm_provider` and `mode`.
///
/// What is not paid by the token (images, seconds, characters, pages) is no price here; a model without both of input and output, where
/// its mode has both, is left out and counted, as half a price would tell half a cost.
package struct LiteLLMPrices: Sendable {
    package var prices: [Price] = []
    /// Models that are left out, by why.
    package private(set) var skipped: [Skip: Int] = [:]

    package enum Skip: String, Hashable, Sendable, CaseIterable {
        case notByToken = "not paid by the token"
        case half = "only one of input and output has a price"
        case unusable = "no price in the form of the table"
        case repeated = "the same provider and model stand there twice"
    }

    /// Nil where the text is no such table.
    ///
    /// - Parameter source: of every price without a `source` of its own.
    package init?(_ json: JSONValue, effectiveFromUnixNano: UInt64, source: String) {
        guard let models = json.objectValue, models.contains(where: { $0.value.objectValue != nil }) else { return nil }
        var met = Set<String>()
        for model in models where model.key != Self.sample {
            switch Self.price(model.key, model.value, effectiveFromUnixNano, source) {
            case .success(let price):
                let name = "\(price.provider ?? "")\u{0}\(ModelName.normalized(price.modelPattern))"
                if met.insert(name).inserted { prices.append(price) } else { skipped[.repeated, default: 0] += 1 }
            case .failure(let skip): skipped[skip.reason, default: 0] += 1
            }
        }
    }

    /// The entry that describes the keys.
    private static let sample = "sample_spec"
    private static let maximumSourceLength = 500

    private struct Skipped: Error {
        let reason: Skip
    }

    private static func price(_ key: String, _ entry: JSONValue, _ from: UInt64, _ source: String) -> Result<Price, Skipped> {
        guard let members = entry.objectValue else { return .failure(Skipped(reason: .unusable)) }
        var rates: [Tier: TokenRates] = [:]
        for member in members {
            guard let amount = member.value.doubleValue, let (kind, tier) = kindAndTier(member.key) else { continue }
            let perMillion = perMillion(amount)
            guard perMillion >= 0, perMillion <= maximumPerMillion else { return .failure(Skipped(reason: .unusable)) }
            rates[tier, default: TokenRates()][kind] = perMillion
        }
        guard var standard = rates.removeValue(forKey: Tier()), standard.input != nil || standard.output != nil else {
            return .failure(Skipped(reason: .notByToken))
        }
        if standard.output == nil, hasNoOutput(entry["mode"]?.stringValue) { standard.output = 0 }
        guard standard.input != nil, standard.output != nil else { return .failure(Skipped(reason: .half)) }
        let provider = provider(entry["litellm_provider"]?.stringValue)
        let model = modelName(key, entry["litellm_provider"]?.stringValue)
        guard !model.isEmpty, model.utf8.count <= GenAILimits.maximumModelNameLength, !model.contains("*"),
            Price.expression(in: model) == nil, provider?.utf8.count ?? 0 <= 100
        else { return .failure(Skipped(reason: .unusable)) }
        let tiers = rates.sorted { ($0.key.service.rawValue, $0.key.above) < ($1.key.service.rawValue, $1.key.above) }.map {
            PriceTier($0.key.service, aboveInputTokens: $0.key.above, rates: $0.value)
        }
        let own = entry["source"]?.stringValue.flatMap { $0.isEmpty || $0.utf8.count > maximumSourceLength ? nil : $0 }
        return .success(
            Price(
                provider: provider, modelPattern: model, effectiveFromUnixNano: from, rates: standard,
                tiers: Array(tiers.prefix(GenAILimits.maximumPriceTierCount)), source: own ?? source))
    }

    /// The schema's bound.
    private static let maximumPerMillion = 1_000_000.0

    /// On the ten decimals that prices are kept with: 1.5e-07 times a million is a little more than 0.15 as doubles go.
    private static func perMillion(_ perToken: Double) -> Double {
        guard perToken.isFinite, abs(perToken) < 1_000 else { return -1 }
        return (perToken * 1e16).rounded() / 1e10
    }

    private struct Tier: Hashable {
        var service = ServiceTier.standard
        var above: Int64 = 0
    }

    private static let kinds: [String: TokenKind] = [
        "input_cost_per_token": .input, "output_cost_per_token": .output, "cache_read_input_token_cost": .cacheRead,
        "cache_creation_input_token_cost": .cacheWrite, "cache_creation_input_token_cost_above_1hr": .cacheWrite1h,
        "output_cost_per_reasoning_token": .reasoning, "input_cost_per_audio_token": .audioInput,
        "output_cost_per_audio_token": .audioOutput, "cache_read_input_audio_token_cost": .audioCacheRead,
        "input_cost_per_image_token": .imageInput, "output_cost_per_image_token": .imageOutput,
        "cache_read_input_image_token_cost": .imageCacheRead,
    ]
    private static let services: [(ending: String, tier: ServiceTier)] = [
        ("_batches", .batch), ("_flex", .flex), ("_priority", .priority),
    ]

    /// `input_cost_per_token_above_200k_tokens_priority`: the kind, then the endings in any order.
    private static func kindAndTier(_ key: String) -> (TokenKind, Tier)? {
        var name = Substring(key), tier = Tier()
        while true {
            if let kind = kinds[String(name)] { return (kind, tier) }
            if let service = services.first(where: { name.hasSuffix($0.ending) }), tier.service == .standard {
                tier.service = service.tier
                name = name.dropLast(service.ending.count)
            } else if tier.above == 0, let cut = above(name) {
                tier.above = cut.tokens
                name = cut.name
            } else {
                return nil
            }
        }
    }

    /// The number in `_above_200k_tokens`, and what stands before it.
    private static func above(_ name: Substring) -> (name: Substring, tokens: Int64)? {
        let begin = "_above_", end = "k_tokens"
        guard name.hasSuffix(end) else { return nil }
        let body = name.dropLast(end.count)
        let digits = body.reversed().prefix { $0.isASCII && $0.isNumber }.count
        guard (1...6).contains(digits), body.dropLast(digits).hasSuffix(begin), let thousands = Int64(body.suffix(digits)), thousands > 0
        else { return nil }
        return (body.dropLast(digits + begin.count), thousands * 1000)
    }

    /// Modes whose answers are no tokens.
    private static func hasNoOutput(_ mode: String?) -> Bool { mode == "embedding" || mode == "rerank" || mode == "moderation" }

    private static func provider(_ name: String?) -> String? {
        guard let name, !name.isEmpty else { return nil }
        // `vertex_ai-anthropic_models`, `vertex_ai-language-models` and others: makers sold by one provider.
        if name.hasPrefix("vertex_ai") { return "gcp.vertex_ai" }
        guard let known = ProviderNames.table.value(of: Array(name.utf8).span) else { return name }
        return ProviderNames.spellings[Int(known)].canonical
    }

    /// Without the provider that LiteLLM's own calls name it by: `xai/grok-4`, `gemini/gemini-2.5-pro`.
    private static func modelName(_ key: String, _ provider: String?) -> String {
        guard let slash = key.firstIndex(of: "/"), let provider else { return key }
        let first = String(key[..<slash])
        guard first == provider || Self.provider(first) == Self.provider(provider) else { return key }
        return String(key[key.index(after: slash)...])
    }
}

/// A price as the API and the command line write and read one.

import ByteCoding
import TraceModel

/// What is wrong with a price, and where in it.
package struct PriceFault: Error, Equatable, Sendable {
    /// `.tiers[0].input_per_million`, or empty for the whole.
    package let path: String
    package let message: String

    init(_ path: String, _ message: String) {
        self.path = path
        self.message = message
    }
}

extension TokenKind {
    /// The member that holds its rate.
    package var rateName: String { rawValue + "_per_million" }
}

extension Price {
    /// US dollars per million tokens; the schema's own bound.
    package static let amounts = 0.0...1_000_000.0
    private static let maximumTextLength = 1000

    /// - Parameters:
    ///   - time: reads a time as nanoseconds since 1970.
    ///   - source: where the object names none.
    package init(_ json: JSONValue, source: String, time: (String) -> Int64?) throws(PriceFault) {
        guard let members = json.objectValue else { throw PriceFault("", "must be an object") }
        let known = ["provider", "model_pattern", "effective_from", "source", "tiers"] + TokenKind.allCases.map(\.rateName)
        if let unknown = members.first(where: { !known.contains($0.key) }) { throw PriceFault(".\(unknown.key)", "is not known") }
        func text(_ name: String) throws(PriceFault) -> String? {
            guard let value = json[name], !value.isNull else { return nil }
            guard let text = value.stringValue, !text.isEmpty, text.utf8.count <= Self.maximumTextLength else {
                throw PriceFault(".\(name)", "must be a text")
            }
            return text
        }
        guard let model = try text("model_pattern") else { throw PriceFault(".model_pattern", "is missing") }
        if let body = Price.expression(in: model), PriceLayer.compiled(body) == nil {
            throw PriceFault(".model_pattern", "is no regular expression that can be matched in linear time")
        }
        let rates = try Self.rates(json, "")
        for kind in [TokenKind.input, .output] where rates[kind] == nil { throw PriceFault(".\(kind.rateName)", "is missing") }
        guard let from = try text("effective_from"), let unixNano = time(from), unixNano >= 0 else {
            throw PriceFault(".effective_from", "must be a time like 2026-01-01T00:00:00Z")
        }
        self.init(
            provider: try text("provider"), modelPattern: model, effectiveFromUnixNano: UInt64(unixNano), rates: rates,
            tiers: try Self.tiers(json["tiers"]), source: try text("source") ?? source)
    }

    private static func rates(_ json: JSONValue, _ path: String) throws(PriceFault) -> TokenRates {
        var rates = TokenRates()
        for kind in TokenKind.allCases {
            guard let value = json[kind.rateName], !value.isNull else { continue }
            guard let amount = value.doubleValue, amounts.contains(amount) else {
                throw PriceFault(
                    "\(path).\(kind.rateName)", "must be US dollars per million tokens from 0 to \(Int(amounts.upperBound))")
            }
            rates[kind] = amount
        }
        return rates
    }

    package static func tiers(_ json: JSONValue?) throws(PriceFault) -> [PriceTier] {
        guard let json, !json.isNull else { return [] }
        guard let elements = json.arrayValue, elements.count <= GenAILimits.maximumPriceTierCount else {
            throw PriceFault(".tiers", "must be a list of at most \(GenAILimits.maximumPriceTierCount) tiers")
        }
        var tiers: [PriceTier] = []
        for (index, element) in elements.enumerated() {
            let path = ".tiers[\(index)]"
            guard let members = element.objectValue else { throw PriceFault(path, "must be an object") }
            let known = ["service_tier", "above_input_tokens"] + TokenKind.allCases.map(\.rateName)
            if let unknown = members.first(where: { !known.contains($0.key) }) {
                throw PriceFault("\(path).\(unknown.key)", "is not known")
            }
            var tier = PriceTier(rates: try rates(element, path))
            if let name = element["service_tier"], !name.isNull {
                guard let service = name.stringValue.flatMap(ServiceTier.init(rawValue:)) else {
                    let names = ServiceTier.allCases.map(\.rawValue).joined(separator: ", ")
                    throw PriceFault("\(path).service_tier", "must be one of \(names)")
                }
                tier.serviceTier = service
            }
            if let above = element["above_input_tokens"], !above.isNull {
                guard let count = above.integerValue, (0...GenAILimits.maximumTokenCount).contains(count) else {
                    throw PriceFault("\(path).above_input_tokens", "must be a number of tokens")
                }
                tier.aboveInputTokens = count
            }
            guard !tier.rates.isEmpty else { throw PriceFault(path, "has no price") }
            guard tier.serviceTier != .standard || tier.aboveInputTokens > 0 else {
                throw PriceFault(
                    path, "must name a service_tier or a length (above_input_tokens): the other rates stand in the price itself")
            }
            tiers.append(tier)
        }
        return tiers
    }
}

extension JSONWriter {
    /// - Parameter time: as the reader of the document writes times.
    package mutating func price(_ price: Price, time: (Int64) -> String) {
        beginObject()
        key("provider")
        if let provider = price.provider { string(provider) } else { null() }
        member("model_pattern", price.modelPattern)
        member("effective_from", time(Int64(clamping: price.effectiveFromUnixNano)))
        tokenRates(price.rates)
        key("tiers")
        priceTiers(price.tiers)
        member("source", price.source)
        endObject()
    }

    package mutating func priceTiers(_ tiers: [PriceTier]) {
        beginArray()
        for tier in tiers {
            beginObject()
            member("service_tier", tier.serviceTier.rawValue)
            member("above_input_tokens", tier.aboveInputTokens)
            tokenRates(tier.rates)
            endObject()
        }
        endArray()
    }

    private mutating func tokenRates(_ rates: TokenRates) {
        for kind in TokenKind.allCases {
            key(kind.rateName)
            if let rate = rates[kind] { double(rate) } else { null() }
        }
    }
}

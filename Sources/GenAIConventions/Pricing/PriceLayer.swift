import RegularExpressions
import Synchronization

/// The prices of one owner (the installation, an organization, a project), indexed by what they are for.
///
/// Which series of prices may count for a provider and a model, best first: of the provider's own prices, then of those for any
/// provider, the one for exactly this name, for the name without a snapshot's date, those with a matching beginning (of the full name;
/// the longest first), and those whose regular expression matches it (the longest first).
final class PriceLayer: Sendable {
    let prices: [Price]
    /// Prices of one provider and pattern, as places in `prices`, latest first.
    let series: [[Int]]
    private let exact: [Name: Int]
    /// By provider, longest beginning first.
    private let prefixes: [String: [(beginning: String, series: Int)]]
    private let expressions: [String: [(expression: RegularExpression, series: Int)]]
    /// What was found for the names asked last: senders use few models, and an expression takes a while.
    private let found: Mutex<[Name: [Int]]> = Mutex([:])

    private struct Name: Hashable {
        /// Empty for any provider.
        var provider: String
        var model: String
    }

    /// Of prices with the same provider, pattern and day the last one counts. An expression that cannot be read matches nothing.
    init(_ prices: [Price]) {
        self.prices = prices
        let byName = Dictionary(grouping: prices.indices) { index in
            let pattern = prices[index].modelPattern
            return Name(
                provider: prices[index].provider ?? "",
                model: Price.expression(in: pattern) == nil ? ModelName.normalized(pattern) : pattern)
        }
        var series: [[Int]] = [], exact: [Name: Int] = [:]
        var prefixes: [String: [(beginning: String, series: Int)]] = [:]
        var expressions: [String: [(expression: RegularExpression, series: Int)]] = [:]
        for (name, group) in byName {
            if let body = Price.expression(in: name.model) {
                guard let expression = Self.compiled(body) else { continue }
                expressions[name.provider, default: []].append((expression, series.count))
            } else if name.model.hasSuffix("*") {
                prefixes[name.provider, default: []].append((String(name.model.dropLast()), series.count))
            } else {
                exact[name] = series.count
            }
            series.append(group.sorted { (prices[$0].effectiveFromUnixNano, $0) > (prices[$1].effectiveFromUnixNano, $1) })
        }
        for provider in prefixes.keys {
            prefixes[provider]?.sort { ($0.beginning.utf8.count, $0.beginning) > ($1.beginning.utf8.count, $1.beginning) }
        }
        self.expressions = expressions.mapValues { own in
            let ordered = own.sorted {
                let first = $0.expression.pattern, second = $1.expression.pattern
                return (first.utf8.count, first) > (second.utf8.count, second)
            }
            return Array(ordered.prefix(GenAILimits.maximumPriceExpressionCount))
        }
        self.series = series
        self.exact = exact
        self.prefixes = prefixes
    }

    /// An expression that matches whole names in either case; nil where it cannot be read.
    static func compiled(_ body: String) -> RegularExpression? {
        let insensitive = "(?i)"
        let plain = body.hasPrefix(insensitive) ? String(body.dropFirst(insensitive.count)) : body
        return try? RegularExpression("\(insensitive)^(?:\(plain))$")
    }

    /// Places in `series`.
    ///
    /// - Parameters:
    ///   - provider: canonical; nil when unknown.
    ///   - model: normalized.
    func candidates(provider: String?, model: String, undated: String?) -> [Int] {
        let name = Name(provider: provider ?? "", model: model)
        if let known = found.withLock({ $0[name] }) { return known }
        var candidates: [Int] = []
        for owner in provider.map({ [$0, ""] }) ?? [""] {
            if let index = exact[Name(provider: owner, model: model)] { candidates.append(index) }
            if let undated, let index = exact[Name(provider: owner, model: undated)] { candidates.append(index) }
            for entry in prefixes[owner] ?? [] where model.hasPrefix(entry.beginning) { candidates.append(entry.series) }
            for entry in expressions[owner] ?? [] {
                var matcher = RegularExpressionMatcher(entry.expression)
                let matches = Array(model.utf8).withUnsafeBytes { matcher.matches($0) }
                if matches { candidates.append(entry.series) }
            }
        }
        found.withLock {
            if $0.count >= GenAILimits.maximumRememberedModelCount { $0.removeAll(keepingCapacity: true) }
            $0[name] = candidates
        }
        return candidates
    }
}

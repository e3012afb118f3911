import TraceModel

/// All prices of a version, indexed. A plain value: a new version is a new book.
///
/// Which price counts for a provider, a model and a time: of the provider's own prices, then of those for any provider,
/// the one for exactly this name, else for the name without a snapshot's date, else the one with the longest matching
/// beginning (of the full name). A step whose prices all start later than the time is passed over. Among prices of one
/// pattern the latest that has started counts.
package struct PriceBook: Sendable {
    /// Stored with what was priced; grows with every change.
    package let version: Int64
    package let prices: [Price]
    /// Prices of one provider and pattern, as places in `prices`, latest first.
    private var series: [[Int]] = []
    private var exact: [Name: Int] = [:]
    /// By provider, longest beginning first.
    private var prefixes: [String: [(beginning: String, series: Int)]] = [:]

    private struct Name: Hashable {
        /// Empty for any provider.
        var provider: String
        var model: String
    }

    /// Of prices with the same provider, pattern and day the last one counts.
    package init(version: Int64, prices: [Price]) {
        self.version = version
        self.prices = prices
        let byName = Dictionary(grouping: prices.indices) { index in
            Name(provider: prices[index].provider ?? "", model: ModelName.normalized(prices[index].modelPattern))
        }
        for (name, group) in byName {
            if name.model.hasSuffix("*") {
                prefixes[name.provider, default: []].append((String(name.model.dropLast()), series.count))
            } else {
                exact[name] = series.count
            }
            series.append(group.sorted { (prices[$0].effectiveFromUnixNano, $0) > (prices[$1].effectiveFromUnixNano, $1) })
        }
        for provider in prefixes.keys {
            prefixes[provider]?.sort { ($0.beginning.utf8.count, $0.beginning) > ($1.beginning.utf8.count, $1.beginning) }
        }
    }

    /// US dollars for one call; nil when no price is known for the model at that time.
    ///
    /// - Parameters:
    ///   - provider: as sent or canonical; nil or empty when unknown.
    ///   - unixNano: the start of the call.
    package func cost(provider: String?, model: String, usage: TokenUsage, at unixNano: UInt64) -> Double? {
        price(provider: provider, model: model, at: unixNano)?.cost(of: usage)
    }

    /// The price that counts, for `cost` and for explaining one.
    package func price(provider: String?, model: String, at unixNano: UInt64) -> Price? {
        priceIndex(provider: provider, model: model, at: unixNano).price.map { prices[$0] }
    }

    /// The place in `prices` of the price that counts, and the times for which the answer is the same.
    func priceIndex(provider: String?, model: String, at unixNano: UInt64) -> (price: Int?, validity: ClosedRange<UInt64>) {
        var end = UInt64.max
        for index in candidates(provider: provider, model: model) {
            for price in series[index] {
                let from = prices[price].effectiveFromUnixNano
                if from <= unixNano { return (price, from...end) }
                end = min(end, from - 1)
            }
        }
        return (nil, 0...end)
    }

    /// Series that may price a model, best first, whatever the time.
    private func candidates(provider: String?, model: String) -> [Int] {
        guard !model.isEmpty, model.utf8.count <= GenAILimits.maximumModelNameLength else { return [] }
        let full = ModelName.normalized(model)
        let undated = ModelName.withoutDate(full)
        var owners = [""]
        if let provider, !provider.isEmpty { owners.insert(Self.canonical(provider), at: 0) }
        var found: [Int] = []
        for owner in owners {
            if let index = exact[Name(provider: owner, model: full)] { found.append(index) }
            if let undated, let index = exact[Name(provider: owner, model: undated)] { found.append(index) }
            for entry in prefixes[owner] ?? [] where full.hasPrefix(entry.beginning) { found.append(entry.series) }
        }
        return found
    }

    private static func canonical(_ provider: String) -> String {
        guard let value = ProviderNames.table.value(of: Array(provider.utf8).span) else { return provider }
        return ProviderNames.spellings[Int(value)].canonical
    }
}

import TraceModel

/// All prices of a version that count somewhere, indexed. A plain value: a new version is a new book.
///
/// The prices of a project come first, then those of its organization, then the installation's (`PriceLayer` says which of one of them
/// counts). A step whose prices all start later than the time is passed over. Among prices of one pattern the latest that has
/// started counts.
package struct PriceBook: Sendable {
    /// Stored with what was priced; grows with every change.
    package let version: Int64
    /// Best first.
    private let layers: [PriceLayer]

    package init(version: Int64, prices: [Price]) {
        self.version = version
        layers = [PriceLayer(prices)]
    }

    /// The book of who has prices of its own before those of `base`.
    package init(version: Int64, prices: [Price], before base: PriceBook) {
        self.version = version
        layers = [PriceLayer(prices)] + base.layers
    }

    package var prices: [Price] { layers.flatMap(\.prices) }

    /// US dollars for one call; nil when no price is known for the model at that time.
    ///
    /// - Parameters:
    ///   - provider: as sent or canonical; nil or empty when unknown.
    ///   - unixNano: the start of the call.
    package func cost(provider: String?, model: String, usage: TokenUsage, at unixNano: UInt64) -> Double? {
        price(provider: provider, model: model, at: unixNano)?.cost(of: usage)
    }

    /// US dollars for one call of ours: what was billed, else what is computed for the model that answered, else for the one that was
    /// asked; nil where nobody tells. What comes in from elsewhere is decided alike (`price(_:batch:)`).
    ///
    /// - Parameter unixNano: the start of the call.
    package func cost(
        billed: Double?, provider: String, responseModel: String?, requestModel: String, usage: TokenUsage?, at unixNano: UInt64
    ) -> Double? {
        if let billed { return billed }
        guard let usage else { return nil }
        return responseModel.flatMap { cost(provider: provider, model: $0, usage: usage, at: unixNano) }
            ?? cost(provider: provider, model: requestModel, usage: usage, at: unixNano)
    }

    /// The price that counts, for `cost` and for explaining one.
    package func price(provider: String?, model: String, at unixNano: UInt64) -> Price? {
        place(provider: provider, model: model, at: unixNano).price.map { self[$0] }
    }

    /// A price of this book.
    struct Place: Hashable {
        fileprivate var layer: Int
        fileprivate var index: Int
    }

    subscript(place: Place) -> Price { layers[place.layer].prices[place.index] }

    func cost(at place: Place, of usage: TokenUsage) -> Double { layers[place.layer].prices[place.index].cost(of: usage) }

    /// The place of the price that counts, and the times for which the answer is the same.
    func place(provider: String?, model: String, at unixNano: UInt64) -> (price: Place?, validity: ClosedRange<UInt64>) {
        guard !model.isEmpty, model.utf8.count <= GenAILimits.maximumModelNameLength else { return (nil, 0...UInt64.max) }
        let name = ModelName.normalized(model), undated = ModelName.withoutDate(name)
        let owner = provider.flatMap { $0.isEmpty ? nil : Self.canonical($0) }
        var end = UInt64.max
        for (place, layer) in layers.enumerated() {
            for series in layer.candidates(provider: owner, model: name, undated: undated) {
                for index in layer.series[series] {
                    let from = layer.prices[index].effectiveFromUnixNano
                    if from <= unixNano { return (Place(layer: place, index: index), from...end) }
                    end = min(end, from - 1)
                }
            }
        }
        return (nil, 0...end)
    }

    private static func canonical(_ provider: String) -> String {
        guard let value = ProviderNames.table.value(of: Array(provider.utf8).span) else { return provider }
        return ProviderNames.spellings[Int(value)].canonical
    }
}

/// What an import would change: prices that nobody has yet, and those that differ from what counts at their time. Prices that say what is
/// there already are left out, so that the same import a second time changes nothing.
package struct PriceChanges: Sendable {
    package struct Change: Sendable {
        package var price: Price
        /// What counts without it; nil where there is none of its provider and pattern.
        package var before: Price?
    }

    package private(set) var changes: [Change] = []
    package private(set) var unchangedCount = 0

    package init(importing prices: [Price], into known: [Price]) {
        let byName = Dictionary(grouping: known, by: Self.name)
        for price in prices {
            let started = (byName[Self.name(of: price)] ?? []).filter { $0.effectiveFromUnixNano <= price.effectiveFromUnixNano }
            let before = started.max { $0.effectiveFromUnixNano < $1.effectiveFromUnixNano }
            if let before, before.rates == price.rates, Set(before.tiers) == Set(price.tiers) {
                unchangedCount += 1
            } else {
                changes.append(Change(price: price, before: before))
            }
        }
    }

    /// The known prices with the changes in: of one provider, pattern and time the changed one.
    package func applied(to known: [Price]) -> [Price] {
        let changed = Set(changes.map { Key($0.price) })
        return known.filter { !changed.contains(Key($0)) } + changes.map(\.price)
    }

    private struct Key: Hashable {
        let name: String
        let from: UInt64
        init(_ price: Price) { (name, from) = (PriceChanges.name(of: price), price.effectiveFromUnixNano) }
    }

    private static func name(of price: Price) -> String { "\(price.provider ?? "")\u{0}\(price.modelPattern)" }
}

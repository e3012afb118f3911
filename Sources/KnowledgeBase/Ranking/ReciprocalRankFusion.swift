/// Several ranked lists made one: an item's score is the sum of 1 / (60 + rank) over the lists that have it, ranks from 1 on. Scores of
/// different kinds (sums of idf, cosines) are so never compared with each other. Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion
/// outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009, from whom the 60 is, too.

package enum ReciprocalRankFusion {
    /// Added to each rank: how little the first place counts more than the tenth.
    package static let constant = 60

    package struct Item: Sendable, Equatable {
        package var id: Int64
        package var score: Double
        /// In each list, from 1 on; nil where the list does not have it.
        package var ranks: [Int?]
    }

    /// All items of the lists, the best first; among equals the one that is higher in an earlier list, then the lower id. An item that a
    /// list has twice counts there once, where it comes first.
    package static func fuse(_ lists: [[Int64]]) -> [Item] {
        var items: [Int64: Item] = [:]
        for (number, list) in lists.enumerated() {
            for (index, id) in list.enumerated() {
                var item = items[id] ?? Item(id: id, score: 0, ranks: Array(repeating: nil, count: lists.count))
                guard item.ranks[number] == nil else { continue }
                item.ranks[number] = index + 1
                item.score += 1 / Double(constant + index + 1)
                items[id] = item
            }
        }
        return items.values.sorted { precedes($0, $1) }
    }

    private static func precedes(_ a: Item, _ b: Item) -> Bool {
        if a.score != b.score { return a.score > b.score }
        for (first, second) in zip(a.ranks, b.ranks) where first != second { return (first ?? .max) < (second ?? .max) }
        return a.id < b.id
    }
}

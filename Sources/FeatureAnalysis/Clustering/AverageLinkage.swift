/// Agglomerative clustering by average linkage over cosine distances (UPGMA, Sokal and Michener 1958), by the nearest-neighbour chain
/// (Murtagh 1983): O(n²) time, one matrix of n² numbers. Average linkage asks for no number of clusters, finds clusters of unequal size,
/// and lets outliers join last, so that a cut leaves them alone.

/// The merges of n items, in the order of their heights.
package struct Dendrogram: Sendable, Equatable {
    package struct Merge: Sendable, Equatable {
        /// One item of each of the two clusters that become one.
        var first: Int
        var second: Int
        /// Mean distance between the items of the two: 0 to 2.
        var height: Float
    }

    package let itemCount: Int
    /// `itemCount - 1` of them, heights ascending.
    package let merges: [Merge]

    /// - Parameter similarities: cosine similarities of all pairs, `itemCount` squared, symmetric.
    package init(similarities: [Float], itemCount: Int) {
        precondition(similarities.count == itemCount * itemCount)
        self.itemCount = itemCount
        var distances = similarities.map { 1 - $0 }
        var sizes = [Int](repeating: 1, count: itemCount)
        var active = Array(0..<itemCount)
        var chain: [Int] = []
        var merges: [Merge] = []
        merges.reserveCapacity(max(0, itemCount - 1))
        while active.count > 1 {
            if chain.isEmpty { chain.append(active[0]) }
            while true {
                let last = chain[chain.count - 1]
                let previous = chain.count > 1 ? chain[chain.count - 2] : nil
                // Of equally near ones the one before in the chain, so that the chain ends.
                var nearest = previous ?? -1
                var least = previous.map { distances[last * itemCount + $0] } ?? .infinity
                for other in active where other != last && distances[last * itemCount + other] < least {
                    nearest = other
                    least = distances[last * itemCount + other]
                }
                guard nearest != previous else { break }
                chain.append(nearest)
            }
            let second = chain.removeLast(), first = chain.removeLast()
            merges.append(Merge(first: first, second: second, height: distances[first * itemCount + second]))
            // The merged cluster lives on in the row of `first`: distances are means over its items (Lance and Williams 1967).
            let firstShare = Float(sizes[first]) / Float(sizes[first] + sizes[second]), secondShare = 1 - firstShare
            for other in active where other != first && other != second {
                let distance = firstShare * distances[first * itemCount + other] + secondShare * distances[second * itemCount + other]
                distances[first * itemCount + other] = distance
                distances[other * itemCount + first] = distance
            }
            sizes[first] += sizes[second]
            active.remove(at: active.firstIndex(of: second)!)
        }
        self.merges = merges.sorted { $0.height < $1.height }
    }

    /// The cluster of each item after all but the last `clusterCount - 1` merges: 0 ..< clusterCount, numbered in the order of their
    /// first items.
    package func labels(clusterCount: Int) -> [Int] {
        var parents = Array(0..<itemCount)
        func root(_ item: Int) -> Int {
            var item = item
            while parents[item] != item {
                parents[item] = parents[parents[item]]
                item = parents[item]
            }
            return item
        }
        for merge in merges.prefix(max(0, itemCount - clusterCount)) {
            let first = root(merge.first), second = root(merge.second)
            parents[max(first, second)] = min(first, second)
        }
        var numbers: [Int: Int] = [:]
        return (0..<itemCount).map { item in
            let root = root(item)
            if let number = numbers[root] { return number }
            numbers[root] = numbers.count
            return numbers.count - 1
        }
    }
}

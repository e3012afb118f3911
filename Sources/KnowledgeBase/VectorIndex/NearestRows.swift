/// The k rows of the highest cosine seen so far: a heap of at most k, the worst on top. A pure value.

struct NearestRow: Sendable, Equatable {
    var row: UInt32
    /// Cosine similarity, -1 to 1.
    var cosine: Float

    /// Whether this row comes after the other; among equals, the higher number does, so that answers do not depend on how the work was split.
    func isBehind(_ other: NearestRow) -> Bool { cosine != other.cosine ? cosine < other.cosine : row > other.row }
}

struct NearestRows: Sendable {
    let maximumCount: Int
    private var heap: [NearestRow] = []

    init(maximumCount: Int) {
        self.maximumCount = max(0, maximumCount)
        heap.reserveCapacity(self.maximumCount)
    }

    /// A cosine that is no number is left out.
    @inline(__always)
    mutating func offer(_ row: UInt32, _ cosine: Float) {
        if heap.count == maximumCount {
            // One comparison for nearly all rows.
            guard let worst = heap.first, cosine >= worst.cosine else { return }
        }
        insert(NearestRow(row: row, cosine: cosine))
    }

    mutating func merge(_ other: NearestRows) { for row in other.heap { insert(row) } }

    /// The best first.
    var sorted: [NearestRow] { heap.sorted { $1.isBehind($0) } }

    private mutating func insert(_ new: NearestRow) {
        guard !new.cosine.isNaN, maximumCount > 0 else { return }
        if heap.count < maximumCount {
            heap.append(new)
            var place = heap.count - 1
            while place > 0, heap[place].isBehind(heap[(place - 1) / 2]) {
                heap.swapAt(place, (place - 1) / 2)
                place = (place - 1) / 2
            }
            return
        }
        guard heap[0].isBehind(new) else { return }
        heap[0] = new
        var place = 0
        while true {
            var worst = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child].isBehind(heap[worst]) { worst = child }
            if worst == place { return }
            heap.swapAt(place, worst)
            place = worst
        }
    }
}

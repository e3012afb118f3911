/// Quantiles of values that are all there: linear interpolation between the two nearest (R's type 7, PostgreSQL's
/// `percentile_cont`), several of them in three passes over the values, found by counting, not by sorting.
///
/// Doubles are ordered by their bits, whose range is cut into as many stretches as fit a small table. One pass counts the values of each,
/// so that it is known which stretches hold the wanted ones; another collects those few, which are looked at in the same way until they
/// are few enough to sort. Each round narrows the range by the table's size, so no values, however chosen, take more than six.
enum ExactQuantiles {
    private static let tableBitCount = 11
    /// As many are sorted.
    private static let maximumSortedCount = 128

    /// - Parameters:
    ///   - quantiles: 0 to 1, ascending.
    ///   - values: at least one, none of them NaN.
    static func values(_ quantiles: [Double], of values: [Double]) -> [Double] {
        let places = quantiles.map { $0 * Double(values.count - 1) }
        var ranks: [Int] = []
        for place in places {
            for rank in [Int(place.rounded(.down)), Int(place.rounded(.up))] where ranks.last.map({ $0 < rank }) ?? true {
                ranks.append(rank)
            }
        }
        // Zeros of either sign are one value.
        let found = select(ranks, in: values.map { order(of: $0 + 0) }).map(value(of:))
        return places.map { place in
            let below = Int(place.rounded(.down)), fraction = place - Double(below)
            guard let index = ranks.firstIndex(of: below), fraction > 0 else {
                return ranks.firstIndex(of: below).map { found[$0] } ?? .nan
            }
            let low = found[index], high = found[index + 1]
            // Infinities would make NaN of the difference.
            return low == high ? low : low + (high - low) * fraction
        }
    }

    /// Grows with the value.
    @inline(__always)
    private static func order(of value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
    }

    private static func value(of order: UInt64) -> Double {
        Double(bitPattern: order >> 63 == 1 ? order ^ 1 << 63 : ~order)
    }

    /// What sorting would put at some places, which ascend.
    private static func select(_ ranks: [Int], in keys: [UInt64]) -> [UInt64] {
        if keys.count <= maximumSortedCount {
            let sorted = keys.sorted()
            return ranks.map { sorted[$0] }
        }
        var least = UInt64.max, greatest = UInt64.min
        for key in keys {
            least = min(least, key)
            greatest = max(greatest, key)
        }
        guard least < greatest else { return Array(repeating: least, count: ranks.count) }
        let shift = UInt64(max(0, 64 - tableBitCount - (greatest - least).leadingZeroBitCount))
        var counts = [Int](repeating: 0, count: 1 << tableBitCount)
        counts.withUnsafeMutableBufferPointer { counts in
            // Bounds: the shift leaves no more bits of a difference than the table has.
            for key in keys { counts[Int((key &- least) >> shift)] &+= 1 }
        }
        // The stretches that hold a rank, and the ranks within them.
        var parts: [Part] = [], end = 0, next = 0
        var partOfStretch = [UInt8](repeating: .max, count: counts.count)
        for stretch in counts.indices where next < ranks.count {
            let begin = end
            end += counts[stretch]
            guard ranks[next] < end else { continue }
            var part = Part()
            part.keys.reserveCapacity(counts[stretch])
            while next < ranks.count, ranks[next] < end {
                part.ranks.append(ranks[next] - begin)
                next += 1
            }
            partOfStretch[stretch] = UInt8(parts.count)
            parts.append(part)
        }
        partOfStretch.withUnsafeBufferPointer { partOfStretch in
            // Bounds as above.
            for key in keys {
                let part = partOfStretch[Int((key &- least) >> shift)]
                if part != .max { parts[Int(part)].keys.append(key) }
            }
        }
        return parts.flatMap { select($0.ranks, in: $0.keys) }
    }

    private struct Part {
        var ranks: [Int] = []
        var keys: [UInt64] = []
    }
}

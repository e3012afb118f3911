import Glibc

/// nDCG@k: how good a ranking is beside the best that could be made of the same grades. Gain 2^grade - 1, divided by log2(1 + rank).
/// Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002.
enum DiscountedGain {
    /// 0 to 1; 1 where nothing is relevant.
    static func normalized(_ ranking: [String], grades: [String: Int], at count: Int) -> Double {
        let ideal = gain(grades.values.sorted(by: >).prefix(count))
        guard ideal > 0 else { return 1 }
        var seen = Set<String>()
        // A document counts where it comes first.
        let unique = ranking.filter { seen.insert($0).inserted }
        return gain(unique.prefix(count).map { grades[$0] ?? 0 }) / ideal
    }

    private static func gain(_ grades: some Collection<Int>) -> Double {
        grades.enumerated().reduce(0) { $0 + (pow(2, Double($1.element)) - 1) / log2(Double($1.offset) + 2) }
    }
}

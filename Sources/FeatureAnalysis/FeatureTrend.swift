/// Whether a feature is new, or asked for more or less often than before.

package enum FeatureTrend: String, Sendable, CaseIterable {
    /// Nobody asked for it in the windows before.
    case new
    case growing
    case steady
    case shrinking

    /// What a feature had of the traces of some windows.
    package struct Share: Sendable, Equatable {
        package var count: Int
        package var traceCount: Int

        package init(count: Int, traceCount: Int) {
            self.count = count
            self.traceCount = traceCount
        }

        package var rate: Double { traceCount == 0 ? 0 : Double(count) / Double(traceCount) }
    }

    /// Compares shares, not counts: more traffic is no growth of a feature. It is growing or shrinking when its share differs by half and
    /// a two-proportion z-test with pooled variance (Agresti, Categorical Data Analysis, 3.1) puts it three standard errors away: with a
    /// hundred features looked at every day, one in some days is called so by chance.
    package static func of(_ now: Share, before: Share?) -> FeatureTrend {
        guard let before, before.count > 0 else { return now.count > 0 ? .new : .steady }
        let pooled = Double(now.count + before.count) / Double(now.traceCount + before.traceCount)
        let error = (pooled * (1 - pooled) * (1 / Double(max(1, now.traceCount)) + 1 / Double(max(1, before.traceCount)))).squareRoot()
        guard error > 0 else { return .steady }
        let z = (now.rate - before.rate) / error
        if z >= 3, now.rate >= 1.5 * before.rate { return .growing }
        if z <= -3, now.rate * 1.5 <= before.rate { return .shrinking }
        return .steady
    }
}

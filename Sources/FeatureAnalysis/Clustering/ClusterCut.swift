/// Where a dendrogram is cut: at the number of clusters whose mean silhouette is greatest (Rousseeuw 1987). An item's silhouette is
/// (b - a) / max(a, b), with a the mean distance to the others of its cluster and b that to the nearest other cluster: 1 far from any
/// other, 0 between two. An item of a cluster that is too small to say anything has 0, too: else many pairs of neighbours would beat the
/// few clusters that mean something, and texts that are all alike would fall to pieces.

package struct ClusterCut: Sendable, Equatable {
    /// The cluster of each item; nil for items of clusters too small to say anything.
    package let labels: [Int?]
    package let clusterCount: Int
    /// -1 to 1: how well the clusters are told apart.
    package let meanSilhouette: Double

    /// The best cut of the items into clusters of at least `minimumSize`. All are one cluster if no cut tells any apart.
    package static func best(of vectors: VectorSet, minimumSize: Int) -> ClusterCut {
        let count = vectors.count
        guard count >= 2 * max(1, minimumSize) else {
            return ClusterCut(
                labels: Array(repeating: count >= minimumSize ? 0 : nil, count: count), clusterCount: count >= minimumSize ? 1 : 0,
                meanSilhouette: 0)
        }
        let similarities = vectors.centered().similarities()
        let dendrogram = Dendrogram(similarities: similarities, itemCount: count)
        var best = (labels: [Int](repeating: 0, count: count), silhouette: FeatureAnalysisLimits.leastSilhouette)
        for clusterCount in candidates(itemCount: count) {
            let labels = dendrogram.labels(clusterCount: clusterCount)
            let silhouette = meanSilhouette(similarities, labels, clusterCount: clusterCount, minimumSize: minimumSize)
            if silhouette > best.silhouette { best = (labels, silhouette) }
        }
        return ClusterCut(labels: best.labels, silhouette: best.silhouette, minimumSize: minimumSize)
    }

    private init(labels: [Int], silhouette: Double, minimumSize: Int) {
        var sizes: [Int: Int] = [:]
        for label in labels { sizes[label, default: 0] += 1 }
        // The largest first: numbers say something.
        let kept = sizes.filter { $0.value >= minimumSize }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        let numbers = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
        self.labels = labels.map { numbers[$0] }
        clusterCount = kept.count
        meanSilhouette = silhouette
    }

    private init(labels: [Int?], clusterCount: Int, meanSilhouette: Double) {
        self.labels = labels
        self.clusterCount = clusterCount
        self.meanSilhouette = meanSilhouette
    }

    /// Every number of clusters up to 32, then in steps of a twentieth up to half the items: outliers, each a cluster of its own, come off
    /// before the last real clusters part.
    static func candidates(itemCount: Int) -> [Int] {
        var candidates: [Int] = []
        var next = 2
        while next <= itemCount / 2 {
            candidates.append(next)
            next = max(next + 1, next < 32 ? 0 : next + next / 20)
        }
        return candidates
    }

    static func meanSilhouette(_ similarities: [Float], _ labels: [Int], clusterCount: Int, minimumSize: Int) -> Double {
        let count = labels.count
        var sizes = [Float](repeating: 0, count: clusterCount)
        for label in labels { sizes[label] += 1 }
        var sums = [Float](repeating: 0, count: clusterCount)
        var total = 0.0
        let least = Float(max(2, minimumSize))
        for item in 0..<count where sizes[labels[item]] >= least {
            for cluster in 0..<clusterCount { sums[cluster] = 0 }
            let row = item * count
            for other in 0..<count { sums[labels[other]] += 1 - similarities[row + other] }
            let own = labels[item]
            // Its distance to itself is 0 but for rounding.
            let inside = sums[own] / (sizes[own] - 1)
            var outside = Float.infinity
            for cluster in 0..<clusterCount where cluster != own { outside = min(outside, sums[cluster] / sizes[cluster]) }
            let scale = max(inside, outside)
            if outside.isFinite, scale > 0 { total += Double((outside - inside) / scale) }
        }
        return total / Double(count)
    }
}

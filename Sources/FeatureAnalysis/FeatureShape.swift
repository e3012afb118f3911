/// Where a feature lies among the embeddings of what users said, and how far it reaches.

package struct FeatureShape: Sendable, Equatable {
    /// A unit vector.
    package var center: [Float]
    /// Least cosine similarity to the center that belongs to the feature.
    package var reach: Float

    package init(center: [Float], reach: Float) {
        self.center = center
        self.reach = reach
    }

    /// Of the chosen vectors; nil if there are none or they cancel out.
    package init?(of indices: [Int], in vectors: VectorSet) {
        guard let center = vectors.centroid(of: indices) else { return nil }
        let similarities = indices.map { vectors.similarity($0, center) }.sorted()
        let straggler = Int((Double(similarities.count) * FeatureAnalysisLimits.stragglerShare).rounded(.down))
        self.init(center: center, reach: similarities[straggler] - FeatureAnalysisLimits.reachSlack)
    }

    /// The shape after a window in which the feature looked like `other`.
    package func moved(towards other: FeatureShape) -> FeatureShape {
        let share = FeatureAnalysisLimits.driftShare
        let sum = zip(center, other.center).map { (1 - share) * $0 + share * $1 }
        return FeatureShape(center: VectorSet.unit(sum) ?? center, reach: (1 - share) * reach + share * other.reach)
    }
}

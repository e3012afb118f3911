/// Every limit of this target, with its reason.
package enum FeatureAnalysisLimits {
    /// Traces of one analysis: their similarities are a matrix of 64 MiB, which takes a few seconds to make.
    package static let maximumTraceCount = 4_096
    /// Traces that make a feature: fewer is an anecdote.
    package static let leastFeatureTraceCount = 5
    /// Share of the looked-at traces that makes a feature when there are many.
    package static let leastFeatureShare = 0.005
    /// Mean silhouette below which clusters are no more than noise cut into pieces.
    package static let leastSilhouette = 0.05
    /// Share of a feature's own traces that may lie beyond its reach: its stragglers do not set how far it reaches.
    package static let stragglerShare = 0.05
    /// Cosine similarity that a trace may lie beyond a feature's reach and still belong to it: wordings nobody has used before.
    package static let reachSlack: Float = 0.05
    /// Weight of a window's direction beside the feature's: what people ask for drifts slowly.
    package static let driftShare: Float = 0.2
}

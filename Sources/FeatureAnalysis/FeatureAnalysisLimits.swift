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
    /// Texts embedded by one call, and bytes of them: providers take 100 and more, and what a call costs is what a cap may be passed by,
    /// and what a worker that dies pays twice.
    static let embeddingBatchCount = 64
    static let embeddingBatchByteCount = 64 << 10
    /// Examples shown to the model that names a feature, and kept for people.
    static let namingExampleCount = 12
    static let keptExampleCount = 5
    /// Characters of a text as an example: its first sentences.
    static let exampleCharacterCount = 300
    /// Characters of a name that is an example itself.
    static let exampleNameCharacterCount = 60
    /// A name that a model gives has two to six words; a few more are let pass, a sentence is not.
    static let maximumNameWordCount = 8
    static let maximumNameCharacterCount = 80
    static let maximumDescriptionCharacterCount = 400
    /// Tokens of a model's answer with a name; those that think first need more than the sixty of the answer.
    static let namingTokenCount = 1_000
    /// Names given before that the model is told, so that it finds another.
    static let toldNameCount = 50
    /// Attempts at an analysis: workers that died at it count.
    static let maximumAttemptCount = 8
    /// Seconds between two attempts, doubled with each.
    static let firstRetryDelaySeconds = 5.0
    static let maximumRetryDelaySeconds = 300.0
    /// Seconds that a provider may ask to wait before another try: with more the analysis fails, and says why.
    static let maximumObeyedDelaySeconds = 3_600.0
    /// Seconds between two heartbeats: three fit into a lease.
    static let heartbeatSeconds = 5
    /// Seconds between two looks for work when nothing was announced.
    static let idleSeconds = 2
    /// Seconds until spans are offered again to a server that did not take them.
    static let deliveryPauseSeconds = 5
    /// Seconds that a call under way has to end when the worker stops.
    static let drainSeconds = 10
}

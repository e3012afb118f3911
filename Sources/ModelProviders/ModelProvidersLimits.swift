/// What one call of a model may cost in bytes, time and tries: the limits of this target in one place, each with its reason.

package enum ModelProvidersLimits {
    /// An answer read whole, and all events of a stream together: the longest outputs of models have some 500 KiB of text, which a
    /// stream wraps into forty times as much.
    static let answerByteCount = 32 << 20
    /// An answer with embeddings: 2,048 inputs (the most that providers take) of 3,072 dimensions as base64 take 32 MiB.
    static let embeddingAnswerByteCount = 64 << 20
    /// The body of an error that is looked at: providers send one sentence, gateways a page.
    static let errorBodyByteCount = 64 << 10
    /// Containers inside each other in a provider's answer: a JSON Schema echoed back is the deepest seen.
    static let answerDepth = 128
    /// What is kept of a provider's own message, in characters: enough to act upon.
    static let providerMessageCharacterCount = 500
    /// What is kept of a provider's error code or finish reason, in characters.
    static let providerWordCharacterCount = 100
    /// Embeddings of one answer: what providers take at most, many times over.
    static let embeddingCount = 100_000
    /// Numbers in one embedding: the longest published have 4,096.
    static let embeddingDimensionCount = 65_536
    /// Tool calls of one answer: a stream that names higher places is broken.
    static let toolCallCount = 1000
    /// `max_tokens` where Anthropic demands one and the request has none: what every one of its models can give.
    static let anthropicOutputTokenCount = 4096
    /// Output tokens a call is taken to need before it was made, when it does not say: most answers are shorter.
    static let estimatedOutputTokenCount = 1024
    /// Tokens that an image is taken to need: what providers count for one of common size.
    static let estimatedImageTokenCount = 1000
    /// UTF-8 bytes of text per token: English has four, and most others have fewer characters of more bytes.
    static let estimatedBytesPerToken = 4
    /// Tries of a call, the first included: the official SDKs make three.
    package static let attemptCount = 3
    /// The longest back-off before the second try, in milliseconds; doubled with every further one, up to the maximum.
    package static let firstBackOffMilliseconds = 500
    /// As the one above: the SDKs' own.
    package static let maximumBackOffMilliseconds = 8000
    /// A provider that asks for more patience than this is not waited for: the job goes back to its queue.
    package static let maximumServerDelaySeconds = 120
    /// The longest that a provider's word keeps all callers of a key silent, in seconds, and that a bucket is overdrawn for: a mistaken
    /// header must not shut a key out for a year.
    static let maximumSilenceSeconds = 3600
    static let maximumOverdraftSeconds = 86_400.0
    /// Failures in a row that open a circuit: a call with its retries is three, and one unlucky call must not stop the others.
    package static let circuitFailureCount = 10
    /// How long a circuit stays open at first; doubled when its probe fails, up to the maximum.
    package static let circuitOpenSeconds = 5
    /// As the one above: a provider that is back is noticed within this time.
    package static let maximumCircuitOpenSeconds = 120
    /// A probe that has not told its outcome by then is taken to be lost, and another one is let through.
    package static let circuitProbeSeconds = 120
    /// Circuits and budgets kept in memory before the idle ones are dropped: keys times models in use at a time.
    package static let maximumRouteCount = 10_000
    /// Resolving, connecting, TLS.
    package static let connectTimeoutSeconds = 10
    /// To the response's head: without streaming a reasoning model sends nothing until it has thought to the end.
    package static let firstByteTimeoutSeconds = 300
    /// Between two pieces of a body: providers send pings well within a minute; a model may pause between two words.
    package static let idleTimeoutSeconds = 120
    /// A whole call with its retries and waits: what the official SDKs give one try.
    package static let totalTimeoutSeconds = 600
}

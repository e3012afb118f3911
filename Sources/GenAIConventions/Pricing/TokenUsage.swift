import TraceModel

/// Token counts of one call, with the meaning of the columns: input includes cache reads and writes, output includes
/// reasoning, and the parts by modality and by time in the cache are parts of these. Negative counts (absent) are taken as 0.
package struct TokenUsage: Hashable, Sendable {
    package var input: Int64
    package var output: Int64
    package var cacheRead: Int64
    package var cacheWrite: Int64
    package var reasoning: Int64
    package private(set) var cacheWrite1h: Int64 = 0
    package private(set) var audioInput: Int64 = 0
    package private(set) var audioCacheRead: Int64 = 0
    package private(set) var audioOutput: Int64 = 0
    package private(set) var imageInput: Int64 = 0
    package private(set) var imageCacheRead: Int64 = 0
    package private(set) var imageOutput: Int64 = 0
    package private(set) var serviceTier = ServiceTier.standard

    package init(
        input: Int64 = 0, output: Int64 = 0, cacheRead: Int64 = 0, cacheWrite: Int64 = 0, reasoning: Int64 = 0,
        details: UsageDetails? = nil
    ) {
        func count(_ value: Int64) -> Int64 { min(max(0, value), GenAILimits.maximumTokenCount) }
        self.input = count(input)
        self.output = count(output)
        self.cacheRead = count(cacheRead)
        self.cacheWrite = count(cacheWrite)
        self.reasoning = count(reasoning)
        guard let details else { return }
        cacheWrite1h = count(details.cacheWrite1h)
        audioInput = count(details.audioInput)
        audioCacheRead = count(details.audioCacheRead)
        audioOutput = count(details.audioOutput)
        imageInput = count(details.imageInput)
        imageCacheRead = count(details.imageCacheRead)
        imageOutput = count(details.imageOutput)
        serviceTier = details.serviceTier
    }

    /// The tokens by what they are paid as, each once; kinds without tokens are left out. A part is never more than what is left of
    /// its whole.
    @inline(__always)
    func forEachPart(_ body: (TokenKind, Int64) -> Void) {
        func take(_ wanted: Int64, from whole: inout Int64) -> Int64 {
            let taken = min(max(0, wanted), whole)
            whole -= taken
            return taken
        }
        func give(_ kind: TokenKind, _ tokens: Int64) { if tokens > 0 { body(kind, tokens) } }
        var plain = max(0, input - cacheRead - cacheWrite), read = cacheRead, write = cacheWrite, rest = max(0, output - reasoning)
        let audio = take(audioInput - audioCacheRead, from: &plain), image = take(imageInput - imageCacheRead, from: &plain)
        let audioRead = take(audioCacheRead, from: &read), imageRead = take(imageCacheRead, from: &read)
        let hourly = take(cacheWrite1h, from: &write)
        let speech = take(audioOutput, from: &rest), pictures = take(imageOutput, from: &rest)
        give(.input, plain)
        give(.cacheRead, read)
        give(.cacheWrite, write)
        give(.cacheWrite1h, hourly)
        give(.audioInput, audio)
        give(.audioCacheRead, audioRead)
        give(.imageInput, image)
        give(.imageCacheRead, imageRead)
        give(.output, rest)
        give(.reasoning, reasoning)
        give(.audioOutput, speech)
        give(.imageOutput, pictures)
    }
}

/// Kinds of tokens that may have prices of their own. The names are those of the API.
package enum TokenKind: String, Sendable, CaseIterable {
    case input
    case cacheRead = "cache_read"
    /// Kept for five minutes, or for how long nobody says.
    case cacheWrite = "cache_write"
    case cacheWrite1h = "cache_write_1h"
    case audioInput = "audio_input"
    case audioCacheRead = "audio_cache_read"
    case imageInput = "image_input"
    case imageCacheRead = "image_cache_read"
    case output
    case reasoning
    case audioOutput = "audio_output"
    case imageOutput = "image_output"

    /// What it is a part of: a kind without a price costs as its whole does.
    package var whole: TokenKind? {
        switch self {
        case .input, .output: nil
        case .cacheRead, .cacheWrite, .audioInput, .imageInput: .input
        case .cacheWrite1h: .cacheWrite
        case .audioCacheRead, .imageCacheRead: .cacheRead
        case .reasoning, .audioOutput, .imageOutput: .output
        }
    }
}

/// US dollars per million tokens, by kind; nil where there is no price of its own.
package struct TokenRates: Hashable, Sendable {
    package var input: Double?
    package var output: Double?
    package var cacheRead: Double?
    package var cacheWrite: Double?
    package var cacheWrite1h: Double?
    package var reasoning: Double?
    package var audioInput: Double?
    package var audioCacheRead: Double?
    package var audioOutput: Double?
    package var imageInput: Double?
    package var imageCacheRead: Double?
    package var imageOutput: Double?

    package init(input: Double? = nil, output: Double? = nil, cacheRead: Double? = nil, cacheWrite: Double? = nil) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
    }

    package var isEmpty: Bool { TokenKind.allCases.allSatisfy { self[$0] == nil } }

    package subscript(kind: TokenKind) -> Double? {
        get {
            switch kind {
            case .input: input
            case .output: output
            case .cacheRead: cacheRead
            case .cacheWrite: cacheWrite
            case .cacheWrite1h: cacheWrite1h
            case .reasoning: reasoning
            case .audioInput: audioInput
            case .audioCacheRead: audioCacheRead
            case .audioOutput: audioOutput
            case .imageInput: imageInput
            case .imageCacheRead: imageCacheRead
            case .imageOutput: imageOutput
            }
        }
        set {
            switch kind {
            case .input: input = newValue
            case .output: output = newValue
            case .cacheRead: cacheRead = newValue
            case .cacheWrite: cacheWrite = newValue
            case .cacheWrite1h: cacheWrite1h = newValue
            case .reasoning: reasoning = newValue
            case .audioInput: audioInput = newValue
            case .audioCacheRead: audioCacheRead = newValue
            case .audioOutput: audioOutput = newValue
            case .imageInput: imageInput = newValue
            case .imageCacheRead: imageCacheRead = newValue
            case .imageOutput: imageOutput = newValue
            }
        }
    }
}

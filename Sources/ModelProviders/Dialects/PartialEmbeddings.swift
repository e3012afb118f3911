/// Embeddings while they are read: rows in any order, until it is sure that there is one for each input.

import ByteCoding
import GenAIConventions

struct PartialEmbeddings: Sendable {
    var model: String?
    var usage: TokenUsage?
    var cost: Double?
    var failure: ProviderErrorBody?
    private var rows: [(index: Int, row: [Float])] = []

    /// - Parameter index: nil: the next.
    mutating func add(_ row: [Float], at index: Int?) {
        guard rows.count < ModelProvidersLimits.embeddingCount else { return }
        rows.append((index ?? rows.count, row))
    }

    /// An array of numbers; empty when it is none or too long.
    static func numbers(_ scanner: inout JSONScanner) throws(JSONError) -> [Float] {
        var numbers: [Float] = []
        guard try scanner.entersArray() else { return numbers }
        var isSound = true
        while try scanner.nextElement() {
            guard isSound, try scanner.peek() == .number else {
                try scanner.skipValue()
                isSound = false
                continue
            }
            numbers.append(scanner.double(try scanner.number()).map { Float($0) } ?? .nan)
            isSound = numbers.count <= ModelProvidersLimits.embeddingDimensionCount
        }
        return isSound ? numbers : []
    }
}

extension ProviderDialect {
    /// Reads the answer to an embedding request.
    ///
    /// Errors: what the provider reports within it, `retryable` for one cut short, `invalid` for what is no such answer: a row for
    /// each input, all of one length and of finite numbers.
    package func embeddings(from body: [UInt8], inputCount: Int) throws(ProviderError) -> EmbeddingResponse {
        var partial = PartialEmbeddings()
        do {
            try JSONScanner.scan(body) { scanner throws(JSONError) in
                switch self {
                case .openAIChat, .openAIResponses: try OpenAIEmbeddings.read(&scanner, into: &partial)
                case .gemini: try GeminiEmbeddings.read(&scanner, into: &partial)
                case .anthropic: try scanner.skipValue()
                }
            }
        } catch {
            throw ProviderError(ProviderFault(unreadable: error, in: "the answer"))
        }
        if let failure = partial.failure { throw ProviderError(FaultClassification.fault(inAnswer: failure)) }
        return try partial.response(inputCount: inputCount)
    }
}

extension PartialEmbeddings {
    fileprivate func response(inputCount: Int) throws(ProviderError) -> EmbeddingResponse {
        let ordered = rows.sorted { $0.index < $1.index }
        guard ordered.count == inputCount, ordered.enumerated().allSatisfy({ $0 == $1.index }) else {
            throw ProviderError(.invalid, "the response has not one embedding for each of \(inputCount) inputs")
        }
        var matrix = EmbeddingMatrix()
        for (_, row) in ordered {
            guard row.allSatisfy(\.isFinite), matrix.append(row) else {
                throw ProviderError(.invalid, "the response's embeddings are not finite vectors of one length")
            }
        }
        return EmbeddingResponse(embeddings: matrix, model: model, usage: usage, reportedCost: cost)
    }
}

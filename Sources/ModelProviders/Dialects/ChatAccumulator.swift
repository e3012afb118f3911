/// An answer from its bytes, whole or event by event: the way back of every dialect, as a pure value.

import ByteCoding
import CurlClient
import GenAIConventions

package struct ChatAccumulator: Sendable {
    private var reader: any AnswerReader

    package init(dialect: ProviderDialect) {
        reader =
            switch dialect {
            case .openAIChat: OpenAIChatReader()
            case .openAIResponses: OpenAIResponsesReader()
            case .anthropic: AnthropicReader()
            case .gemini: GeminiReader()
            }
    }

    /// Whether the stream has said its last word: what becomes of the connection afterwards does not matter.
    package var isTerminated: Bool { reader.answer.isTerminated }

    /// What the provider has counted so far, whatever becomes of the answer.
    var usage: TokenUsage? { reader.answer.usage }

    /// Reads a body that is not a stream. Errors: what the provider reports within it, `invalid` for what is no answer, `retryable`
    /// for one cut short.
    package mutating func read(body: [UInt8]) throws(ProviderError) {
        do {
            try JSONScanner.scan(body) { scanner throws(JSONError) in try reader.readBody(&scanner) }
        } catch {
            throw ProviderError(ProviderFault(unreadable: error, in: "the answer"))
        }
        try throwFailure()
    }

    /// What the event adds. Errors: the error that the provider sends in the midst of a stream, `retryable` for broken events.
    package mutating func read(_ event: ServerSentEvent) throws(ProviderError) -> [ChatDelta] {
        guard !isTerminated, !event.data.isEmpty else { return [] }
        if event.data == "[DONE]" {
            reader.answer.isTerminated = true
            return []
        }
        do {
            try JSONScanner.scan(Array(event.data.utf8)) { scanner throws(JSONError) in try reader.readEvent(&scanner) }
        } catch {
            throw ProviderError(.retryable, "an event of the stream is not JSON")
        }
        try throwFailure()
        return reader.answer.takeDeltas()
    }

    /// The answer. Errors: `retryable` when the stream ended before the answer did, `invalid` when a body held none.
    package func finish(isStream: Bool) throws(ProviderError) -> ChatResponse {
        if let response = reader.answer.response { return response }
        throw isStream
            ? ProviderError(.retryable, "the stream ended before the answer was whole")
            : ProviderError(.invalid, "the response holds no finished answer; is the base URL that of the dialect?")
    }

    private func throwFailure() throws(ProviderError) {
        if let failure = reader.answer.failure { throw ProviderError(FaultClassification.fault(inAnswer: failure)) }
    }
}

extension ProviderFault {
    /// Broken JSON at the very start was never meant as an answer; further on it was cut or garbled on its way.
    init(unreadable error: JSONError, in what: String) {
        self =
            error.byteOffset == 0
            ? ProviderFault(.invalid, "\(what) is not JSON; is the base URL that of the dialect?")
            : ProviderFault(.retryable, "\(what) is broken JSON: \(error)")
    }
}

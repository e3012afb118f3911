/// Gemini's generateContent, the answer. Each event of the stream is a whole response with a piece of the content.

import ByteCoding
import GenAIConventions

struct GeminiReader: AnswerReader {
    var answer = PartialAnswer()

    mutating func readBody(_ scanner: inout JSONScanner) throws(JSONError) { try readResponse(&scanner) }

    mutating func readEvent(_ scanner: inout JSONScanner) throws(JSONError) { try readResponse(&scanner) }

    private mutating func readResponse(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "candidates") {
                try readCandidates(&scanner)
            } else if scanner.matches(key, "usageMetadata") {
                answer.usage = try Self.readUsage(&scanner) ?? answer.usage
            } else if scanner.matches(key, "modelVersion") {
                answer.model = try scanner.text() ?? answer.model
            } else if scanner.matches(key, "responseId") {
                answer.id = try scanner.text() ?? answer.id
            } else if scanner.matches(key, "promptFeedback") {
                try readPromptFeedback(&scanner)
            } else if scanner.matches(key, "error") {
                answer.failure = try ProviderErrorBody.readError(&scanner) ?? answer.failure
            } else {
                try scanner.skipValue()
            }
        }
    }

    private mutating func readCandidates(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersArray() else { return }
        var isFirst = true
        while try scanner.nextElement() {
            if isFirst { try readCandidate(&scanner) } else { try scanner.skipValue() }
            isFirst = false
        }
    }

    private mutating func readCandidate(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        var word: String?
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "content") {
                guard try scanner.entersObject() else { continue }
                while let key = try scanner.nextKey() {
                    if scanner.matches(key, "parts") { try readParts(&scanner) } else { try scanner.skipValue() }
                }
            } else if scanner.matches(key, "finishReason") {
                word = try scanner.text()
            } else {
                try scanner.skipValue()
            }
        }
        guard let word, word != "FINISH_REASON_UNSPECIFIED" else { return }
        answer.providerFinishReason = word
        answer.finishReason = Self.finishReason(word, hasToolCalls: !answer.toolCalls.isEmpty)
    }

    private mutating func readParts(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersArray() else { return }
        while try scanner.nextElement() {
            guard try scanner.entersObject() else { continue }
            var text = "", isThought = false, signature: String?, call: ToolCall?, hasID = false
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "text") {
                    text = try scanner.text() ?? ""
                } else if scanner.matches(key, "thought") {
                    isThought = try scanner.isTrue()
                } else if scanner.matches(key, "thoughtSignature") {
                    signature = try scanner.text()
                } else if scanner.matches(key, "functionCall") {
                    call = try Self.readCall(&scanner)
                    hasID = call?.id.isEmpty == false
                } else {
                    try scanner.skipValue()
                }
            }
            if isThought { answer.append(reasoning: text) } else { answer.append(text: text) }
            guard let call else { continue }
            let number = answer.toolCalls.count
            answer.beginToolCall(number: number, id: hasID ? call.id : nil, name: call.name, signature: signature)
            answer.append(arguments: call.arguments, toToolCall: number)
        }
    }

    private static func readCall(_ scanner: inout JSONScanner) throws(JSONError) -> ToolCall? {
        guard try scanner.entersObject() else { return nil }
        var call = ToolCall(id: "", name: "", arguments: "{}")
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "id") {
                call.id = try scanner.text() ?? ""
            } else if scanner.matches(key, "name") {
                call.name = try scanner.text() ?? ""
            } else if scanner.matches(key, "args") {
                call.arguments = try scanner.jsonText()
            } else {
                try scanner.skipValue()
            }
        }
        return call
    }

    /// A prompt that was blocked has no candidates: the reason is all there is.
    private mutating func readPromptFeedback(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            guard scanner.matches(key, "blockReason") else {
                try scanner.skipValue()
                continue
            }
            if let word = try scanner.text() {
                answer.providerFinishReason = word
                answer.finishReason = .contentFilter
            }
        }
    }

    /// The input holds what was cached, and beside it what the provider's own tools put into the prompt; the candidates leave
    /// the thoughts out.
    private static func readUsage(_ scanner: inout JSONScanner) throws(JSONError) -> TokenUsage? {
        guard try scanner.entersObject() else { return nil }
        var prompt: Int64 = 0, tools: Int64 = 0, cached: Int64 = 0, candidates: Int64 = 0, thoughts: Int64 = 0
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "promptTokenCount") {
                prompt = try scanner.integer() ?? 0
            } else if scanner.matches(key, "toolUsePromptTokenCount") {
                tools = try scanner.integer() ?? 0
            } else if scanner.matches(key, "cachedContentTokenCount") {
                cached = try scanner.integer() ?? 0
            } else if scanner.matches(key, "candidatesTokenCount") {
                candidates = try scanner.integer() ?? 0
            } else if scanner.matches(key, "thoughtsTokenCount") {
                thoughts = try scanner.integer() ?? 0
            } else {
                try scanner.skipValue()
            }
        }
        // Clamped first, so that the sums cannot overflow.
        var usage = TokenUsage(input: prompt, output: candidates, cacheRead: cached, reasoning: thoughts)
        usage.input += TokenUsage(input: tools).input
        usage.output += usage.reasoning
        return usage
    }

    private static func finishReason(_ word: String, hasToolCalls: Bool) -> FinishReason {
        switch word {
        case "STOP": hasToolCalls ? .toolCalls : .stop
        case "MAX_TOKENS", "CONTINUATION": .length
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT",
            "IMAGE_RECITATION", "ESCALATION", "MODEL_ARMOR":
            .contentFilter
        default: .other
        }
    }
}

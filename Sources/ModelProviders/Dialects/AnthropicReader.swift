/// Anthropic's Messages, the answer: a message, or named events that build one block by block.

import ByteCoding
import GenAIConventions

struct AnthropicReader: AnswerReader {
    var answer = PartialAnswer()
    private var usage = Usage()

    mutating func readBody(_ scanner: inout JSONScanner) throws(JSONError) { try readMessage(&scanner) }

    mutating func readEvent(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        var block = Block(), delta = Block(), place = 0
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "type") {
                if try scanner.text() == "message_stop" { answer.isTerminated = true }
            } else if scanner.matches(key, "index") {
                place = try scanner.integer().flatMap { Int(exactly: $0) } ?? 0
            } else if scanner.matches(key, "message") {
                try readMessage(&scanner)
            } else if scanner.matches(key, "content_block") {
                block = try Block.read(&scanner)
            } else if scanner.matches(key, "delta") {
                delta = try Block.read(&scanner)
            } else if scanner.matches(key, "usage") {
                try readUsage(&scanner)
            } else if scanner.matches(key, "error") {
                answer.failure = try ProviderErrorBody.readError(&scanner) ?? answer.failure
            } else {
                try scanner.skipValue()
            }
        }
        // At its start a tool's input is an empty object; the fragments that follow make up the whole.
        if block.input == "{}" { block.input = "" }
        take(block, place)
        take(delta, place)
    }

    private mutating func readMessage(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "id") {
                answer.id = try scanner.text() ?? answer.id
            } else if scanner.matches(key, "model") {
                answer.model = try scanner.text() ?? answer.model
            } else if scanner.matches(key, "content") {
                guard try scanner.entersArray() else { continue }
                var place = 0
                while try scanner.nextElement() {
                    take(try Block.read(&scanner), place)
                    place += 1
                }
            } else if scanner.matches(key, "stop_reason") {
                finish(try scanner.text())
            } else if scanner.matches(key, "usage") {
                try readUsage(&scanner)
            } else if scanner.matches(key, "error") {
                answer.failure = try ProviderErrorBody.readError(&scanner) ?? answer.failure
            } else {
                try scanner.skipValue()
            }
        }
    }

    private mutating func take(_ block: Block, _ place: Int) {
        answer.append(text: block.text)
        answer.append(reasoning: block.thinking)
        if block.isToolUse { answer.beginToolCall(number: place, id: block.id, name: block.name) }
        answer.append(arguments: block.input, toToolCall: place)
        finish(block.stopReason)
    }

    private mutating func finish(_ word: String?) {
        guard let word else { return }
        answer.providerFinishReason = word
        switch word {
        case "end_turn", "stop_sequence": answer.finishReason = .stop
        case "max_tokens", "model_context_window_exceeded": answer.finishReason = .length
        case "tool_use": answer.finishReason = .toolCalls
        case "refusal": answer.finishReason = .contentFilter
        default: answer.finishReason = .other
        }
    }

    private mutating func readUsage(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try usage.update(&scanner) else { return }
        answer.usage = usage.tokens
    }
}

extension AnthropicReader {
    /// A content block, or what an event adds to one: no name means two things.
    private struct Block {
        var isToolUse = false
        var id: String?
        var name: String?
        var text = ""
        var thinking = ""
        /// The tool's input as JSON text, or a fragment of it.
        var input = ""
        var stopReason: String?

        static func read(_ scanner: inout JSONScanner) throws(JSONError) -> Block {
            var block = Block(), input = "", isOurs = true
            guard try scanner.entersObject() else { return block }
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "type") {
                    let type = try scanner.text() ?? ""
                    block.isToolUse = type == "tool_use"
                    // The provider's own tools have inputs, too; they are not for the caller to run.
                    isOurs = block.isToolUse || !type.hasSuffix("tool_use")
                } else if scanner.matches(key, "id") {
                    block.id = try scanner.text()
                } else if scanner.matches(key, "name") {
                    block.name = try scanner.text()
                } else if scanner.matches(key, "text") {
                    block.text = try scanner.text() ?? ""
                } else if scanner.matches(key, "thinking") {
                    block.thinking = try scanner.text() ?? ""
                } else if scanner.matches(key, "input") {
                    input = try scanner.jsonText()
                } else if scanner.matches(key, "partial_json") {
                    input = try scanner.text() ?? ""
                } else if scanner.matches(key, "stop_reason") {
                    block.stopReason = try scanner.text()
                } else {
                    try scanner.skipValue()
                }
            }
            block.input = isOurs ? input : ""
            return block
        }
    }

    /// The counts of a message. Those of later events are cumulative: they take the place of earlier ones, member by member.
    private struct Usage {
        /// Without what was read from or written to the cache.
        private var input: Int64 = 0
        private var cacheWrite: Int64 = 0
        private var cacheRead: Int64 = 0
        private var output: Int64 = 0
        private var thinking: Int64 = 0

        var tokens: TokenUsage {
            // Clamped one by one, so that their sum cannot overflow.
            let parts = TokenUsage(input: input, output: output, cacheRead: cacheRead, cacheWrite: cacheWrite, reasoning: thinking)
            var tokens = parts
            tokens.input = parts.input + parts.cacheRead + parts.cacheWrite
            return tokens
        }

        /// Answers false when the next value is no object.
        mutating func update(_ scanner: inout JSONScanner) throws(JSONError) -> Bool {
            guard try scanner.entersObject() else { return false }
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "input_tokens") {
                    input = try scanner.integer() ?? input
                } else if scanner.matches(key, "cache_creation_input_tokens") {
                    cacheWrite = try scanner.integer() ?? cacheWrite
                } else if scanner.matches(key, "cache_read_input_tokens") {
                    cacheRead = try scanner.integer() ?? cacheRead
                } else if scanner.matches(key, "output_tokens") {
                    output = try scanner.integer() ?? output
                } else if scanner.matches(key, "output_tokens_details") {
                    guard try scanner.entersObject() else { continue }
                    while let key = try scanner.nextKey() {
                        if scanner.matches(key, "thinking_tokens") {
                            thinking = try scanner.integer() ?? thinking
                        } else {
                            try scanner.skipValue()
                        }
                    }
                } else {
                    try scanner.skipValue()
                }
            }
            return true
        }
    }
}

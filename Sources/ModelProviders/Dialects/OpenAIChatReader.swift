/// OpenAI's chat completions, the answer. A chunk of the stream has the form of the whole, with `delta` for `message`.

import ByteCoding

struct OpenAIChatReader: AnswerReader {
    var answer = PartialAnswer()

    mutating func readBody(_ scanner: inout JSONScanner) throws(JSONError) { try readCompletion(&scanner) }

    mutating func readEvent(_ scanner: inout JSONScanner) throws(JSONError) { try readCompletion(&scanner) }

    private mutating func readCompletion(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "choices") {
                try readChoices(&scanner)
            } else if scanner.matches(key, "id"), answer.id == nil {
                answer.id = try scanner.text()
            } else if scanner.matches(key, "model"), answer.model == nil {
                answer.model = try scanner.text()
            } else if scanner.matches(key, "usage") {
                if let usage = try OpenAIUsage.read(&scanner) {
                    answer.usage = usage.tokens
                    answer.reportedCost = usage.cost
                }
            } else if scanner.matches(key, "error") {
                answer.failure = try ProviderErrorBody.readError(&scanner) ?? answer.failure
            } else {
                try scanner.skipValue()
            }
        }
    }

    /// The first choice is the answer: never is more than one asked for.
    private mutating func readChoices(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersArray() else { return }
        var isFirst = true
        while try scanner.nextElement() {
            if isFirst { try readChoice(&scanner) } else { try scanner.skipValue() }
            isFirst = false
        }
    }

    private mutating func readChoice(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "delta") || scanner.matches(key, "message") {
                try readMessage(&scanner)
            } else if scanner.matches(key, "finish_reason") {
                if let word = try scanner.text() {
                    answer.providerFinishReason = word
                    answer.finishReason = Self.finishReason(word)
                }
            } else {
                try scanner.skipValue()
            }
        }
    }

    private mutating func readMessage(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "content") {
                try readContent(&scanner)
            } else if scanner.matches(key, "reasoning_content") || scanner.matches(key, "reasoning") {
                // xAI and others; whoever sends both names says the same with both.
                let more = try scanner.text() ?? ""
                if more != lastReasoning { answer.append(reasoning: more) }
                lastReasoning = more
            } else if scanner.matches(key, "refusal") {
                answer.append(refusal: try scanner.text() ?? "")
            } else if scanner.matches(key, "tool_calls") {
                try readToolCalls(&scanner)
            } else {
                try scanner.skipValue()
            }
        }
        lastReasoning = nil
    }

    /// Within one message.
    private var lastReasoning: String?

    /// A string; some compatible servers send parts.
    private mutating func readContent(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.peek() == .array else { return answer.append(text: try scanner.text() ?? "") }
        try scanner.beginArray()
        while try scanner.nextElement() {
            guard try scanner.entersObject() else { continue }
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "text") { answer.append(text: try scanner.text() ?? "") } else { try scanner.skipValue() }
            }
        }
    }

    private mutating func readToolCalls(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersArray() else { return }
        var place = 0
        while try scanner.nextElement() {
            defer { place += 1 }
            guard try scanner.entersObject() else { continue }
            var number: Int64?
            var id: String?
            var function = Function()
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "index") {
                    number = try scanner.integer()
                } else if scanner.matches(key, "id") {
                    id = try scanner.text()
                } else if scanner.matches(key, "function") {
                    function = try Function.read(&scanner)
                } else {
                    try scanner.skipValue()
                }
            }
            let index = number.flatMap { Int(exactly: $0) } ?? place
            answer.beginToolCall(number: index, id: id.flatMap { $0.isEmpty ? nil : $0 }, name: function.name)
            answer.append(arguments: function.arguments, toToolCall: index)
        }
    }

    private struct Function {
        var name: String?
        var arguments = ""

        static func read(_ scanner: inout JSONScanner) throws(JSONError) -> Function {
            var function = Function()
            guard try scanner.entersObject() else { return function }
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "name") {
                    function.name = try scanner.text()
                } else if scanner.matches(key, "arguments") {
                    // A string; some compatible servers send the object itself.
                    function.arguments =
                        try scanner.peek() == .object ? try scanner.jsonText() : try scanner.text() ?? ""
                } else {
                    try scanner.skipValue()
                }
            }
            if function.name?.isEmpty == true { function.name = nil }
            return function
        }
    }

    static func finishReason(_ word: String) -> FinishReason {
        switch word {
        case "stop": .stop
        case "length": .length
        case "tool_calls", "function_call": .toolCalls
        case "content_filter": .contentFilter
        default: .other
        }
    }
}

/// OpenAI's Responses, the answer: one object, or events that tell how it grows and end with the object as a whole.

import ByteCoding

struct OpenAIResponsesReader: AnswerReader {
    var answer = PartialAnswer()

    mutating func readBody(_ scanner: inout JSONScanner) throws(JSONError) { conclude(try readResponse(&scanner)) }

    mutating func readEvent(_ scanner: inout JSONScanner) throws(JSONError) {
        guard try scanner.entersObject() else { return }
        var type = "", delta: String?, outcome = Outcome(), item = Item(), place = 0
        var failure: ProviderErrorBody?
        // An error event is flat: its code and message stand beside its type.
        var code: String?, message: String?
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "type") {
                type = try scanner.text() ?? ""
            } else if scanner.matches(key, "delta") {
                delta = try scanner.text()
            } else if scanner.matches(key, "output_index") {
                place = try scanner.integer().flatMap { Int(exactly: $0) } ?? 0
            } else if scanner.matches(key, "item") {
                item = try Item.read(&scanner)
            } else if scanner.matches(key, "response") {
                outcome = try readResponse(&scanner)
            } else if scanner.matches(key, "error") {
                failure = try ProviderErrorBody.readError(&scanner)
            } else if scanner.matches(key, "code") {
                code = try scanner.text()
            } else if scanner.matches(key, "message") {
                message = try scanner.text()
            } else {
                try scanner.skipValue()
            }
        }
        switch type {
        case "response.output_text.delta": answer.append(text: delta ?? "")
        case "response.refusal.delta": answer.append(refusal: delta ?? "")
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta": answer.append(reasoning: delta ?? "")
        case "response.function_call_arguments.delta": answer.append(arguments: delta ?? "", toToolCall: place)
        case "response.output_item.added": if item.isCall { answer.beginToolCall(number: place, id: item.callID, name: item.name) }
        case "response.output_item.done":
            if item.isCall {
                answer.beginToolCall(number: place, id: item.callID, name: item.name)
                answer.complete(arguments: item.arguments, ofToolCall: place)
            }
        case "response.completed", "response.incomplete", "response.failed":
            conclude(outcome)
            answer.isTerminated = true
        case "error": answer.failure = failure ?? ProviderErrorBody(codes: [code].compactMap { $0 }, message: message)
        default: break
        }
    }

    /// What a response object says beside its output.
    private struct Outcome {
        var status: String?
        var incompleteReason: String?
        var failure: ProviderErrorBody?
        var items: [Item] = []
    }

    private mutating func readResponse(_ scanner: inout JSONScanner) throws(JSONError) -> Outcome {
        var outcome = Outcome()
        guard try scanner.entersObject() else { return outcome }
        while let key = try scanner.nextKey() {
            if scanner.matches(key, "id") {
                answer.id = try scanner.text() ?? answer.id
            } else if scanner.matches(key, "model") {
                answer.model = try scanner.text() ?? answer.model
            } else if scanner.matches(key, "status") {
                outcome.status = try scanner.text()
            } else if scanner.matches(key, "output") {
                outcome.items = try Item.readAll(&scanner)
            } else if scanner.matches(key, "usage") {
                if let usage = try OpenAIUsage.read(&scanner) {
                    answer.usage = usage.tokens
                    answer.reportedCost = usage.cost
                }
            } else if scanner.matches(key, "error") {
                outcome.failure = try ProviderErrorBody.readError(&scanner)
            } else if scanner.matches(key, "incomplete_details") {
                guard try scanner.entersObject() else { continue }
                while let key = try scanner.nextKey() {
                    if scanner.matches(key, "reason") {
                        outcome.incompleteReason = try scanner.text()
                    } else {
                        try scanner.skipValue()
                    }
                }
            } else {
                try scanner.skipValue()
            }
        }
        return outcome
    }

    /// Takes the output where no events have told it already.
    private mutating func conclude(_ outcome: Outcome) {
        if answer.isEmpty {
            for (place, item) in outcome.items.enumerated() {
                answer.append(text: item.text)
                answer.append(reasoning: item.summary)
                answer.append(refusal: item.refusal)
                guard item.isCall else { continue }
                answer.beginToolCall(number: place, id: item.callID, name: item.name)
                answer.append(arguments: item.arguments, toToolCall: place)
            }
        }
        answer.providerFinishReason = outcome.incompleteReason ?? outcome.status
        switch outcome.status {
        case "completed": answer.finishReason = answer.toolCalls.isEmpty ? .stop : .toolCalls
        case "incomplete": answer.finishReason = Self.finishReason(outcome.incompleteReason)
        case "failed": answer.failure = outcome.failure ?? ProviderErrorBody(codes: [], message: nil)
        // A body without a status has only errors to tell.
        default: answer.failure = outcome.failure ?? answer.failure
        }
    }

    private static func finishReason(_ word: String?) -> FinishReason {
        switch word {
        case "max_output_tokens": .length
        case "content_filter": .contentFilter
        default: .other
        }
    }
}

extension OpenAIResponsesReader {
    /// One item of the output; which members it has depends on its type, and no name means two things.
    struct Item {
        private(set) var isCall = false
        private(set) var callID: String?
        private(set) var name: String?
        private(set) var arguments = ""
        private(set) var text = ""
        private(set) var refusal = ""
        private(set) var summary = ""

        static func readAll(_ scanner: inout JSONScanner) throws(JSONError) -> [Item] {
            var items: [Item] = []
            guard try scanner.entersArray() else { return items }
            while try scanner.nextElement() { items.append(try read(&scanner)) }
            return items
        }

        static func read(_ scanner: inout JSONScanner) throws(JSONError) -> Item {
            var item = Item()
            guard try scanner.entersObject() else { return item }
            while let key = try scanner.nextKey() {
                if scanner.matches(key, "type") {
                    item.isCall = try scanner.text() == "function_call"
                } else if scanner.matches(key, "call_id") {
                    item.callID = try scanner.text()
                } else if scanner.matches(key, "name") {
                    item.name = try scanner.text()
                } else if scanner.matches(key, "arguments") {
                    item.arguments = try scanner.text() ?? ""
                } else if scanner.matches(key, "content") || scanner.matches(key, "summary") {
                    try item.readParts(&scanner)
                } else {
                    try scanner.skipValue()
                }
            }
            return item
        }

        private mutating func readParts(_ scanner: inout JSONScanner) throws(JSONError) {
            guard try scanner.entersArray() else { return }
            while try scanner.nextElement() {
                guard try scanner.entersObject() else { continue }
                var type = "", text = ""
                while let key = try scanner.nextKey() {
                    if scanner.matches(key, "type") {
                        type = try scanner.text() ?? ""
                    } else if scanner.matches(key, "text") {
                        text = try scanner.text() ?? ""
                    } else if scanner.matches(key, "refusal") {
                        refusal += try scanner.text() ?? ""
                    } else {
                        try scanner.skipValue()
                    }
                }
                switch type {
                case "output_text": self.text += text
                case "summary_text", "reasoning_text": summary += text
                default: break
                }
            }
        }
    }
}

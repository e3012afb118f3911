/// From a request and its directive to an answer: the same for the same request, key and repetition.

import ByteCoding
@preconcurrency import Glibc

struct Answering {
    let request: ChatRequest
    let directive: Directive
    /// The last user message without its directive lines.
    let userText: String
    /// How often the key was called before this call.
    let callNumber: Int
    let key: String
    /// Of all calls; makes identifiers unique.
    let sequence: Int

    func answer() throws -> Answer {
        var answer = Answer()
        answer.identifier =
            StableHash.hex(StableHash.of(request.modelName, request.userText)) + StableHash.hex(StableHash.of(String(sequence)))
        answer.time = time(nil)
        answer.reasoning = directive.reasoning
        answer.refusal = directive.refusal
        answer.toolCalls = toolCalls(answer.identifier)
        if !answer.toolCalls.isEmpty {
            answer.finish = .toolCalls
            if case .string(let text)? = directive.answer { answer.text = text }
        } else if answer.refusal != nil {
            answer.finish = .refusal
        } else {
            answer.text = text()
            cutAtStopSequence(&answer)
        }
        cutAtTokenLimit(&answer)
        if let finish = directive.finish {
            if let known = Answer.Finish(rawValue: finish) { answer.finish = known } else { answer.nativeFinish = finish }
        }
        answer.usage = usage(of: answer)
        return answer
    }

    /// Whether this call's draw says that the answer is a good one. Without a `pass_rate` every answer is.
    private var passes: Bool {
        guard let rate = directive.passRate else { return true }
        return Draw.unit(seed: directive.seed, purpose: "answer", key: key, repetition: directive.repetition ?? callNumber) < rate
    }

    private func text() -> String {
        if !passes, directive.judge == nil { return Self.text(directive.otherwise ?? "wrong") }
        if let answers = directive.answers { return Self.text(answers[min(directive.repetition ?? callNumber, answers.count - 1)]) }
        if let answer = directive.answer { return Self.text(answer) }
        if let verdict { return verdict.instance(of: request.answerSchema).text }
        if let result = request.toolResult { return result }
        let echo = userText.trimmed
        guard request.wantsJSON else { return echo }
        return SchemaInstance(text: echo).instance(
            of: request.answerSchema ?? ["type": "object", "properties": ["answer": ["type": "string"]]]
        )
        .text
    }

    /// The judge's, when the directive asks for one.
    private var verdict: JudgeVerdict? {
        directive.judge.map { judging in
            JudgeVerdict(
                judging, prompt: request.userText, tags: directive.tags, scale: directive.scale, threshold: directive.threshold,
                drawn: directive.passRate.map { _ in passes })
        }
    }

    private func toolCalls(_ identifier: String) -> [Answer.ToolCall] {
        // Who has just been given a tool's result answers with it.
        guard request.toolResult == nil, request.toolChoice != .none else { return [] }
        var wanted = directive.toolCalls
        if wanted.isEmpty, case .required(let name) = request.toolChoice,
            let tool = name.map({ name in request.tools.first { $0.name == name } }) ?? request.tools.first
        {
            let arguments =
                verdict?.instance(of: tool.schema) ?? directive.answer ?? SchemaInstance(text: userText.trimmed).instance(of: tool.schema)
            wanted = [(tool.name, arguments)]
        }
        return wanted.enumerated().map { index, call in
            Answer.ToolCall(
                id: String(identifier.suffix(20)) + String(index), name: call.name,
                arguments: call.arguments.stringValue ?? call.arguments.text)
        }
    }

    private func cutAtStopSequence(_ answer: inout Answer) {
        let found = request.stopSequences.compactMap { stop in answer.text.range(of: stop).map { (stop, $0) } }
            .min { $0.1.lowerBound < $1.1.lowerBound }
        guard let (stop, range) = found else { return }
        answer.text = String(answer.text[..<range.lowerBound])
        answer.finish = .stopSequence
        answer.matchedStop = stop
    }

    private func cutAtTokenLimit(_ answer: inout Answer) {
        guard let maximum = request.maximumTokenCount, TokenCount.of(answer.text) > maximum else { return }
        answer.text = String(decoding: answer.text.utf8.prefix(maximum * 4).wholeCharacters, as: UTF8.self)
        answer.finish = .length
        answer.matchedStop = nil
    }

    private func usage(of answer: Answer) -> Usage {
        var usage = Usage()
        let asked = directive.usage
        usage.input = asked["input"] ?? TokenCount.of(byteCount: request.inputByteCount) + TokenCount.perMessage * request.messageCount
        usage.cached = asked["cached"] ?? 0
        usage.cacheWrite = asked["cache_write"] ?? 0
        usage.reasoning = asked["reasoning"] ?? answer.reasoning.map(TokenCount.of) ?? 0
        let spoken = TokenCount.of(answer.text) + answer.toolCalls.reduce(0) { $0 + TokenCount.of($1.name) + TokenCount.of($1.arguments) }
        usage.output = asked["output"] ?? max(1, spoken + TokenCount.of(answer.refusal ?? "")) * request.choiceCount + usage.reasoning
        return usage
    }

    private static func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    func range(of needle: String) -> Range<String.Index>? { needle.isEmpty ? nil : firstRange(of: needle) }
}

extension Substring.UTF8View {
    /// Without the bytes of a character that was cut apart.
    fileprivate var wholeCharacters: Substring.UTF8View {
        var continuationCount = 0
        for byte in reversed() {
            guard byte & 0xc0 == 0x80 else {
                let length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
                return length > continuationCount + 1 ? dropLast(continuationCount + 1) : self
            }
            continuationCount += 1
        }
        return self
    }
}

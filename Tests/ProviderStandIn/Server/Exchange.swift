/// One call of a provider's endpoint on its way to a reply.

import ByteCoding
@preconcurrency import Glibc
import NIOHTTP1

struct Exchange {
    let call: HTTPCall
    let number: Int
    let counters: CallCounters
    let delayMilliseconds: Int
    private let operation: Operation

    // What is found out on the way, for the ledger.
    private(set) var dialect: Dialect
    private(set) var model: String?
    private(set) var directive = Directive()
    private(set) var isStreaming = false
    private(set) var outcome = "200"

    init(call: HTTPCall, endpoint: Endpoint, number: Int, counters: CallCounters, delayMilliseconds: Int) {
        self.call = call
        self.number = number
        self.counters = counters
        self.delayMilliseconds = delayMilliseconds
        dialect = endpoint.dialect
        operation = endpoint.operation
    }

    private var requestID: String { "req_" + StableHash.hex(StableHash.of(String(number))) }

    /// The reply to the call, whatever it is.
    mutating func reply() -> Reply {
        do {
            _ = try Credentials.check(call, dialect)
            return try answer()
        } catch let refusal as Refusal {
            outcome = String(refusal.status)
            return error(refusal)
        } catch {
            outcome = "500"
            return self.error(Refusal(500, "the stand-in failed: \(error)"))
        }
    }

    private func error(_ refusal: Refusal) -> Reply {
        DialectErrors.reply(refusal, dialect, requestID: requestID, time: time(nil), directive: directive)
    }

    private mutating func answer() throws -> Reply {
        switch operation {
        case .models: return whole(ModelLists.list(dialect))
        case .model(let name):
            guard name != ModelLists.missing else { throw ModelLists.missing(name, dialect) }
            return whole(ModelLists.model(name, dialect))
        case .chatCompletions:
            let fields = try RequestFields(body: call.body, dialect: dialect)
            if dialect == .openAI, XAIModels.isXAIs(fields["model"]?.stringValue ?? "") { dialect = .xAI }
            return try chat(OpenAIChatRequest.read(RequestFields(fields.members, dialect: dialect)))
        case .responses:
            let fields = try RequestFields(body: call.body, dialect: dialect)
            if dialect == .openAI, XAIModels.isXAIs(fields["model"]?.stringValue ?? "") { dialect = .xAI }
            return try chat(OpenAIResponsesRequest.read(RequestFields(fields.members, dialect: dialect)))
        case .messages:
            let fields = try RequestFields(body: call.body, dialect: dialect)
            return try chat(AnthropicRequest.read(fields, version: call.header("anthropic-version"), isCount: false))
        case .countTokens:
            let fields = try RequestFields(body: call.body, dialect: dialect)
            let request = try AnthropicRequest.read(fields, version: call.header("anthropic-version"), isCount: true)
            return try counted(request, "input_tokens")
        case .generateContent(let model):
            return try chat(GeminiRequest.read(RequestFields(body: call.body, dialect: dialect), model: model))
        case .streamGenerateContent(let model, _):
            var request = try GeminiRequest.read(RequestFields(body: call.body, dialect: dialect), model: model)
            request.isStreaming = true
            return try chat(request)
        case .geminiCountTokens(let model):
            return try counted(GeminiRequest.read(RequestFields(body: call.body, dialect: dialect), model: model), "totalTokens")
        case .embeddings: return try embed(EmbeddingRequest.openAI(RequestFields(body: call.body, dialect: dialect)))
        case .embedContent(let model):
            return try embed(EmbeddingRequest.gemini(RequestFields(body: call.body, dialect: dialect), model: model, isBatch: false))
        case .batchEmbedContents(let model):
            return try embed(EmbeddingRequest.gemini(RequestFields(body: call.body, dialect: dialect), model: model, isBatch: true))
        }
    }

    /// Takes the directive together, counts the call, and throws or answers what its fault is.
    /// - Returns: how often the key was called before, the key, and the fault that this call meets.
    private mutating func steer(_ name: String, text: String, _ members: [JSONMember]) throws -> (number: Int, key: String, fault: Fault?) {
        let (ownName, ofModel) = DirectiveSources.model(name)
        model = ownName
        let ofHeader = try call.header(DirectiveSources.header).map(DirectiveSources.object) ?? []
        directive = try Directive(ofModel + ofHeader)
        // What a judge reads is somebody else's text, and its directives were meant for others.
        if directive.judge == nil { directive = try Directive(ofModel + ofHeader + members) }
        guard ownName != ModelLists.missing else { throw ModelLists.missing(ownName, dialect) }
        let key = directive.key ?? StableHash.hex(StableHash.of(name, text))
        let count = counters.next(key)
        return (count, key, fault(count, key))
    }

    private func fault(_ count: Int, _ key: String) -> Fault? {
        guard let fault = directive.fault, count >= directive.skip else { return nil }
        if let times = directive.times, count >= directive.skip + times { return nil }
        if let probability = directive.probability,
            Draw.unit(seed: directive.seed, purpose: "fault", key: key, repetition: count) >= probability
        {
            return nil
        }
        return fault
    }

    private mutating func chat(_ request: ChatRequest) throws -> Reply {
        isStreaming = request.isStreaming
        let (text, members) = try DirectiveSources.text(request.userText)
        let (count, key, fault) = try steer(request.modelName, text: request.userText, members)
        try throwIfStatus(fault)
        let answering = Answering(
            request: request, directive: directive, userText: text, callNumber: count, key: key, sequence: number)
        let answer = try answering.answer()
        let reply = ChatReply(
            answer: answer, request: request, directive: directive, dialect: dialect, operation: operation, requestID: requestID)
        if let fault { outcome = fault.rawValue }
        return reply.reply(fault: fault).delayed(milliseconds: directive.delayMilliseconds ?? delayMilliseconds)
    }

    private mutating func embed(_ request: EmbeddingRequest) throws -> Reply {
        var members: [JSONMember] = [], texts: [String] = []
        for text in request.texts {
            let (rest, found) = try DirectiveSources.text(text)
            texts.append(rest)
            members += found
        }
        let (_, _, fault) = try steer(request.modelName, text: request.texts.joined(separator: "\n"), members)
        try throwIfStatus(fault)
        let body = EmbeddingAnswer.body(request, texts: texts).bytes
        if let fault { outcome = fault.rawValue }
        let headers = AnswerHeaders.common(dialect, requestID: requestID, isLimited: false, time: time(nil))
        return FaultyReply.whole(body, headers: headers, fault: fault, directive: directive)
            .delayed(milliseconds: directive.delayMilliseconds ?? delayMilliseconds)
    }

    private mutating func counted(_ request: ChatRequest, _ name: String) throws -> Reply {
        let (_, _, fault) = try steer(request.modelName, text: request.userText, DirectiveSources.text(request.userText).members)
        try throwIfStatus(fault)
        let tokens = TokenCount.of(byteCount: request.inputByteCount) + TokenCount.perMessage * request.messageCount
        return whole(JSONValue.object([]).with([(name, .count(directive.usage["input"] ?? tokens))]))
    }

    private func throwIfStatus(_ fault: Fault?) throws {
        if let refusal = fault?.refusal(dialect, retrySeconds: directive.retryAfter?.doubleValue) { throw refusal }
    }

    private func whole(_ body: JSONValue) -> Reply {
        .whole(status: 200, headers: AnswerHeaders.common(dialect, requestID: requestID, isLimited: false, time: time(nil)), body.bytes)
    }
}

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
            .delayed(milliseconds: directive.delayMilliseconds ?? 0)
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

    /// What the directives of a call come to.
    private struct Steering {
        /// The texts without the directives in them.
        var texts: [String]
        /// How often the key was called before.
        var callNumber: Int
        var key: String
        /// What this call meets.
        var fault: Fault?
    }

    /// Takes the directive together, counts the call, and throws what its fault is when that is an answer with a status.
    private mutating func steer(_ name: String, _ texts: [String]) throws -> Steering {
        let (ownName, members) = DirectiveSources.model(name)
        model = ownName
        let outer = members + (try call.header(DirectiveSources.header).map(DirectiveSources.object) ?? [])
        directive = try Directive(outer)
        var kept = texts
        // What a judge reads is somebody else's text, and its directives were meant for others.
        if directive.judge == nil, directive.readsLines {
            let found = try texts.map(DirectiveSources.text)
            kept = found.map(\.text)
            directive = try Directive(outer + found.flatMap(\.members))
        }
        guard ownName != ModelLists.missing else { throw ModelLists.missing(ownName, dialect) }
        let key = directive.key ?? StableHash.hex(StableHash.of(name, texts.joined(separator: "\n")))
        let count = counters.next(key)
        let fault = fault(count, key)
        if let refusal = fault?.refusal(dialect, retrySeconds: directive.retryAfter?.doubleValue) { throw refusal }
        if let fault { outcome = fault.rawValue }
        return Steering(texts: kept, callNumber: count, key: key, fault: fault)
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

    private mutating func chat(_ asked: ChatRequest) throws -> Reply {
        var request = asked
        isStreaming = request.isStreaming
        let steering = try steer(request.modelName, [request.userText])
        let answer = try Answering(
            request: request, directive: directive, userText: steering.texts[0], callNumber: steering.callNumber, key: steering.key,
            sequence: number
        ).answer()
        request.modelName = directive.model ?? request.modelName
        let reply = ChatReply(
            answer: answer, request: request, directive: directive, dialect: dialect, operation: operation, requestID: requestID)
        return reply.reply(fault: steering.fault).delayed(milliseconds: directive.delayMilliseconds ?? delayMilliseconds)
    }

    private mutating func embed(_ asked: EmbeddingRequest) throws -> Reply {
        var request = asked
        let steering = try steer(request.modelName, request.texts)
        request.modelName = directive.model ?? request.modelName
        let headers = AnswerHeaders.common(dialect, requestID: requestID, isLimited: false, time: time(nil))
        return FaultyReply.whole(
            EmbeddingAnswer.body(request, texts: steering.texts).bytes, headers: headers, fault: steering.fault, directive: directive
        ).delayed(milliseconds: directive.delayMilliseconds ?? delayMilliseconds)
    }

    private mutating func counted(_ request: ChatRequest, _ name: String) throws -> Reply {
        _ = try steer(request.modelName, [request.userText])
        let tokens = TokenCount.of(byteCount: request.inputByteCount) + TokenCount.perMessage * request.messageCount
        return whole(JSONValue.object([]).with([(name, .count(directive.usage["input"] ?? tokens))]))
    }

    private func whole(_ body: JSONValue) -> Reply {
        .whole(status: 200, headers: AnswerHeaders.common(dialect, requestID: requestID, isLimited: false, time: time(nil)), body.bytes)
    }
}

import ByteCoding
import TraceModel

/// One question and its answer as a trace:
///
///     POST /api/support/messages            storefront-web
///       invoke_agent support-assistant      support-agent
///         chat gpt-4.1-mini                 triage, first question only
///         retrieval help-centre
///           embeddings text-embedding-3-small
///         chat MODEL                        asks for a tool
///         execute_tool TOOL
///           SELECT TABLE                    order-service
///         chat MODEL                        answers
struct SupportTurn {
    private let session: DemoSession
    private let turn: SupportTopicTurn
    private let isFirst: Bool
    private let mishap: Mishap?
    /// The conversation so far, as messages of OpenTelemetry's GenAI schema; carried from turn to turn.
    private(set) var history: [JSONValue]
    private var trace: TraceBuilder

    init(
        session: DemoSession, turn: SupportTopicTurn, isFirst: Bool, mishap: Mishap?, history: [JSONValue], start: UInt64,
        random: DemoRandom
    ) {
        self.session = session
        self.turn = turn
        self.isFirst = isFirst
        self.mishap = mishap
        self.history = history
        trace = TraceBuilder(start: start, random: random)
    }

    var random: DemoRandom { trace.random }

    mutating func build() -> [SpanRecord] {
        let root = trace.open(
            "POST /api/support/messages", .server, in: .web, below: nil,
            [
                KeyValue("http.request.method", .string("POST")), KeyValue("http.route", .string("/api/support/messages")),
                KeyValue("url.path", .string("/api/support/messages")), KeyValue("session.id", .string(session.id)),
                KeyValue("user.id", .string(session.userID)),
            ])
        trace.pass(6_000_000)
        let agent = trace.open(
            "invoke_agent support-assistant", .internal, in: .agent, below: root,
            [
                KeyValue("gen_ai.operation.name", .string("invoke_agent")), KeyValue("gen_ai.agent.name", .string("support-assistant")),
                KeyValue("gen_ai.conversation.id", .string(session.id)), KeyValue("user.id", .string(session.userID)),
                KeyValue("tag.tags", .array([.string(session.topic.tag), .string(isFirst ? "first-contact" : "follow-up")])),
                KeyValue("gen_ai.input.messages", .string(Messages.json([Messages.text("user", turn.question)]))),
            ])
        trace.pass(2_000_000)
        history.append(Messages.text("user", turn.question))
        if isFirst { triage(below: agent) }
        retrieve(below: agent)
        let answered = answer(below: agent)
        if let answered {
            trace.add([KeyValue("gen_ai.output.messages", .string(Messages.json([Messages.text("assistant", answered)])))], to: agent)
            trace.close(agent)
        } else {
            trace.fail(agent, type: "RateLimitError", message: "no model answered", exception: false)
        }
        trace.pass(4_000_000)
        trace.add([KeyValue("http.response.status_code", .int(answered == nil ? 502 : 200))], to: root)
        if answered == nil {
            trace.fail(root, type: "502", message: "", exception: false)
        } else {
            trace.close(root)
        }
        return trace.spans
    }

    private mutating func triage(below agent: Int) {
        let result = JSONValue.object([
            JSONMember(key: "topic", value: .string(session.topic.tag)),
            JSONMember(key: "urgency", value: .string(session.topic.tag == "advice" ? "low" : "normal")),
        ])
        var call = ChatCall(
            model: DemoModels.triage, promptName: "support-triage", promptVersion: "3", sessionID: session.id,
            input: [Messages.text("system", SupportTopics.triagePrompt), Messages.text("user", turn.question)],
            output: Messages.text("assistant", String(decoding: result.bytes, as: UTF8.self)))
        call.hasTools = false
        call.run(below: agent, &trace)
    }

    private mutating func retrieve(below agent: Int) {
        let search = trace.open(
            "retrieval help-centre", .client, in: .agent, below: agent,
            [
                KeyValue("gen_ai.operation.name", .string("retrieval")), KeyValue("gen_ai.data_source.id", .string("help-centre")),
                KeyValue("gen_ai.retrieval.query.text", .string(turn.question)),
            ])
        let embedding = trace.open(
            "embeddings text-embedding-3-small", .client, in: .agent, below: search,
            [
                KeyValue("gen_ai.operation.name", .string("embeddings")), KeyValue("gen_ai.provider.name", .string("openai")),
                KeyValue("gen_ai.request.model", .string("text-embedding-3-small")),
                KeyValue("gen_ai.usage.input_tokens", .int(ChatCall.tokens(turn.question.utf8.count))),
                KeyValue("server.address", .string("api.openai.com")),
            ])
        trace.pass(70_000_000)
        trace.close(embedding)
        trace.pass(14_000_000)
        let documents = turn.articles.enumerated().map { place, article in
            JSONValue.object([
                JSONMember(key: "id", value: .string("help-\(article.title.utf8.count)\(place)")),
                JSONMember(key: "score", value: .double(0.91 - Double(place) * 0.07)),
                JSONMember(key: "content", value: .string(article.title + "\n" + article.text)),
            ])
        }
        trace.add([KeyValue("gen_ai.retrieval.documents", .string(Messages.json(documents)))], to: search)
        trace.close(search)
    }

    /// The assistant's answer; nil when no model gave one.
    private mutating func answer(below agent: Int) -> String? {
        let articles = turn.articles.map { "\($0.title): \($0.text)" }.joined(separator: "\n")
        let instructions = [Messages.text("system", SupportTopics.systemPrompt), Messages.text("system", "Help centre:\n" + articles)]
        var model = session.model
        var answer = turn.answer
        if mishap == .requestFailed || mishap == .providerOverloaded {
            refuse(model, below: agent)
            if mishap == .requestFailed { return nil }
            model = DemoModels.fallback
        }
        var call = ChatCall(
            model: model, promptName: "support-assistant", promptVersion: session.userID.hasSuffix("0") ? "8" : "7", sessionID: session.id,
            input: instructions + history, output: Messages.text("assistant", answer))
        call.isCached = !isFirst
        if let tool = turn.tool {
            let callID = "call_" + trace.random.hexDigits(12)
            let request = Messages.toolCall(callID, tool.name, .object(tool.arguments))
            call.output = request
            call.run(below: agent, &trace)
            let result = run(tool, callID, below: agent)
            if mishap == .toolTimeout {
                answer =
                    "I cannot reach our order system at the moment. Please try again in a few minutes, or I can ask a colleague to "
                    + "write to you."
            }
            history += [request, Messages.toolResult(callID, result)]
            call.input = instructions + history
            call.output = Messages.text("assistant", answer)
            call.isCached = true
        }
        call.run(below: agent, &trace)
        history.append(call.output)
        return answer
    }

    /// A call that the provider turned away.
    private mutating func refuse(_ model: DemoModel, below agent: Int) {
        let span = trace.open(
            "chat \(model.requestModel)", .client, in: .agent, below: agent,
            [
                KeyValue("gen_ai.operation.name", .string("chat")), KeyValue("gen_ai.provider.name", .string(model.provider)),
                KeyValue("gen_ai.request.model", .string(model.requestModel)), KeyValue("gen_ai.conversation.id", .string(session.id)),
                KeyValue("server.address", .string(model.host)),
            ])
        trace.pass(180_000_000)
        trace.fail(span, type: "RateLimitError", message: "429: the service is overloaded, try again later", exception: true)
        trace.pass(20_000_000)
    }

    /// What the tool said.
    private mutating func run(_ tool: SupportTool, _ callID: String, below agent: Int) -> JSONValue {
        let arguments = JSONValue.object(tool.arguments)
        let span = trace.open(
            "execute_tool \(tool.name)", .internal, in: .agent, below: agent,
            [
                KeyValue("gen_ai.operation.name", .string("execute_tool")), KeyValue("gen_ai.tool.name", .string(tool.name)),
                KeyValue("gen_ai.tool.call.id", .string(callID)), KeyValue("gen_ai.tool.type", .string("function")),
                KeyValue("gen_ai.tool.call.arguments", .string(String(decoding: arguments.bytes, as: UTF8.self))),
            ])
        trace.pass(3_000_000)
        let query = trace.open(
            "SELECT \(tool.table)", .client, in: .orders, below: span,
            [
                KeyValue("db.system.name", .string("postgresql")), KeyValue("db.namespace", .string("shop")),
                KeyValue("db.operation.name", .string("SELECT")), KeyValue("db.collection.name", .string(tool.table)),
                KeyValue("db.query.text", .string("SELECT * FROM \(tool.table) WHERE customer_id = $1 AND id = $2")),
            ])
        if mishap == .toolTimeout {
            trace.pass(exactly: 5_000_000_000)
            trace.fail(query, type: "57014", message: "canceling statement due to statement timeout", exception: false)
            trace.pass(1_000_000)
            trace.fail(span, type: "TimeoutError", message: "\(tool.name) did not answer within 5 s", exception: true)
            return .object([JSONMember(key: "error", value: .string("timeout"))])
        }
        trace.pass(9_000_000)
        trace.close(query)
        trace.pass(2_000_000)
        let result = JSONValue.object(tool.result)
        trace.add([KeyValue("gen_ai.tool.call.result", .string(String(decoding: result.bytes, as: UTF8.self)))], to: span)
        trace.close(span)
        return result
    }
}

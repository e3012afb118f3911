import TraceModel

/// The names conventions give to kinds of spans. Names that are missing here say nothing about the kind.
package enum KindVocabulary: String, CaseIterable, Sendable {
    /// `gen_ai.operation.name`. Memory operations other than searching are plain spans.
    case operation = "OpenTelemetry operation"
    /// `openinference.span.kind`, without UNKNOWN.
    case openInference = "OpenInference kind"
    /// `llm.request.type` of the first generation.
    case requestType = "request type"
    /// `langfuse.observation.type`.
    case langfuse = "Langfuse type"
    /// `traceloop.span.kind`.
    case traceloop = "Traceloop kind"
    /// `ai.operationId`, and the beginning of `operation.name` up to its first space: what calls a model is an `llm`, what wraps such
    /// calls a `chain`, whose usage repeats theirs.
    case vercel = "Vercel operation"
    /// `mlflow.spanType`.
    case mlflow = "MLflow type"
    /// `langsmith.span.kind`.
    case langSmith = "LangSmith kind"
    /// `logfire.span_type`: its logs are spans without length.
    case logfire = "Logfire type"

    package var names: [(name: String, kind: LLMKind)] {
        switch self {
        case .operation:
            [
                ("chat", .llm), ("text_completion", .llm), ("completion", .llm), ("generate_content", .llm), ("generate", .llm),
                ("embeddings", .embedding), ("execute_tool", .tool), ("invoke_agent", .agent), ("create_agent", .agent),
                ("invoke_workflow", .chain), ("plan", .chain), ("retrieval", .retriever), ("search_memory", .retriever),
            ]
        case .openInference:
            [
                ("LLM", .llm), ("EMBEDDING", .embedding), ("CHAIN", .chain), ("RETRIEVER", .retriever), ("RERANKER", .reranker),
                ("TOOL", .tool), ("AGENT", .agent), ("GUARDRAIL", .guardrail), ("EVALUATOR", .evaluator), ("PROMPT", .prompt),
            ]
        case .requestType:
            [("chat", .llm), ("completion", .llm), ("embedding", .embedding), ("rerank", .reranker)]
        case .langfuse:
            [
                ("span", .span), ("generation", .llm), ("event", .event), ("embedding", .embedding), ("agent", .agent), ("tool", .tool),
                ("chain", .chain), ("retriever", .retriever), ("guardrail", .guardrail), ("evaluator", .evaluator),
            ]
        case .traceloop: [("workflow", .chain), ("task", .chain), ("agent", .agent), ("tool", .tool)]
        case .vercel:
            ["generateText", "streamText", "generateObject", "streamObject"].flatMap { name -> [(name: String, kind: LLMKind)] in
                ["doGenerate", "doStream"].map { ("ai.\(name).\($0)", .llm) } + [("ai.\(name)", .chain)]
            } + [
                ("ai.embed.doEmbed", .embedding), ("ai.embedMany.doEmbed", .embedding), ("ai.embed", .chain), ("ai.embedMany", .chain),
                ("ai.rerank.doRerank", .reranker), ("ai.rerank", .chain), ("ai.toolCall", .tool),
            ]
        case .mlflow:
            [
                ("LLM", .llm), ("CHAT_MODEL", .llm), ("EMBEDDING", .embedding), ("CHAIN", .chain), ("WORKFLOW", .chain), ("TASK", .chain),
                ("PARSER", .chain), ("AGENT", .agent), ("TOOL", .tool), ("RETRIEVER", .retriever), ("RERANKER", .reranker),
                ("GUARDRAIL", .guardrail), ("EVALUATOR", .evaluator),
            ]
        case .langSmith:
            [
                ("llm", .llm), ("chain", .chain), ("tool", .tool), ("retriever", .retriever), ("embedding", .embedding),
                ("prompt", .prompt),
                ("parser", .chain),
            ]
        case .logfire: [("log", .event)]
        }
    }

    /// The kind a name stands for, in any case.
    func kind(named name: borrowing Span<UInt8>) -> LLMKind? {
        var count = name.count
        if case .vercel = self {
            for place in 0..<name.count where name[place] == UInt8(ascii: " ") {
                count = place
                break
            }
        }
        let value = Self.tables[Int(position)].value(of: name.extracting(0..<count))
        return value.flatMap { LLMKind(rawValue: UInt8(truncatingIfNeeded: $0)) }
    }

    private static let tables: [NameTable] = {
        var tables: [NameTable] = []
        for vocabulary in allCases {
            precondition(Int(vocabulary.position) == tables.count)
            tables.append(NameTable(vocabulary.names.map { ($0.name, UInt16($0.kind.rawValue)) }, ignoringCase: true))
        }
        return tables
    }()

    /// Among all cases: a raw value of text would be compared as text for every span.
    private var position: UInt8 {
        switch self {
        case .operation: 0
        case .openInference: 1
        case .requestType: 2
        case .langfuse: 3
        case .traceloop: 4
        case .vercel: 5
        case .mlflow: 6
        case .langSmith: 7
        case .logfire: 8
        }
    }
}

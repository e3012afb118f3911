import TraceModel

/// The names conventions give to kinds of spans. Names that are missing here say nothing about the kind.
package enum KindVocabulary: String, CaseIterable, Sendable {
    /// `gen_ai.operation.name`. Memory operations other than searching are plain spans.
    case operation = "OpenTelemetry operation"
    /// `openinference.span.kind`, without UNKNOWN.
    case openInference = "OpenInference kind"
    /// `llm.request.type` of the first generation.
    case requestType = "request type"

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
        }
    }

    /// The kind a name stands for, in any case.
    func kind(named name: borrowing Span<UInt8>) -> LLMKind? {
        let value =
            switch self {
            case .operation: Self.operationTable.value(of: name)
            case .openInference: Self.openInferenceTable.value(of: name)
            case .requestType: Self.requestTypeTable.value(of: name)
            }
        return value.flatMap { LLMKind(rawValue: UInt8(truncatingIfNeeded: $0)) }
    }

    private static let operationTable = operation.table
    private static let openInferenceTable = openInference.table
    private static let requestTypeTable = requestType.table

    private var table: NameTable {
        NameTable(names.map { ($0.name, UInt16($0.kind.rawValue)) }, ignoringCase: true)
    }
}

import TraceModel

/// The shipped rules, field by field, best attribute first. `docs/mapping.md` shows them as a table.
///
/// Within a field the key a vendor made for exactly this comes first (Langfuse's, and OpenInference's kind), then today's
/// OpenTelemetry name, its older ones (semconv up to 1.36, 1.37 to 1.41), OpenInference, and the other conventions. Whole values
/// come before flattened ones: a reference can name one attribute, and the first of a flattened list is only its beginning.
/// Adding a rule, changing the order or what else the mapping makes of a span when it comes in needs a new version.
enum MappingRules {
    static let version: UInt16 = 4

    static let all: [MappingRule] = identity + content + usage + billing + context

    static let usageRules: [Dialect: UsageRule] = [
        // Its usage types are counted apart from each other, whoever sends them.
        .langfuse: UsageRule(inputIncludesCache: false, outputIncludesReasoning: false),
        .openTelemetry: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .openTelemetryDeprecated: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .openInference: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .traceloop: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        // Up to version 5; version 6 says more (see the details' rules).
        .vercel: UsageRule(inputIncludesCache: .asProvider, outputIncludesReasoning: .asProvider),
        .logfire: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .mlflow: UsageRule(inputIncludesCache: .asProvider, outputIncludesReasoning: .asProvider),
        // LangChain's usage metadata.
        .langSmith: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
        .genAIExtension: UsageRule(inputIncludesCache: true, outputIncludesReasoning: true),
    ]
}

import TraceModel

/// Whose call it was, which prompt, what went wrong, and how it is grouped.
extension MappingRules {
    static let context: [MappingRule] = [
        MappingRule(.sessionID, .exact("langfuse.session.id"), .text, .langfuse),
        MappingRule(.sessionID, .exact("gen_ai.conversation.id"), .text, .openTelemetry),
        MappingRule(.sessionID, .exact("session.id"), .text, .openTelemetry),
        MappingRule(.sessionID, .exact("traceloop.association.properties.session_id"), .text, .traceloop),
        MappingRule(.sessionID, .exact("ai.telemetry.metadata.sessionId"), .text, .vercel),
        MappingRule(.sessionID, .exact("langsmith.metadata.session_id"), .text, .langSmith),
        MappingRule(.sessionID, .exact("langsmith.metadata.thread_id"), .text, .langSmith),
        MappingRule(.sessionID, .exact("langsmith.metadata.conversation_id"), .text, .langSmith),
        MappingRule(.sessionID, .exact("mlflow.trace.session"), .text, .mlflow),

        MappingRule(.userID, .exact("langfuse.user.id"), .text, .langfuse),
        MappingRule(.userID, .exact("user.id"), .text, .openTelemetry),
        MappingRule(.userID, .exact("enduser.id"), .text, .openTelemetry),
        MappingRule(.userID, .exact("traceloop.association.properties.user_id"), .text, .traceloop),
        MappingRule(.userID, .exact("gen_ai.user"), .text, .traceloop),
        MappingRule(.userID, .exact("ai.telemetry.metadata.userId"), .text, .vercel),
        MappingRule(.userID, .exact("langsmith.metadata.user_id"), .text, .langSmith),
        MappingRule(.userID, .exact("mlflow.trace.user"), .text, .mlflow),

        MappingRule(.promptName, .exact("langfuse.observation.prompt.name"), .text, .langfuse),
        MappingRule(.promptName, .exact("gen_ai.prompt.name"), .text, .openTelemetry),
        MappingRule(.promptName, .exact("prompt.id"), .text, .openInference),
        MappingRule(.promptName, .exact("traceloop.prompt.key"), .text, .traceloop),
        MappingRule(.promptName, .member("ai.telemetry.metadata.langfusePrompt", ["name"]), .text, .vercel),

        MappingRule(.promptVersion, .exact("langfuse.observation.prompt.version"), .text, .langfuse),
        MappingRule(.promptVersion, .exact("gen_ai.prompt.version"), .text, .openTelemetry),
        MappingRule(.promptVersion, .exact("llm.prompt_template.version"), .text, .openInference),
        MappingRule(.promptVersion, .exact("traceloop.prompt.version"), .text, .traceloop),
        MappingRule(.promptVersion, .exact("traceloop.prompt.version_name"), .text, .traceloop),
        MappingRule(.promptVersion, .member("ai.telemetry.metadata.langfusePrompt", ["version"]), .text, .vercel),

        MappingRule(.errorType, .exact("error.type"), .text, .openTelemetry),
        MappingRule(.errorType, .errorEvent(name: "exception", key: "exception.type"), .text, .openTelemetry),
        MappingRule(.errorType, .exact("langfuse.observation.level"), .errorLevel, .langfuse),
        MappingRule(.errorType, .exact("logfire.level_num"), .errorLevel, .logfire),

        MappingRule(.responseID, .exact("gen_ai.response.id"), .text, .openTelemetry),
        MappingRule(.responseID, .exact("ai.response.id"), .text, .vercel),

        MappingRule(.tags, .exact("langfuse.trace.tags"), .tags, .langfuse),
        MappingRule(.tags, .exact("langfuse.tags"), .tags, .langfuse),
        MappingRule(.tags, .exact("tag.tags"), .tags, .openInference),
        MappingRule(.tags, .exact("logfire.tags"), .tags, .logfire),
        MappingRule(.tags, .exact("ai.telemetry.metadata.tags"), .tags, .vercel),
        MappingRule(.tags, .exact("langsmith.span.tags"), .tags, .langSmith),
    ]
}

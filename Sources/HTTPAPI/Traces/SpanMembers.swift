/// What the JSON of a span has wherever one stands: in a whole trace, or alone.

import ByteCoding
import GenAIConventions
import OTLP
import TraceModel
import TraceQuery

extension JSONWriter {
    /// Name, times and status.
    mutating func spanMembers(_ span: SpanRecord, service: String?) {
        member("name", span.name)
        member("service", service)
        member("span_kind", SpanWords.kind(span.kind))
        member("start_time", unixNano: Int64(clamping: span.startTimeUnixNano))
        member("end_time", unixNano: Int64(clamping: span.endTimeUnixNano))
        member("start_time_unix_nano", String(span.startTimeUnixNano))
        member("end_time_unix_nano", String(span.endTimeUnixNano))
        member("duration_ms", Double(span.durationNano) / 1e6)
        member("status", SpanWords.status(span.status?.code ?? 0))
        member("status_message", span.status.flatMap { $0.message.isEmpty ? nil : $0.message })
        member("is_running", PendingSpans.isPending(span.attributes))
        member("trace_state", span.traceState.isEmpty ? nil : span.traceState)
        member("flags", span.flags)
    }

    /// What the mapping made of the attributes.
    mutating func llmMembers(_ llm: SpanRecord.LLM) {
        member("kind", llm.kind.name)
        member("provider", llm.provider)
        member("model", llm.model)
        member("request_model", llm.requestModel)
        member("response_model", llm.responseModel)
        member("input_attribute", llm.inputKey)
        member("output_attribute", llm.outputKey)
        member("input_tokens", llm.inputTokens)
        member("output_tokens", llm.outputTokens)
        member("cache_read_tokens", llm.cacheReadTokens)
        member("cache_write_tokens", llm.cacheWriteTokens)
        member("reasoning_tokens", llm.reasoningTokens)
        member("input_uncached_tokens", llm.inputUncachedTokens)
        member("output_visible_tokens", llm.outputVisibleTokens)
        member("cost", llm.cost)
        member("reported_cost", llm.reportedCost)
        member("session_id", llm.sessionID)
        member("user_id", llm.userID)
        member("prompt_name", llm.promptName)
        member("prompt_version", llm.promptVersion)
        member("tool_name", llm.toolName)
        member("error_type", llm.errorType)
        member("tags", llm.tags)
    }

    mutating func attribute(_ value: AttributeValue) {
        switch value {
        case .string(let text): string(text)
        case .bool(let value): bool(value)
        case .int(let value): integer(value)
        case .double(let value) where value.isFinite: double(value)
        case .empty: null()
        // What plain JSON has no form for stands as OTLP's tagged JSON.
        default: raw(AttributeValueJSON.plainJSON(of: value) ?? AttributeValueJSON.otlpJSON(of: value))
        }
    }
}

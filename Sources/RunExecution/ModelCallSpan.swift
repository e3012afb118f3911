/// Spans of calls that a worker made of models, in the attributes of OpenTelemetry's GenAI conventions: alike for all kinds of work.

import ByteCoding
import EvaluationModel
import GenAIConventions
import OTLP
import TraceModel

enum ModelCallSpan {
    static func span(of call: ModelCall, _ trace: TraceID, _ id: SpanID, parent: SpanID, scope: String) -> SpanRecord {
        var span = span(
            trace, id, "\(call.operation.rawValue) \(call.requestModel)", call.startUnixNano, max(call.startUnixNano, call.endUnixNano),
            scope: scope)
        span.parentSpanID = parent
        span.kind = 3
        func add(_ key: String, _ value: AttributeValue?) { if let value { span.attributes.append(KeyValue(key, value)) } }
        add("gen_ai.operation.name", .string(call.operation.rawValue))
        add("gen_ai.provider.name", .string(call.provider))
        add("gen_ai.request.model", .string(call.requestModel))
        // `provider/model` as scores have it.
        add("gen_ai.response.model", call.usage.map { .string(String($0.model.dropFirst(call.provider.count + 1))) })
        if let tokens = call.tokens {
            add("gen_ai.usage.input_tokens", .int(tokens.input))
            add("gen_ai.usage.output_tokens", .int(tokens.output))
            if tokens.cacheRead > 0 { add("gen_ai.usage.cache_read.input_tokens", .int(tokens.cacheRead)) }
            if tokens.cacheWrite > 0 { add("gen_ai.usage.cache_write.input_tokens", .int(tokens.cacheWrite)) }
            if tokens.reasoning > 0 { add("gen_ai.usage.reasoning.output_tokens", .int(tokens.reasoning)) }
        }
        add("gen_ai.usage.cost", call.reportedCost.map(AttributeValue.double))
        if !call.input.isEmpty { add("gen_ai.input.messages", .string(GenAIMessages.input(call.input))) }
        add("gen_ai.output.messages", call.output.map { .string(GenAIMessages.output(text: $0, toolCalls: [], finishReason: nil)) })
        if let error = call.error {
            add("error.type", .string(error.kind))
            span.status = SpanRecord.Status(code: 2, message: error.message)
        }
        return span
    }

    static func span(
        _ trace: TraceID, _ id: SpanID, _ name: String, _ start: UInt64, _ end: UInt64, scope: String
    ) -> SpanRecord {
        var span = SpanRecord(traceID: trace, spanID: id, name: name, startTimeUnixNano: start, endTimeUnixNano: end)
        span.resource = SpanRecord.Resource(
            encoded: ResourceEncoder.encode(
                DecodedResource(attributes: [KeyValue("service.name", .string(OwnServiceNames.testCaseWorker))])))
        span.scope = SpanRecord.Scope(encoded: ScopeEncoder.encode(DecodedScope(name: scope, version: "")))
        return span
    }

    /// Of the root (0) and of each call.
    static func id(_ seed: UInt64, _ number: UInt64) -> SpanID {
        SpanID(rawValue: (seed &+ number &* 0x9e37_79b9_7f4a_7c15) | 1)
    }
}

/// The trace of one cell, in the attributes of OpenTelemetry's GenAI conventions: a run is a set of traces, searched and counted like
/// any other.
///
///     invoke_agent CASE                       the cell: run, case, target, repetition, result, scores
///       chat MODEL                            the call of the target
///
/// Ids are made from the cell alone, so that what is sent twice is stored once. What judges used is an attribute of the cell's span.

import ByteCoding
import Evaluation
import EvaluationModel
import GenAIConventions
import JobQueue
import Metastore
import OTLP
import TraceModel

struct CellTrace: Sendable {
    struct Identity: Sendable, Equatable {
        let traceID: TraceID
        let rootSpanID: SpanID
        let callSpanID: SpanID
    }

    let spans: [SpanRecord]
    /// Of the cell's retrieval: an export request, which another one may follow.
    private let retrieval: [UInt8]

    init(spans: [SpanRecord]) {
        self.spans = spans
        retrieval = []
    }

    /// As an OTLP request in protobuf. One that were too large to be stored has no messages, and nothing of the retrieval.
    var exportRequest: [UInt8] { exportRequest(maximumByteCount: RunExecutionLimits.traceByteCount) }

    func exportRequest(maximumByteCount: Int) -> [UInt8] {
        let whole = ExportTraceRequestEncoder.encode(spans)
        // Two messages one after the other are one with the spans of both.
        guard whole.count + retrieval.count > maximumByteCount else { return whole + retrieval }
        return ExportTraceRequestEncoder.encode(
            spans.map { span in
                var span = span
                span.attributes.removeAll { Self.messageKeys.contains($0.key) }
                return span
            })
    }

    private static let messageKeys: Set<String> = ["gen_ai.input.messages", "gen_ai.output.messages"]

    /// From run, target, case version, repetition and job: a cell that is requeued is another job, and has another trace.
    static func identity(of cell: LeasedCell) -> Identity {
        var bytes: [UInt8] = []
        for number in [cell.run.high, cell.run.low, cell.caseVersion.high, cell.caseVersion.low] {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        for number in [Int64(cell.target), Int64(cell.repetition), cell.job.id.number] {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        func hash(_ seed: UInt64) -> ContentHash { bytes.withUnsafeBytes { ContentHash(of: $0, seed: seed) } }
        let trace = hash(1), spans = hash(2)
        // All zeros is no id; a hash that is all zeros is as likely as any other.
        return Identity(
            traceID: TraceID(high: trace.high | 1 << 63, low: trace.low), rootSpanID: SpanID(rawValue: spans.high | 1),
            callSpanID: SpanID(rawValue: spans.low | 1))
    }

    init(_ identity: Identity, _ cell: LeasedCell, _ key: String, _ run: PreparedRun, fault: CellFault) {
        let now = WallClock.nowUnixNano()
        var root = Self.root(identity, cell, key, run, start: now, end: now)
        root.attributes += [KeyValue("spandrel.case.result", .string("errored")), KeyValue("error.type", .string(fault.kind))]
        root.status = SpanRecord.Status(code: 2, message: fault.message)
        spans = [root]
        retrieval = []
    }

    init(
        _ identity: Identity, _ cell: LeasedCell, _ key: String, _ run: PreparedRun, output: CellOutput, results: ScorerResults
    ) {
        let start = output.startUnixNano > 0 ? output.startUnixNano : WallClock.nowUnixNano()
        retrieval = output.retrieval?.spans ?? []
        let callEnd = start &+ UInt64(max(0, output.durationNano))
        var root = Self.root(
            identity, cell, key, run, start: min(start, output.retrieval?.startUnixNano ?? start),
            end: max(callEnd, WallClock.nowUnixNano()))
        root.attributes.append(KeyValue("spandrel.case.result", .string(results.outcome.rawValue)))
        for score in results.scores {
            if let value = score.value { root.attributes.append(KeyValue("spandrel.score.\(score.name)", .double(value))) }
            if let passed = score.passed { root.attributes.append(KeyValue("spandrel.score.\(score.name).passed", .bool(passed))) }
        }
        if let cost = results.cost, cost > 0 { root.attributes.append(KeyValue("spandrel.scorers.cost_usd", .double(cost))) }
        root.status = results.outcome == .errored ? SpanRecord.Status(code: 2, message: "a scorer failed") : nil
        guard let target = run.targets[cell.target] else {
            // The command line called it: its own spans, if it makes any, are the application's.
            root.attributes.append(
                KeyValue(
                    "gen_ai.output.messages",
                    .string(GenAIMessages.output(text: output.text, toolCalls: output.toolCalls, finishReason: output.finishReason))))
            spans = [root]
            return
        }
        spans = [root, Self.call(identity, target.span, output, start: start, end: callEnd, run)]
    }

    private static func root(
        _ identity: Identity, _ cell: LeasedCell, _ key: String, _ run: PreparedRun, start: UInt64, end: UInt64
    ) -> SpanRecord {
        var span = SpanRecord(
            traceID: identity.traceID, spanID: identity.rootSpanID, name: "test case \(key)", startTimeUnixNano: start, endTimeUnixNano: end
        )
        span.kind = 1
        span.resource = run.resource
        span.scope = run.scope
        span.attributes = [
            KeyValue("spandrel.run.id", .string(cell.run.uuid)), KeyValue("spandrel.run.name", .string(run.specification.name)),
            KeyValue("spandrel.case.key", .string(key)), KeyValue("spandrel.case.repetition", .int(Int64(cell.repetition))),
            KeyValue("spandrel.case.attempt", .int(Int64(cell.job.attempt))),
            KeyValue("spandrel.target.name", .string(run.specification.targets[cell.target].name)),
        ]
        return span
    }

    private static func call(
        _ identity: Identity, _ target: TargetSpan, _ output: CellOutput, start: UInt64, end: UInt64, _ run: PreparedRun
    ) -> SpanRecord {
        let name = target.requestModel.isEmpty ? target.operation : "\(target.operation) \(target.requestModel)"
        var span = SpanRecord(
            traceID: identity.traceID, spanID: identity.callSpanID, name: name, startTimeUnixNano: start, endTimeUnixNano: end)
        span.parentSpanID = identity.rootSpanID
        span.kind = 3
        span.resource = run.resource
        span.scope = run.scope
        func add(_ key: String, _ value: AttributeValue?) { if let value { span.attributes.append(KeyValue(key, value)) } }
        add("gen_ai.operation.name", .string(target.operation))
        if !target.provider.isEmpty { add("gen_ai.provider.name", .string(target.provider)) }
        if !target.requestModel.isEmpty { add("gen_ai.request.model", .string(target.requestModel)) }
        add("gen_ai.response.model", output.model.map(AttributeValue.string))
        add("gen_ai.response.finish_reasons", output.finishReason.map { .array([.string($0)]) })
        if let usage = output.usage {
            add("gen_ai.usage.input_tokens", .int(usage.input))
            add("gen_ai.usage.output_tokens", .int(usage.output))
            if usage.cacheRead > 0 { add("gen_ai.usage.cache_read.input_tokens", .int(usage.cacheRead)) }
            if usage.cacheWrite > 0 { add("gen_ai.usage.cache_write.input_tokens", .int(usage.cacheWrite)) }
            if usage.reasoning > 0 { add("gen_ai.usage.reasoning.output_tokens", .int(usage.reasoning)) }
        }
        add("gen_ai.usage.cost", output.reportedCost.map(AttributeValue.double))
        add("gen_ai.response.time_to_first_chunk", output.firstTokenNano.map { .double(Double($0) / 1e9) })
        if !output.prompt.isEmpty { add("gen_ai.input.messages", .string(GenAIMessages.input(output.prompt))) }
        add(
            "gen_ai.output.messages",
            .string(GenAIMessages.output(text: output.text, toolCalls: output.toolCalls, finishReason: output.finishReason)))
        return span
    }
}

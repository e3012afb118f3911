import ByteCoding
import GenAIConventions
import TraceModel

/// What a newer mapping or newer prices change of stored spans, or would change: counts, sums, and a few spans.
///
/// Sums are of the fields as they are stored, each span for itself; event records have none. Adds up, segment by segment.
package struct ReapplicationReport: Equatable, Sendable {
    package struct Tokens: Equatable, Sendable {
        package var input: Int64 = 0
        package var output: Int64 = 0
        package var cacheRead: Int64 = 0
        package var cacheWrite: Int64 = 0
        package var reasoning: Int64 = 0
    }

    package struct Sums: Equatable, Sendable {
        /// US dollars.
        package var cost = 0.0
        package var tokens = Tokens()
    }

    package struct Model: Equatable, Sendable {
        package var changedSpanCount = 0
        package var costBefore = 0.0
        package var costAfter = 0.0
    }

    package struct ChangedField: Equatable, Sendable {
        package var field: String
        package var before: JSONValue
        package var after: JSONValue
    }

    package struct ChangedSpan: Equatable, Sendable {
        package var traceID: String
        package var spanID: String
        package var fields: [ChangedField]
    }

    /// A segment that is left as it is.
    package struct Skipped: Equatable, Sendable {
        package var sequence: UInt64
        package var reason: String
    }

    package var segmentCount = 0
    /// Those of which something changed; the others are noted as looked at.
    package var rewrittenSegmentCount = 0
    package var spanCount = 0
    package var changedSpanCount = 0
    package var changedEventCount = 0
    /// How many spans change it, by the field's name in queries.
    package var fieldCounts: [String: Int] = [:]
    package var before = Sums()
    package var after = Sums()
    /// By the model that counts afterwards; the empty name for none, and for those beyond the first.
    package var models: [String: Model] = [:]
    /// The first that change.
    package var sample: [ChangedSpan] = []
    package var skipped: [Skipped] = []

    package init() {}

    mutating func noteEvent(_ changed: [String]) { if !changed.isEmpty { changedEventCount += 1 } }

    mutating func note(
        _ span: RevisionBatch.Identity, _ changed: [String], before: RevisedColumns.Row, after: RevisedColumns.Row
    ) {
        spanCount += 1
        self.before.add(before.fields)
        self.after.add(after.fields)
        let model = modelName(after.fields.model)
        models[model, default: Model()].costBefore += before.fields.cost ?? 0
        models[model, default: Model()].costAfter += after.fields.cost ?? 0
        guard !changed.isEmpty else { return }
        changedSpanCount += 1
        models[model, default: Model()].changedSpanCount += 1
        let names = changed.map(Self.fieldName)
        for name in names { fieldCounts[name, default: 0] += 1 }
        guard sample.count < StoreLimits.revisedSampleCount else { return }
        sample.append(
            ChangedSpan(
                traceID: span.traceID.hex, spanID: span.spanID.hex,
                fields: changed.map {
                    ChangedField(field: Self.fieldName($0), before: before.value(ofColumn: $0), after: after.value(ofColumn: $0))
                }))
    }

    private func modelName(_ name: String?) -> String {
        guard let name, name.utf8.count <= GenAILimits.maximumModelNameLength else { return "" }
        return models[name] != nil || models.count < StoreLimits.maximumRevisedModelCount ? name : ""
    }

    /// A column by the name that queries have for it.
    private static func fieldName(_ column: String) -> String {
        switch column {
        case "input_attribute": "input"
        case "output_attribute": "output"
        default: column
        }
    }

    package mutating func add(_ other: ReapplicationReport) {
        segmentCount += other.segmentCount
        rewrittenSegmentCount += other.rewrittenSegmentCount
        spanCount += other.spanCount
        changedSpanCount += other.changedSpanCount
        changedEventCount += other.changedEventCount
        fieldCounts.merge(other.fieldCounts) { $0 + $1 }
        before.add(other.before)
        after.add(other.after)
        for (name, model) in other.models.sorted(by: { $0.key < $1.key }) {
            let name = modelName(name)
            models[name, default: Model()].changedSpanCount += model.changedSpanCount
            models[name, default: Model()].costBefore += model.costBefore
            models[name, default: Model()].costAfter += model.costAfter
        }
        sample += other.sample.prefix(max(0, StoreLimits.revisedSampleCount - sample.count))
        skipped += other.skipped
    }
}

extension ReapplicationReport.Sums {
    fileprivate mutating func add(_ fields: SpanRecord.LLM) {
        cost += fields.cost ?? 0
        tokens.input &+= fields.inputTokens ?? 0
        tokens.output &+= fields.outputTokens ?? 0
        tokens.cacheRead &+= fields.cacheReadTokens ?? 0
        tokens.cacheWrite &+= fields.cacheWriteTokens ?? 0
        tokens.reasoning &+= fields.reasoningTokens ?? 0
    }

    fileprivate mutating func add(_ other: ReapplicationReport.Sums) {
        cost += other.cost
        tokens.input &+= other.tokens.input
        tokens.output &+= other.tokens.output
        tokens.cacheRead &+= other.tokens.cacheRead
        tokens.cacheWrite &+= other.tokens.cacheWrite
        tokens.reasoning &+= other.tokens.reasoning
    }
}

extension RevisedColumns.Row {
    fileprivate func value(ofColumn name: String) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string(Self.shortened($0)) } ?? .null }
        switch name {
        case "kind": return .string(fields.kind.name)
        case "input_attribute": return text(fields.inputKey)
        case "output_attribute": return text(fields.outputKey)
        case "status_message": return text(statusMessage)
        case "status_code": return statusCode.map { .integer(Int64($0)) } ?? .null
        case "tags": return .array(fields.tags.prefix(20).map { .string(Self.shortened($0)) })
        default:
            if let field = LLMTextField(rawValue: name) { return text(field.text(of: fields)) }
            guard let field = LLMNumberField(rawValue: name), let bits = field.bits(of: fields) else { return .null }
            return field.isAmount ? .double(Double(bitPattern: bits)) : .integer(Int64(bitPattern: bits))
        }
    }

    private static func shortened(_ text: String) -> String {
        guard text.utf8.count > StoreLimits.revisedSampleTextByteCount else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: StoreLimits.revisedSampleTextByteCount)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return text[..<end] + "…"
    }
}

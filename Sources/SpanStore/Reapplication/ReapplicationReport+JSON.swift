/// A report as JSON: what a task answers with, and what a reapplication that is interrupted goes on from.

import ByteCoding

extension ReapplicationReport {
    /// Models of an answer: those whose costs change most.
    package static let shownModelCount = 20

    /// - Parameter isShown: whether it is for an answer, which has the models that matter; what is kept has all of them.
    package func json(isShown: Bool) -> JSONValue {
        func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
        return .object([
            JSONMember(key: "segments", value: number(segmentCount)),
            JSONMember(key: "rewritten_segments", value: number(rewrittenSegmentCount)),
            JSONMember(
                key: "skipped_segments",
                value: .array(
                    skipped.map {
                        .object([
                            JSONMember(key: "segment", value: .integer(Int64(clamping: $0.sequence))),
                            JSONMember(key: "reason", value: .string($0.reason)),
                        ])
                    })),
            JSONMember(key: "spans", value: number(spanCount)),
            JSONMember(key: "changed_spans", value: number(changedSpanCount)),
            JSONMember(key: "changed_event_records", value: number(changedEventCount)),
            JSONMember(
                key: "fields",
                value: .object(fieldCounts.sorted { $0.key < $1.key }.map { JSONMember(key: $0.key, value: number($0.value)) })),
            JSONMember(key: "before", value: before.json),
            JSONMember(key: "after", value: after.json),
            JSONMember(key: "models", value: .array(modelsInOrder(isShown ? Self.shownModelCount : .max).map(Self.json))),
            JSONMember(key: "sample", value: .array(sample.map(\.json))),
        ])
    }

    private func modelsInOrder(_ count: Int) -> [(name: String, model: Model)] {
        let order = models.sorted { a, b in
            let first = abs(a.value.costAfter - a.value.costBefore), second = abs(b.value.costAfter - b.value.costBefore)
            return (second, b.value.costAfter, a.key) < (first, a.value.costAfter, b.key)
        }
        return order.prefix(count).map { ($0.key, $0.value) }
    }

    private static func json(_ name: String, _ model: Model) -> JSONValue {
        .object([
            JSONMember(key: "model", value: name.isEmpty ? .null : .string(name)),
            JSONMember(key: "changed_spans", value: .integer(Int64(model.changedSpanCount))),
            JSONMember(key: "cost_before", value: .double(model.costBefore)),
            JSONMember(key: "cost_after", value: .double(model.costAfter)),
        ])
    }

    /// What was kept; an empty report where there is none yet.
    package init(json: JSONValue) {
        self.init()
        func count(_ name: String, of object: JSONValue? = nil) -> Int { Int((object ?? json)[name]?.integerValue ?? 0) }
        segmentCount = count("segments")
        rewrittenSegmentCount = count("rewritten_segments")
        spanCount = count("spans")
        changedSpanCount = count("changed_spans")
        changedEventCount = count("changed_event_records")
        if case .object(let members)? = json["fields"] {
            for member in members { fieldCounts[member.key] = Int(member.value.integerValue ?? 0) }
        }
        before = Sums(json: json["before"])
        after = Sums(json: json["after"])
        for model in json["models"]?.arrayValue ?? [] {
            models[model["model"]?.stringValue ?? ""] = Model(
                changedSpanCount: count("changed_spans", of: model), costBefore: model["cost_before"]?.doubleValue ?? 0,
                costAfter: model["cost_after"]?.doubleValue ?? 0)
        }
        skipped = (json["skipped_segments"]?.arrayValue ?? []).map {
            Skipped(sequence: UInt64(clamping: $0["segment"]?.integerValue ?? 0), reason: $0["reason"]?.stringValue ?? "")
        }
        sample = (json["sample"]?.arrayValue ?? []).map { span in
            ChangedSpan(
                traceID: span["trace_id"]?.stringValue ?? "", spanID: span["span_id"]?.stringValue ?? "",
                fields: (span["fields"]?.arrayValue ?? []).map {
                    ChangedField(
                        field: $0["field"]?.stringValue ?? "", before: $0["before"] ?? .null, after: $0["after"] ?? .null)
                })
        }
    }
}

extension ReapplicationReport.Sums {
    fileprivate var json: JSONValue {
        .object([
            JSONMember(key: "cost", value: .double(cost)), JSONMember(key: "input_tokens", value: .integer(tokens.input)),
            JSONMember(key: "output_tokens", value: .integer(tokens.output)),
            JSONMember(key: "cache_read_tokens", value: .integer(tokens.cacheRead)),
            JSONMember(key: "cache_write_tokens", value: .integer(tokens.cacheWrite)),
            JSONMember(key: "reasoning_tokens", value: .integer(tokens.reasoning)),
        ])
    }

    fileprivate init(json: JSONValue?) {
        self.init()
        func count(_ name: String) -> Int64 { json?[name]?.integerValue ?? 0 }
        cost = json?["cost"]?.doubleValue ?? 0
        tokens = .init(
            input: count("input_tokens"), output: count("output_tokens"), cacheRead: count("cache_read_tokens"),
            cacheWrite: count("cache_write_tokens"), reasoning: count("reasoning_tokens"))
    }
}

extension ReapplicationReport.ChangedSpan {
    fileprivate var json: JSONValue {
        .object([
            JSONMember(key: "trace_id", value: .string(traceID)), JSONMember(key: "span_id", value: .string(spanID)),
            JSONMember(
                key: "fields",
                value: .array(
                    fields.map {
                        .object([
                            JSONMember(key: "field", value: .string($0.field)), JSONMember(key: "before", value: $0.before),
                            JSONMember(key: "after", value: $0.after),
                        ])
                    })),
        ])
    }
}

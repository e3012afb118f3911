/// What users said in given traces: finds the spans that may tell, then reads the inputs of one per trace, in batches that fit into a
/// query's memory. Where no span of a trace has an input of its own, the messages of its calls are read from their events, among them
/// those that came as log records (docs/logs.md).

import ByteCoding
import GenAIConventions
import SpanStore
import TraceModel
import TraceQuery

struct InputReader: Sendable {
    let executor: QueryExecutor

    /// Texts of the traces that have one. Throws `QueryError` of a store that cannot be read.
    func userTexts(of traces: [TraceID], in snapshot: any StoreSnapshot) async throws(QueryError) -> [TraceID: String] {
        var texts: [TraceID: String] = [:]
        for start in stride(from: 0, to: traces.count, by: FeatureCollectionLimits.inputBatchCount) {
            let batch = Array(traces[start..<min(start + FeatureCollectionLimits.inputBatchCount, traces.count)])
            var open = try await candidates(of: batch, .condition(.input, .isNull(false)), in: snapshot)
            // Where the first span has no words of a user, the next one is looked into, once: a root may have been given an id alone.
            for _ in 0..<2 {
                let next = open.compactMapValues(\.first)
                guard !next.isEmpty else { break }
                for (trace, input) in try await inputs(of: next, in: snapshot) {
                    if let text = UserText.find(in: input) { texts[trace] = text }
                }
                open = open.filter { texts[$0.key] == nil }.mapValues { Array($0.dropFirst()) }
            }
            try await addWordsInEvents(of: batch.filter { texts[$0] == nil }, in: snapshot, to: &texts)
        }
        return texts
    }

    /// Of traces whose spans tell nothing themselves: what the events of their first calls say.
    private func addWordsInEvents(
        of traces: [TraceID], in snapshot: any StoreSnapshot, to texts: inout [TraceID: String]
    ) async throws(QueryError) {
        guard !traces.isEmpty else { return }
        let calls: Filter = .and([
            .condition(.kind, .among([LLMKind.llm, .agent].map { FilterLiteral.text($0.name) })), .condition(.input, .isNull(true)),
        ])
        var open = try await candidates(of: traces, calls, in: snapshot)
        for _ in 0..<FeatureCollectionLimits.eventSpanCount {
            let next = open.compactMapValues(\.first)
            guard !next.isEmpty else { return }
            for span in try await records(of: next, in: snapshot) {
                if let text = UserText.find(in: SpanMessages(span).input) { texts[span.traceID] = text }
            }
            open = open.filter { texts[$0.key] == nil }.mapValues { Array($0.dropFirst()) }
        }
    }

    private func candidates(
        of traces: [TraceID], _ filter: Filter, in snapshot: any StoreSnapshot
    ) async throws(QueryError) -> [TraceID: [SpanID]] {
        let request = QueryRequest(
            .spans([.traceID, .spanID, .parentSpanID, .startTime, .kind]),
            filter: .and([.condition(.traceID, .among(traces.map(FilterLiteral.traceID))), filter]),
            order: [OrderTerm(.field(.startTime), isDescending: false)], limit: FeatureCollectionLimits.maximumSpanCount,
            timeMilliseconds: FeatureCollectionLimits.queryMilliseconds)
        let result = try await executor.execute(request, in: snapshot)
        if result.isTruncated, traces.count > 1 {
            // Traces of very many spans: fewer at a time, so that each has its first spans among them.
            let half = traces.count / 2
            let first = try await candidates(of: Array(traces[..<half]), filter, in: snapshot)
            return first.merging(try await candidates(of: Array(traces[half...]), filter, in: snapshot)) { first, _ in first }
        }
        return InputSpan.candidates(of: result.rows.compactMap(Self.span))
    }

    private static func span(_ row: [QueryValue]) -> InputSpan? {
        guard row.count == 5, case .string(let trace) = row[0], let traceID = TraceID(hex: trace), case .string(let span) = row[1],
            let spanID = SpanID(hex: span), case .time(let start) = row[3], case .string(let kind) = row[4]
        else { return nil }
        return InputSpan(
            traceID: traceID, spanID: spanID, isRoot: row[2] == .null, startUnixNano: start, kind: LLMKind(name: kind) ?? .span)
    }

    /// An input too large for a query's memory is left out.
    private func inputs(of spans: [TraceID: SpanID], in snapshot: any StoreSnapshot) async throws(QueryError) -> [TraceID: String] {
        let request = request(of: spans, [.traceID, .input])
        do {
            var inputs: [TraceID: String] = [:]
            for row in try await executor.execute(request, in: snapshot).rows {
                guard row.count == 2, case .string(let trace) = row[0], let traceID = TraceID(hex: trace) else { continue }
                switch row[1] {
                case .string(let text): inputs[traceID] = text
                case .null, .int, .double, .bool, .time: break
                case .list, .object: inputs[traceID] = String(decoding: Self.json(row[1]), as: UTF8.self)
                }
            }
            return inputs
        } catch {
            guard error.code == .memoryLimit else { throw error }
            guard spans.count > 1 else { return [:] }
            let halves = Self.halves(of: spans)
            let first = try await inputs(of: halves.0, in: snapshot)
            return first.merging(try await inputs(of: halves.1, in: snapshot)) { first, _ in first }
        }
    }

    /// Spans with all their events, as every reader of whole spans has them. One too large for a query's memory is left out.
    private func records(of spans: [TraceID: SpanID], in snapshot: any StoreSnapshot) async throws(QueryError) -> [SpanRecord] {
        do {
            let page = try await executor.locate(request(of: spans, [.spanID]), in: snapshot)
            let limits = QueryLimits(timeMilliseconds: FeatureCollectionLimits.queryMilliseconds)
            return try await executor.records(of: page.spans, on: page, limits: limits)
        } catch {
            guard error.code == .memoryLimit else { throw error }
            guard spans.count > 1 else { return [] }
            let halves = Self.halves(of: spans)
            return try await records(of: halves.0, in: snapshot) + records(of: halves.1, in: snapshot)
        }
    }

    private func request(of spans: [TraceID: SpanID], _ fields: [SpanField]) -> QueryRequest {
        QueryRequest(
            .spans(fields),
            filter: .and([
                .condition(.traceID, .among(spans.keys.map(FilterLiteral.traceID))),
                .condition(.spanID, .among(spans.values.map(FilterLiteral.spanID))),
            ]), order: [OrderTerm(.field(.startTime), isDescending: false)], limit: FeatureCollectionLimits.maximumSpanCount,
            timeMilliseconds: FeatureCollectionLimits.queryMilliseconds)
    }

    private static func halves(of spans: [TraceID: SpanID]) -> ([TraceID: SpanID], [TraceID: SpanID]) {
        let all = spans.sorted { $0.key < $1.key }, half = all.count / 2
        func dictionary(_ part: ArraySlice<(key: TraceID, value: SpanID)>) -> [TraceID: SpanID] {
            Dictionary(uniqueKeysWithValues: part.map { ($0.key, $0.value) })
        }
        return (dictionary(all[..<half]), dictionary(all[half...]))
    }

    private static func json(_ value: QueryValue) -> [UInt8] {
        var writer = JSONWriter()
        value.write(to: &writer)
        return writer.bytes
    }
}

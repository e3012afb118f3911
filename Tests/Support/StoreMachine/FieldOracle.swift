import GenAIConventions
import OTLP
import SpanStore
import Synchronization
import TraceModel

/// What the mapped columns of a request's rows are, by the mapping and the prices they were worked out with.
final class FieldOracle: Sendable {
    enum Edition: Hashable, Sendable {
        /// What an earlier program knew: senders' requests are mapped by it.
        case older
        /// A replay maps by this one, and so does a reapplication.
        case current
    }

    /// Prices are worked out when a request comes in and kept with its entry of the log: a replay maps anew and keeps the cost.
    struct State: Hashable, Sendable {
        var mapping: Edition
        var pricedAs: Edition
        var prices: Int

        init(_ mapping: Edition, prices: Int) {
            self.mapping = mapping
            pricedAs = mapping
            self.prices = prices
        }

        /// The same entry of the log, read by a start.
        var replayed: State {
            var state = self
            state.mapping = .current
            return state
        }
    }

    /// Columns that differ between the two, without those by which histories ask and delete.
    static let older = AttributeMapping(
        version: AttributeMapping.current.version - 1,
        rules: AttributeMapping.current.rules.filter { ![.provider, .outputTokens, .toolName].contains($0.field) },
        usageRules: AttributeMapping.current.usageRules)

    static func mapping(_ edition: Edition) -> AttributeMapping { edition == .older ? older : .current }

    /// Version 0 has no prices.
    static func prices(_ version: Int) -> PriceBook {
        let price = Price(
            provider: nil, modelPattern: "/.*/", effectiveFromUnixNano: 0, inputPerMillion: Double(version) * 3,
            outputPerMillion: Double(version) * 11, source: "a history")
        return PriceBook(version: Int64(version), prices: version == 0 ? [] : [price])
    }

    private struct Key: Hashable {
        var request: Int
        var edition: Edition
        var prices: Int
    }

    private let known = Mutex<[Key: [SpanRecord.LLM]]>([:])

    func fields(of request: Workload.Request, ordinal: Int, in state: State) -> SpanRecord.LLM {
        var fields = table(request, state.mapping, state.prices)[ordinal]
        if state.pricedAs != state.mapping { fields.cost = table(request, state.pricedAs, state.prices)[ordinal].cost }
        return fields
    }

    private func table(_ request: Workload.Request, _ edition: Edition, _ prices: Int) -> [SpanRecord.LLM] {
        let key = Key(request: request.number, edition: edition, prices: prices)
        if let table = known.withLock({ $0[key] }) { return table }
        var table: [SpanRecord.LLM] = []
        if var batch = try? Self.batch(of: request) {
            let fields = Self.fields(of: &batch, edition, prices)
            table = (0..<batch.spanCount).map { SpanRecord.LLM(fields, span: $0, of: batch) }
        }
        known.withLock { $0[key] = table }
        return table
    }

    static func batch(of request: Workload.Request) throws -> SpanBatch {
        var batch = try ExportTraceRequestDecoder.decodeProtobuf(ExportTraceRequestEncoder.encode(request.records), limits: OTLPLimits())
        guard batch.rejections.isEmpty else { throw Violation("the workload makes spans that are refused: \(batch.rejections)") }
        if request.isEvents { batch.record = .event }
        return batch
    }

    static func fields(of batch: inout SpanBatch, _ edition: Edition, _ prices: Int) -> LLMFields {
        var fields = mapping(edition).apply(to: &batch)
        if batch.record == .span { Self.prices(prices).price(&fields, batch: batch) }
        return fields
    }
}

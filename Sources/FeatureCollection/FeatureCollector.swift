/// Reads what users said in the window of an analysis from the store, and hands it over to the workers through PostgreSQL.
///
///     window -> traces (all of it, or the newest) -> even sample -> the span with the user's words -> text -> FeatureRepository.fill

import ByteCoding
import Logging
import Metastore
import SpanStore
import TraceModel
import TraceQuery

package struct FeatureCollector: Sendable {
    private let features: FeatureRepository
    private let store: SpanStore
    private let traces: TraceList
    private let inputs: InputReader
    private let logger: Logger

    package init(features: FeatureRepository, store: SpanStore, threads: ScanThreads, logger: Logger) {
        self.features = features
        self.store = store
        traces = TraceList(threads: threads)
        inputs = InputReader(executor: QueryExecutor(threads: threads))
        self.logger = logger
    }

    /// Orders the analyses that schedules want by now, and collects the traces of those that wait. Throws MetastoreError, `QueryError` of
    /// a store that cannot be read now.
    package func run() async throws {
        while try await features.orderDueAnalyses() >= MetastoreLimits.maximumSweepCount { try Task.checkCancellation() }
        for analysis in try await features.collecting(limit: FeatureCollectionLimits.analysisCount) {
            do throws(QueryError) {
                try await collect(analysis)
            } catch {
                switch error.code {
                case .storage, .cancelled: throw error
                case .malformed, .cursor, .timeLimit, .memoryLimit:
                    try await features.fail(analysis.id, message: "the traces of the window cannot be read: \(error)")
                }
            }
        }
    }

    private func collect(_ analysis: FeatureAnalysisRecord) async throws(QueryError) {
        let snapshot = store.snapshot(of: analysis.projectID), order = analysis.order
        let filter = try Self.filter(order)
        let found = try await window(order, filter ?? .condition(.input, .isNull(false)), snapshot)
        let sample = WindowSample.even(found, count: order.maximumTraceCount)
        let texts = try await inputs.userTexts(of: sample.map(\.traceID), in: snapshot)
        let analyzed = sample.compactMap { trace in
            texts[trace.traceID].map {
                AnalyzedTrace(
                    traceID: trace.traceID, text: $0, costNanoUSD: Self.nanoUSD(trace.cost), isError: trace.errorCount > 0,
                    durationNano: max(0, trace.durationNano))
            }
        }
        var traceCount = found.count
        if analyzed.isEmpty, filter == nil { traceCount = try await window(order, .everything, snapshot, maximumCount: 1).count }
        do throws(MetastoreError) {
            if analyzed.isEmpty, traceCount > 0 {
                return try await features.fail(
                    analysis.id,
                    message: "no trace of the window tells what a user said; a project that keeps metadata only has no such traces")
            }
            if try await features.fill(analysis.id, with: analyzed, windowTraceCount: found.count) {
                logger.info(
                    "traces were collected for an analysis",
                    metadata: ["analysis": "\(analysis.id.uuid)", "traces": "\(found.count)", "texts": "\(analyzed.count)"])
            }
        } catch { throw QueryError(.storage, "the collected traces cannot be stored now", cause: error) }
    }

    /// nil for an order without one.
    private static func filter(_ order: FeatureAnalysisOrder) throws(QueryError) -> Filter? {
        let json: JSONValue
        do { json = try JSONValue.parse(order.filter) } catch { throw QueryError(.malformed, "the filter is no JSON") }
        return json == .object([]) ? nil : try FilterParser.parse(json)
    }

    /// The traces that begin in the window and match, the oldest first; without those of Spandrel's own work. A trace is of the window
    /// it begins in and of no other, though it goes on in the next; it may match by what follows within the time that late spans have.
    private func window(
        _ order: FeatureAnalysisOrder, _ filter: Filter, _ snapshot: any StoreSnapshot,
        maximumCount: Int = FeatureCollectionLimits.maximumWindowTraceCount
    ) async throws(QueryError) -> [TraceSummary] {
        var request = TraceListRequest(sort: .startTime)
        request.filter = filter
        request.from = order.windowStartUnixNano
        request.to = order.windowEndUnixNano.addingReportingOverflow(MetastoreLimits.featureWindowGraceSeconds * 1_000_000_000).partialValue
        let window = order.windowStartUnixNano..<order.windowEndUnixNano
        request.limit = QueryLimits.maximumListRowCount
        var found: [TraceSummary] = []
        repeat {
            let page = try await traces.list(
                request, in: snapshot, limits: QueryLimits(timeMilliseconds: FeatureCollectionLimits.queryMilliseconds))
            found += page.traces.filter {
                window.contains($0.startTimeUnixNano) && !OwnServiceNames.all.contains($0.service ?? "")
            }
            request.cursor = page.nextCursor
        } while request.cursor != nil && found.count < maximumCount
        return found.prefix(maximumCount).reversed()
    }

    private static func nanoUSD(_ cost: Double?) -> Int64 {
        guard let cost, cost > 0 else { return 0 }
        return Int64(exactly: (min(cost, 1e6) * 1e9).rounded()) ?? 0
    }
}

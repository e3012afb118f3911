import Access
import HTTPTesting
import Metastore
import Testing
import TraceModel

extension TestInstallation {
    /// A feature of the first project, as collector and worker leave it.
    func makeFeature() async throws -> FeatureID {
        let features = metastore.features, id = FeatureID.make()
        let order = FeatureAnalysisOrder(
            windowStartUnixNano: 0, windowEndUnixNano: 3_600_000_000_000, maximumTraceCount: 10, spendingCapNanoUSD: 1,
            filter: Array("{}".utf8))
        let analysis = try await features.order(order, in: first.projectID, audit: .system("test")).analysis
        let trace = AnalyzedTrace(traceID: TraceID(high: 1, low: 2), text: "Where is it?", costNanoUSD: 1, isError: false, durationNano: 1)
        #expect(try await features.fill(analysis.id, with: [trace], windowTraceCount: 1))
        let leased = try #require(try await features.lease(worker: "w"))
        _ = try await features.begin(leased)
        let feature = AnalyzedFeature(
            id: id, isNew: true, name: "Track an order", description: "", isNamed: true, center: [1], reach: 0.5, traces: [trace],
            trend: "new", examples: Array(#"[{"trace_id":"00000000000000010000000000000002","text":"Where is it?"}]"#.utf8))
        #expect(try await features.conclude(leased, model: "m/e", [feature], span: [1], result: Array("{}".utf8)))
        return id
    }
}

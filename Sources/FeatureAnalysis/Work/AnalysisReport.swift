/// What an analysis found: groups and names as features to store, and the result of its task.

import ByteCoding
import Metastore
import TraceModel

struct AnalysisReport: Sendable {
    /// A group of the window's traces, and what the feature is called.
    struct Finding: Sendable {
        /// nil: it is new.
        var known: KnownFeature?
        /// The most typical first; empty for a known feature that nobody asked for.
        var traces: [AnalyzedTrace]
        var shape: FeatureShape
        /// From a model; nil: none could be asked, or the feature has one.
        var name: FeatureNaming.Name?
    }

    let findings: [Finding]
    let analysis: FeatureAnalysisRecord

    func features() -> [AnalyzedFeature] {
        findings.map { finding in
            let example = finding.traces.first.map { ExampleText.name($0.text) } ?? "Unnamed"
            return AnalyzedFeature(
                id: finding.known?.id ?? FeatureID.make(), isNew: finding.known == nil,
                name: finding.name?.name ?? finding.known?.name ?? example, description: finding.name?.description ?? "",
                isNamed: finding.name != nil, center: finding.shape.center, reach: Double(finding.shape.reach), traces: finding.traces,
                trend: trend(of: finding).rawValue, examples: Self.examples(finding.traces))
        }
    }

    func trend(of finding: Finding) -> FeatureTrend {
        FeatureTrend.of(
            .init(count: finding.traces.count, traceCount: analysis.traceCount),
            before: finding.known?.before.map { .init(count: $0.count, traceCount: $0.traceCount) })
    }

    private static func examples(_ traces: [AnalyzedTrace]) -> [UInt8] {
        JSONValue.array(
            traces.prefix(FeatureAnalysisLimits.keptExampleCount).map { trace in
                .object([
                    JSONMember(key: "trace_id", value: .string(trace.traceID.hex)),
                    JSONMember(key: "text", value: .string(ExampleText.cut(trace.text))),
                ])
            }
        ).bytes
    }

    /// `namingProblem`: why features are called by an example; nil if none is.
    func result(costNanoUSD: Int64, otherCount: Int, namingProblem: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("trace_count", analysis.traceCount)
        writer.member("window_trace_count", analysis.windowTraceCount)
        writer.member("feature_count", findings.count { !$0.traces.isEmpty })
        let trends = findings.map(trend)
        for trend in FeatureTrend.allCases { writer.member("\(trend.rawValue)_count", trends.count { $0 == trend }) }
        writer.member("other_trace_count", otherCount)
        writer.member("cost_usd", Double(costNanoUSD) / 1e9)
        if let namingProblem { writer.member("naming_problem", namingProblem) }
        writer.endObject()
        return writer.bytes
    }
}

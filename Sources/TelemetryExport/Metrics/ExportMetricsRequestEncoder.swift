/// `MetricReport` -> an `ExportMetricsServiceRequest` in protobuf, all of it cumulative since the start of the process.
///
///     ExportMetricsServiceRequest   1* ResourceMetrics { 1 resource  2* ScopeMetrics { 1 scope  2* Metric } }
///     Metric                        1 name  2 description  3 unit  5 Gauge { 1* }  7 Sum { 1*  2 temporality  3 monotonic }  9 Histogram { 1*  2 temporality }
///     NumberDataPoint               2 start  3 time  4 as_double  7* attributes
///     HistogramDataPoint            2 start  3 time  4 count  5 sum  6* bucket_counts  7* explicit_bounds  9* attributes

import OTLP
import TraceModel

package struct ExportMetricsRequestEncoder: Sendable {
    private let resource: [UInt8]
    private let scope: [UInt8]
    private let startTimeUnixNano: UInt64

    /// `AGGREGATION_TEMPORALITY_CUMULATIVE`.
    private static let cumulative: UInt64 = 2

    /// - Parameter startTimeUnixNano: since when counters count.
    package init(identity: ServiceIdentity, startTimeUnixNano: UInt64) {
        resource = identity.resource
        scope = identity.scope
        self.startTimeUnixNano = startTimeUnixNano
    }

    package func encode(_ report: MetricReport, timeUnixNano: UInt64) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.message(1) { writer in
            writer.content(1, resource)
            writer.message(2) { writer in
                writer.content(1, scope)
                for family in report.families { writer.message(2) { metric(family, timeUnixNano, to: &$0) } }
            }
        }
        return writer.bytes
    }

    private func metric(_ family: MetricReport.Family, _ time: UInt64, to writer: inout ProtobufWriter) {
        writer.string(1, family.name)
        writer.string(2, family.help)
        writer.string(3, Self.unit(of: family.name))
        switch family.samples {
        case .numbers(.gauge, let samples):
            writer.message(5) { writer in
                for sample in samples { writer.message(1) { number(sample.labels, sample.value, nil, time, to: &$0) } }
            }
        case .numbers(.counter, let samples):
            writer.message(7) { writer in
                for sample in samples { writer.message(1) { number(sample.labels, sample.value, startTimeUnixNano, time, to: &$0) } }
                writer.varint(2, Self.cumulative)
                writer.varint(3, 1)
            }
        case .histograms(let bounds, let series):
            writer.message(9) { writer in
                for one in series { writer.message(1) { histogram(one, bounds, time, to: &$0) } }
                writer.varint(2, Self.cumulative)
            }
        }
    }

    /// A gauge has no start.
    private func number(
        _ labels: MetricReport.Labels, _ value: Double, _ start: UInt64?, _ time: UInt64, to writer: inout ProtobufWriter
    ) {
        if let start { writer.fixed64(2, start) }
        writer.fixed64(3, time)
        writer.fixed64(4, value.bitPattern, evenIfZero: true)
        attributes(labels, field: 7, to: &writer)
    }

    private func histogram(_ histogram: MetricReport.Histogram, _ bounds: [Double], _ time: UInt64, to writer: inout ProtobufWriter) {
        writer.fixed64(2, startTimeUnixNano)
        writer.fixed64(3, time)
        writer.fixed64(4, UInt64(histogram.counts.reduce(0, +)))
        writer.fixed64(5, histogram.sum.bitPattern, evenIfZero: true)
        writer.content(6, histogram.counts.flatMap { Self.littleEndian(UInt64($0)) })
        writer.content(7, bounds.flatMap { Self.littleEndian($0.bitPattern) })
        attributes(histogram.labels, field: 9, to: &writer)
    }

    private func attributes(_ labels: MetricReport.Labels, field: Int, to writer: inout ProtobufWriter) {
        AttributeValueEncoder.keyValues(labels.map { KeyValue($0.name, .string($0.value)) }, field: field, to: &writer)
    }

    private static func littleEndian(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

    /// UCUM's symbol of the unit that Prometheus wants in the name.
    static func unit(of name: String) -> String {
        let stem = name.hasSuffix("_total") ? name.dropLast(6) : name[...]
        return stem.hasSuffix("_seconds") ? "s" : stem.hasSuffix("_bytes") ? "By" : ""
    }
}

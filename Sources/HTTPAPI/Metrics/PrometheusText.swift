/// Prometheus' text exposition format 0.0.4: families of samples, each with its help and type once.

import TelemetryExport

package struct PrometheusText: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package private(set) var text = ""

    package init(_ report: MetricReport) {
        for family in report.families {
            switch family.samples {
            case .numbers(let kind, let samples):
                header(family, kind.rawValue)
                for sample in samples { line(family.name, sample.labels, sample.value) }
            case .histograms(let bounds, let series):
                header(family, "histogram")
                for one in series { histogram(family.name, bounds, one) }
            }
        }
    }

    private mutating func histogram(_ name: String, _ bounds: [Double], _ histogram: MetricReport.Histogram) {
        var cumulative = 0
        for (index, count) in histogram.counts.enumerated() {
            cumulative += count
            let bound = index < bounds.count ? Self.number(bounds[index]) : "+Inf"
            line(name + "_bucket", histogram.labels + [("le", bound)], Double(cumulative))
        }
        line(name + "_sum", histogram.labels, histogram.sum)
        line(name + "_count", histogram.labels, Double(cumulative))
    }

    private mutating func header(_ family: MetricReport.Family, _ kind: String) {
        let plain = family.help.split(separator: "\n").joined(separator: " ")
        text += "# HELP \(family.name) \(plain)\n# TYPE \(family.name) \(kind)\n"
    }

    private mutating func line(_ name: String, _ labels: MetricReport.Labels, _ value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value))\n"
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
    }
}

/// Prometheus' text exposition format 0.0.4: families of samples, each with its help and type once.

package struct PrometheusText: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package private(set) var text = ""

    package enum Kind: String {
        case counter, gauge, histogram
    }

    package typealias Labels = [(name: String, value: String)]

    package init() {}

    /// A family of one or more samples. Counters are named `..._total`; times are in seconds, sizes in bytes.
    package mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: Labels, value: Double)]) {
        guard !samples.isEmpty else { return }
        header(name, kind, help)
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    package mutating func gauge(_ name: String, _ help: String, _ value: Double) { family(name, .gauge, help, [([], value)]) }
    package mutating func counter(_ name: String, _ help: String, _ value: Double) { family(name, .counter, help, [([], value)]) }
    package mutating func gauge(_ name: String, _ help: String, _ value: some BinaryInteger) { gauge(name, help, Double(value)) }
    package mutating func counter(_ name: String, _ help: String, _ value: some BinaryInteger) { counter(name, help, Double(value)) }

    /// Histograms of one family.
    ///
    /// - Parameter counts: per bucket, not cumulative; one more than `bounds` for everything above the last.
    package mutating func histograms(
        _ name: String, _ help: String, bounds: [Double], _ series: [(labels: Labels, counts: [Int], sum: Double)]
    ) {
        guard !series.isEmpty else { return }
        header(name, .histogram, help)
        for one in series {
            var cumulative = 0
            for (index, count) in one.counts.enumerated() {
                cumulative += count
                let bound = index < bounds.count ? Self.number(bounds[index]) : "+Inf"
                line(name + "_bucket", one.labels + [("le", bound)], Double(cumulative))
            }
            line(name + "_sum", one.labels, one.sum)
            line(name + "_count", one.labels, Double(cumulative))
        }
    }

    private mutating func header(_ name: String, _ kind: Kind, _ help: String) {
        let plain = help.split(separator: "\n").joined(separator: " ")
        text += "# HELP \(name) \(plain)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ labels: Labels, _ value: Double) {
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

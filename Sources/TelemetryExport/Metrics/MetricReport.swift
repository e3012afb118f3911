/// The server's figures at one moment, as families of samples: collected once, shown as Prometheus' text and sent as OTLP metrics, so that
/// no metric has two names.

package struct MetricReport: Sendable {
    package enum Kind: String, Sendable {
        /// Counts from the start of the process; never falls.
        case counter
        case gauge
    }

    package typealias Labels = [(name: String, value: String)]

    /// A histogram's counts are per bucket, not cumulative; one more than there are bounds for everything above the last.
    package typealias Histogram = (labels: Labels, counts: [Int], sum: Double)

    package enum Samples: Sendable {
        case numbers(Kind, [(labels: Labels, value: Double)])
        case histograms(bounds: [Double], [Histogram])
    }

    package struct Family: Sendable {
        package let name: String
        package let help: String
        package let samples: Samples
    }

    package private(set) var families: [Family] = []

    package init() {}

    /// A family of one or more samples; without any it is left out. Counters are named `..._total`; times are in seconds, sizes in bytes.
    package mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: Labels, value: Double)]) {
        guard !samples.isEmpty else { return }
        families.append(Family(name: name, help: help, samples: .numbers(kind, samples)))
    }

    package mutating func gauge(_ name: String, _ help: String, _ value: Double) { family(name, .gauge, help, [([], value)]) }
    package mutating func counter(_ name: String, _ help: String, _ value: Double) { family(name, .counter, help, [([], value)]) }
    package mutating func gauge(_ name: String, _ help: String, _ value: some BinaryInteger) { gauge(name, help, Double(value)) }
    package mutating func counter(_ name: String, _ help: String, _ value: some BinaryInteger) { counter(name, help, Double(value)) }

    /// Histograms of one family.
    package mutating func histograms(_ name: String, _ help: String, bounds: [Double], _ series: [Histogram]) {
        guard !series.isEmpty else { return }
        families.append(Family(name: name, help: help, samples: .histograms(bounds: bounds, series)))
    }
}

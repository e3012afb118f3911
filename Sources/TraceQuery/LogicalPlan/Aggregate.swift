/// An aggregate of a grouped query: `count`, or a function of a field, under the name it has in the answer.
package struct Aggregate: Equatable, Sendable {
    package var function: AggregateFunction
    /// Nil for functions of whole rows.
    package var field: SpanField?
    package var name: String
    /// Of `count_distinct`: never estimated; a query that has no memory for it fails instead.
    package var isExact = false

    package init(_ function: AggregateFunction, _ field: SpanField? = nil, name: String? = nil, isExact: Bool = false) {
        self.function = function
        self.field = field
        self.isExact = isExact
        self.name = name ?? (field.map { "\(function.rawValue)_\($0.name)" } ?? function.rawValue)
    }
}

package enum AggregateFunction: String, CaseIterable, Sendable {
    /// Rows; of a field, rows where it is not null.
    case count
    case sum
    case average = "avg"
    case minimum = "min"
    case maximum = "max"
    case p50, p90, p95, p99
    case countDistinct = "count_distinct"
    /// Rows whose status is `error`.
    case errorCount = "error_count"
    /// Their share of all rows.
    case errorRate = "error_rate"
    /// Rows a second, over the bucket or the time range.
    case rate

    enum Argument { case none, optional, number, numberOrTime, anything }

    var argument: Argument {
        switch self {
        case .errorCount, .errorRate, .rate: .none
        case .count: .optional
        case .sum, .average, .p50, .p90, .p95, .p99: .number
        case .minimum, .maximum: .numberOrTime
        case .countDistinct: .anything
        }
    }

    var quantile: Double? {
        switch self {
        case .p50: 0.5
        case .p90: 0.9
        case .p95: 0.95
        case .p99: 0.99
        default: nil
        }
    }

    /// The type of its values, given the field's.
    func resultType(of field: SpanField?) -> String {
        switch self {
        case .count, .countDistinct, .errorCount: "integer"
        case .average, .p50, .p90, .p95, .p99, .errorRate, .rate: "number"
        case .sum, .minimum, .maximum: field.map { $0.type == .any ? "number" : $0.type.name } ?? "number"
        }
    }
}

/// A step of time, counted in UTC from 1970-01-01T00:00:00Z.
package struct TimeBucket: Equatable, Sendable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// `30s`, `5m`, `1h`, `1d`.
    package init?(_ text: String) {
        guard let unit = text.utf8.last, let count = Int64(text.dropLast()), count > 0 else { return nil }
        let seconds: Int64
        switch unit {
        case UInt8(ascii: "s"): seconds = 1
        case UInt8(ascii: "m"): seconds = 60
        case UInt8(ascii: "h"): seconds = 3600
        case UInt8(ascii: "d"): seconds = 86_400
        default: return nil
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: seconds * 1_000_000_000)
        // A bucket of ten thousand days is all time; more only invites overflow.
        guard !overflow, product <= 10_000 * 86_400 * 1_000_000_000 else { return nil }
        nanoseconds = product
    }

    var seconds: Double { Double(nanoseconds) / 1e9 }
}

/// One term of an order.
package struct OrderTerm: Equatable, Sendable {
    package enum Target: Equatable, Sendable {
        /// Of spans.
        case field(SpanField)
        /// Of groups: a column of the answer.
        case column(Int)
    }

    package var target: Target
    package var isDescending: Bool

    package init(_ target: Target, isDescending: Bool) {
        self.target = target
        self.isDescending = isDescending
    }
}

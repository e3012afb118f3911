import RegularExpressions
import TraceModel

/// A filter as written: the one syntax tree of API, saved queries and command line.
///
/// NULL (a missing key, an absent value) matches no comparison, neither `_eq` nor `_neq`; `_not` keeps it out as well.
/// Only `_is_null` sees it.
package indirect enum Filter: Equatable, Sendable {
    case and([Filter])
    case or([Filter])
    case not(Filter)
    case condition(SpanField, Comparison)

    /// Matches every span.
    package static let everything = Filter.and([])

    package var isEverything: Bool { self == .everything }
}

/// An operator and its operands, of the types the field wants.
package enum Comparison: Equatable, Sendable {
    case equal(FilterLiteral)
    case notEqual(FilterLiteral)
    case less(FilterLiteral)
    case lessOrEqual(FilterLiteral)
    case greater(FilterLiteral)
    case greaterOrEqual(FilterLiteral)
    case among([FilterLiteral])
    case notAmong([FilterLiteral])
    /// Both ends belong to it.
    case between(FilterLiteral, FilterLiteral)
    case isNull(Bool)
    case contains(String, ignoringCase: Bool)
    case startsWith(String, ignoringCase: Bool)
    case endsWith(String, ignoringCase: Bool)
    case matches(RegularExpression)
}

/// A value of a filter. Times are nanoseconds, span kinds and statuses OTLP's numbers.
package enum FilterLiteral: Hashable, Sendable {
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case text(String)
    case traceID(TraceID)
    case spanID(SpanID)
}

/// The operators as users write them.
enum ComparisonOperator: String, CaseIterable {
    case equal = "_eq"
    case notEqual = "_neq"
    case greater = "_gt"
    case greaterOrEqual = "_gte"
    case less = "_lt"
    case lessOrEqual = "_lte"
    case among = "_in"
    case notAmong = "_not_in"
    case notAmongAlias = "_nin"
    case between = "_between"
    case isNull = "_is_null"
    case isNullAlias = "_null"
    case isNotNullAlias = "_nnull"
    case contains = "_contains"
    case startsWith = "_starts_with"
    case endsWith = "_ends_with"
    case containsIgnoringCase = "_icontains"
    case startsWithIgnoringCase = "_istarts_with"
    case endsWithIgnoringCase = "_iends_with"
    case matches = "_matches"
    case not = "_not"

    enum Family { case equality, order, null, text, negation }

    var family: Family {
        switch self {
        case .equal, .notEqual, .among, .notAmong, .notAmongAlias: .equality
        case .greater, .greaterOrEqual, .less, .lessOrEqual, .between: .order
        case .isNull, .isNullAlias, .isNotNullAlias: .null
        case .not: .negation
        default: .text
        }
    }

    func fits(_ type: FieldType) -> Bool {
        switch family {
        case .null, .equality, .negation: true
        case .order: type == .time || type == .integer || type == .decimal || type == .text || type == .any
        case .text: type == .text || type == .any || type == .texts || type == .payload
        }
    }

    static let listed = allCases.map(\.rawValue).joined(separator: " ")
}

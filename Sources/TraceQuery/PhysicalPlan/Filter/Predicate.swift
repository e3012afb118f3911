import RegularExpressions
import TraceModel

/// A filter as it is evaluated: negation pushed down to the leaves, operators reduced to five tests, operands sorted by type.
///
/// A leaf answers yes, no or "does not apply" (null, or a value of another kind than an order or text test wants);
/// a negated leaf swaps yes and no and leaves the third out. That is the rule for null of `Filter`.
indirect enum Predicate: Sendable {
    case constant(Bool)
    case and([Predicate])
    case or([Predicate])
    case leaf(Leaf)

    struct Leaf: Sendable {
        var field: SpanField
        var test: ValueTest
        var isNegated: Bool
    }

    init(_ filter: Filter, isNegated: Bool = false) {
        switch filter {
        case .not(let inner): self.init(inner, isNegated: !isNegated)
        case .and(let parts): self = Self.combine(parts.map { Predicate($0, isNegated: isNegated) }, isConjunction: !isNegated)
        case .or(let parts): self = Self.combine(parts.map { Predicate($0, isNegated: isNegated) }, isConjunction: isNegated)
        case .condition(let field, let comparison): self.init(field, comparison, isNegated: isNegated)
        }
    }

    private init(_ field: SpanField, _ comparison: Comparison, isNegated: Bool) {
        func leaf(_ test: ValueTest, _ inverts: Bool = false) -> Predicate {
            .leaf(Leaf(field: field, test: test, isNegated: isNegated != inverts))
        }
        switch comparison {
        case .equal(let value): self = leaf(.among(LiteralSet([value])))
        case .notEqual(let value): self = leaf(.among(LiteralSet([value])), true)
        case .among(let values):
            self = values.isEmpty ? .constant(isNegated) : leaf(.among(LiteralSet(values)))
        case .notAmong(let values):
            self = values.isEmpty ? .constant(!isNegated) : leaf(.among(LiteralSet(values)), true)
        case .less(let value): self = leaf(.range(LiteralRange(upper: value, includesUpper: false)))
        case .lessOrEqual(let value): self = leaf(.range(LiteralRange(upper: value, includesUpper: true)))
        case .greater(let value): self = leaf(.range(LiteralRange(lower: value, includesLower: false)))
        case .greaterOrEqual(let value): self = leaf(.range(LiteralRange(lower: value, includesLower: true)))
        case .between(let low, let high):
            // Ends of different kinds: no value lies between a text and a number, and none can be said to lie outside.
            let lower = LiteralRange(lower: low, includesLower: true), upper = LiteralRange(upper: high, includesUpper: true)
            self =
                if lower.isText == upper.isText {
                    leaf(.range(LiteralRange(lower: low, includesLower: true, upper: high, includesUpper: true)))
                } else {
                    .constant(false)
                }
        case .isNull(let isNull): self = leaf(.isNull, !isNull)
        case .contains(let text, let ignoringCase): self = leaf(.text(.contains(Needle(text, ignoringCase))))
        case .startsWith(let text, let ignoringCase): self = leaf(.text(.startsWith(Needle(text, ignoringCase))))
        case .endsWith(let text, let ignoringCase): self = leaf(.text(.endsWith(Needle(text, ignoringCase))))
        case .matches(let expression): self = leaf(.text(.matches(expression)))
        }
    }

    static func combine(_ parts: [Predicate], isConjunction: Bool) -> Predicate {
        var kept: [Predicate] = []
        for part in parts {
            switch part {
            case .constant(isConjunction): continue
            case .constant: return .constant(!isConjunction)
            case .and(let inner) where isConjunction: kept.append(contentsOf: inner)
            case .or(let inner) where !isConjunction: kept.append(contentsOf: inner)
            default: kept.append(part)
            }
        }
        if kept.isEmpty { return .constant(isConjunction) }
        return kept.count == 1 ? kept[0] : isConjunction ? .and(kept) : .or(kept)
    }

    /// Whether some part wants a text, or a value, in the span's input, output or attributes: where event records have theirs.
    var looksForTexts: Bool {
        switch self {
        case .constant: return false
        case .and(let parts), .or(let parts): return parts.contains { $0.looksForTexts }
        case .leaf(let leaf):
            guard !leaf.isNegated, !leaf.test.isNullTest else { return false }
            switch leaf.field {
            case .input, .output, .attribute: return true
            default: return false
            }
        }
    }

    /// The parts that must all hold.
    var conjuncts: [Predicate] {
        if case .and(let parts) = self { return parts }
        return [self]
    }
}

/// What a leaf asks of a value.
enum ValueTest: Sendable {
    case among(LiteralSet)
    case range(LiteralRange)
    case text(TextTest)
    case isNull
}

enum TextTest: Sendable {
    case contains(Needle)
    case startsWith(Needle)
    case endsWith(Needle)
    case matches(RegularExpression)
}

/// A text to look for as its bytes.
struct Needle: Sendable {
    var bytes: [UInt8]
    /// In ASCII letters; `bytes` is then in lower case.
    var ignoresCase: Bool

    init(_ text: String, _ ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
        bytes = Array(text.utf8)
        if ignoresCase { bytes = bytes.map(ByteSearch.lower) }
    }
}

/// The operands of a membership test by type. Equality across types: only numbers, whole or not, equal each other.
struct LiteralSet: Sendable {
    /// Ascending. Doubles that are whole are here too.
    var integers: [Int64] = []
    /// Ascending. Integers are here too.
    var doubles: [Double] = []
    var booleans: [Bool] = []
    var texts: [[UInt8]] = []
    var traceIDs: [TraceID] = []
    var spanIDs: [SpanID] = []

    init(_ values: [FilterLiteral]) {
        for value in values {
            switch value {
            case .integer(let value):
                integers.append(value)
                doubles.append(Double(value))
            case .double(let value):
                doubles.append(value)
                if let exact = Int64(exactly: value) { integers.append(exact) }
            case .boolean(let value): booleans.append(value)
            case .text(let value): texts.append(Array(value.utf8))
            case .traceID(let value): traceIDs.append(value)
            case .spanID(let value): spanIDs.append(value)
            }
        }
        integers.sort()
        doubles.sort()
        traceIDs.sort()
        spanIDs.sort()
        texts.sort { $0.lexicographicallyPrecedes($1) }
    }
}

/// An interval of numbers or of texts, in the forms the loops compare with.
struct LiteralRange: Sendable {
    /// Whole numbers inside, closed; empty when the lower lies above the upper.
    var minimumInteger = Int64.min
    var maximumInteger = Int64.max
    /// Doubles inside, closed.
    var minimumDouble = -Double.infinity
    var maximumDouble = Double.infinity
    var isText = false
    var lowerText: [UInt8]?
    var upperText: [UInt8]?
    var includesLower = true
    var includesUpper = true

    init(lower: FilterLiteral? = nil, includesLower: Bool = true, upper: FilterLiteral? = nil, includesUpper: Bool = true) {
        self.includesLower = includesLower
        self.includesUpper = includesUpper
        switch lower {
        case .integer(let value):
            setMinimum(value, includesLower)
            minimumDouble = includesLower ? Double(value) : Double(value).nextUp
        case .double(let value):
            let floor = value.rounded(.down)
            if let whole = Int64(exactly: floor) {
                setMinimum(whole, includesLower && floor == value)
            } else if floor > 0 {
                makeEmptyOfIntegers()
            }
            minimumDouble = includesLower ? value : value.nextUp
        case .text(let value):
            isText = true
            lowerText = Array(value.utf8)
        default: break
        }
        switch upper {
        case .integer(let value):
            setMaximum(value, includesUpper)
            maximumDouble = includesUpper ? Double(value) : Double(value).nextDown
        case .double(let value):
            let ceiling = value.rounded(.up)
            if let whole = Int64(exactly: ceiling) {
                setMaximum(whole, includesUpper && ceiling == value)
            } else if ceiling < 0 {
                makeEmptyOfIntegers()
            }
            maximumDouble = includesUpper ? value : value.nextDown
        case .text(let value):
            isText = true
            upperText = Array(value.utf8)
        default: break
        }
    }

    private mutating func setMinimum(_ value: Int64, _ isInside: Bool) {
        if isInside {
            minimumInteger = max(minimumInteger, value)
        } else if value == .max {
            makeEmptyOfIntegers()
        } else {
            minimumInteger = max(minimumInteger, value + 1)
        }
    }

    private mutating func setMaximum(_ value: Int64, _ isInside: Bool) {
        if isInside {
            maximumInteger = min(maximumInteger, value)
        } else if value == .min {
            makeEmptyOfIntegers()
        } else {
            maximumInteger = min(maximumInteger, value - 1)
        }
    }

    private mutating func makeEmptyOfIntegers() { (minimumInteger, maximumInteger) = (.max, .min) }

    func contains(_ text: UnsafeRawBufferPointer) -> Bool {
        if let lowerText, !lowerText.withUnsafeBytes({ ByteSearch.precedes($0, text) || (includesLower && ByteSearch.equal($0, text)) }) {
            return false
        }
        if let upperText, !upperText.withUnsafeBytes({ ByteSearch.precedes(text, $0) || (includesUpper && ByteSearch.equal($0, text)) }) {
            return false
        }
        return true
    }
}

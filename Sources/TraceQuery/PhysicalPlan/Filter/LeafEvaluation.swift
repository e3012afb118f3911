import SpanStore
import TraceModel

/// A leaf over a column: the selected rows for which it holds. One loop per kind of vector and test; nothing in a loop
/// allocates or calls through a closure that is not inlined.
enum LeafEvaluation {
    static func select(
        _ leaf: Predicate.Leaf, _ column: FieldColumn, rows: [Int32], matcher: inout TextMatcher
    ) -> [Int32] {
        let negated = leaf.isNegated
        if case .isNull = leaf.test { return selectNulls(column, rows: rows, wantsNull: !negated) }
        switch column.vector {
        case .int64(let values, let validity):
            return select(column, rows, values, validity, leaf.test, negated, IntegerTest(leaf.test))
        case .double(let values, let validity):
            return select(column, rows, values, validity, leaf.test, negated, DoubleTest(leaf.test))
        case .boolean(let values, let validity):
            return select(column, rows, values, validity, leaf.test, negated, BooleanTest(leaf.test))
        case .traceIDs(let ids):
            guard case .among(let set) = leaf.test else { return [] }
            return select(column, rows, ids, .all, leaf.test, negated, MembershipTest(set.traceIDs))
        case .spanIDs(let ids):
            guard case .among(let set) = leaf.test else { return [] }
            let members = set.spanIDs
            return keep(rows, column.positions, ids) { !$0.isZero && SortedSearch.contains($0, in: members) != negated }
        case .dictionary(let codes, let dictionary):
            if !leaf.test.appliesToText { return leaf.test.isMembership && negated ? keepValid(column, rows) : [] }
            let table = DictionaryTable(
                dictionary, codes: column.positions.lazy.map { codes[Int($0)] }, rowCount: rows.count, matcher: &matcher)
            let wanted: UInt8 = negated ? 1 : 2
            // Here and below: read once, because the loops would call into the other module for it.
            let null = TextDictionary.null
            return table.entries.withUnsafeBufferPointer { entries in
                keep(rows, column.positions, codes) { $0 != null && entries[Int($0)] == wanted }
            }
        case .attributes(let values):
            return selectAttributes(leaf, values, column, rows, &matcher)
        }
    }

    // MARK: Numbers

    /// A test of plain values whose kind is chosen before the loop.
    private protocol PlainTest {
        associatedtype Value
        /// False when the test wants another type of value.
        var applies: Bool { get }
        func holds(_ value: Value) -> Bool
    }

    private struct IntegerTest: PlainTest {
        let applies: Bool
        let minimum: Int64
        let maximum: Int64
        /// More than one member: a search instead of the interval.
        let members: [Int64]?

        init(_ test: ValueTest) {
            switch test {
            case .among(let set):
                applies = !set.integers.isEmpty
                (minimum, maximum) = (set.integers.first ?? .max, set.integers.last ?? .min)
                members = set.integers.count > 1 ? set.integers : nil
            case .range(let range):
                applies = !range.isText
                (minimum, maximum, members) = (range.minimumInteger, range.maximumInteger, nil)
            case .text, .isNull: (applies, minimum, maximum, members) = (false, .max, .min, nil)
            }
        }

        @inline(__always)
        func holds(_ value: Int64) -> Bool {
            guard value >= minimum && value <= maximum else { return false }
            return if let members { SortedSearch.contains(value, in: members) } else { true }
        }
    }

    private struct DoubleTest: PlainTest {
        let applies: Bool
        let minimum: Double
        let maximum: Double
        let members: [Double]?

        init(_ test: ValueTest) {
            switch test {
            case .among(let set):
                applies = !set.doubles.isEmpty
                (minimum, maximum) = (set.doubles.first ?? .infinity, set.doubles.last ?? -.infinity)
                members = set.doubles.count > 1 ? set.doubles : nil
            case .range(let range):
                applies = !range.isText
                (minimum, maximum, members) = (range.minimumDouble, range.maximumDouble, nil)
            case .text, .isNull: (applies, minimum, maximum, members) = (false, .infinity, -.infinity, nil)
            }
        }

        @inline(__always)
        func holds(_ value: Double) -> Bool {
            guard value >= minimum && value <= maximum else { return false }
            return if let members { SortedSearch.contains(value, in: members) } else { true }
        }
    }

    private struct BooleanTest: PlainTest {
        let applies: Bool
        let members: [Bool]

        init(_ test: ValueTest) {
            members = if case .among(let set) = test { set.booleans } else { [] }
            applies = !members.isEmpty
        }

        @inline(__always)
        func holds(_ value: Bool) -> Bool { members.contains(value) }
    }

    private struct MembershipTest<Value: Comparable>: PlainTest {
        let members: [Value]
        var applies: Bool { true }

        init(_ members: [Value]) { self.members = members }

        @inline(__always)
        func holds(_ value: Value) -> Bool { SortedSearch.contains(value, in: members) }
    }

    @inline(__always)
    private static func select<Test: PlainTest>(
        _ column: FieldColumn, _ rows: [Int32], _ values: [Test.Value], _ validity: Validity, _ test: ValueTest, _ negated: Bool,
        _ plain: Test
    ) -> [Int32] {
        guard plain.applies else { return test.isMembership && negated ? keepValid(column, rows) : [] }
        switch validity {
        case .none: return []
        case .all: return keep(rows, column.positions, values) { plain.holds($0) != negated }
        case .some(let flags):
            return flags.withUnsafeBufferPointer { flags in
                keepIndexed(rows, column.positions, values) { flags[$0] && plain.holds($1) != negated }
            }
        }
    }

    // MARK: Nulls

    static func selectNulls(_ column: FieldColumn, rows: [Int32], wantsNull: Bool) -> [Int32] {
        let valid = keepValid(column, rows)
        return wantsNull ? SortedRows.subtract(valid, from: rows) : valid
    }

    static func keepValid(_ column: FieldColumn, _ rows: [Int32]) -> [Int32] {
        switch column.vector {
        case .int64(_, let validity), .double(_, let validity), .boolean(_, let validity):
            switch validity {
            case .all: return rows
            case .none: return []
            case .some(let flags): return keep(rows, column.positions, flags) { $0 }
            }
        case .dictionary(let codes, _):
            let null = TextDictionary.null
            return keep(rows, column.positions, codes) { $0 != null }
        case .traceIDs: return rows
        case .spanIDs(let ids): return keep(rows, column.positions, ids) { !$0.isZero }
        case .attributes(let values):
            var kept: [Int32] = []
            for index in rows.indices where values[Int(column.positions[index])].isPresent { kept.append(rows[index]) }
            return kept
        }
    }

    // MARK: Values of any type

    private static func selectAttributes(
        _ leaf: Predicate.Leaf, _ values: [AttributeValue?], _ column: FieldColumn, _ rows: [Int32], _ matcher: inout TextMatcher
    ) -> [Int32] {
        let integers = IntegerTest(leaf.test), doubles = DoubleTest(leaf.test), booleans = BooleanTest(leaf.test)
        var kept: [Int32] = []
        for index in rows.indices {
            guard let value = values[Int(column.positions[index])], AttributeValue?.some(value).isPresent else { continue }
            let holds: Bool?
            switch value {
            case .string(var text):
                holds = leaf.test.appliesToText ? text.withUTF8 { matcher.matches(UnsafeRawBufferPointer($0)) } : nil
            case .int(let number): holds = integers.applies ? integers.holds(number) : nil
            case .double(let number): holds = doubles.applies ? doubles.holds(number) : nil
            case .bool(let flag): holds = booleans.applies ? booleans.holds(flag) : nil
            case .array(let elements) where leaf.field == .tags:
                var isAny = false
                for case .string(var text) in elements where !isAny {
                    isAny = text.withUTF8 { matcher.matches(UnsafeRawBufferPointer($0)) }
                }
                holds = isAny
            case .bytes, .array, .keyValueList, .empty: holds = nil
            }
            // A value of another type is unequal to the operands, and neither inside nor outside an order.
            if let holds = holds ?? (leaf.test.isMembership ? false : nil), holds != leaf.isNegated { kept.append(rows[index]) }
        }
        return kept
    }

    // MARK: Loops

    /// The rows whose value passes. Writes every row and advances past those that do: no branch to mispredict.
    @inline(__always)
    static func keep<Value>(_ rows: [Int32], _ positions: [Int32], _ values: [Value], _ passes: (Value) -> Bool) -> [Int32] {
        keepIndexed(rows, positions, values) { passes($1) }
    }

    @inline(__always)
    static func keepIndexed<Value>(
        _ rows: [Int32], _ positions: [Int32], _ values: [Value], _ passes: (Int, Value) -> Bool
    ) -> [Int32] {
        // Bounds: `positions` are places in `values` (UnitScan checks the vector's count), one for each of `rows`; `kept` never
        // passes `index`.
        [Int32](unsafeUninitializedCapacity: rows.count) { output, kept in
            rows.withUnsafeBufferPointer { rows in
                positions.withUnsafeBufferPointer { positions in
                    values.withUnsafeBufferPointer { values in
                        var count = 0
                        for index in 0..<rows.count {
                            let position = Int(positions[index])
                            output[count] = rows[index]
                            count &+= passes(position, values[position]).one
                        }
                        kept = count
                    }
                }
            }
        }
    }
}

extension Bool {
    /// 1 for true, 0 for false, added without a jump: whether a row passes is as good as drawn, and a jump that is guessed wrong costs more
    /// than the row. A choice between two numbers becomes one in loops.
    @inline(__always)
    var one: Int {
        // A Bool is a byte that is 0 or 1.
        Int(unsafeBitCast(self, to: UInt8.self))
    }
}

enum SortedSearch {
    @inline(__always)
    static func contains<Value: Comparable>(_ value: Value, in members: [Value]) -> Bool {
        if members.count == 1 { return members[0] == value }
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low &+ high) / 2
            if members[middle] < value { low = middle &+ 1 } else { high = middle }
        }
        return low < members.count && members[low] == value
    }
}

extension ValueTest {
    var isMembership: Bool { if case .among = self { true } else { false } }

    var isNullTest: Bool { if case .isNull = self { true } else { false } }

    var appliesToText: Bool {
        switch self {
        case .among(let set): !set.texts.isEmpty
        case .range(let range): range.isText
        case .text: true
        case .isNull: false
        }
    }
}

extension AttributeValue? {
    /// Not absent, not the empty value, not an empty list.
    var isPresent: Bool {
        switch self {
        case nil, .empty?, .array([])?: false
        default: true
        }
    }
}

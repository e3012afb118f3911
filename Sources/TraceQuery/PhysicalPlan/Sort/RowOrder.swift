import SpanStore
import TraceModel

/// The order of selected spans: its terms, then trace id and span id, so that it is total and pages never overlap.
struct RowOrder: Sendable {
    let terms: [(field: SpanField, isDescending: Bool)]

    init(_ order: [OrderTerm]) {
        var terms: [(field: SpanField, isDescending: Bool)] = []
        for term in order {
            if case .field(let field) = term.target { terms.append((field, term.isDescending)) }
        }
        self.terms = terms.isEmpty ? [(.startTime, true)] : terms
    }

    /// Null comes last in either direction.
    static func compare(_ a: QueryValue, _ b: QueryValue, isDescending: Bool) -> Int {
        if a.isNull || b.isNull { return a.isNull ? (b.isNull ? 0 : 1) : -1 }
        let result = a.compare(b)
        return isDescending ? -result : result
    }

    func precedes(_ a: Candidate, _ b: Candidate) -> Bool { compare(a, b) < 0 }

    func compare(_ a: Candidate, _ b: Candidate) -> Int {
        if a.key != b.key { return a.key < b.key ? -1 : 1 }
        for (index, term) in terms.enumerated() {
            let result = Self.compare(a.values[index], b.values[index], isDescending: term.isDescending)
            if result != 0 { return result }
        }
        if a.traceID != b.traceID { return a.traceID < b.traceID ? -1 : 1 }
        return a.spanID == b.spanID ? 0 : a.spanID < b.spanID ? -1 : 1
    }

    /// A row on its way into the answer.
    struct Candidate: Sendable {
        /// Of the first term; see `OrderKey`.
        var key: UInt64
        /// Of every term.
        var values: [QueryValue]
        var traceID: TraceID
        var spanID: SpanID
        var unit: Int32
        var row: Int32
    }
}

/// The first order term as 64 bits that compare like it, or equal where it takes more to tell: one integer comparison turns
/// away nearly every row. Null is the largest key.
enum OrderKey {
    static let null = UInt64.max

    static func keys(of column: FieldColumn, field: SpanField, isDescending: Bool) -> [UInt64] {
        let positions = column.positions
        let isMixed = field.type == .any
        func directed(_ key: UInt64) -> UInt64 { min(isDescending ? ~key : key, null - 1) }
        switch column.vector {
        case .int64(let values, let validity):
            // Names sort by name, not by number.
            if field.type == .status || field.type == .spanKind {
                return positions.indices.map { directed(key(of: column.value(at: $0, type: field.type), isMixed: false)) }
            }
            if case .all = validity, !isMixed {
                return isDescending
                    ? positions.map { min(~key(of: values[Int($0)]), null - 1) } : positions.map { min(key(of: values[Int($0)]), null - 1) }
            }
            return positions.map { position in
                guard validity.isValid(Int(position)) else { return null }
                let value = values[Int(position)]
                return directed(isMixed ? mixed(Double(value)) : key(of: value))
            }
        case .double(let values, let validity):
            return positions.map { position in
                guard validity.isValid(Int(position)) else { return null }
                let value = values[Int(position)]
                return directed(isMixed ? mixed(value) : key(of: value))
            }
        case .dictionary(let codes, let dictionary):
            var byCode: [UInt64] = []
            byCode.reserveCapacity(dictionary.count)
            dictionary.forEach { _, text in byCode.append(directed(isMixed ? mixed(text) : key(of: text))) }
            return positions.map { codes[Int($0)] == TextDictionary.null ? null : byCode[Int(codes[Int($0)])] }
        case .traceIDs(let ids): return positions.map { directed(ids[Int($0)].high) }
        case .spanIDs(let ids): return positions.map { ids[Int($0)].isZero ? null : directed(ids[Int($0)].rawValue) }
        case .boolean, .attributes:
            return positions.indices.map { index in
                let value = column.value(at: index, type: field.type)
                return value.isNull ? null : directed(key(of: value, isMixed: isMixed))
            }
        }
    }

    /// The key of a value from elsewhere (a cursor), equal to the key its row had.
    static func key(of value: QueryValue, field: SpanField, isDescending: Bool) -> UInt64 {
        if value.isNull { return null }
        let plain: UInt64
        switch (field.type, value) {
        case (.traceID, .string(let text)): plain = TraceID(hex: text)?.high ?? 0
        case (.spanID, .string(let text)): plain = SpanID(hex: text)?.rawValue ?? 0
        case (.decimal, _): plain = value.numericValue.map { key(of: $0) } ?? 0
        default: plain = key(of: value, isMixed: field.type == .any)
        }
        return min(isDescending ? ~plain : plain, null - 1)
    }

    /// The least key any row of the unit can have.
    static func best(in unit: any ScanUnit, field: SpanField, isDescending: Bool) -> UInt64 {
        let column: ScanColumn? = field == .durationMilliseconds ? .duration : field.column
        guard field.type == .time || field.type == .integer || field.type == .decimal, let column, let zone = unit.zone(of: column),
            let bound = isDescending ? zone.maximum : zone.minimum
        else { return 0 }
        let plain: UInt64
        switch (bound, field) {
        case (.int64(let value), .durationMilliseconds): plain = key(of: Double(value) / 1e6)
        case (.int64(let value), _): plain = key(of: value)
        // A column with NaN has rows outside of its zone.
        case (.double, _), (.text, _): return 0
        }
        return min(isDescending ? ~plain : plain, null - 1)
    }

    @inline(__always)
    static func key(of value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    /// The whole number that has this key.
    static func value(of key: UInt64) -> Int64 { Int64(bitPattern: key ^ 1 << 63) }

    /// Bits of a double in numeric order; both zeros alike, NaN behind all.
    static func key(of value: Double) -> UInt64 {
        if value.isNaN { return .max }
        let bits = (value + 0.0).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    /// The first eight bytes.
    static func key(of text: UnsafeRawBufferPointer) -> UInt64 {
        var key: UInt64 = 0
        for place in 0..<8 { key = key << 8 | (place < text.count ? UInt64(text[place]) : 0) }
        return key
    }

    private static func mixed(_ value: Double) -> UInt64 { 1 << 62 | key(of: value) >> 2 }
    private static func mixed(_ text: UnsafeRawBufferPointer) -> UInt64 { 2 << 62 | key(of: text) >> 2 }

    private static func key(of value: QueryValue, isMixed: Bool) -> UInt64 {
        switch value {
        case .bool(let flag): return flag ? 1 : 0
        case .int(let number): return isMixed ? mixed(Double(number)) : key(of: number)
        case .time(let number): return key(of: number)
        case .double(let number): return isMixed ? mixed(number) : key(of: number)
        case .string(var text): return text.withUTF8 { isMixed ? mixed(UnsafeRawBufferPointer($0)) : key(of: UnsafeRawBufferPointer($0)) }
        case .list, .object: return 3 << 62
        case .null: return null
        }
    }
}

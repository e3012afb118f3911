import SpanStore
import TraceModel

/// A value that groups are told apart by.
enum GroupKey: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case traceID(TraceID)
    case spanID(SpanID)
    /// Doubles, booleans, lists: rare as keys.
    case other(QueryValue)

    func value(type: FieldType, bucket: TimeBucket?) -> QueryValue {
        switch self {
        case .null: return .null
        case .integer(let number):
            if let bucket { return .time(number &* bucket.nanoseconds) }
            switch type {
            case .time: return .time(number)
            case .spanKind: return .string(EnumerationNames.name(number, of: EnumerationNames.spanKinds))
            case .status: return .string(EnumerationNames.name(number, of: EnumerationNames.statuses))
            default: return .int(number)
            }
        case .text(let text): return .string(text)
        case .traceID(let id): return .string(id.hex)
        case .spanID(let id): return .string(id.hex)
        case .other(let value): return value
        }
    }
}

/// Numbers the distinct values of one grouping column across units. Number 0 is null. Dictionary columns pay once per
/// distinct text of a unit, not per row.
struct GroupKeyInterner {
    /// A key where it lies: of texts, which may be as many as rows, none is made before somebody asks for it.
    private enum Entry {
        case null
        case integer(Int64)
        /// By its number in `texts`.
        case text(UInt32)
        case other(GroupKey)
    }

    private var entries: [Entry] = [.null]
    private var integers = DenseTable()
    /// Number of a key by the table's own number.
    private var integerNumbers: [UInt32] = []
    private var texts = TextTable()
    /// The same for texts.
    private var textNumbers: [UInt32] = []
    private var others: [GroupKey: UInt32] = [:]

    private static let unknown = UInt32.max
    /// Integers within so narrow a span are looked up by position.
    private static let maximumDirectSpan: Int64 = 1 << 16

    var count: Int { entries.count }

    /// Memory of the keys, roughly.
    var byteCount: Int { entries.count * 64 + texts.byteCount }

    func key(of number: Int) -> GroupKey {
        switch entries[number] {
        case .null: .null
        case .integer(let value): .integer(value)
        case .text(let place): .text(texts.text(of: Int(place)))
        case .other(let key): key
        }
    }

    /// Takes over another interner's keys; answers the number here of each number there.
    mutating func merge(_ other: GroupKeyInterner) -> [UInt32] {
        other.entries.map { entry in
            switch entry {
            case .null: 0
            case .integer(let value): number(of: value)
            case .text(let place): other.texts.withBytes(of: Int(place)) { number(of: $0) }
            case .other(let key): number(of: key)
            }
        }
    }

    mutating func number(of key: GroupKey) -> UInt32 {
        switch key {
        case .null: return 0
        case .integer(let value): return number(of: value)
        case .text(var text): return text.withUTF8 { number(of: UnsafeRawBufferPointer($0)) }
        default:
            if let known = others[key] { return known }
            let number = append(.other(key))
            others[key] = number
            return number
        }
    }

    private mutating func append(_ entry: Entry) -> UInt32 {
        entries.append(entry)
        return UInt32(entries.count - 1)
    }

    private mutating func number(of text: UnsafeRawBufferPointer) -> UInt32 {
        let place = Int(texts.number(of: text))
        if place == textNumbers.count { textNumbers.append(append(.text(UInt32(place)))) }
        return textNumbers[place]
    }

    private mutating func number(of value: Int64) -> UInt32 {
        let place = Int(integers.number(of: UInt64(bitPattern: value)))
        if place == integerNumbers.count { integerNumbers.append(append(.integer(value))) }
        return integerNumbers[place]
    }

    /// The number of each selected row's value.
    mutating func numbers(of column: FieldColumn) -> [UInt32] {
        let positions = column.positions
        switch column.vector {
        case .dictionary(let codes, let dictionary): return numbers(codes, dictionary, positions)
        case .int64(let values, let validity): return numbers(values, validity, positions)
        case .double(let values, let validity):
            return positions.map { validity.isValid(Int($0)) ? number(of: .other(.double(values[Int($0)]))) : 0 }
        case .boolean(let values, let validity):
            return positions.map { validity.isValid(Int($0)) ? number(of: .other(.bool(values[Int($0)]))) : 0 }
        case .traceIDs(let ids): return positions.map { number(of: .traceID(ids[Int($0)])) }
        case .spanIDs(let ids): return positions.map { ids[Int($0)].isZero ? 0 : number(of: .spanID(ids[Int($0)])) }
        case .attributes(let values):
            return positions.map { position in
                switch values[Int(position)] {
                case nil, .empty?: 0
                case .string(let text)?: number(of: .text(text))
                case .int(let value)?: number(of: value)
                case .some(let value): number(of: .other(QueryValue(value)))
                }
            }
        }
    }

    private mutating func numbers(_ codes: [UInt32], _ dictionary: TextDictionary, _ positions: [Int32]) -> [UInt32] {
        let null = TextDictionary.null
        var local = [UInt32](repeating: Self.unknown, count: dictionary.count)
        // Bounds: `positions` are places in `codes` (UnitScan checks the vector's count), codes are places in the dictionary.
        return local.withUnsafeMutableBufferPointer { local in
            codes.withUnsafeBufferPointer { codes in
                positions.withUnsafeBufferPointer { positions in
                    [UInt32](unsafeUninitializedCapacity: positions.count) { result, count in
                        for index in 0..<positions.count {
                            let code = codes[Int(positions[index])]
                            if code == null {
                                result[index] = 0
                                continue
                            }
                            var number = local[Int(code)]
                            if number == Self.unknown {
                                number = self.number(of: code, in: dictionary)
                                local[Int(code)] = number
                            }
                            result[index] = number
                        }
                        count = positions.count
                    }
                }
            }
        }
    }

    private mutating func number(of code: UInt32, in dictionary: TextDictionary) -> UInt32 {
        let range = Int(dictionary.offsets[Int(code)])..<Int(dictionary.offsets[Int(code) + 1])
        return dictionary.bytes.withUnsafeBytes { number(of: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    private mutating func numbers(_ values: [Int64], _ validity: Validity, _ positions: [Int32]) -> [UInt32] {
        switch validity {
        case .none: Array(repeating: 0, count: positions.count)
        case .all: numbers(values, positions) { _ in true }
        case .some(let flags): flags.withUnsafeBufferPointer { flags in numbers(values, positions) { flags[$0] } }
        }
    }

    /// Twice over the values: their bounds, then their numbers, by position where the bounds are close.
    @inline(__always)
    private mutating func numbers(_ values: [Int64], _ positions: [Int32], _ isValid: (Int) -> Bool) -> [UInt32] {
        // Bounds: `positions` are places in `values` and its validity (UnitScan checks the vector's count).
        values.withUnsafeBufferPointer { values in
            positions.withUnsafeBufferPointer { positions in
                var minimum = Int64.max
                var maximum = Int64.min
                for index in 0..<positions.count where isValid(Int(positions[index])) {
                    minimum = min(minimum, values[Int(positions[index])])
                    maximum = max(maximum, values[Int(positions[index])])
                }
                var result = [UInt32](repeating: 0, count: positions.count)
                guard minimum <= maximum else { return result }
                let (span, overflow) = maximum.subtractingReportingOverflow(minimum)
                guard !overflow, span < Self.maximumDirectSpan else {
                    for index in 0..<positions.count where isValid(Int(positions[index])) {
                        result[index] = number(of: values[Int(positions[index])])
                    }
                    return result
                }
                var local = [UInt32](repeating: Self.unknown, count: Int(span) + 1)
                local.withUnsafeMutableBufferPointer { local in
                    result.withUnsafeMutableBufferPointer { result in
                        for index in 0..<positions.count where isValid(Int(positions[index])) {
                            let value = values[Int(positions[index])]
                            var number = local[Int(value &- minimum)]
                            if number == Self.unknown {
                                number = self.number(of: value)
                                local[Int(value &- minimum)] = number
                            }
                            result[index] = number
                        }
                    }
                }
                return result
            }
        }
    }
}

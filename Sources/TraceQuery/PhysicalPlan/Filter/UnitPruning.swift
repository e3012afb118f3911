import SpanStore
import TraceModel

/// What can be said of a unit's rows without reading them.
enum UnitVerdict: Sendable {
    /// No row passes.
    case none
    case some
    /// Every row passes.
    case all
}

/// Why a unit was left out; `explain` counts each.
enum PruningReason: Int, CaseIterable, Sendable {
    case time, zone, dictionary, bloom
    /// Enough better rows were found already.
    case order

    var name: String { String(describing: self) }
}

/// Judges units by zone maps, dictionaries and bloom filters. A verdict other than `some` is a promise.
enum UnitPruning {
    static func verdict(of leaf: Predicate.Leaf, _ unit: any ScanUnit) throws -> (UnitVerdict, PruningReason) {
        let reason: PruningReason = leaf.field == .startTime ? .time : .zone
        switch leaf.field {
        case .model: return (try modelVerdict(leaf, unit), .dictionary)
        case .durationMilliseconds:
            guard let zone = unit.zone(of: .duration), case .int64(let low)? = zone.minimum, case .int64(let high)? = zone.maximum else {
                return (.some, reason)
            }
            let scaled = ColumnZone(minimum: .double(Double(low) / 1e6), maximum: .double(Double(high) / 1e6), nullCount: zone.nullCount)
            return (negate(verdict(of: leaf.test, scaled, rowCount: unit.rowCount), leaf, scaled), reason)
        default: break
        }
        guard let column = leaf.field.column, leaf.field.type != .texts else { return (.some, reason) }
        if let zone = unit.zone(of: column) {
            let result = negate(verdict(of: leaf.test, zone, rowCount: unit.rowCount), leaf, zone)
            if result != .some { return (result, reason) }
        }
        guard !leaf.isNegated, case .among(let set) = leaf.test else { return (.some, reason) }
        switch leaf.field.type {
        case .traceID:
            guard set.traceIDs.count <= QueryLimits.maximumTraceLookupCount else { return (.some, reason) }
            return (try set.traceIDs.contains { try unit.mayContain(trace: $0) } ? .some : .none, .bloom)
        case .text, .any:
            // Only texts can be looked up; an attribute may also equal one of the numbers.
            guard set.integers.isEmpty, set.doubles.isEmpty, set.booleans.isEmpty else { return (.some, reason) }
            return (try mayContainAny(set, column, unit) ? .some : .none, .dictionary)
        default: return (.some, reason)
        }
    }

    private static func mayContainAny(_ set: LiteralSet, _ column: ScanColumn, _ unit: any ScanUnit) throws -> Bool {
        try set.texts.contains { try unit.mayContain(String(decoding: $0, as: UTF8.self), in: column) }
    }

    private static func modelVerdict(_ leaf: Predicate.Leaf, _ unit: any ScanUnit) throws -> UnitVerdict {
        guard !leaf.isNegated, case .among(let set) = leaf.test else { return .some }
        return try mayContainAny(set, .responseModel, unit) || mayContainAny(set, .requestModel, unit) ? .some : .none
    }

    /// A negated leaf swaps yes and no, except for nulls, which pass neither.
    private static func negate(_ verdict: UnitVerdict, _ leaf: Predicate.Leaf, _ zone: ColumnZone) -> UnitVerdict {
        guard leaf.isNegated else { return verdict }
        switch verdict {
        case .some: return .some
        case .all: return .none
        case .none:
            if case .isNull = leaf.test { return .all }
            return zone.nullCount == 0 && sameKind(leaf.test, zone) ? .all : .some
        }
    }

    /// Verdict of the test itself.
    private static func verdict(of test: ValueTest, _ zone: ColumnZone, rowCount: Int) -> UnitVerdict {
        if case .isNull = test { return zone.nullCount == 0 ? .none : zone.nullCount == rowCount ? .all : .some }
        if zone.nullCount == rowCount, rowCount > 0 { return .none }
        switch (zone.minimum, zone.maximum) {
        case (.int64(let low)?, .int64(let high)?):
            switch test {
            case .range(let range) where !range.isText:
                if range.minimumInteger > high || range.maximumInteger < low { return .none }
                return zone.nullCount == 0 && range.minimumInteger <= low && range.maximumInteger >= high ? .all : .some
            case .among(let set) where !set.integers.isEmpty || !set.doubles.isEmpty:
                if !set.integers.contains(where: { $0 >= low && $0 <= high }) { return .none }
                return zone.nullCount == 0 && low == high ? .all : .some
            default: return .some
            }
        case (.double(let low)?, .double(let high)?):
            switch test {
            case .range(let range) where !range.isText:
                if range.minimumDouble > high || range.maximumDouble < low { return .none }
                return .some
            case .among(let set) where !set.doubles.isEmpty:
                return set.doubles.contains { $0 >= low && $0 <= high } ? .some : .none
            default: return .some
            }
        case (.text(let low)?, .text(let high)?): return verdict(of: test, low: low, high: high)
        default: return .some
        }
    }

    /// Bounds of texts may be cut short, so they can only exclude.
    private static func verdict(of test: ValueTest, low: [UInt8], high: [UInt8]) -> UnitVerdict {
        switch test {
        case .among(let set) where !set.texts.isEmpty:
            let isAnyInside = set.texts.contains { !$0.lexicographicallyPrecedes(low) && !high.lexicographicallyPrecedes($0) }
            return isAnyInside || !set.integers.isEmpty || !set.doubles.isEmpty || !set.booleans.isEmpty ? .some : .none
        case .range(let range) where range.isText:
            if let lower = range.lowerText, high.lexicographicallyPrecedes(lower) { return .none }
            if let upper = range.upperText, upper.lexicographicallyPrecedes(low) { return .none }
            return .some
        case .text(.startsWith(let needle)) where !needle.ignoresCase:
            if high.lexicographicallyPrecedes(needle.bytes) { return .none }
            if needle.bytes.lexicographicallyPrecedes(low.prefix(needle.bytes.count)) { return .none }
            return .some
        default: return .some
        }
    }

    private static func sameKind(_ test: ValueTest, _ zone: ColumnZone) -> Bool {
        switch test {
        case .among: true
        case .range(let range): if case .text? = zone.minimum { range.isText } else { !range.isText }
        case .text: if case .text? = zone.minimum { true } else { false }
        case .isNull: true
        }
    }
}

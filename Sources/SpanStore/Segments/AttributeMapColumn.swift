import Parquet
import TraceModel

/// A map of attributes as three leaves: keys and values (`MAP<string, string>`) and, beside the map, one byte per entry
/// with the value's type (null where every value is a string). `depth` is 0 for a map of the row and 1 for a map inside a
/// list: each level of lists adds one to the levels.
///
/// Entries of one map have distinct keys (readers such as DuckDB refuse a file otherwise): a key that comes again is left
/// to the caller, who keeps it elsewhere.
struct AttributeMapColumn {
    private(set) var keys = NestedLeaf.text()
    private(set) var values = NestedLeaf.text()
    private(set) var types = NestedLeaf.text()
    private let depth: UInt8

    init(depth: UInt8) {
        self.depth = depth
        types.isFlat = depth == 0
    }

    struct Entry {
        var key: [UInt8]
        var text: [UInt8]
        var tag: UInt8
    }

    /// A row (or list element) with its entries; `repetition` is the element's own level.
    mutating func append(_ entries: [Entry], repetition: UInt8) {
        if entries.isEmpty {
            keys.entry(definition: depth, repetition: repetition)
            values.entry(definition: depth, repetition: repetition)
        }
        for (index, entry) in entries.enumerated() {
            let level = index == 0 ? repetition : depth + 1
            keys.entry(definition: depth + 1, repetition: level)
            values.entry(definition: depth + 1, repetition: level)
            keys.append(entry.key)
            values.append(entry.text)
        }
        let hasTags = entries.contains { $0.tag != AttributeType.string.rawValue }
        types.entry(definition: hasTags ? depth + 1 : depth, repetition: repetition)
        if hasTags { types.append(entries.map(\.tag)) }
    }

    /// Rows without a map entry (or, inside a list, without an element).
    mutating func appendAbsentRows(_ count: Int) {
        keys.absentEntries(count)
        values.absentEntries(count)
        types.absentEntries(count)
    }

    /// A row whose list has no element at all.
    mutating func appendAbsent(definition: UInt8, repetition: UInt8) {
        keys.entry(definition: definition, repetition: repetition)
        values.entry(definition: definition, repetition: repetition)
        types.entry(definition: definition, repetition: repetition)
    }
}

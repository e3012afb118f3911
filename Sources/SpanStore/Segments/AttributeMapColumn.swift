import Parquet
import TraceModel

/// A map of attributes as three leaves: keys and values (`MAP<string, string>`) and, beside the map, one byte per entry
/// with the value's type (null where every value is a string). `depth` is 0 for a map of the row and 1 for a map inside a
/// list: each level of lists adds one to the levels.
///
/// Maps come one after the other: `begin`, an `append` for each entry, `end`. Entries of one map have distinct keys (readers such as
/// DuckDB refuse a file otherwise): a key that comes again is left to the caller, who keeps it elsewhere.
struct AttributeMapColumn {
    private let depth: UInt8
    /// Of keys and values: both have the same entries.
    private var definitionLevels: [UInt8] = []
    private var repetitionLevels: [UInt8] = []
    private var keyCodes: [UInt32] = []
    private var offsets: [UInt32] = [0]
    private var bytes: [UInt8] = []
    private var types = NestedLeaf.text()

    // The map that is open.
    private var openRepetition: UInt8 = 0
    private var openTags: [UInt8] = []
    private var hasOpenTags = false

    /// Rows without a map entry.
    init(depth: UInt8, absentRowCount: Int = 0) {
        self.depth = depth
        types.isFlat = depth == 0
        definitionLevels = [UInt8](repeating: 0, count: absentRowCount)
        repetitionLevels = definitionLevels
        types.definitionLevels = definitionLevels
        types.repetitionLevels = definitionLevels
    }

    /// The map of the next row, or of the next element of its list; `repetition` is the element's own level.
    mutating func begin(repetition: UInt8) {
        openRepetition = repetition
        openTags.removeAll(keepingCapacity: true)
        hasOpenTags = false
    }

    /// An entry; `key` is a code that `leaves` looks up.
    mutating func append(key: UInt32, _ text: UnsafeRawBufferPointer, tag: UInt8) {
        definitionLevels.append(depth + 1)
        repetitionLevels.append(openTags.isEmpty ? openRepetition : depth + 1)
        keyCodes.append(key)
        bytes.append(contentsOf: text)
        offsets.append(UInt32(bytes.count))
        openTags.append(tag)
        if tag != AttributeType.string.rawValue { hasOpenTags = true }
    }

    mutating func end() {
        if openTags.isEmpty {
            definitionLevels.append(depth)
            repetitionLevels.append(openRepetition)
        }
        types.entry(definition: hasOpenTags ? depth + 1 : depth, repetition: openRepetition)
        if hasOpenTags { types.append(openTags) }
    }

    /// A row whose list has no element at all.
    mutating func appendAbsentRow() {
        definitionLevels.append(0)
        repetitionLevels.append(0)
        types.entry(definition: 0, repetition: 0)
    }

    /// Keys, values and types. Codes of keys are below `keyCount`.
    func leaves(keyCount: Int, _ key: (UInt32) -> UnsafeRawBufferPointer) -> [NestedLeaf] {
        func leaf(_ values: NestedLeaf.Values) -> NestedLeaf {
            NestedLeaf(definitionLevels: definitionLevels, repetitionLevels: repetitionLevels, values: values)
        }
        return [
            leaf(.dictionary(CodedTexts(keyCodes, codeCount: keyCount, key))),
            leaf(.text(offsets: offsets, bytes: bytes, .dictionary)), types,
        ]
    }
}

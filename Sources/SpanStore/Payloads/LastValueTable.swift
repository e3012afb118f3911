import ByteCoding
import TraceModel

/// The last value that each trace of a memtable had at each place: what the next one most likely begins with.
///
/// A table of at most 16,384 entries, where a newer trace takes the place of an older one that it meets: an agent's calls follow each
/// other closely. Belongs to the memtable's writer.
struct LastValueTable {
    struct Entry {
        fileprivate var traceHigh: UInt64 = 0
        fileprivate var traceLow: UInt64 = 0
        fileprivate var placeCode: UInt32 = 0
        /// Among the memtable's payload cells.
        var firstCell: UInt32 = 0
        /// 0 in a free slot.
        var cellCount: UInt32 = 0
    }

    private var entries: [Entry] = []
    private var count = 0
    private let seed: UInt64

    private static let maximumCount = 1 << 14
    /// Slots from its home on in which an entry may lie.
    private static let reach = 4

    init(seed: UInt64) { self.seed = seed }

    var byteCount: Int { entries.count * MemoryLayout<Entry>.stride }

    func find(_ trace: TraceID, _ placeCode: UInt32) -> Entry? {
        guard !entries.isEmpty else { return nil }
        for slot in slots(trace.high, trace.low, placeCode) where isSame(entries[slot], trace, placeCode) { return entries[slot] }
        return nil
    }

    mutating func set(_ trace: TraceID, _ placeCode: UInt32, firstCell: UInt32, cellCount: UInt32) {
        if count * 2 >= entries.count, entries.count < Self.maximumCount { grow() }
        put(
            Entry(
                traceHigh: trace.high, traceLow: trace.low, placeCode: placeCode, firstCell: firstCell, cellCount: cellCount))
    }

    private mutating func put(_ entry: Entry) {
        let trace = TraceID(high: entry.traceHigh, low: entry.traceLow)
        var oldest: Int?
        for slot in slots(entry.traceHigh, entry.traceLow, entry.placeCode) {
            if entries[slot].cellCount == 0 || isSame(entries[slot], trace, entry.placeCode) {
                if entries[slot].cellCount == 0 { count += 1 }
                entries[slot] = entry
                return
            }
            if oldest.map({ entries[slot].firstCell < entries[$0].firstCell }) ?? true { oldest = slot }
        }
        if let oldest { entries[oldest] = entry }
    }

    private func isSame(_ entry: Entry, _ trace: TraceID, _ placeCode: UInt32) -> Bool {
        entry.cellCount > 0 && entry.traceHigh == trace.high && entry.traceLow == trace.low && entry.placeCode == placeCode
    }

    private func slots(_ high: UInt64, _ low: UInt64, _ placeCode: UInt32) -> some Sequence<Int> {
        let hash = ShortHash.mix(ShortHash.mix(high ^ seed, low ^ 0x9E37_79B9_7F4A_7C15) ^ UInt64(placeCode), 0xE703_7ED1_A0B4_28DB)
        let mask = entries.count - 1
        return (0..<Self.reach).lazy.map { (Int(truncatingIfNeeded: hash) &+ $0) & mask }
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: max(16, old.count * 2))
        count = 0
        for entry in old where entry.cellCount > 0 { put(entry) }
    }
}

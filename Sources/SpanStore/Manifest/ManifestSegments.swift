import TraceModel

/// The segments of a manifest: packed descriptors, and which sequence is whose. Four bytes of a segment are for the latter.
package struct ManifestSegments: Equatable, Sendable {
    package private(set) var values = SegmentTable()
    /// By the upper 48 bits of a sequence: its lower 16 bits and its project's hash, ascending.
    private var sequences: [UInt64: [UInt32]] = [:]

    package init() {}

    package var count: Int { values.count }
    package var isEmpty: Bool { values.isEmpty }

    /// What they take of the heap.
    package var memoryByteCount: Int {
        sequences.values.reduce(values.memoryByteCount) {
            $0 + $1.capacity * MemoryLayout<UInt32>.stride + SegmentTable.arrayHeadByteCount
        }
    }

    /// Ascending.
    package var keys: [UInt64] {
        sequences.keys.sorted().flatMap { high in (sequences[high] ?? []).map { high << 16 | UInt64($0 >> 16) } }
    }

    package func contains(_ sequence: UInt64) -> Bool { entry(sequence) != nil }

    package subscript(sequence: UInt64) -> SegmentDescriptor? {
        entry(sequence).flatMap { values.segment(sequence, projectHash: UInt16(truncatingIfNeeded: $0)) }
    }

    private func entry(_ sequence: UInt64) -> UInt32? {
        guard let entries = sequences[sequence >> 16] else { return nil }
        let place = Self.place(of: sequence, in: entries)
        return place < entries.count && entries[place] >> 16 == sequence & 0xFFFF ? entries[place] : nil
    }

    /// Of the first entry that is not before the sequence's.
    private static func place(of sequence: UInt64, in entries: [UInt32]) -> Int {
        let wanted = UInt32(truncatingIfNeeded: sequence) << 16
        var low = 0, high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// All changes of one step, in their order.
    mutating func apply(_ changes: [SegmentTable.Change]) {
        for change in changes {
            switch change {
            case .put(let segment): insert(segment.place)
            case .remove(let key): remove(key.sequence)
            }
        }
        values.apply(changes)
    }

    private mutating func insert(_ segment: SegmentPlace) {
        Self.insert(segment, into: &sequences[segment.sequence >> 16, default: []])
    }

    private static func insert(_ segment: SegmentPlace, into entries: inout [UInt32]) {
        let entry = UInt32(truncatingIfNeeded: segment.sequence) << 16 | UInt32(segment.projectHash)
        let place = Self.place(of: segment.sequence, in: entries)
        guard place == entries.count || entries[place] >> 16 != entry >> 16 else { return }
        // Not twice as large each time: half of it would be room.
        if entries.count == entries.capacity { entries.reserveCapacity(entries.count + max(16, entries.count / 8)) }
        entries.insert(entry, at: place)
    }

    private mutating func remove(_ sequence: UInt64) {
        guard entry(sequence) != nil else { return }
        let high = sequence >> 16
        Self.remove(sequence, from: &sequences[high, default: []])
        if sequences[high]?.isEmpty == true { sequences[high] = nil }
    }

    private static func remove(_ sequence: UInt64, from entries: inout [UInt32]) {
        entries.remove(at: place(of: sequence, in: entries))
        if entries.capacity > 2 * entries.count + 64 { entries = entries.withUnsafeBufferPointer { Array($0) } }
    }
}

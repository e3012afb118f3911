import Synchronization

/// Decoded columns of row groups, kept from query to query: what a dashboard asks for again every few seconds, it neither reads, nor
/// decompresses, nor decodes again.
///
/// Only whole columns of a row group come in, and only when they are asked for a second time: one look at last month's data does not push
/// out what is looked at all day. Bounded in bytes; what was not used since the hand came by last goes first (the clock algorithm), and
/// what nobody uses for minutes goes anyway, so that an idle server gives the memory back. Row groups never change, so nothing in
/// here is ever out of date; columns of dropped segments go with them.
final class ColumnCache: Sendable {
    struct Key: Hashable, Sendable {
        var segmentSequence: UInt64
        var rowGroup: Int
        var column: ScanColumn
    }

    fileprivate struct Entry {
        var key: Key
        var vector: ColumnVector
        var byteCount: Int
        /// Since it came in, or the hand came by.
        var isUsed = false
        var lastUseUnixNano: UInt64
    }

    fileprivate struct State {
        var slots: [Entry?] = []
        var freeSlots: [Int] = []
        var slotOfKey: [Key: Int] = [:]
        var byteCount = 0
        var hand = 0
        /// Columns that were asked for once, the younger and the older half: a bounded memory that forgets in two steps.
        var seen: Set<Key> = []
        var seenBefore: Set<Key> = []
        var statistics = ColumnCacheStatistics()
    }

    private let maximumByteCount: Int
    private let now: @Sendable () -> UInt64
    private let state = Mutex(State())

    init(maximumByteCount: Int, now: @escaping @Sendable () -> UInt64) {
        self.maximumByteCount = maximumByteCount
        self.now = now
    }

    func vector(_ key: Key) -> ColumnVector? {
        let time = now()
        return state.withLock { state in
            guard let slot = state.slotOfKey[key] else { return nil }
            state.slots[slot]?.isUsed = true
            state.slots[slot]?.lastUseUnixNano = time
            state.statistics.hitCount += 1
            return state.slots[slot]?.vector
        }
    }

    /// Offers a column that was just decoded; it is kept if it was decoded before not long ago.
    func offer(_ vector: ColumnVector, for key: Key) {
        if case .attributes = vector { return }
        let byteCount = vector.approximateByteCount
        guard byteCount <= maximumByteCount / 8 else { return }
        let time = now()
        state.withLock { state in
            state.statistics.missCount += 1
            guard state.slotOfKey[key] == nil else { return }
            guard state.seen.remove(key) != nil || state.seenBefore.remove(key) != nil else { return state.remember(key) }
            while state.byteCount + byteCount > maximumByteCount, state.evictOne() {}
            state.insert(Entry(key: key, vector: vector, byteCount: byteCount, lastUseUnixNano: time))
        }
    }

    /// Whether a column that is not here would be kept if it were offered. Remembers that it was asked for.
    func isAskedForAgain(_ key: Key) -> Bool {
        state.withLock { state in
            if state.seen.contains(key) || state.seenBefore.contains(key) { return true }
            state.remember(key)
            return false
        }
    }

    /// Lets go of the columns of segments that are gone: of rows that were deleted nothing stays in memory either.
    func remove(ofSegments sequences: Set<UInt64>) {
        state.withLock { state in
            for slot in state.slots.indices {
                if let entry = state.slots[slot], sequences.contains(entry.key.segmentSequence) { state.remove(slot) }
            }
        }
    }

    /// Lets go of what nobody asked for lately.
    func removeUnused(nowUnixNano: UInt64) {
        state.withLock { state in
            for slot in state.slots.indices {
                guard let entry = state.slots[slot],
                    entry.lastUseUnixNano &+ StoreLimits.maximumUnusedColumnNanoseconds < nowUnixNano
                else { continue }
                state.remove(slot)
            }
        }
    }

    var statistics: ColumnCacheStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.byteCount = state.byteCount
            statistics.columnCount = state.slotOfKey.count
            return statistics
        }
    }
}

/// Counts for `/metrics`.
package struct ColumnCacheStatistics: Sendable, Equatable {
    package var byteCount = 0
    package var columnCount = 0
    package var hitCount = 0
    package var missCount = 0
}

extension ColumnCache.State {
    mutating func remember(_ key: ColumnCache.Key) {
        if seen.count >= StoreLimits.maximumSeenColumnCount / 2 {
            seenBefore = seen
            seen = []
        }
        seen.insert(key)
    }

    mutating func insert(_ entry: ColumnCache.Entry) {
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append(entry) } else { slots[slot] = entry }
        slotOfKey[entry.key] = slot
        byteCount += entry.byteCount
    }

    mutating func remove(_ slot: Int) {
        guard let entry = slots[slot] else { return }
        slots[slot] = nil
        freeSlots.append(slot)
        slotOfKey[entry.key] = nil
        byteCount -= entry.byteCount
    }

    /// Removes the first column the hand finds unused. False when there is none left at all.
    mutating func evictOne() -> Bool {
        guard !slotOfKey.isEmpty else { return false }
        // Twice around at most: the first round takes every mark away.
        while true {
            hand = hand + 1 < slots.count ? hand + 1 : 0
            guard let entry = slots[hand] else { continue }
            guard entry.isUsed else {
                remove(hand)
                return true
            }
            slots[hand]?.isUsed = false
        }
    }
}

import Synchronization

/// Decoded columns of row groups, kept from query to query: what a dashboard asks for again every few seconds, it neither reads, nor
/// decompresses, nor decodes again.
///
/// Only whole columns of a row group come in, and only when they are asked for a second time: one look at last month's data does not push
/// out what is looked at all day. Bounded in bytes; what was not used since the hand came by last goes first (the clock algorithm), and
/// what nobody uses for minutes goes anyway, so that an idle server gives the memory back. Row groups never change, so nothing in
/// here is ever out of date; columns of dropped segments go with them.
///
/// Beside the columns lie filters of their texts (`TextFilter`), small and bounded with them: who looks for one session of a hundred
/// thousand need not look through columns that do not have it.
final class ColumnCache: Sendable {
    struct Key: Hashable, Sendable {
        var segmentSequence: UInt64
        var rowGroup: Int
        var column: ScanColumn
    }

    /// What is kept of a column.
    fileprivate enum Form: Hashable {
        case vector
        case filter
    }

    fileprivate struct Place: Hashable {
        var key: Key
        var form: Form
    }

    fileprivate enum Content {
        case vector(ColumnVector)
        case filter(TextFilter)
    }

    fileprivate struct Entry {
        var place: Place
        var content: Content
        var byteCount: Int
        /// Since it came in, or the hand came by.
        var isUsed = false
        var lastUseUnixNano: UInt64
    }

    fileprivate struct State {
        var slots: [Entry?] = []
        var freeSlots: [Int] = []
        var slotOfPlace: [Place: Int] = [:]
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
        guard case .vector(let vector)? = content(Place(key: key, form: .vector)) else { return nil }
        return vector
    }

    func filter(_ key: Key) -> TextFilter? {
        guard case .filter(let filter)? = content(Place(key: key, form: .filter)) else { return nil }
        return filter
    }

    private func content(_ place: Place) -> Content? {
        let time = now()
        return state.withLock { state in
            guard let slot = state.slotOfPlace[place] else { return nil }
            state.slots[slot]?.isUsed = true
            state.slots[slot]?.lastUseUnixNano = time
            state.statistics.hitCount += 1
            return state.slots[slot]?.content
        }
    }

    /// Offers a column that was just decoded; it is kept if it was decoded before not long ago.
    func offer(_ vector: ColumnVector, for key: Key) {
        if case .attributes = vector { return }
        let place = Place(key: key, form: .vector)
        let byteCount = vector.approximateByteCount
        guard byteCount <= maximumByteCount / 8 else { return }
        let time = now()
        state.withLock { state in
            state.statistics.missCount += 1
            guard state.slotOfPlace[place] == nil else { return }
            guard state.seen.remove(key) != nil || state.seenBefore.remove(key) != nil else { return state.remember(key) }
            state.insert(
                Entry(place: place, content: .vector(vector), byteCount: byteCount, lastUseUnixNano: time), within: maximumByteCount)
        }
    }

    /// Keeps a filter of the column's texts.
    func keep(_ filter: TextFilter, for key: Key) {
        let place = Place(key: key, form: .filter)
        guard filter.byteCount <= maximumByteCount / 8 else { return }
        let time = now()
        state.withLock { state in
            guard state.slotOfPlace[place] == nil else { return }
            state.insert(
                Entry(place: place, content: .filter(filter), byteCount: filter.byteCount, lastUseUnixNano: time), within: maximumByteCount)
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
                if let entry = state.slots[slot], sequences.contains(entry.place.key.segmentSequence) { state.remove(slot) }
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
            statistics.columnCount = state.slotOfPlace.count { $0.key.form == .vector }
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

    mutating func insert(_ entry: ColumnCache.Entry, within maximumByteCount: Int) {
        while byteCount + entry.byteCount > maximumByteCount, evictOne() {}
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append(entry) } else { slots[slot] = entry }
        slotOfPlace[entry.place] = slot
        byteCount += entry.byteCount
    }

    mutating func remove(_ slot: Int) {
        guard let entry = slots[slot] else { return }
        slots[slot] = nil
        freeSlots.append(slot)
        slotOfPlace[entry.place] = nil
        byteCount -= entry.byteCount
    }

    /// Removes the first column the hand finds unused. False when there is none left at all.
    mutating func evictOne() -> Bool {
        guard !slotOfPlace.isEmpty else { return false }
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

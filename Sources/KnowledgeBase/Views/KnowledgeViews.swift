import Metastore

/// The views that are searched, in memory: those not asked for longest are let go when they come to too much. Whoever asks for one that is
/// being read waits for it and does not read it again.
actor KnowledgeViews {
    private struct Slot {
        let reading: Task<ViewMembers, any Error>
        var lastUse: Int
        /// 0 as long as it is being read.
        var byteCount = 0
    }

    private let knowledge: KnowledgeRepository
    private let maximumByteCount: Int
    private var slots: [ViewKey: Slot] = [:]
    private var useCount = 0

    init(_ knowledge: KnowledgeRepository, maximumByteCount: Int = KnowledgeSearchLimits.maximumViewByteCount) {
        self.knowledge = knowledge
        self.maximumByteCount = maximumByteCount
    }

    /// Of a draft, its members as they are now, which the answer's view tells. Throws `unavailable`, `cancelled`, `internal`.
    func members(of view: KnowledgeView) async throws(KnowledgeSearchError) -> ViewMembers {
        let key = ViewKey(view)
        useCount += 1
        slots[key]?.lastUse = useCount
        let reading: Task<ViewMembers, any Error>
        if let slot = slots[key] {
            reading = slot.reading
        } else {
            // Not a child of whoever asks first: others may wait for it, too.
            reading = Task { [knowledge] in
                let (seen, entries) = try await knowledge.searchedEntries(of: view)
                return try ViewMembers(view: seen, entries: entries)
            }
            slots[key] = Slot(reading: reading, lastUse: useCount)
        }
        do {
            let members = try await reading.value
            settle(key, reading, members)
            return members
        } catch {
            if slots[key]?.reading == reading { slots[key] = nil }
            switch error {
            case let error as KnowledgeSearchError: throw error
            case let error as MetastoreError: throw KnowledgeSearchError(error)
            default: throw KnowledgeSearchError(.internal, "the knowledge base could not be read", cause: error)
            }
        }
    }

    /// Bytes of all views that were read, for tests.
    var byteCount: Int { slots.values.reduce(0) { $0 + $1.byteCount } }

    private func settle(_ key: ViewKey, _ reading: Task<ViewMembers, any Error>, _ members: ViewMembers) {
        guard var slot = slots[key], slot.reading == reading, slot.byteCount == 0 else { return }
        slot.byteCount = max(1, members.byteCount)
        let read = ViewKey(members.view)
        if read != key {
            // The draft was edited before it was read: this is its newer version.
            slots[key] = nil
            if slots[read] == nil { slots[read] = slot }
        } else {
            slots[key] = slot
        }
        // Nobody asks for an earlier version of a draft again.
        if let draft = read.draft {
            slots = slots.filter { $0.key.draft != draft || $0.key.version >= read.version }
        }
        var byteCount = byteCount
        for (old, slot) in slots.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            if byteCount <= maximumByteCount || slots.count == 1 { break }
            if old == read || slot.byteCount == 0 { continue }
            byteCount -= slot.byteCount
            slots[old] = nil
        }
    }
}

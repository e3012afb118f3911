import TraceModel

/// What queries see and seals change: the memtables of every partition and the published segments, under one lock. A pure
/// value; `SpanStore` holds the lock and does what follows from a change.
///
/// A memtable is active (batches go into it), then frozen (being sealed), then gone: in the step that brings in its
/// segment, so that every snapshot has its rows exactly once.
struct StoreState {
    private(set) var active: [PartitionID: Memtable] = [:]
    /// In the order they were frozen: a partition's older rows are sealed first.
    private(set) var frozen: [Memtable] = []
    private(set) var segments: [ProjectID: [SegmentHandle]] = [:]
    private(set) var registries: [ProjectID: PromotionRegistry] = [:]
    /// When each active memtable got its first row, nanoseconds since 1970.
    private(set) var activeSince: [PartitionID: UInt64] = [:]

    init(registries: [ProjectID: PromotionRegistry] = [:], segments: [SegmentHandle] = []) {
        self.registries = registries
        for segment in segments { self.segments[segment.descriptor.project, default: []].append(segment) }
    }

    func registry(of project: ProjectID) -> PromotionRegistry { registries[project] ?? PromotionRegistry() }

    mutating func begin(_ memtable: Memtable, nowUnixNano: UInt64) {
        active[memtable.partition] = memtable
        activeSince[memtable.partition] = nowUnixNano
    }

    /// Takes the partition's active memtable out of use; nil when it has none.
    mutating func freeze(_ partition: PartitionID) -> Memtable? {
        guard let memtable = active.removeValue(forKey: partition) else { return nil }
        activeSince[partition] = nil
        frozen.append(memtable)
        return memtable
    }

    /// The segment made from a frozen memtable takes its place; nil when no row was left to keep.
    mutating func publish(_ segment: SegmentHandle?, replacing memtable: Memtable, promoting keys: [PromotedKey]) {
        frozen.removeAll { $0 === memtable }
        if let segment { segments[segment.descriptor.project, default: []].append(segment) }
        if !keys.isEmpty {
            var registry = registry(of: memtable.partition.project)
            for key in keys { registry.add(key) }
            registries[memtable.partition.project] = registry
        }
    }

    mutating func drop(_ sequences: Set<UInt64>) -> [SegmentHandle] {
        var dropped: [SegmentHandle] = []
        for (project, handles) in segments {
            guard handles.contains(where: { sequences.contains($0.descriptor.sequence) }) else { continue }
            dropped += handles.filter { sequences.contains($0.descriptor.sequence) }
            segments[project] = handles.filter { !sequences.contains($0.descriptor.sequence) }
        }
        return dropped
    }

    func segment(_ sequence: UInt64, of project: ProjectID) -> SegmentHandle? {
        segments[project]?.first { $0.descriptor.sequence == sequence }
    }

    /// The segment that was made of others takes their place, or nothing where no row was left. Answers the others.
    mutating func replace(_ sequences: Set<UInt64>, of project: ProjectID, with segment: SegmentHandle?) -> [SegmentHandle] {
        var handles = segments[project] ?? []
        let replaced = handles.filter { sequences.contains($0.descriptor.sequence) }
        let place = handles.firstIndex { sequences.contains($0.descriptor.sequence) } ?? handles.count
        if let segment { handles.insert(segment, at: place) }
        handles.removeAll { sequences.contains($0.descriptor.sequence) }
        segments[project] = handles
        return replaced
    }

    /// The same segment with another mask.
    mutating func remask(_ segment: SegmentHandle) {
        let project = segment.descriptor.project
        segments[project] = segments[project]?.map { $0.descriptor.sequence == segment.descriptor.sequence ? segment : $0 }
    }

    /// Partitions to freeze because their first row has waited long enough, or because their day is over.
    func due(nowUnixNano: UInt64, maximumAgeNanoseconds: UInt64) -> [PartitionID] {
        let today = PartitionID(project: ProjectID(high: 0, low: 0), receivedUnixNano: nowUnixNano).receiveDay
        return active.keys.filter { partition in
            let age = nowUnixNano - min(nowUnixNano, activeSince[partition] ?? nowUnixNano)
            return partition.receiveDay < today || age >= maximumAgeNanoseconds
        }.sorted()
    }
}

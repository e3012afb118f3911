import FileSystem
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
    /// How many were ever frozen, and how many of them are gone.
    private(set) var frozenCount = 0
    var sealedCount: Int { frozenCount - frozen.count }
    /// What the manifest has; the two share their memory. Each change of the manifest brings the table it led to.
    private(set) var segments: SegmentTable
    /// In the manifest, but not whole on disk: no reader hears of them.
    private let damaged: [UInt64: SegmentDescriptor]
    /// Masked rows of segments that have some.
    private var masks: [UInt64: [Int32]]
    private var loaded = LoadedSegments(maximumCount: StoreLimits.maximumLoadedSegmentCount)
    private let fileSystem: any FileSystem
    private let root: String
    /// Keys that joined a project's registry. The registry itself is put together when it is asked for: it names sixty keys that all have.
    private var promotedKeys: [ProjectID: [PromotedKey]]
    /// When each active memtable got its first row, nanoseconds since 1970.
    private(set) var activeSince: [PartitionID: UInt64] = [:]

    init(_ manifest: ManifestState, damaged: [SegmentDescriptor] = [], fileSystem: any FileSystem, root: String) {
        segments = manifest.segments.values
        masks = manifest.rowMasks.mapValues { $0.rows.rows }
        promotedKeys = manifest.promotedKeys
        self.damaged = Dictionary(uniqueKeysWithValues: damaged.map { ($0.sequence, $0) })
        self.fileSystem = fileSystem
        self.root = root
    }

    func registry(of project: ProjectID) -> PromotionRegistry { PromotionRegistry(adding: promotedKeys[project] ?? []) }

    // MARK: Segments

    /// Oldest receive day first.
    func descriptors(of project: ProjectID) -> [SegmentDescriptor] {
        let all = segments.segments(of: project)
        let readable = damaged.isEmpty ? all : all.filter { damaged[$0.sequence] == nil }
        return readable.sorted { ($0.receiveDay, $0.sequence) < ($1.receiveDay, $1.sequence) }
    }

    /// For those who read the files. Whoever needs to know no more than descriptors say asks for those.
    mutating func handles(of project: ProjectID) -> [SegmentHandle] {
        if let handles = loaded.handles(of: project) { return handles }
        let handles = descriptors(of: project).map { handle($0) }
        if !handles.isEmpty { loaded.load(handles, of: project) }
        return handles
    }

    mutating func segment(_ sequence: UInt64, of project: ProjectID) -> SegmentHandle? {
        handles(of: project).first { $0.descriptor.sequence == sequence }
    }

    /// Masked rows of a segment, ascending.
    func mask(ofSegment sequence: UInt64) -> [Int32] { masks[sequence] ?? [] }

    var loadedHandles: [SegmentHandle] { loaded.all }
    var segmentCount: Int { segments.count - damaged.count }
    var segmentRowCount: Int { damaged.values.reduce(segments.rowCount) { $0 - $1.spanRowCount } }
    var segmentByteCount: Int { damaged.values.reduce(segments.byteCount) { $0 - $1.byteCount } }
    var maskedRowCount: Int { masks.values.reduce(0) { $0 + $1.count } }
    /// Those that nobody may read, with those that can be read.
    var damagedSequences: Set<UInt64> { Set(damaged.keys) }

    mutating func removeUnusedHandles(sinceUnixNano horizon: UInt64, nowUnixNano now: UInt64) -> [SegmentHandle] {
        loaded.removeUnused(sinceUnixNano: horizon, nowUnixNano: now)
    }

    private func handle(_ descriptor: SegmentDescriptor) -> SegmentHandle {
        SegmentHandle(descriptor, fileSystem: fileSystem, root: root, mask: mask(ofSegment: descriptor.sequence))
    }

    // MARK: Memtables

    mutating func begin(_ memtable: Memtable, nowUnixNano: UInt64) {
        active[memtable.partition] = memtable
        activeSince[memtable.partition] = nowUnixNano
    }

    /// Takes the active memtables of partitions out of use, where they have one; answers how many were frozen so far.
    mutating func freeze(_ partitions: [PartitionID]) -> Int {
        for partition in partitions {
            guard let memtable = active.removeValue(forKey: partition) else { continue }
            activeSince[partition] = nil
            frozen.append(memtable)
            frozenCount += 1
        }
        return frozenCount
    }

    /// The segment made from a frozen memtable takes its place; nil when no row was left to keep.
    mutating func publish(_ segment: SegmentDescriptor?, replacing memtable: Memtable, leadingTo manifest: ManifestLog) {
        frozen.removeAll { $0 === memtable }
        let project = memtable.partition.project
        if let segment {
            segments = manifest.segments
            let handle = handle(segment)
            loaded.change(project) { $0.append(handle) }
        }
        let keys = manifest.promotedKeys(of: project)
        if keys.count > promotedKeys[project]?.count ?? 0 { promotedKeys[project] = keys }
    }

    // MARK: Changes of segments

    /// Answers handles of what goes.
    mutating func drop(_ dropped: [SegmentDescriptor], leadingTo manifest: ManifestLog) -> [SegmentHandle] {
        var handles: [SegmentHandle] = []
        for (project, descriptors) in Dictionary(grouping: dropped, by: \.project) {
            let sequences = Set(descriptors.map(\.sequence))
            if let loaded = loaded.handles(of: project) {
                handles += loaded.filter { sequences.contains($0.descriptor.sequence) }
            } else {
                handles += descriptors.map { handle($0) }
            }
            loaded.change(project) { $0.removeAll { sequences.contains($0.descriptor.sequence) } }
            for sequence in sequences { masks[sequence] = nil }
        }
        segments = manifest.segments
        return handles
    }

    /// The segment that was made of others takes their place, or nothing where no row was left. Answers the others.
    mutating func replace(
        _ sources: [SegmentDescriptor], with segment: SegmentDescriptor?, mask: [Int32], leadingTo manifest: ManifestLog
    ) -> [SegmentHandle] {
        let replaced = drop(sources, leadingTo: manifest)
        if let segment {
            masks[segment.sequence] = mask.isEmpty ? nil : mask
            let handle = handle(segment)
            loaded.change(segment.project) { $0.append(handle) }
        }
        return replaced
    }

    /// The same segment with another mask, or with newer versions of its fields.
    mutating func remask(_ segment: SegmentHandle, leadingTo manifest: ManifestLog) {
        segments = manifest.segments
        masks[segment.descriptor.sequence] = segment.mask.isEmpty ? nil : segment.mask
        loaded.change(segment.descriptor.project) { handles in
            for index in handles.indices where handles[index].descriptor.sequence == segment.descriptor.sequence {
                handles[index] = segment
            }
        }
    }

    /// Partitions to freeze because their first row has waited long enough, because their day is over, or because small ones hold too much
    /// memory. Oldest first.
    func due(nowUnixNano now: UInt64, limits: StoreLimits) -> [PartitionID] {
        let today = PartitionID(project: ProjectID(high: 0, low: 0), receivedUnixNano: now).receiveDay
        let age = UInt64(limits.maximumMemtableAgeSeconds) * 1_000_000_000
        var due: [PartitionID] = [], waiting: [(since: UInt64, partition: PartitionID, byteCount: Int)] = []
        for (partition, memtable) in active {
            let since = activeSince[partition] ?? now
            let isSmall = memtable.accountedByteCount < limits.smallMemtableByteCount
            let isDue =
                partition.receiveDay < today
                ? !isSmall || now >= Self.sealTime(of: partition, jitterSeconds: limits.sealJitterSeconds)
                : !isSmall && now - min(now, since) >= age
            if isDue { due.append(partition) } else { waiting.append((since, partition, memtable.accountedByteCount)) }
        }
        var excess = waiting.reduce(0) { $0 + $1.byteCount } - limits.waitingMemtablesByteCount
        if excess > 0 {
            for memtable in waiting.sorted(by: { ($0.since, $0.partition) < ($1.since, $1.partition) }) where excess > 0 {
                due.append(memtable.partition)
                excess -= memtable.byteCount
            }
        }
        return due.sorted()
    }

    /// When a small memtable of a day is sealed: some time after the day's end, which depends on the project alone.
    private static func sealTime(of partition: PartitionID, jitterSeconds: Int) -> UInt64 {
        let mixed = (partition.project.high ^ partition.project.low) &* 0x9E37_79B9_7F4A_7C15
        let jitter = UInt64(max(0, jitterSeconds)) * 1_000_000_000
        let end = (UInt64(max(0, partition.receiveDay)) + 1) * PartitionID.nanosecondsPerDay
        return end + mixed.multipliedFullWidth(by: jitter).high
    }
}

import TraceModel

/// The handles of the segments that somebody asked for lately, project by project. All others are packed descriptors and no more.
///
/// A project's handles go when nobody has asked for them for a while, and when others want their place; never while anybody else holds one
/// of them. So there is one handle of a segment and its masked forms at a time, and its files go with the last of its readers.
struct LoadedSegments {
    private struct Project {
        var handles: [SegmentHandle]
        /// The higher, the later it was asked for.
        var lastUse: UInt64
        /// Since the last look at what is unused.
        var isUsed = true
        var lastUseUnixNano: UInt64 = 0

        /// Nobody else has a handle, and none is in use in another form.
        mutating func isIdle() -> Bool {
            for index in handles.indices where !isKnownUniquelyReferenced(&handles[index]) || handles[index].isInUse { return false }
            return true
        }
    }

    private var projects: [ProjectID: Project] = [:]
    private var useCount: UInt64 = 0
    private(set) var count = 0
    /// Of handles, unless more are in use.
    private let maximumCount: Int
    private var nextEviction: Int

    init(maximumCount: Int) {
        self.maximumCount = maximumCount
        nextEviction = maximumCount
    }

    /// For those who look after them, which is no use.
    var all: [SegmentHandle] { projects.values.flatMap(\.handles) }

    /// Nil where they are not loaded.
    mutating func handles(of project: ProjectID) -> [SegmentHandle]? {
        guard let place = projects.index(forKey: project) else { return nil }
        useCount += 1
        projects.values[place].lastUse = useCount
        projects.values[place].isUsed = true
        return projects.values[place].handles
    }

    mutating func load(_ handles: [SegmentHandle], of project: ProjectID) {
        useCount += 1
        count += handles.count - (projects[project]?.handles.count ?? 0)
        projects[project] = Project(handles: handles, lastUse: useCount)
        if count > nextEviction { evict() }
    }

    /// Changes the handles of a project where they are loaded.
    mutating func change(_ project: ProjectID, _ body: (inout [SegmentHandle]) -> Void) {
        guard let place = projects.index(forKey: project) else { return }
        let before = projects.values[place].handles.count
        body(&projects.values[place].handles)
        count += projects.values[place].handles.count - before
    }

    /// Lets go of what nobody has asked for since. Answers it, for the caller to release where no lock is held.
    mutating func removeUnused(sinceUnixNano horizon: UInt64, nowUnixNano now: UInt64) -> [SegmentHandle] {
        var removed: [SegmentHandle] = []
        for project in Array(projects.keys) {
            guard let place = projects.index(forKey: project) else { continue }
            if projects.values[place].isUsed {
                projects.values[place].isUsed = false
                projects.values[place].lastUseUnixNano = now
            } else if projects.values[place].lastUseUnixNano < horizon, projects.values[place].isIdle() {
                removed += projects.remove(at: place).value.handles
            }
        }
        count -= removed.count
        if count <= maximumCount { nextEviction = maximumCount }
        return removed
    }

    /// Makes room for a quarter more, the longest unused first. Where all are in use the next attempt waits for as many again.
    private mutating func evict() {
        for project in projects.sorted(by: { $0.value.lastUse < $1.value.lastUse }).dropLast().map(\.key) where count > maximumCount * 3 / 4
        {
            guard let place = projects.index(forKey: project), projects.values[place].isIdle() else { continue }
            count -= projects.remove(at: place).value.handles.count
        }
        nextEviction = max(maximumCount, count + maximumCount / 4)
    }
}

import TraceModel

/// Whose segments the compactor is to look at next. A pure value.
///
/// Of ten thousand projects most have nothing to do at any moment, and looking at all of them after every seal would cost more than the
/// rewrites: only those are looked at whose segments have changed, whose segments were too young when they were looked at last, or all of
/// them because a new day has begun.
struct CompactionQueue {
    /// On which all were looked at last.
    private(set) var day: Int32?
    private var order: [ProjectID] = []
    private var isIn: Set<ProjectID> = []
    private var waiting: Set<ProjectID> = []

    mutating func changed(_ project: ProjectID) {
        waiting.remove(project)
        if isIn.insert(project).inserted { order.append(project) }
    }

    mutating func look(at projects: [ProjectID], day: Int32) {
        self.day = day
        for project in projects { changed(project) }
    }

    mutating func forgetDay() { day = nil }

    mutating func wait(_ project: ProjectID) { if !isIn.contains(project) { waiting.insert(project) } }

    mutating func retryWaiting() {
        for project in waiting.sorted() { changed(project) }
        waiting = []
    }

    /// The one that came in last: what has just changed is the least work, and in the caches.
    mutating func next() -> ProjectID? {
        guard let project = order.popLast() else { return nil }
        isIn.remove(project)
        return project
    }
}

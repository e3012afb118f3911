import TraceModel

/// Which segments are to be rewritten next. Pure: descriptors, masks and the time in, a job out.
///
/// Segments with masked rows come first once half of their time is over, each alone and whatever its size. Else segments of one partition
/// are merged by size: always the smallest ones, and only where what they become is so many times larger than the largest of them. So a
/// byte is rewritten as often as the logarithm of that factor says, and never again once its segment is large. Days are mixed only where a
/// project holds so little of each that a segment a day would be too many, and then within a month. Versions of the mapping never are:
/// readers decide by the version what fields of older segments say.
///
/// When nothing else is to be done and the store is idle, large payloads of days that are long over are compressed again, in larger pages.
struct CompactionPolicy {
    struct Candidate: Sendable {
        var descriptor: SegmentDescriptor
        /// Since when rows of it are masked; nil where none is.
        var maskedSinceUnixNano: UInt64?
        /// Its payloads have been compressed for long keeping.
        var isCold = false
    }

    enum Purpose: Sendable {
        /// Few segments of many.
        case merge
        /// Without what was deleted.
        case mask
        /// Payloads for long keeping.
        case cold
    }

    struct Job: Equatable, Sendable {
        var project: ProjectID
        /// Ascending.
        var sequences: [UInt64]
        var byteCount: Int
        var purpose: Purpose
    }

    /// What may become one segment.
    private struct Group: Hashable, Comparable {
        var project: ProjectID
        /// Of a day or of days that lie together, the first and the one after the last.
        var firstDay: Int32
        var endDay: Int32
        var mappingVersion: UInt16

        static func < (a: Group, b: Group) -> Bool {
            (a.firstDay, a.endDay, a.project, a.mappingVersion) < (b.firstDay, b.endDay, b.project, b.mappingVersion)
        }
    }

    var limits: StoreLimits
    /// Everything that could be rewritten is: masks do not wait, nor do segments for their followers.
    var isUrgent = false
    /// What is kept of each project; nil while nobody knows: then days stay apart.
    var retention: [ProjectID: RetentionRule]?
    /// Else only masked rows are taken out: there is no disk to spare for more.
    var mergesSegments = true
    /// There is time for what nobody waits for.
    var isIdle = false

    /// Nil where nothing is to be done.
    func next(_ candidates: [Candidate], nowUnixNano now: UInt64) -> Job? {
        if let job = overdueMask(candidates, now) { return job }
        guard mergesSegments else { return nil }
        return merge(candidates, now) ?? (isIdle ? cold(candidates, now).map { job([$0], for: .cold) } : nil)
    }

    /// Whether time alone may bring a job: masks whose time comes, segments that are too young, a disk that has no room for merging, cold
    /// payloads while the store is busy.
    func mayHaveMore(_ candidates: [Candidate], nowUnixNano now: UInt64) -> Bool {
        let age = UInt64(limits.minimumCompactionAgeSeconds) * 1_000_000_000
        return candidates.contains { $0.maskedSinceUnixNano != nil }
            || candidates.count > 1 && (!mergesSegments || candidates.contains { $0.descriptor.maximumReceivedUnixNano &+ age > now })
            || cold(candidates, now) != nil
    }

    private func overdueMask(_ candidates: [Candidate], _ now: UInt64) -> Job? {
        let wait = isUrgent ? 0 : UInt64(limits.maximumMaskAgeSeconds) * 1_000_000_000 / 2
        let oldest = candidates.filter { $0.maskedSinceUnixNano != nil }.min {
            ($0.maskedSinceUnixNano ?? 0, $0.descriptor.sequence) < ($1.maskedSinceUnixNano ?? 0, $1.descriptor.sequence)
        }
        guard let oldest, let since = oldest.maskedSinceUnixNano, now >= since &+ wait else { return nil }
        return job([oldest.descriptor], for: .mask)
    }

    /// The oldest segment with cold payloads that are not compressed as such. Of days that lie together all must be over so long: until
    /// then it may be merged.
    private func cold(_ candidates: [Candidate], _ now: UInt64) -> SegmentDescriptor? {
        let today = CalendarDay.daysSince1970(unixNano: now)
        let large = candidates.filter {
            !$0.isCold && $0.maskedSinceUnixNano == nil && $0.descriptor.payloadFileByteCount >= limits.minimumColdByteCount
                && $0.descriptor.byteCount <= limits.maximumRewriteByteCount
        }
        guard !large.isEmpty else { return nil }
        let shared = sharedDays(candidates.map(\.descriptor), today)
        return large.lazy.map(\.descriptor).filter {
            (days(of: $0, shared, today)?.upperBound ?? $0.receiveDay + 1) + limits.coldDayCount <= today
        }.min { ($0.receiveDay, $0.sequence) < ($1.receiveDay, $1.sequence) }
    }

    private func merge(_ candidates: [Candidate], _ now: UInt64) -> Job? {
        let today = CalendarDay.daysSince1970(unixNano: now)
        let age = isUrgent ? 0 : UInt64(limits.minimumCompactionAgeSeconds) * 1_000_000_000
        let shared = sharedDays(candidates.map(\.descriptor), today)
        let settled = candidates.lazy.map(\.descriptor).filter {
            $0.byteCount < limits.maximumRewriteByteCount && ($0.maximumReceivedUnixNano &+ age <= now || isUrgent)
        }
        var best: (group: Group, segments: [SegmentDescriptor])?
        let groups = Dictionary(grouping: settled) { segment in
            let days = days(of: segment, shared, today)
            return Group(
                project: segment.project, firstDay: days?.lowerBound ?? segment.receiveDay,
                endDay: days?.upperBound ?? segment.receiveDay + 1,
                mappingVersion: segment.mappingVersion)
        }
        for (group, segments) in groups where segments.count >= max(2, best?.segments.count ?? 0) {
            let chosen = smallest(segments, factor: growthFactor(of: group, today), byteCount: maximumByteCount(of: group))
            guard chosen.count > 1 else { continue }
            // The group with the most segments wins most; of equals the older day, so that the answer does not hang on the order.
            if best.map({ chosen.count > $0.segments.count || chosen.count == $0.segments.count && group < $0.group }) ?? true {
                best = (group, chosen)
            }
        }
        return best.map { job($0.segments, for: .merge) }
    }

    private func growthFactor(of group: Group, _ today: Int32) -> Double {
        if group.endDay <= today { return limits.finalCompactionGrowthFactor }
        return group.endDay - group.firstDay > 1 ? limits.sharedCompactionGrowthFactor : limits.compactionGrowthFactor
    }

    private func maximumByteCount(of group: Group) -> Int {
        guard group.endDay - group.firstDay > 1, let kept = retention?[group.project]?.byteCount else {
            return limits.maximumRewriteByteCount
        }
        return min(limits.maximumRewriteByteCount, kept / limits.sharedRetentionPart)
    }

    // MARK: Days that lie together

    private struct Days: Hashable {
        var project: ProjectID
        var first: Int32
    }

    private func days(of segment: SegmentDescriptor, _ shared: [Days: Range<Int32>], _ today: Int32) -> Range<Int32>? {
        segment.receiveDay < today ? shared[Days(project: segment.project, first: firstShared(segment))] : nil
    }

    /// Days before today that are merged with one another, by the first of them: those of a month that hold little a day, or of a part of
    /// a month where the project is kept for a time only.
    private func sharedDays(_ segments: [SegmentDescriptor], _ today: Int32) -> [Days: Range<Int32>] {
        guard retention != nil else { return [:] }
        var byteCounts: [Days: Int] = [:]
        for segment in segments where segment.receiveDay < today {
            byteCounts[Days(project: segment.project, first: firstShared(segment)), default: 0] += segment.byteCount
        }
        var shared: [Days: Range<Int32>] = [:]
        for (days, byteCount) in byteCounts {
            let end = min(days.first + sharedDayCount(of: days.project), CalendarDay.firstOfMonth(daysSince1970: days.first + 31))
            let over = max(1, Int(min(end, today) - days.first))
            if end - days.first > 1, byteCount < over * limits.maximumSharedDayByteCount { shared[days] = days.first..<end }
        }
        return shared
    }

    private func sharedDayCount(of project: ProjectID) -> Int32 {
        Int32(max(1, min(31, (retention?[project]?.days ?? .max) / limits.sharedRetentionPart)))
    }

    private func firstShared(_ segment: SegmentDescriptor) -> Int32 {
        let month = CalendarDay.firstOfMonth(daysSince1970: segment.receiveDay), count = sharedDayCount(of: segment.project)
        return month + (segment.receiveDay - month) / count * count
    }

    /// As many of the smallest as fit into one rewrite and grow by the factor; empty where no set of them does.
    private func smallest(_ segments: [SegmentDescriptor], factor: Double, byteCount maximumByteCount: Int) -> [SegmentDescriptor] {
        let sorted = segments.sorted { ($0.byteCount, $0.sequence) < ($1.byteCount, $1.sequence) }
        var byteCount = 0, rowCount = 0, count = 0
        for (index, segment) in sorted.enumerated() {
            byteCount += segment.byteCount
            rowCount += segment.spanRowCount
            guard byteCount <= maximumByteCount, rowCount <= limits.maximumRewriteRowCount else { break }
            if index > 0, Double(byteCount) >= factor * Double(segment.byteCount) { count = index + 1 }
        }
        return Array(sorted.prefix(count))
    }

    private func job(_ segments: [SegmentDescriptor], for purpose: Purpose) -> Job {
        Job(
            project: segments[0].project, sequences: segments.map(\.sequence).sorted(),
            byteCount: segments.reduce(0) { $0 + $1.byteCount }, purpose: purpose)
    }
}

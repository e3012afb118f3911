import TraceModel

/// Which segments are to be rewritten next. Pure: descriptors, masks and the time in, a job out.
///
/// Segments with masked rows come first once half of their time is over, each alone and whatever its size. Else segments of one partition
/// are merged by size: always the smallest ones, and only where what they become is so many times larger than the largest of them. So a
/// byte is rewritten as often as the logarithm of that factor says, and never again once its segment is large. Days are never mixed.
struct CompactionPolicy {
    struct Candidate: Sendable {
        var descriptor: SegmentDescriptor
        /// Since when rows of it are masked; nil where none is.
        var maskedSinceUnixNano: UInt64?
    }

    struct Job: Equatable, Sendable {
        var project: ProjectID
        /// Ascending.
        var sequences: [UInt64]
        var byteCount: Int
        var isForMask: Bool
    }

    var limits: StoreLimits
    /// Everything that could be rewritten is: masks do not wait, nor do segments for their followers.
    var isUrgent = false

    /// Nil where nothing is to be done.
    func next(_ candidates: [Candidate], nowUnixNano now: UInt64) -> Job? {
        overdueMask(candidates, now) ?? merge(candidates, now)
    }

    private func overdueMask(_ candidates: [Candidate], _ now: UInt64) -> Job? {
        let wait = isUrgent ? 0 : UInt64(limits.maximumMaskAgeSeconds) * 1_000_000_000 / 2
        let oldest = candidates.filter { $0.maskedSinceUnixNano != nil }.min {
            ($0.maskedSinceUnixNano ?? 0, $0.descriptor.sequence) < ($1.maskedSinceUnixNano ?? 0, $1.descriptor.sequence)
        }
        guard let oldest, let since = oldest.maskedSinceUnixNano, now >= since &+ wait else { return nil }
        return job([oldest.descriptor], isForMask: true)
    }

    private func merge(_ candidates: [Candidate], _ now: UInt64) -> Job? {
        let today = CalendarDay.daysSince1970(unixNano: now)
        let age = isUrgent ? 0 : UInt64(limits.minimumCompactionAgeSeconds) * 1_000_000_000
        let settled = candidates.lazy.map(\.descriptor).filter {
            $0.byteCount < limits.maximumRewriteByteCount && ($0.maximumReceivedUnixNano &+ age <= now || isUrgent)
        }
        var best: [SegmentDescriptor] = []
        for (partition, segments) in Dictionary(grouping: settled, by: \.partition) where segments.count > max(1, best.count) {
            let factor = partition.receiveDay < today ? limits.finalCompactionGrowthFactor : limits.compactionGrowthFactor
            let chosen = smallest(segments, factor: factor)
            // The partition with the most segments wins most; of equals the older day, so that the answer does not hang on the order.
            if chosen.count > best.count || chosen.count == best.count && !chosen.isEmpty && chosen[0].partition < best[0].partition {
                best = chosen
            }
        }
        return best.count > 1 ? job(best, isForMask: false) : nil
    }

    /// As many of the smallest as fit into one rewrite and grow by the factor; empty where no set of them does.
    private func smallest(_ segments: [SegmentDescriptor], factor: Double) -> [SegmentDescriptor] {
        let sorted = segments.sorted { ($0.byteCount, $0.sequence) < ($1.byteCount, $1.sequence) }
        var byteCount = 0, rowCount = 0, count = 0
        for (index, segment) in sorted.enumerated() {
            byteCount += segment.byteCount
            rowCount += segment.spanRowCount
            guard byteCount <= limits.maximumRewriteByteCount, rowCount <= limits.maximumRewriteRowCount else { break }
            if index > 0, Double(byteCount) >= factor * Double(segment.byteCount) { count = index + 1 }
        }
        return Array(sorted.prefix(count))
    }

    private func job(_ segments: [SegmentDescriptor], isForMask: Bool) -> Job {
        Job(
            project: segments[0].project, sequences: segments.map(\.sequence).sorted(),
            byteCount: segments.reduce(0) { $0 + $1.byteCount }, isForMask: isForMask)
    }
}

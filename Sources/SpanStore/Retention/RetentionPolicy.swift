import TraceModel

/// How long and how much of a project is kept. Both bounds hold, each where it is set.
package struct RetentionRule: Equatable, Sendable {
    /// Days before today that are kept; nil: however old.
    package var days: Int?
    /// Bytes of both files of all segments; nil: however many.
    package var byteCount: Int?

    package init(days: Int? = nil, byteCount: Int? = nil) {
        self.days = days
        self.byteCount = byteCount
    }
}

/// Which segments have outlived their project's retention, and which go first where there is no room. Pure.
///
/// A segment goes as a whole, both files of it. By age it goes by its UTC receive day: with `n` days, what was received today and on the
/// `n` days before is kept. The times inside the spans play no part, so an import of old spans ages from its import. By bytes the oldest
/// go first, by receive day and then by sequence, until the rest fits: so up to one segment less than the bytes allowed is kept.
package enum RetentionPolicy {
    /// By sequence, ascending. Goes through the segments, of which there may be very many, more than once and keeps none but those.
    package static func expired(
        _ segments: some Sequence<SegmentDescriptor>, rules: [ProjectID: RetentionRule], today: Int32
    ) -> [SegmentDescriptor] {
        func isTooOld(_ segment: SegmentDescriptor, _ rule: RetentionRule) -> Bool {
            rule.days.map { $0 > 0 && Int(segment.receiveDay) < Int(today) - $0 } ?? false
        }
        var expired: [SegmentDescriptor] = []
        /// Bytes of what is young enough, of projects whose bytes are bounded.
        var keptByteCount: [ProjectID: Int] = [:]
        for segment in segments {
            guard let rule = rules[segment.project] else { continue }
            if isTooOld(segment, rule) {
                expired.append(segment)
            } else if let byteCount = rule.byteCount, byteCount > 0 {
                keptByteCount[segment.project, default: 0] += segment.byteCount
            }
        }
        let excess = keptByteCount.filter { $0.value > rules[$0.key]?.byteCount ?? .max }
        if !excess.isEmpty {
            var kept: [ProjectID: [SegmentDescriptor]] = [:]
            for segment in segments where excess[segment.project] != nil {
                if let rule = rules[segment.project], !isTooOld(segment, rule) { kept[segment.project, default: []].append(segment) }
            }
            for (project, kept) in kept {
                expired += oldest(kept, byteCount: (excess[project] ?? 0) - (rules[project]?.byteCount ?? .max))
            }
        }
        return expired.sorted { $0.sequence < $1.sequence }
    }

    /// The oldest segments that hold as many bytes together, of whichever projects; of those received after `horizon` none. Goes through
    /// the segments twice: only those of the days that matter are held.
    package static func oldest(
        _ segments: some Sequence<SegmentDescriptor>, byteCount: Int, notReceivedAfter horizon: UInt64 = .max
    ) -> [SegmentDescriptor] {
        var byteCounts: [Int32: Int] = [:]
        for segment in segments where segment.maximumReceivedUnixNano <= horizon {
            byteCounts[segment.receiveDay, default: 0] += segment.byteCount
        }
        var lastDay = Int32.min, reached = 0
        for (day, dayByteCount) in byteCounts.sorted(by: { $0.key < $1.key }) where reached < byteCount {
            lastDay = day
            reached += dayByteCount
        }
        var chosen: [SegmentDescriptor] = [], chosenByteCount = 0
        let ordered = segments.filter { $0.receiveDay <= lastDay && $0.maximumReceivedUnixNano <= horizon }
            .sorted { ($0.receiveDay, $0.sequence) < ($1.receiveDay, $1.sequence) }
        for segment in ordered {
            guard chosenByteCount < byteCount else { break }
            chosen.append(segment)
            chosenByteCount += segment.byteCount
        }
        return chosen
    }
}

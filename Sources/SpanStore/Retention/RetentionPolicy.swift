import TraceModel

/// Which segments have outlived their project's retention. Pure.
///
/// A segment goes as a whole, by its UTC receive day: with `n` days, what was received today and on the `n` days before is
/// kept. The times inside the spans play no part, so an import of old spans ages from its import.
package enum RetentionPolicy {
    package static func expired(_ segments: [SegmentDescriptor], days: [ProjectID: Int], today: Int32) -> [SegmentDescriptor] {
        segments.filter { segment in
            guard let kept = days[segment.project], kept > 0 else { return false }
            return Int(segment.receiveDay) < Int(today) - kept
        }.sorted { $0.sequence < $1.sequence }
    }
}

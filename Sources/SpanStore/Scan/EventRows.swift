/// Rows that are event records, beside rows that are masked for other reasons.
enum EventRows {
    /// Both lists ascending; a row in both once.
    static func merge(_ masked: [Int32], _ events: [Int32]) -> [Int32] {
        if events.isEmpty { return masked }
        if masked.isEmpty { return events }
        var merged: [Int32] = []
        merged.reserveCapacity(masked.count + events.count)
        var first = 0, second = 0
        while first < masked.count || second < events.count {
            if second == events.count || first < masked.count && masked[first] < events[second] {
                merged.append(masked[first])
                first += 1
            } else {
                if first < masked.count, masked[first] == events[second] { first += 1 }
                merged.append(events[second])
                second += 1
            }
        }
        return merged
    }
}

/// The time that a list is of: `from` and `to` of its URL, each RFC 3339, or a distance from now such as `-24h`.

import HTTPServer
import TraceQuery

struct TimeRange: Sendable, Equatable {
    /// As the URL has them.
    let from: String
    let to: String
    /// Unix nanoseconds. nil: from the beginning.
    let start: Int64?
    let end: Int64
    /// Why one of them cannot be read; then the range is the default one.
    let problem: String?

    static let defaultFrom = "-24h"
    static let everything = "all"

    static let presets = [
        ("Last 15 minutes", "-15m"), ("Last hour", "-1h"), ("Last 6 hours", "-6h"), ("Last 24 hours", "-24h"), ("Last 7 days", "-7d"),
        ("Last 30 days", "-30d"), ("All times", everything),
    ]

    init(_ query: (_ name: String) -> String?, default fallback: String = defaultFrom, now: Int64 = Times.now()) {
        let from = query("from").flatMap { $0.isEmpty ? nil : $0 } ?? fallback, to = query("to") ?? ""
        let end = to.isEmpty ? now : Self.time(to, now: now)
        let start = from == Self.everything ? nil : Self.time(from, now: now)
        if let end, from == Self.everything || start != nil, (start ?? .min) < end {
            (self.from, self.to, self.start, self.end, problem) = (from, to, start, end, nil)
        } else {
            let wrong = end == nil ? to : from
            let isOrder = end != nil && (start != nil || from == Self.everything)
            (self.from, self.to, self.start, self.end) = (fallback, "", Self.time(fallback, now: now), now)
            problem = isOrder ? "the time range ends before it begins" : "\(wrong) is no time: write 2026-03-01T12:00:00Z or -24h"
        }
    }

    init(_ visit: PageVisit, default fallback: String = defaultFrom) { self.init({ visit[$0] }, default: fallback) }

    /// For the API, in the same words for both ends.
    var parameters: [(String, String)] {
        var parameters: [(String, String)] = []
        if let start { parameters.append(("from", TimeText.rfc3339(start))) }
        if !to.isEmpty { parameters.append(("to", TimeText.rfc3339(end))) }
        return parameters
    }

    var text: String {
        if to.isEmpty, let preset = Self.presets.first(where: { $0.1 == from }) { return preset.0 }
        if to.isEmpty { return from.hasPrefix("-") ? "Last " + from.dropFirst() : "Since \(start.map { Times.text(unixNano: $0) } ?? "")" }
        return "\(start.map { Times.text(unixNano: $0) } ?? "the beginning") to \(Times.text(unixNano: end))"
    }

    /// A distance before now, or a time. nil for anything else.
    static func time(_ text: String, now: Int64) -> Int64? {
        if text == "now" { return now }
        guard text.hasPrefix("-") else { return TimeText.unixNano(text) }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropFirst().dropLast()), count > 0 else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, seconds < now / 1_000_000_000 else { return nil }
        return now - seconds * 1_000_000_000
    }
}

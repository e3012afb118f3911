/// The ways in which providers write times: Go's durations, seconds, RFC 3339 and HTTP dates. Pure: now is handed in.

package enum ProviderTime {
    /// As Go prints durations: `6m0s`, `120ms`, `1.5s`, `1h2m3s`; also bare seconds. Nil for anything else, and for more than a year.
    package static func goDuration(_ text: String) -> Duration? {
        if let seconds = Double(text) { return duration(seconds: seconds) }
        var total = 0.0
        var rest = text[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest = rest.dropFirst(unit.count)
            guard let count = Double(digits), let scale = units[String(unit)] else { return nil }
            total += count * scale
        }
        return duration(seconds: total)
    }

    /// `Retry-After`: seconds, or the date of RFC 9110; a date that has passed is zero.
    package static func retryAfter(_ text: String, nowUnixNano: UInt64) -> Duration? {
        if let seconds = Double(text) { return duration(seconds: seconds) }
        return httpDate(text).map { until($0, nowUnixNano: nowUnixNano) }
    }

    /// From now to an RFC 3339 time; a time that has passed is zero.
    package static func untilRFC3339(_ text: String, nowUnixNano: UInt64) -> Duration? {
        rfc3339(text).map { until($0, nowUnixNano: nowUnixNano) }
    }

    private static let units: [String: Double] = [
        "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9,
    ]
    private static let secondsPerYear = 31_536_000.0

    private static func duration(seconds: Double) -> Duration? {
        guard seconds.isFinite, seconds >= 0, seconds <= secondsPerYear else { return nil }
        return .nanoseconds(Int64((seconds * 1e9).rounded()))
    }

    private static func until(_ unixSeconds: Double, nowUnixNano: UInt64) -> Duration {
        duration(seconds: max(0, unixSeconds - Double(nowUnixNano) / 1e9)) ?? .seconds(secondsPerYear)
    }

    /// `Wed, 21 Oct 2026 07:28:00 GMT`.
    private static func httpDate(_ text: String) -> Double? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT" || words[5] == "UTC", let day = Int(words[1]), let year = Int(words[3]),
            let month = months.firstIndex(of: String(words[2])), let time = secondsOfDay(words[4])
        else { return nil }
        return days(year: year, month: month + 1, day: day).map { Double($0 * 86_400) + time }
    }

    /// `2026-10-21T07:28:00.5Z`, `2026-10-21T07:28:00+02:00`.
    private static func rfc3339(_ text: String) -> Double? {
        guard let mark = text.firstIndex(where: { $0 == "T" || $0 == "t" }) else { return nil }
        let date = text[..<mark].split(separator: "-").map { Int($0) }
        var clock = text[text.index(after: mark)...]
        var offset = 0.0
        if clock.last == "Z" || clock.last == "z" {
            clock.removeLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            guard let seconds = secondsOfDay(clock[clock.index(after: sign)...]) else { return nil }
            offset = clock[sign] == "-" ? -seconds : seconds
            clock = clock[..<sign]
        } else {
            return nil
        }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2], let time = secondsOfDay(clock) else {
            return nil
        }
        return days(year: year, month: month, day: day).map { Double($0 * 86_400) + time - offset }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `07:28` or `07:28:00.5`.
    private static func secondsOfDay(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hour = Int(parts[0]), let minute = Int(parts[1]),
            let second = parts.count == 3 ? Double(parts[2]) : 0, (0..<24).contains(hour), (0..<60).contains(minute),
            (0..<61).contains(second)
        else { return nil }
        return Double(hour * 3600 + minute * 60) + second
    }

    /// Days from 1970-01-01 in the Gregorian calendar; nil for what is no date of our times.
    private static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Years begin in March, so that the leap day is the last.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}

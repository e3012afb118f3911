/// Numbers as people read them. The raw number stands beside each in `data-value`.

enum Figures {
    /// `1,234,567`
    static func count(_ value: Int64) -> String {
        let digits = Array(String(value.magnitude).utf8)
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.unicodeScalars.append(Unicode.Scalar(digit))
        }
        return text
    }

    /// `999`, `12.3k`, `8.21M`, `1.05G`: where there is no room for more.
    static func short(_ value: Double) -> String {
        let magnitude = abs(value)
        switch magnitude {
        case ..<1_000: return fixed(value, value == value.rounded() ? 0 : 1)
        case ..<999_950: return trimmed(fixed(value / 1e3, 1)) + "k"
        case ..<999_995_000: return trimmed(fixed(value / 1e6, 2)) + "M"
        default: return trimmed(fixed(value / 1e9, 2)) + "G"
        }
    }

    /// Of milliseconds: `84 µs`, `8.4 ms`, `620 ms`, `2.10 s`, `3 min 07 s`, `2 h 05 min`.
    static func duration(milliseconds: Double) -> String {
        guard milliseconds.isFinite else { return "–" }
        if milliseconds < 0 { return "-" + duration(milliseconds: -milliseconds) }
        switch milliseconds {
        case 0: return "0 ms"
        case ..<0.9995: return fixed(milliseconds * 1_000, 0) + " µs"
        case ..<9.95: return fixed(milliseconds, 1) + " ms"
        case ..<999.5: return fixed(milliseconds, 0) + " ms"
        case ..<59_995: return fixed(milliseconds / 1_000, 2) + " s"
        case ..<3_599_500:
            let seconds = Int64((milliseconds / 1_000).rounded())
            return "\(seconds / 60) min \(twoDigits(seconds % 60)) s"
        case ..<1e15:
            let minutes = Int64((milliseconds / 60_000).rounded())
            return "\(count(minutes / 60)) h \(twoDigits(minutes % 60)) min"
        default: return fixed(milliseconds / 86_400_000, 0) + " d"
        }
    }

    static func duration(nanoseconds: Int64) -> String { duration(milliseconds: Double(nanoseconds) / 1e6) }

    /// US dollars: `$12.30`, `$0.0042`, `$0.000021`, `$0`.
    static func cost(_ dollars: Double) -> String {
        guard dollars.isFinite else { return "–" }
        if dollars < 0 { return "-" + cost(-dollars) }
        switch dollars {
        case 0: return "$0"
        case ..<0.000_000_5: return "<$0.000001"
        case ..<0.000_999_95: return "$" + fixed(dollars, 6)
        case ..<0.999_95: return "$" + fixed(dollars, 4)
        case ..<9e12:
            let cents = (dollars * 100).rounded()
            return "$\(count(Int64(cents / 100))).\(twoDigits(Int64(cents.truncatingRemainder(dividingBy: 100))))"
        default: return "$" + short(dollars)
        }
    }

    /// Of a share from 0 to 1: `3.1 %`, `0 %`, `100 %`.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        return trimmed(fixed(share * 100, 1)) + " %"
    }

    /// `107 B`, `64 KiB`, `9.5 MiB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard count >= 1_024 else { return "\(count) B" }
        var value = Double(count) / 1_024, unit = 0
        while value >= 1_023.95, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        return trimmed(fixed(value, value < 10 ? 1 : 0)) + " " + units[unit]
    }

    /// One of a thing, or several: `1 span`, `17 spans`.
    static func counted(_ value: Int64, _ one: String, _ many: String) -> String { "\(count(value)) \(value == 1 ? one : many)" }

    /// With so many digits behind the point, rounded half away from zero.
    static func fixed(_ value: Double, _ places: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return String(value) }
        var scale: Int64 = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = (abs(value) * Double(scale)).rounded()
        guard scaled < 9e18 else { return String(value) }
        let number = Int64(scaled), sign = value < 0 && number != 0 ? "-" : ""
        guard places > 0 else { return sign + String(number) }
        let rest = String(number % scale)
        return sign + String(number / scale) + "." + String(repeating: "0", count: places - rest.utf8.count) + rest
    }

    /// The shortest text of a number, for `data-value`.
    static func raw(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 9e15 ? String(Int64(value)) : String(value)
    }

    private static func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : String(value) }

    /// Without `.0` at the end.
    private static func trimmed(_ text: String) -> String { text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
}

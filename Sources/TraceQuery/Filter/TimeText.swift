/// Times as text: RFC 3339 with up to nine digits of a second, to and from nanoseconds since 1970. No calendar library:
/// the civil-date arithmetic of the proleptic Gregorian calendar is a few lines.
package enum TimeText {
    /// `2026-03-01T12:00:00Z`, `2026-03-01 12:00:00.123456789+01:00`, or a date alone (its midnight in UTC).
    /// Nil if it is none, or does not fit into 64 bits of nanoseconds.
    package static func unixNano(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let year = digits(bytes, 0, 4), let month = digits(bytes, 5, 2), let day = digits(bytes, 8, 2),
            (1...12).contains(month), day >= 1, day <= daysInMonth(year: year, month: month)
        else { return nil }
        var seconds = daysSinceEpoch(year: year, month: month, day: day) * 86_400
        var nanoseconds = 0
        if bytes.count > 10 {
            guard bytes.count >= 20, [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
                bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
                let hour = digits(bytes, 11, 2), let minute = digits(bytes, 14, 2), let second = digits(bytes, 17, 2),
                hour < 24, minute < 60, second <= 60
            else { return nil }
            seconds += hour * 3600 + minute * 60 + second
            var position = 19
            if bytes[position] == UInt8(ascii: ".") {
                position += 1
                let start = position
                var scale = 100_000_000
                while position < bytes.count, let digit = digits(bytes, position, 1) {
                    guard position - start < 9 else { return nil }
                    nanoseconds += digit * scale
                    scale /= 10
                    position += 1
                }
                guard position > start else { return nil }
            }
            guard let offset = zoneOffset(bytes[position...]) else { return nil }
            seconds -= offset
        }
        let (product, overflow) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(Int64(nanoseconds))
        return overflow || carry ? nil : sum
    }

    /// Nine digits of a second and `Z`.
    package static func rfc3339(_ unixNano: Int64) -> String {
        let second = floorDivide(unixNano, 1_000_000_000)
        let days = floorDivide(second, 86_400)
        let (year, month, day) = civilDate(daysSinceEpoch: Int(days))
        let inDay = Int(second - days * 86_400)
        let nanosecond = Int(unixNano - second * 1_000_000_000)
        return String(unsafeUninitializedCapacity: 30) { buffer in
            func put(_ value: Int, _ count: Int, at offset: Int) {
                var rest = value
                for place in stride(from: offset + count - 1, through: offset, by: -1) {
                    buffer[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
            }
            for (offset, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."), (29, "Z")] as [(Int, Unicode.Scalar)] {
                buffer[offset] = UInt8(ascii: mark)
            }
            put(year, 4, at: 0)
            put(month, 2, at: 5)
            put(day, 2, at: 8)
            put(inDay / 3600, 2, at: 11)
            put(inDay / 60 % 60, 2, at: 14)
            put(inDay % 60, 2, at: 17)
            put(nanosecond, 9, at: 20)
            return 30
        }
    }

    /// Division that rounds down, so that times before 1970 fall into their own bucket.
    @inline(__always)
    static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }

    /// Seconds east of UTC.
    private static func zoneOffset(_ bytes: ArraySlice<UInt8>) -> Int? {
        let zone = Array(bytes)
        if zone.count == 1, zone[0] | 0x20 == UInt8(ascii: "z") { return 0 }
        guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"), zone[3] == UInt8(ascii: ":"),
            let hours = digits(zone, 1, 2), let minutes = digits(zone, 4, 2), hours < 24, minutes < 60
        else { return nil }
        return (zone[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private static func digits(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> Int? {
        guard offset + count <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[offset..<offset + count] {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private static func daysInMonth(year: Int, month: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years start in March, eras of 400 years.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civilDate(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

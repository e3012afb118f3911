import RegularExpressions

/// The formats of texts that `assert_formats` holds outputs to; unknown ones hold always, as the specification says.
enum JSONSchemaFormat {
    static func holds(_ format: String, for text: String) -> Bool {
        switch format {
        case "date": isDate(text.utf8[...])
        case "time": isTime(text.utf8[...])
        case "date-time":
            text.utf8.count > 11 && "Tt".utf8.contains(Array(text.utf8)[10]) && isDate(text.utf8.prefix(10))
                && isTime(text.utf8.dropFirst(11))
        case "uuid": matches("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$", text)
        case "email": isEmail(text)
        case "hostname": isHostName(text)
        case "ipv4": isIPv4(text)
        case "ipv6": isIPv6(text)
        case "uri": matches("^[a-zA-Z][a-zA-Z0-9+.\\-]*:[^\\s\"<>\\\\^`{|}]*$", text) && hasEscapes(text)
        case "uri-reference": matches("^[^\\s\"<>\\\\^`{|}]*$", text) && hasEscapes(text)
        case "json-pointer": matches("^(/([^/~]|~[01])*)*$", text)
        case "duration": isDuration(text)
        case "regex": (try? RegularExpression(text)) != nil
        default: true
        }
    }

    private static func matches(_ pattern: String, _ text: String) -> Bool {
        // Patterns of our own, each of a handful of states: however long the text, there is no need to stop.
        var steps = Int.max
        return (try? RegularExpression(pattern))?.matches(text, steps: &steps) ?? false
    }

    /// The number that exactly these bytes spell in decimal digits.
    private static func number(_ digits: some Collection<UInt8>, count: Int) -> Int? {
        guard digits.count == count, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func isDate(_ text: Substring.UTF8View) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], count: 4), let month = number(parts[1], count: 2),
            let day = number(parts[2], count: 2), (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...lengths[month - 1]).contains(day)
    }

    /// RFC 3339: `10:20:30.5Z`, `10:20:30+01:00`; a second 60 only at the end of a UTC day.
    private static func isTime(_ text: Substring.UTF8View) -> Bool {
        let bytes = Array(text)
        guard bytes.count >= 9, bytes[2] == UInt8(ascii: ":"), bytes[5] == UInt8(ascii: ":"), let hour = number(bytes[0..<2], count: 2),
            let minute = number(bytes[3..<5], count: 2), let second = number(bytes[6..<8], count: 2), hour < 24, minute < 60, second <= 60
        else { return false }
        var rest = bytes[8...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !fraction.isEmpty else { return false }
            rest = rest[fraction.endIndex...]
        }
        var offset = 0
        if rest.count == 1, let zone = rest.first, zone | 0x20 == UInt8(ascii: "z") {
            offset = 0
        } else {
            guard rest.count == 6, let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
                rest[rest.startIndex + 3] == UInt8(ascii: ":"), let hours = number(rest.dropFirst().prefix(2), count: 2),
                let minutes = number(rest.suffix(2), count: 2), hours < 24, minutes < 60
            else { return false }
            offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "+") ? 1 : -1)
        }
        return second < 60 || (hour * 60 + minute - offset + 2880) % 1440 == 1439
    }

    /// Unquoted local part, at, host name (RFC 5321 without comments and quotes).
    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), isHostName(String(parts[1])) else { return false }
        return parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
            matches("^[^\\s\"<>()\\[\\],;:\\\\]+$", String($0))
        }
    }

    private static func isHostName(_ text: String) -> Bool {
        guard text.utf8.count <= 253, !text.isEmpty else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            label.utf8.count <= 63 && matches("^[a-zA-Z0-9]([a-zA-Z0-9\\-]*[a-zA-Z0-9])?$", String(label))
        }
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && (part.utf8.count == 1 || part.first != "0")
                    && number(part.utf8, count: part.utf8.count).map { $0 < 256 } == true
            }
    }

    private static func isIPv6(_ text: String) -> Bool {
        var groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count >= 3, groups.count <= 9 else { return false }
        var count = 0
        if let last = groups.last, last.contains(".") {
            guard isIPv4(String(last)) else { return false }
            groups.removeLast()
            count = 2
        }
        let gaps = text.ranges(of: "::").count + text.ranges(of: ":::").count
        guard gaps <= 1 else { return false }
        if groups.first?.isEmpty == true, !text.hasPrefix("::") { return false }
        if groups.last?.isEmpty == true, count == 0, !text.hasSuffix("::") { return false }
        for group in groups where !group.isEmpty {
            guard group.utf8.count <= 4, UInt16(group, radix: 16) != nil, group.first != "+" else { return false }
            count += 1
        }
        return gaps == 1 ? count <= 7 : count == 8
    }

    /// Every percent sign begins an escape.
    private static func hasEscapes(_ text: String) -> Bool {
        !text.contains("%")
            || !text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().contains {
                UInt8($0.prefix(2), radix: 16) == nil || $0.utf8.count < 2
            }
    }

    private static func isDuration(_ text: String) -> Bool {
        matches(
            "^P([0-9]+W|([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)?(T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S))?)$",
            text)
            && text != "P"
    }
}

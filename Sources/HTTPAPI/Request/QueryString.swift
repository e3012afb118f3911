/// The query part of a URL as names and values, and the typed parameters handlers read from it.

import HTTPServer
import HTTPTypes

package struct QueryString: Sendable {
    /// Decoded, in the order of the URL; a name may occur more than once.
    package let items: [(name: String, value: String)]

    /// - Throws: a 400 for a percent sign that encodes nothing or bytes that are no UTF-8.
    package init(_ query: String?) throws(Problem) {
        var items: [(name: String, value: String)] = []
        for pair in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(parts[0], plusIsSpace: true),
                let value = PercentEncoding.decode(parts.count > 1 ? parts[1] : parts[0].prefix(0), plusIsSpace: true)
            else {
                throw Problem(.badRequest, "the query string is not percent-encoded UTF-8", kind: "invalid-query-string")
            }
            items.append((name, value))
        }
        self.items = items
    }

    /// The last value of a name, as most frameworks read it.
    package subscript(name: String) -> String? { items.last { $0.name == name }?.value }

}

/// RFC 3986's percent-encoding, and the plus sign that forms put for a space.
package enum PercentEncoding {
    /// Nil for a percent sign that encodes nothing, or bytes that are no UTF-8.
    package static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(hexDigit), let low = iterator.next().flatMap(hexDigit) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// The header fields an operator has put on exports, such as a collector's key: from flags and from the environment. Values are secret:
/// no error shows one.

import CurlClient

package enum TelemetryHeaders {
    /// - Parameters:
    ///   - environment: the format of `OTEL_EXPORTER_OTLP_HEADERS`: `name=value,name=value` with percent-encoded values.
    ///   - flags: each `name: value`; they replace fields of the environment that have the same name.
    package static func read(environment: String, flags: [String]) throws(TelemetryError) -> CurlHeaders {
        var headers = CurlHeaders()
        for (index, entry) in environment.split(separator: ",").enumerated() where !trimmed(entry).isEmpty {
            let fault = TelemetryError.header("entry \(index + 1) of the environment's list is not name=value")
            guard let (name, encoded) = halves(entry, at: "="), let value = percentDecoded(encoded) else { throw fault }
            headers.append(name, value)
        }
        for (index, flag) in flags.enumerated() {
            guard let (name, value) = halves(flag[...], at: ":") else { throw .header("flag \(index + 1) is not 'name: value'") }
            headers[name] = value
        }
        guard headers.unsendable == nil else { throw .header("one has a name or a value that HTTP does not allow") }
        return headers
    }

    private static func halves(_ text: Substring, at separator: Character) -> (name: String, value: String)? {
        guard let place = text.firstIndex(of: separator) else { return nil }
        let name = trimmed(text[..<place])
        return name.isEmpty ? nil : (String(name), String(trimmed(text[text.index(after: place)...])))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    /// Nil when a percent sign is not followed by two digits, or when the result is not UTF-8.
    private static func percentDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

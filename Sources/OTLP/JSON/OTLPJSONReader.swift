import ByteCoding
import TraceModel

/// Reads the scalars of protobuf's JSON mapping, as OTLP changes it: 64-bit integers as strings or numbers, doubles also as
/// `"NaN"` and `"Infinity"`, enums as numbers or names, ids in hex, other bytes in base64.
///
/// Used inside spans, where any disagreement rejects the span: so errors of the grammar arrive as `.malformed` too. Whether
/// the text as a whole is JSON shows when the decoder skips the rejected span.
struct OTLPJSONReader {
    var scanner: JSONScanner
    /// Strings with bad UTF-8 or half surrogate pairs that `text` has mended.
    private(set) var replacedStringCount = 0

    init(_ scanner: JSONScanner) { self.scanner = scanner }

    mutating func beginObject() throws(SpanFault) {
        do { try scanner.beginObject() } catch { throw .malformed }
    }

    mutating func beginArray() throws(SpanFault) {
        do { try scanner.beginArray() } catch { throw .malformed }
    }

    /// The next key whose value is present. A member that is null counts as absent and is passed over.
    mutating func nextKey() throws(SpanFault) -> JSONString? {
        do {
            while let key = try scanner.nextKey() {
                guard case .null = try scanner.peek() else { return key }
                try scanner.null()
            }
            return nil
        } catch { throw .malformed }
    }

    mutating func nextElement() throws(SpanFault) -> Bool {
        do { return try scanner.nextElement() } catch { throw .malformed }
    }

    mutating func skipValue() throws(SpanFault) {
        do { try scanner.skipValue() } catch { throw .malformed }
    }

    func matches(_ key: JSONString, _ name: StaticString) -> Bool { scanner.matches(key, name) }

    mutating func string() throws(SpanFault) -> JSONString {
        do { return try scanner.string() } catch { throw .malformed }
    }

    mutating func bool() throws(SpanFault) -> Bool {
        do { return try scanner.bool() } catch { throw .malformed }
    }

    /// A string's content, owned and valid.
    mutating func text() throws(SpanFault) -> String {
        let string = try string()
        if string.isASCII, !string.hasEscapes { return scanner.text(of: string) }
        let (content, wasReplaced) = content(of: string)
        if wasReplaced { replacedStringCount += 1 }
        return String(decoding: content, as: UTF8.self)
    }

    /// A string's content as valid UTF-8, and whether it had to be mended for that.
    func content(of string: JSONString) -> (bytes: [UInt8], wasReplaced: Bool) {
        var content: [UInt8] = []
        content.reserveCapacity(string.count)
        let hadHalfPair = scanner.appendContent(of: string, to: &content)
        if string.isASCII || content.withUnsafeBytes(UTF8Text.isValid) { return (content, hadHalfPair) }
        return (Array(String(decoding: content, as: UTF8.self).utf8), true)
    }

    /// A signed integer as a number or as a string of digits. Numbers with an exponent are taken when they are whole.
    mutating func int64() throws(SpanFault) -> Int64 {
        let value: Int64?
        switch try kind() {
        case .number:
            let number = try number()
            value = number.isInteger ? scanner.int64(number) : scanner.double(number).flatMap { Int64(exactly: $0) }
        case .string: value = try withContent(JSONBytes.int64)
        default: value = nil
        }
        guard let value else { throw .malformed }
        return value
    }

    /// An unsigned integer, likewise.
    mutating func uint64() throws(SpanFault) -> UInt64 {
        let value: UInt64?
        switch try kind() {
        case .number:
            let number = try number()
            value = number.isInteger ? scanner.uint64(number) : scanner.double(number).flatMap { UInt64(exactly: $0) }
        case .string: value = try withContent(JSONBytes.uint64)
        default: value = nil
        }
        guard let value else { throw .malformed }
        return value
    }

    mutating func uint32() throws(SpanFault) -> UInt32 {
        guard let value = UInt32(exactly: try uint64()) else { throw .malformed }
        return value
    }

    mutating func double() throws(SpanFault) -> Double {
        let value: Double?
        switch try kind() {
        case .number: value = scanner.double(try number())
        case .string:
            value = try withContent { content in
                switch String(decoding: content, as: UTF8.self) {
                case "NaN": return .nan
                case "Infinity": return .infinity
                case "-Infinity": return -.infinity
                default:
                    // Digits in quotes, in JSON's own grammar.
                    var scanner = JSONScanner(content, maximumDepth: 0)
                    guard let number = try? scanner.number(), number.count == content.count else { return nil }
                    return scanner.double(number)
                }
            }
        default: value = nil
        }
        guard let value else { throw .malformed }
        return value
    }

    /// An enum's number, or its name. Unknown numbers are kept, unknown names are malformed.
    mutating func enumeration(_ prefix: String, _ names: [String]) throws(SpanFault) -> Int32 {
        guard case .string = try kind() else {
            guard let value = Int32(exactly: try int64()) else { throw .malformed }
            return value
        }
        let value: Int32? = try withContent { content in
            let name = String(decoding: content, as: UTF8.self)
            if let index = names.firstIndex(where: { prefix + $0 == name }) { return Int32(index) }
            return JSONBytes.int64(content).flatMap { Int32(exactly: $0) }
        }
        guard let value else { throw .malformed }
        return value
    }

    mutating func base64() throws(SpanFault) -> [UInt8] {
        guard let bytes = try withContent(Base64.decode) else { throw .malformed }
        return bytes
    }

    /// An id in hex of either case: its bytes as two big-endian numbers, right-aligned, and how many bytes were sent (a count
    /// that is none of an id, when there are other than `byteCount` or no bytes). Other characters are malformed.
    mutating func hexID(byteCount: Int) throws(SpanFault) -> (high: UInt64, low: UInt64, byteCount: Int) {
        let digits: (high: UInt64, low: UInt64, count: Int)? = try withContent { content in
            var high: UInt64 = 0
            var low: UInt64 = 0
            for character in content {
                let digit: UInt8
                switch character {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
                case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
                default: return content.count == byteCount * 2 ? nil : (0, 0, content.count)
                }
                high = high << 4 | low >> 60
                low = low << 4 | UInt64(digit)
            }
            return (high, low, content.count)
        }
        guard let digits else { throw .malformed }
        if digits.count == byteCount * 2 { return (digits.high, digits.low, byteCount) }
        return (0, 0, digits.count == 0 ? 0 : .max)
    }

    // MARK: Tokens

    private mutating func kind() throws(SpanFault) -> JSONScanner.Kind {
        do { return try scanner.peek() } catch { throw .malformed }
    }

    private mutating func number() throws(SpanFault) -> JSONNumber {
        do { return try scanner.number() } catch { throw .malformed }
    }

    /// Reads a string and hands out its content, decoded only when it has escapes.
    private mutating func withContent<Value>(_ body: (UnsafeRawBufferPointer) -> Value) throws(SpanFault) -> Value {
        let string = try string()
        if !string.hasEscapes { return body(scanner.raw(string)) }
        var content: [UInt8] = []
        scanner.appendContent(of: string, to: &content)
        return content.withUnsafeBytes(body)
    }
}
